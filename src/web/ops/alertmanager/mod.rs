//! As much of Alertmanager's API and of its webhook as its clients need.

pub mod alert;
pub mod api;
pub mod api_error;
pub mod filter;
pub mod webhook;
