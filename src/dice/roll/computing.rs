//! From a job to its roll: the same work in the worker and in the API.

use rand::Rng;
use serde_json::Value;

use crate::dice::clock;
use crate::dice::roll::job::{RequestError, RollJob};
use crate::dice::roll::roller::roll;

/// Throws the dice of a job.
pub(crate) fn compute<R: Rng>(job: &RollJob, rng: &mut R) -> Result<Value, RequestError> {
    let (dice, operator) = job.asked()?;
    let outcome = roll(&dice, &operator, rng)?;
    Ok(job.rolled(&operator, &outcome, clock::now()))
}
