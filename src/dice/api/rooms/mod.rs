//! Rooms: made, shown, changed, joined and left.

pub mod entry;
pub mod participant_routes;
pub mod room_json;
pub mod room_routes;
