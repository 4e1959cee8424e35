//! Dice: their notation, and the roll itself.

pub mod answer;
pub mod computing;
pub mod job;
pub mod reading;
pub mod roller;

#[cfg(test)]
mod tests;
pub mod throw;
