//! The tables of the service's database, as steps that are taken once each.

/// Each step brings the database from its index to the next; `user_version` counts them.
pub(crate) const MIGRATIONS: [&str; 0] = [];
