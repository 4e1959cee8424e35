//! Lists of incidents, their translations, and days without times.

pub mod list;
pub mod translation;
pub mod whole_days;
