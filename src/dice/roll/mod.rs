//! Dice: their notation, and the roll itself.

pub mod computing;
pub mod die;
pub mod equation;
pub mod expression;
pub mod formula;
pub mod job;
pub mod notation;
pub mod operator;
pub mod roller;
