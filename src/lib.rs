//! critwatch: a status page that writes itself.
//!
//! Samples are collected, evaluated to verdicts, remembered, and written down
//! as incidents; all of it is put on one board, which the page and the
//! notifiers read. The modules stand here in the order in which data passes
//! them. `ARCHITECTURE.md` tells why.

pub mod command;

pub(crate) mod app;
#[cfg(feature = "dice")]
pub(crate) mod drill;

pub mod config;
pub mod pipeline;

pub mod access;
pub mod collect;
pub mod evaluate;
pub(crate) mod git;
pub mod history;
pub mod incident;
pub(crate) mod lease;

pub(crate) mod notify;
pub mod web;

pub(crate) mod chart;
#[cfg(feature = "dice")]
pub mod dice;
pub(crate) mod files;
pub mod language;
pub mod model;
pub mod runtime;
pub mod store;
