//! Functions, aggregations and the arithmetic beneath them.

pub mod aggregation;
pub mod calendar;
pub mod each;
pub mod extrapolate;
pub mod function;
pub mod grouped;
pub mod histogram;
pub mod number;
pub mod over_time;
pub mod statistics;
