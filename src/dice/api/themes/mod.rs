//! The looks of dice: a handful of our own, and which of them users have in their boxes.

pub mod dice_box_routes;
pub mod theme;
pub mod theme_json;
pub mod theme_routes;
