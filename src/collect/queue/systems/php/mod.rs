//! Queue systems of PHP.

pub mod horizon;
pub mod laravel;
