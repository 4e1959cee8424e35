//! Dice: their notation, and the roll itself.

pub mod answer;
pub mod chance;
pub mod computing;
pub mod die;
pub mod equation;
pub mod evaluation;
pub mod expression;
pub mod face;
pub mod formula;
pub mod job;
pub mod measure;
pub mod notation;
pub mod operator;
pub mod picking;
pub mod pool;
pub mod pool_notation;
pub mod roller;
pub mod rounding;
pub mod text_reader;
pub mod throwing;

#[cfg(test)]
mod tests;
