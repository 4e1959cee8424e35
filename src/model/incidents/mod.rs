//! Lists of incidents, the layout of their bodies, their translations, and days without times.

pub mod body_layout;
pub mod list;
pub mod managed;
pub mod readable;
pub mod translation;
pub mod versions;
pub mod whole_days;
