//! Dice and operator written as one line for people.

use std::fmt::Write as _;
use std::ops::Range;

use crate::dice::roll::die::Die;
use crate::dice::roll::operator::{Applied, Pick, RollOperator, Rounding};

/// Writes the equation of a roll that came as dice and operator.
pub(crate) fn equation(dice: &[Die], operator: &RollOperator) -> String {
    let runs = runs(dice, operator);
    let real = runs.iter().filter(|run| is_thrown(dice, run)).count();
    let mut rest = String::new();
    let mut pools: Vec<String> = Vec::new();
    let mut body = String::new();
    for run in &runs {
        let text = piece(dice, run, operator, real == 1);
        if is_thrown(dice, run) {
            pools.push(text.clone());
        }
        if !body.is_empty() && !text.starts_with('-') {
            body.push('+');
        }
        body.push_str(&text);
    }
    for (word, applied) in picks(operator) {
        match &applied.dice {
            None if real > 1 => {
                let constants: String = runs
                    .iter()
                    .filter(|run| !is_thrown(dice, run))
                    .map(|run| signed(&piece(dice, run, operator, false)))
                    .collect();
                body = format!(
                    "{{{}}}{word}{}{constants}",
                    pools.join(","),
                    applied.operand
                );
            }
            Some(indexes) if !is_run(&runs, indexes) => {
                let _ = write!(rest, " {word}{}{indexes:?}", applied.operand);
            }
            _ => {}
        }
    }
    for times in &operator.times {
        match &times.dice {
            None => body = format!("({body})*{}", times.operand),
            Some(indexes) if !is_run(&runs, indexes) => {
                let _ = write!(rest, " *{}{indexes:?}", times.operand);
            }
            Some(_) => {}
        }
    }
    for divide in &operator.divide {
        match &divide.dice {
            None => body = format!("{}(({body})/{})", function(operator.round), divide.operand),
            Some(indexes) if !is_run(&runs, indexes) => {
                let _ = write!(rest, " /{}{indexes:?}", divide.operand);
            }
            Some(_) => {}
        }
    }
    body + rest.as_str()
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
        if here(&pick.dice) || (pick.dice.is_none() && only && is_thrown(dice, run)) {
            let _ = write!(text, "{word}{}", pick.operand);
        }
    }
    for times in operator.times.iter().filter(|times| here(&times.dice)) {
        text = match times.operand {
            -1 if !text.starts_with('-') => format!("-{text}"),
            factor => format!("({text})*{factor}"),
        };
    }
    for divide in operator.divide.iter().filter(|divide| here(&divide.dice)) {
        text = format!("{}({text}/{})", function(operator.round), divide.operand);
    }
    text
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
    }
}
