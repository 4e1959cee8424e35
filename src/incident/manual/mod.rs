//! What people change: what is asked is decided as a pure function, and the desk does it.

pub mod affected;
pub mod amend;
pub mod decide;
pub mod desk;
pub mod edited;
pub mod find;
pub mod outcome;
pub mod refusal;
pub mod report;
pub mod signature;
pub mod state;
pub mod suggest;

#[cfg(test)]
mod tests;
