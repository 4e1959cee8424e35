//! What collectors share that speak HTTP.

pub mod access;
pub mod body;
pub mod certificate;
pub mod clients;
