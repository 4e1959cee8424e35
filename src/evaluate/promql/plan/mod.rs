//! The expression as it is evaluated: typed, closed, and all parts known.

pub mod grouping;
pub mod matching;
pub mod operator;
pub mod pattern;
pub mod relabel;
pub mod selector;
pub mod tree;
