//! Events of the service: releases, restarts, changed limits.

pub mod follow;
pub mod providers;
pub mod recent;
pub mod table;
