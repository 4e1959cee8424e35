//! How long what was seen can be compared with what is.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::time::duration::elapsed;

/// What was seen last longer ago says nothing any more.
const FORGET: Duration = Duration::from_hours(1);

/// Whether something was seen last too long ago.
pub(crate) fn is_forgotten(last: Timestamp, now: Timestamp) -> bool {
    elapsed(last, now) > FORGET
}
