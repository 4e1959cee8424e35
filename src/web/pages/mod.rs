//! The pages that people read, one file each.

pub(crate) mod affected;
pub mod archive;
pub(crate) mod archive_months;
pub mod charts;
pub mod component;
pub mod error;
pub mod extra_pages;
pub mod incident;
pub mod incidents;
pub(crate) mod lists;
pub mod maintenance;
pub mod report;
pub mod status;
pub mod subscribe;
pub mod subscription;
