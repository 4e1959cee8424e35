//! The names of everything that the guest keeps in Redis.

/// How slow the children are made, in milliseconds.
pub(crate) const SLOW: &str = "dice:fault:slow";
/// What all ballast keys begin with.
pub(crate) const BALLAST: &str = "dice:ballast:";

/// Names the key of a session.
pub(crate) fn session(token: &str) -> String {
    format!("dice:session:{token}")
}

/// Names the key that counts requests within a window.
pub(crate) fn limit(name: &str, who: &str, window: u64) -> String {
    format!("dice:limit:{name}:{who}:{window}")
}

/// Names the key of a rendered part of a room's page.
pub(crate) fn fragment(slug: &str) -> String {
    format!("dice:fragment:{slug}")
}

/// Names the key of a worker's heartbeat.
pub(crate) fn worker(pid: u32) -> String {
    format!("dice:worker:{pid}")
}
