//! Rolls: as they are asked for, as they are shown, and what is changed about them afterwards.

pub mod change_routes;
pub mod request;
pub mod table_routes;
pub mod view;
