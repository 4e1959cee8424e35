//! People who use the service: a generator of users, rooms, sessions and rolls.

pub mod generator;
pub mod histogram;
pub(crate) mod image;
pub mod ledger;
pub mod profile;
pub mod user;
