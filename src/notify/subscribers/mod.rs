//! Public subscribers by e-mail: who they are, what they chose, and their links.

pub(crate) mod bounce;
pub(crate) mod care;
pub(crate) mod desk;
pub(crate) mod errands;
pub(crate) mod metrics;
pub(crate) mod recipients;
pub(crate) mod report;
pub(crate) mod subscriber;
pub(crate) mod table;
pub(crate) mod token;

#[cfg(test)]
mod tests;
