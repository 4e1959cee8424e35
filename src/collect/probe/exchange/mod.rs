//! One exchange with a target: a fresh connection, a request and its answer.

pub mod connection;
pub mod cookies;
pub mod method;
pub mod redirect;
pub mod request;
pub mod trust;
