//! The drill: an outage is run on the real parts, and the page is judged.
//!
//! A scenario says what happens and what a page may say of it. The conductor makes it happen
//! and keeps a record; the judge compares the record with the scenario; the report tells.

pub(crate) mod conductor;
pub(crate) mod judge;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod scale;
pub(crate) mod scenario;
