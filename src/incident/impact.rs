//! What a backlog means for who waits, in one plain line.
use crate::model::board::Backlog;
/// x
pub fn count(backlog: &Backlog) -> u64 {
    format!("{:.0}", backlog.count).parse().unwrap_or_default()
}
/// x
pub fn say(_backlog: &Backlog) -> Option<String> {
    None
}
