//! From a job to its roll: the same work in the worker and in the API.

use serde_json::Value;

use crate::dice::clock;
use crate::dice::roll::answer::{RolledDice, answer};
use crate::dice::roll::job::{AskedDice, RequestError, RollJob};
use crate::dice::roll::reading::formula;
use crate::dice::roll::roller::{RollError, RollOutcome, roll};
use crate::dice::roll::throw::chance::DiceChance;
use crate::dice::roll::throw::evaluation;
use crate::dice::roll::throw::throwing;

/// Throws the dice of a job.
pub(crate) fn compute(job: &RollJob, chance: DiceChance) -> Result<Value, RequestError> {
    let mut rng = chance.of(&job.chance_name());
    let rolled = match job.asked()? {
        AskedDice::Dice(dice, operator) => RolledDice {
            outcome: roll(&dice, &operator, &mut rng)?,
            operator,
            formula: None,
        },
        AskedDice::Formula(expression) => {
            let thrown = throwing::throw(&expression, &mut rng);
            let total = evaluation::total(&expression, &thrown.faces, &thrown.terms);
            RolledDice {
                outcome: RollOutcome {
                    faces: thrown.faces,
                    total: total.ok_or(RollError::TooLarge)?,
                },
                operator: formula::operator(&expression).unwrap_or_default(),
                formula: Some((expression, thrown.terms)),
            }
        }
    };
    Ok(answer(job, &rolled, clock::now()))
}
