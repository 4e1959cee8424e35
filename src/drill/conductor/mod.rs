//! The conductor: runs a scenario on the real parts and keeps the record.

pub(crate) mod clock;
pub(crate) mod conduct;
pub(crate) mod monitor;
pub(crate) mod observer;
pub(crate) mod operate;
pub(crate) mod provider;
pub(crate) mod reader;
pub(crate) mod receiver;
pub(crate) mod stage;
