//! The API: its routes, and what its handlers share.

pub mod caller;
pub mod queue;
pub mod refusal;
pub mod roll_routes;
pub mod room;
pub mod room_routes;
pub mod routes;
pub mod session;
pub mod state;
pub mod user_routes;
pub mod waiters;
