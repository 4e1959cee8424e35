//! Whatever a formula's text is: it is read, written back and rolled within bounds.

use std::iter::repeat_with;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use serde_json::{Value, json};

use crate::dice::roll::reading::equation::equation;
use crate::dice::roll::reading::expression::{NotationError, RollExpression};
use crate::dice::roll::reading::formula;
use crate::dice::roll::reading::pool::{
    DicePick, DicePool, Explosion, ExplosionKind, FaceRelation, FaceTest, Reroll,
};
use crate::dice::roll::roller::{self, DICE_MAX, RequestedDie};
use crate::dice::roll::throw::die::{CONSTANT_MAX, Die};
use crate::dice::roll::throw::evaluation;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::operator::{FACTOR_MAX, Pick, RollOperator};
use crate::dice::roll::throw::rounding::Rounding;
use crate::dice::roll::throw::throwing::{self, FURTHER_MAX};

fn read(text: &str) -> Result<RollExpression, NotationError> {
    text.parse()
}

fn tests() -> impl Strategy<Value = FaceTest> {
    let relation = prop_oneof![
        Just(FaceRelation::Equal),
        Just(FaceRelation::Less),
        Just(FaceRelation::AtMost),
        Just(FaceRelation::More),
        Just(FaceRelation::AtLeast)
    ];
    (relation, 0_i64..=12).prop_map(|(relation, face)| FaceTest { relation, face })
}

fn picks() -> impl Strategy<Value = Vec<DicePick>> {
    let kinds = [(true, true), (true, false), (false, true), (false, false)];
    let some = proptest::sample::subsequence(kinds.to_vec(), 0..=2);
    (some, 1_usize..=2).prop_map(|(some, count)| {
        let pick = |(keeps, high)| DicePick {
            keeps,
            pick: Pick { high, count },
        };
        some.into_iter().map(pick).collect()
    })
}

fn pools() -> impl Strategy<Value = RollExpression> {
    let die = prop_oneof![
        (2_u16..=20).prop_map(Die::Sided),
        Just(Die::Sided(100)),
        Just(Die::Tens),
        Just(Die::Fate)
    ];
    let reroll = proptest::option::of((tests(), any::<bool>()));
    let kind = prop_oneof![
        Just(ExplosionKind::Further),
        Just(ExplosionKind::Compound),
        Just(ExplosionKind::Penetrating)
    ];
    let explosion = proptest::option::of((tests(), kind));
    (2_usize..=4, die, reroll, explosion, picks()).prop_map(
        |(count, die, reroll, explosion, picks)| {
            let explosion = explosion.filter(|_| die != Die::Tens);
            RollExpression::Dice(DicePool {
                count,
                die,
                reroll: reroll.map(|(test, is_once)| Reroll { test, is_once }),
                explosion: explosion.map(|(test, kind)| Explosion { test, kind }),
                picks,
            })
        },
    )
}

fn expressions() -> impl Strategy<Value = RollExpression> {
    let leaf = prop_oneof![
        3 => pools(),
        1 => (-CONSTANT_MAX..=CONSTANT_MAX).prop_map(RollExpression::Constant)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = proptest::collection::vec((any::<bool>(), inner.clone()), 1..=3);
        let round = prop_oneof![
            Just(Rounding::Down),
            Just(Rounding::Up),
            Just(Rounding::Nearest)
        ];
        prop_oneof![
            some.clone().prop_map(RollExpression::sum),
            // Each item has dice enough for two picks.
            (proptest::collection::vec(pools(), 1..=3), picks())
                .prop_map(|(items, picks)| RollExpression::Group(items, picks)),
            (inner.clone(), inner.clone())
                .prop_map(|(left, right)| RollExpression::times(left, right)),
            (inner.clone(), 1..=FACTOR_MAX)
                .prop_map(|(inner, by)| RollExpression::Divide(Box::new(inner), by)),
            (inner, round).prop_map(|(inner, round)| RollExpression::Round(round, Box::new(inner))),
        ]
    })
}

/// Dice and an operator as clients send them.
fn requests() -> impl Strategy<Value = (Vec<Die>, Value)> {
    let kind = prop_oneof![
        Just(Die::Sided(6)),
        Just(Die::Sided(20)),
        Just(Die::Tens),
        Just(Die::Fate),
        (-9_i64..=9).prop_map(Die::Constant)
    ];
    let dice = proptest::collection::vec(kind, 1..=6);
    let word = |words: &'static [&'static str]| {
        let set = proptest::option::of((0_usize..6, 0_usize..6));
        proptest::option::of((proptest::sample::select(words), set))
    };
    let [keep, drop, times, divide, round] = [
        &["h1", "l2", "2"][..],
        &["h1", "l2", "1"],
        &["-1", "2", "-3"],
        &["2", "3"],
        &["up", "down", "nearest"],
    ]
    .map(word);
    (dice, keep, drop, times, divide, round).prop_map(|(dice, keep, drop, times, divide, round)| {
        let keys = [
            ("k", keep),
            ("d", drop),
            ("*", times),
            ("/", divide),
            ("round", round),
        ];
        let mut operator = json!({});
        for (key, wish) in keys {
            let Some((word, set)) = wish else { continue };
            operator[key] = match set {
                Some((from, to)) if from <= to && to < dice.len() => {
                    json!({ word: (from..=to).collect::<Vec<_>>() })
                }
                _ => json!(word),
            };
        }
        (dice, operator)
    })
}

fn asked(dice: &[Die]) -> Vec<RequestedDie> {
    let asked = |die: &Die| RequestedDie {
        die: *die,
        value: None,
        is_dropped: false,
    };
    dice.iter().map(asked).collect()
}

/// Reads a text and rolls it, all within bounds.
fn roll_anything(text: &str, seed: u64) {
    let Ok(expression) = read(text) else { return };
    assert_eq!(
        read(&expression.to_string()),
        Ok(expression.clone()),
        "{text}"
    );
    let thrown = throwing::throw(&expression, &mut SmallRng::seed_from_u64(seed));
    // A constant is a value as well, and takes at least one character.
    assert!(
        thrown.faces.len() <= DICE_MAX + FURTHER_MAX + text.len(),
        "{text}"
    );
    let total = evaluation::total(&expression, &thrown.faces, &thrown.terms);
    assert!(total.is_some(), "{text}");
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(expression in expressions()) {
        match read(&expression.to_string()) {
            Ok(again) => prop_assert_eq!(again, expression),
            // Bounds that the strategy does not keep.
            Err(
                NotationError::TooLong
                | NotationError::TooLarge { .. }
                | NotationError::Endless { .. }
                | NotationError::TooManyDice { .. },
            ) => {}
            Err(error) => prop_assert!(false, "{}: {}", expression, error),
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC*", seed: u64) {
        roll_anything(&text, seed);
    }

    #[test]
    fn no_likely_text_panics(
        text in "[0-9dfkhlxrop!<>=%{},+*/() -]{0,80}|\
                 (floor|ceil|round|\\(|\\{|,|2d6|3d4|/2|\\)|\\}|-|\\+|\\*3|!|!!|!p|r1|ro|kh1|dl|>2){0,30}",
        seed: u64,
    ) {
        roll_anything(&text, seed);
    }

    #[test]
    fn an_operator_of_a_formula_comes_to_the_same(expression in expressions(), seed: u64) {
        let text = expression.to_string();
        if let (Ok(expression), Some(operator)) = (read(&text), formula::operator(&expression)) {
            let thrown = throwing::throw(&expression, &mut SmallRng::seed_from_u64(seed));
            let total = evaluation::total(&expression, &thrown.faces, &thrown.terms);
            let operator_read = RollOperator::read(&operator.to_json(), thrown.faces.len());
            prop_assert_eq!(operator_read.unwrap().to_json(), operator.to_json());
            let dice: Vec<Die> = thrown.faces.iter().map(|face| face.die).collect();
            let rolled =
                roller::roll(&asked(&dice), &operator, &mut SmallRng::seed_from_u64(seed)).unwrap();
            prop_assert_eq!(&rolled.faces, &thrown.faces, "{}", text);
            prop_assert_eq!(Some(rolled.total), total, "{} {:?}", text, operator.to_json());
        }
    }

    #[test]
    fn the_equation_of_dice_and_operator_comes_to_the_same(
        (dice, operator) in requests(),
        seed: u64,
    ) {
        let operator = RollOperator::read(&operator, dice.len()).unwrap();
        let text = equation(&dice, &operator);
        if !text.contains('[') {
            let expression = read(&text);
            prop_assert!(expression.is_ok(), "{}: {:?}", text, expression);
            let expression = expression.unwrap();
            let thrown = throwing::throw(&expression, &mut SmallRng::seed_from_u64(seed));
            let rolled =
                roller::roll(&asked(&dice), &operator, &mut SmallRng::seed_from_u64(seed)).unwrap();
            // Where the constants stand behind the dice, the order is another.
            let is_same = |(face, die): (&Face, &Die)| face.die == *die;
            let in_order = thrown.faces.len() == dice.len();
            if in_order && thrown.faces.iter().zip(&dice).all(is_same) {
                let total = evaluation::total(&expression, &thrown.faces, &thrown.terms);
                prop_assert_eq!(&rolled.faces, &thrown.faces, "{}", text);
                prop_assert_eq!(total, Some(rolled.total), "{} {}", text, operator.to_json());
            }
        }
    }
}

#[test]
fn the_hardest_texts_are_read_and_rolled_soon() {
    let long = repeat_with(|| "9d10!>1")
        .take(36)
        .collect::<Vec<_>>()
        .join("+");
    let nested = format!("{}1d1000r<900!{}", "floor((".repeat(8), "/2))".repeat(8));
    let began = std::time::Instant::now();
    for text in [
        long,
        nested,
        "d1000!+".repeat(36) + "1",
        "{".repeat(16) + "d6",
    ] {
        for seed in 0..20 {
            roll_anything(&text, seed);
        }
    }
    assert!(began.elapsed().as_secs() < 5);
}
