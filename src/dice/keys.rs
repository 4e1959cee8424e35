//! The names of everything that the guest keeps in Redis.

use uuid::Uuid;

/// How slow the children are made, in milliseconds.
pub(crate) const SLOW: &str = "dice:fault:slow";
/// What all ballast keys begin with.
pub(crate) const BALLAST: &str = "dice:ballast:";

/// Names the key of a session.
pub(crate) fn session(token: &str) -> String {
    format!("dice:session:{token}")
}

/// Names the key of a room.
pub(crate) fn room(slug: &str) -> String {
    format!("dice:room:{slug}")
}

/// Names the key of the set of rooms that a user is in.
pub(crate) fn rooms(user: Uuid) -> String {
    format!("dice:user:{user}:rooms")
}

/// Names the key of a rendered part of a room's page.
pub(crate) fn fragment(slug: &str) -> String {
    format!("dice:fragment:{slug}")
}

/// Names the key of a worker's heartbeat.
pub(crate) fn worker(pid: u32) -> String {
    format!("dice:worker:{pid}")
}
