//! The names of everything that the guest keeps in Redis.

use uuid::Uuid;

/// Stream of the jobs that wait or are in hand.
pub(crate) const JOBS: &str = "dice:rolls";
/// Consumer group of all workers on [`JOBS`].
pub(crate) const GROUP: &str = "workers";
/// The one field of an entry of [`JOBS`]: the job as JSON.
pub(crate) const JOB_FIELD: &str = "job";
/// Hash from uuid to `enqueued_at` of every roll that has no answer yet.
pub(crate) const WAITING: &str = "dice:rolls:waiting";
/// Stream of jobs that were given up.
pub(crate) const FAILED: &str = "dice:rolls:failed";
/// Pub/sub channel that carries the uuid of each answered roll.
pub(crate) const ANSWERED: &str = "dice:answered";
/// How slow the children are made, in milliseconds.
pub(crate) const SLOW: &str = "dice:fault:slow";
/// What all ballast keys begin with.
pub(crate) const BALLAST: &str = "dice:ballast:";

/// Names the key of a roll's answer.
pub(crate) fn roll(uuid: Uuid) -> String {
    format!("dice:roll:{uuid}")
}

/// Names the key of a session.
pub(crate) fn session(token: &str) -> String {
    format!("dice:session:{token}")
}

/// Names the key that counts requests within a window.
pub(crate) fn limit(name: &str, who: &str, window: u64) -> String {
    format!("dice:limit:{name}:{who}:{window}")
}
