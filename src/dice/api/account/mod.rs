//! Accounts: guests with their keys, sessions of the page, devices that wait to be confirmed.

pub mod activation_routes;
pub mod guest;
pub mod secret;
pub mod session;
pub mod user_routes;
