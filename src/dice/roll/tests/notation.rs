//! Formulas are read, written back, rolled and added up as the documents say.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::dice::roll::reading::expression::{NotationError, RollExpression};
use crate::dice::roll::throw::evaluation;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::throwing;

fn read(text: &str) -> Result<RollExpression, NotationError> {
    text.parse()
}

#[test]
fn formulas_are_written_back_in_one_manner() {
    for (text, expected) in [
        ("3d6+2", "3d6+2"),
        (" D20 ", "1d20"),
        ("4d6dl", "4d6dl1"),
        ("4d6d1", "4d6dl1"),
        ("4d6k3", "4d6kh3"),
        ("2d20k", "2d20kh1"),
        ("2d20KH1 + 5", "2d20kh1+5"),
        ("4d6dl1kh1", "4d6dl1kh1"),
        ("d%", "1d100"),
        ("4dF", "4df"),
        ("4df+d10x", "4df+1d10x"),
        ("3d6!", "3d6!"),
        ("3d6!6", "3d6!"),
        ("3d6!>=5", "3d6!>=5"),
        ("3d6 !! =5", "3d6!!5"),
        ("3d6!p", "3d6!p"),
        ("4d6r1", "4d6r"),
        ("4d6ro<3!kh2", "4d6ro<3!kh2"),
        ("4d6kh2!r2", "4d6r2!kh2"),
        ("4dFr-1", "4dfr-1"),
        ("(2d6+1)*2", "(2d6+1)*2"),
        ("2*(2d6+1)", "(2d6+1)*2"),
        ("floor((3d6+2)/2)", "floor((3d6+2)/2)"),
        ("ceil(5d6/2)-1", "ceil(5d6/2)-1"),
        ("round(1d6)", "round(1d6)"),
        ("5d6/2*3", "5d6/2*3"),
        ("1d6*(1d4*2)", "1d6*(1d4*2)"),
        ("-d4", "-1d4"),
        ("1d20+-1", "1d20-1"),
        ("1d20--1", "1d20+1"),
        ("1d6*(0-3)", "1d6*(0-3)"),
        ("1d6*(-3)", "1d6*(-3)"),
        ("((3d6))", "3d6"),
        ("2*3*4", "2*3*4"),
        ("{1d20,1d12}kh1", "{1d20,1d12}kh1"),
        ("(1d20 + 1d12)kl", "{1d20+1d12}kl1"),
    ] {
        assert_eq!(read(text).unwrap().to_string(), expected, "{text}");
        assert_eq!(read(expected), read(text), "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let said = |text: &str| read(text).unwrap_err().to_string();
    for (text, expected) in [
        ("", "expected a number or dice at character 1"),
        ("3d", "expected the sides of a die at character 3"),
        ("3d6+", "expected a number or dice at character 5"),
        ("3d6 + é", "expected a number or dice at character 7"),
        ("é3d6", "expected a number or dice at character 1"),
        ("(3d6", "expected ) at character 5"),
        ("3d6)", "expected an operator or the end at character 4"),
        ("0d6", "expected at least one die at character 1"),
        ("4d6d", "expected how many dice are dropped at character 5"),
        (
            "2d6kh1kh2",
            "expected what was not kept or dropped before at character 7",
        ),
        ("d1", "the number at character 2 must be between 2 and 1000"),
        (
            "2d6kh3",
            "the number at character 6 must be between 1 and 2",
        ),
        (
            "1d6 / 0",
            "the number at character 7 must be between 1 and 1000",
        ),
        ("1d6/1d4", "expected an operator or the end at character 6"),
        ("1d10x!", "expected an operator or the end at character 6"),
        (
            "1000001",
            "the number at character 1 must be between 0 and 1000000",
        ),
        (
            "1d6+1d6r<7",
            "more than nine of ten faces are thrown again at character 5",
        ),
        (
            "100d6!",
            "the formula has more than 100 dice at character 1, counting those that rerolls and \
             explosions bring on average",
        ),
        (
            "1d6*1000000*1000000",
            "the result could become too large at character 12",
        ),
        (
            "1d6/1000/1000/2",
            "the result could become too large at character 14",
        ),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    for text in [
        "101d6",
        "60d6+60d6",
        "99999999999999999999d6",
        "d1001",
        "2d6kh0",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    for deep in ["(", "floor(", "{"] {
        let error = read(&deep.repeat(40)).unwrap_err();
        assert!(matches!(error, NotationError::TooDeep { .. }), "{error}");
    }
    let long = ["1".repeat(257), "d6+".repeat(85) + "1"];
    assert!(
        long.iter()
            .all(|text| read(text) == Err(NotationError::TooLong))
    );
}

/// Rolls so often with known chance, and returns faces with totals.
fn rolls(text: &str, count: u64) -> impl Iterator<Item = (Vec<i64>, Vec<i64>, i64)> {
    let expression = read(text).unwrap();
    (0..count).map(move |seed| {
        let thrown = throwing::throw(&expression, &mut StdRng::seed_from_u64(seed));
        let total = evaluation::total(&expression, &thrown.faces, &thrown.terms).unwrap();
        let (dropped, counted): (Vec<_>, Vec<_>) =
            thrown.faces.iter().partition(|face| face.is_dropped);
        let values = |faces: Vec<&Face>| faces.iter().map(|face| face.value).collect();
        (values(counted), values(dropped), total)
    })
}

#[test]
fn exploded_dice_are_further_values_or_one_sum() {
    let mut longest = 0;
    for (faces, dropped, total) in rolls("1d6!", 500) {
        let (last, before) = faces.split_last().unwrap();
        assert!(before.iter().all(|face| *face == 6) && *last < 6 && dropped.is_empty());
        assert_eq!(total, faces.iter().sum::<i64>());
        longest = longest.max(faces.len());
    }
    assert!(longest > 2);
    for ((further, _, sum), (one, ..)) in rolls("1d6!", 500).zip(rolls("1d6!!", 500)) {
        assert_eq!(one, [sum], "{further:?}");
    }
    for ((further, _, sum), (less, _, total)) in rolls("1d6!", 500).zip(rolls("1d6!p", 500)) {
        let penalty = i64::try_from(further.len() - 1).unwrap();
        assert_eq!((less.len(), total), (further.len(), sum - penalty));
    }
    assert!(rolls("1d6!>4", 200).any(|(faces, ..)| faces.starts_with(&[5]) && faces.len() > 1));
}

#[test]
fn rerolled_dice_lie_there_as_dropped_ones() {
    for (faces, dropped, total) in rolls("1d4r<3", 500) {
        assert!(faces.len() == 1 && faces[0] > 2 && dropped.iter().all(|face| *face < 3));
        assert_eq!(total, faces[0]);
    }
    assert!(rolls("1d4r<3", 500).any(|(_, dropped, _)| dropped.len() > 1));
    let once: Vec<_> = rolls("1d4ro<3", 500).collect();
    assert!(once.iter().all(|(_, dropped, _)| dropped.len() <= 1));
    assert!(
        once.iter()
            .any(|(faces, dropped, _)| !dropped.is_empty() && faces[0] < 3)
    );
}

#[test]
fn arithmetic_is_exact_and_rounded_at_the_end_or_where_the_formula_says() {
    let total = |text: &str| rolls(text, 1).next().unwrap().2;
    for (text, expected) in [
        ("7/2", 3),
        ("7/2*2", 7),
        ("7/2+7/2", 7),
        ("(0-7)/2", -4),
        ("-7/2", -4),
        ("floor(7/2)*2", 6),
        ("ceil(7/2)", 4),
        ("round(7/2)", 4),
        ("round(7/3)", 2),
        ("round(7)", 7),
        ("10-floor(7/2)", 7),
        ("ceil(1/3+1/3)", 1),
        ("2*(3+4)*5", 70),
        ("(2+3)*(4+5)", 45),
        ("1-2-3", -4),
        ("(1+2)*(-3)", -9),
    ] {
        assert_eq!(total(text), expected, "{text}");
    }
    for (faces, _, total) in rolls("2d6*1d4+1", 50) {
        assert_eq!(total, (faces[0] + faces[1]) * faces[2] + 1);
    }
}

#[test]
fn picks_look_at_all_dice_of_a_pool_or_group() {
    for (faces, dropped, _) in rolls("{2d6,1d8}kl1", 100) {
        assert!(faces.len() == 1 && dropped.iter().all(|face| *face >= faces[0]));
    }
    for (faces, dropped, _) in rolls("5d6dh1dl1", 100) {
        let (low, high) = (dropped.iter().min(), dropped.iter().max());
        let is_between = |face| Some(face) >= low && Some(face) <= high;
        assert!(faces.len() == 3 && faces.iter().all(is_between));
    }
}
