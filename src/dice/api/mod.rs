//! The API: its routes, and what its handlers share.

pub mod account;
pub mod admission;
pub mod announcements;
pub mod asset_routes;
pub mod caller;
pub mod fragments;
pub mod housekeeping;
pub mod last_uses;
pub mod limits;
pub mod losses;
pub mod operator_routes;
pub mod page;
pub mod paging;
pub mod query;
pub mod realtime;
pub mod refusal;
pub mod roll_mode;
pub mod roll_routes;
pub mod rolling;
pub mod rolls;
pub mod rooms;
pub mod routes;
pub mod state;
pub mod themes;
