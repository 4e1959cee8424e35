//! Dice and operator written as one line for people.

use std::fmt::Write as _;
use std::ops::Range;

use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::operator::{Applied, Pick, RollOperator};
use crate::dice::roll::throw::rounding::Rounding;

/// Writes the equation of a roll that came as dice and operator. Sets of dice that no formula
/// names are written behind it, with their indexes.
pub(crate) fn equation(dice: &[Die], operator: &RollOperator) -> String {
    let runs = runs(dice, operator);
    let mut body = sum(dice, operator, &runs);
    let mut rest = String::new();
    let is_other = |indexes: &[usize]| !is_run(&runs, indexes);
    let all: Vec<usize> = (0..dice.len()).collect();
    for (word, pick) in picks(operator) {
        match pick.dice.as_deref() {
            // A group would look at what its pools have left.
            None if picks_parts(operator) => {
                let _ = write!(rest, " {word}{}{all:?}", pick.operand);
            }
            Some(indexes) if is_other(indexes) => {
                let _ = write!(rest, " {word}{}{indexes:?}", pick.operand);
            }
            _ => {}
        }
    }
    let divides_parts = operator.divide.iter().any(|divide| divide.dice.is_some());
    let mut is_subtracted = false;
    for times in &operator.times {
        match times.dice.as_deref() {
            None if times.operand == -1 => is_subtracted = true,
            // It belongs under the quotients, which stand in the body already.
            None if divides_parts => {
                let _ = write!(rest, " *{}{all:?}", times.operand);
            }
            None => body = format!("({body})*{}", factor(times.operand)),
            Some(indexes) if is_other(indexes) => {
                let _ = write!(rest, " *{}{indexes:?}", times.operand);
            }
            Some(_) => {}
        }
    }
    for divide in &operator.divide {
        match divide.dice.as_deref() {
            None => {
                let round = function(operator.rounding(None));
                body = format!("{round}(({body})/{})", divide.operand);
            }
            Some(indexes) if is_other(indexes) => {
                let _ = write!(rest, " /{}{indexes:?}", divide.operand);
            }
            Some(_) => {}
        }
    }
    if is_subtracted {
        body = format!("-({body})");
    }
    body + rest.as_str()
}

/// Writes the dice as a sum; if all are picked from, as one group and the constants.
fn sum(dice: &[Die], operator: &RollOperator, runs: &[Range<usize>]) -> String {
    let pools = runs.iter().filter(|run| is_thrown(dice, run)).count();
    let is_simple = !picks_parts(operator);
    let piece = |run| piece(dice, run, operator, pools == 1 && is_simple);
    let thrown = dice.iter().filter(|die| !die.is_constant()).count();
    let of_all = picks(operator).filter(|_| is_simple && pools > 1);
    let of_all: String = of_all
        .map(|(word, pick)| word.to_owned() + &at_most(pick.operand, thrown))
        .collect();
    if of_all.is_empty() {
        let sum: String = runs.iter().map(|run| signed(&piece(run))).collect();
        return sum.strip_prefix('+').unwrap_or(&sum).to_owned();
    }
    let (thrown, constants): (Vec<_>, Vec<_>) = runs.iter().partition(|run| is_thrown(dice, run));
    let thrown: Vec<String> = thrown.into_iter().map(piece).collect();
    let constants: String = constants
        .into_iter()
        .map(|run| signed(&piece(run)))
        .collect();
    format!("{{{}}}{of_all}{constants}", thrown.join(","))
}

/// Tells whether some dice of the roll are picked from, not all.
fn picks_parts(operator: &RollOperator) -> bool {
    picks(operator).any(|(_, pick)| pick.dice.is_some())
}

/// Writes what is picked; a formula picks from so many dice no more than these.
fn at_most(pick: Pick, dice: usize) -> String {
    let count = pick.count.min(dice);
    Pick { count, ..pick }.to_string()
}

/// Writes a factor as it stands behind `*`.
fn factor(factor: i64) -> String {
    if factor < 0 {
        format!("({factor})")
    } else {
        factor.to_string()
    }
}

/// Names the function that rounds.
pub(crate) fn function(round: Rounding) -> &'static str {
    match round {
        Rounding::Down => "floor",
        Rounding::Up => "ceil",
        Rounding::Nearest => "round",
    }
}

fn picks(operator: &RollOperator) -> impl Iterator<Item = (&'static str, &Applied<Pick>)> {
    let keep = operator.keep.iter().map(|keep| ("k", keep));
    keep.chain(operator.drop.iter().map(|drop| ("d", drop)))
}

/// Equal dice in a row that belong to the same sets of the operator.
fn runs(dice: &[Die], operator: &RollOperator) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for index in 0..dice.len() {
        match runs.last_mut() {
            Some(run)
                if dice.get(run.start) == dice.get(index)
                    && !dice.get(index).is_some_and(|die| die.is_constant())
                    && sets(operator, run.start) == sets(operator, index) =>
            {
                run.end = index + 1;
            }
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

fn sets(operator: &RollOperator, index: usize) -> Vec<bool> {
    let inside = |dice: &Option<Vec<usize>>| dice.as_ref().is_some_and(|set| set.contains(&index));
    let picks = picks(operator).map(|(_, pick)| inside(&pick.dice));
    let factors = operator.times.iter().chain(&operator.divide);
    picks
        .chain(factors.map(|factor| inside(&factor.dice)))
        .collect()
}

fn is_thrown(dice: &[Die], run: &Range<usize>) -> bool {
    dice.get(run.start).is_some_and(|die| !die.is_constant())
}

fn is_run(runs: &[Range<usize>], indexes: &[usize]) -> bool {
    runs.iter().any(|run| covers(run, indexes))
}

fn covers(run: &Range<usize>, indexes: &[usize]) -> bool {
    indexes.len() == run.len() && indexes.iter().all(|index| run.contains(index))
}

fn piece(dice: &[Die], run: &Range<usize>, operator: &RollOperator, only: bool) -> String {
    let mut text = match dice.get(run.start) {
        Some(Die::Constant(value)) => value.to_string(),
        Some(thrown) => format!("{}{thrown}", run.len()),
        None => String::new(),
    };
    let here = |dice: &Option<Vec<usize>>| dice.as_ref().is_some_and(|set| covers(run, set));
    for (word, pick) in picks(operator) {
        if is_thrown(dice, run) && (here(&pick.dice) || (pick.dice.is_none() && only)) {
            text += word;
            text += &at_most(pick.operand, run.len());
        }
    }
    let mut is_subtracted = false;
    for times in operator.times.iter().filter(|times| here(&times.dice)) {
        match times.operand {
            -1 => is_subtracted = true,
            operand => text = format!("({text})*{}", factor(operand)),
        }
    }
    for divide in operator.divide.iter().filter(|divide| here(&divide.dice)) {
        let round = operator.rounding(divide.dice.as_deref());
        text = format!("{}(({text})/{})", function(round), divide.operand);
    }
    if !is_subtracted {
        text
    } else if text.starts_with('-') {
        format!("-({text})")
    } else {
        format!("-{text}")
    }
}

fn signed(text: &str) -> String {
    if text.starts_with('-') {
        text.to_owned()
    } else {
        format!("+{text}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(dice: &[Die], operator: &Value, expected: &str) {
        let operator = RollOperator::read(operator, dice.len()).unwrap();
        assert_eq!(equation(dice, &operator), expected);
    }

    #[test]
    fn equations_read_as_people_write_them() {
        let (d6, d12, d20) = (Die::Sided(6), Die::Sided(12), Die::Sided(20));
        check(
            &[d20, d20, Die::Constant(5)],
            &json!({"k": "h1"}),
            "2d20kh1+5",
        );
        check(
            &[d20, d20, Die::Constant(5)],
            &json!({"k": {"h1": [0, 1]}}),
            "2d20kh1+5",
        );
        check(&[d20, d12], &json!({"k": "h1"}), "{1d20,1d12}kh1");
        check(&[d6, d6, Die::Constant(1)], &json!({"*": "2"}), "(2d6+1)*2");
        check(&[d6; 5], &json!({"/": "2", "round": "up"}), "ceil((5d6)/2)");
        check(&[d20, Die::Constant(-1)], &json!({}), "1d20-1");
        check(&[d20, d6], &json!({"*": {"-1": [1]}}), "1d20-1d6");
        check(
            &[d20, d12, d6],
            &json!({"k": {"h1": [0, 2]}}),
            "1d20+1d12+1d6 kh1[0, 2]",
        );
        check(
            &[d20, d12],
            &json!({"k": "h1", "d": "l1"}),
            "{1d20,1d12}kh1dl1",
        );
        check(
            &[d20, d6],
            &json!({"/": {"2": [1]}, "*": {"-1": [1]}, "round": "up"}),
            "1d20-ceil((1d6)/2)",
        );
        check(
            &[d20, d6],
            &json!({"/": {"2": [1]}, "*": "2"}),
            "1d20+floor((1d6)/2) *2[0, 1]",
        );
    }
}
