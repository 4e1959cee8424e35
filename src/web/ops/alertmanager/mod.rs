//! As much of Alertmanager's API and of its webhook as its clients need.

pub(crate) mod alert;
pub(crate) mod api;
pub(crate) mod api_error;
pub(crate) mod filter;
pub(crate) mod webhook;
