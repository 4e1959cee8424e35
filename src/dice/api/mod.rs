//! The API: its routes, and what its handlers share.

pub mod admission;
pub mod asset_routes;
pub mod caller;
pub mod fragments;
pub mod losses;
pub mod operator_routes;
pub mod refusal;
pub mod roll_mode;
pub mod roll_routes;
pub mod rolling;
pub mod room;
pub mod room_routes;
pub mod routes;
pub mod session;
pub mod state;
pub mod user_routes;
