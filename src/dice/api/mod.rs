//! The API: its routes, and what its handlers share.

pub mod account;
pub mod announcements;
pub mod caller;
pub mod limits;
pub mod page;
pub mod paging;
pub mod query;
pub mod queue;
pub mod realtime;
pub mod refusal;
pub mod roll_routes;
pub mod rolling;
pub mod rolls;
pub mod rooms;
pub mod routes;
pub mod state;
pub mod themes;
pub mod waiters;
