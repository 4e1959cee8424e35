//! Why a target could not be asked, for operators and for the log.

pub mod cause;
pub mod failure_log;
pub mod reason;
