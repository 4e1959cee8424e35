//! An error in one line.

use std::error::Error;

/// An error with its causes, for a log that nobody can ask back.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |&error| error.source());
    let all: Vec<_> = all.map(ToString::to_string).collect();
    all.join(": ")
}
