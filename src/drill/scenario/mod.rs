//! Scenarios: their form, how they are read, and those that come with the program.

pub(crate) mod act;
pub(crate) mod builtin;
pub(crate) mod capacity;
pub(crate) mod outage;
pub(crate) mod read;
#[cfg(test)]
mod tests;
