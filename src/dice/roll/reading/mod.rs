//! How people write rolls, and what that means.

pub mod equation;
pub mod expression;
pub mod formula;
pub mod notation;
pub mod pool;
pub mod pool_notation;
pub mod text_reader;
