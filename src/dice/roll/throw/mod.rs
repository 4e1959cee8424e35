//! Dice thrown, and what their faces come to.

pub mod chance;
pub mod die;
pub mod evaluation;
pub mod face;
pub mod measure;
pub mod operator;
pub mod picking;
pub mod rounding;
pub mod throwing;
