//! The whole site as plain files for any web server or CDN.

pub mod error;
pub(crate) mod files;
pub mod folder;
pub(crate) mod jobs;
pub(crate) mod lists;
pub(crate) mod manifest;
pub(crate) mod memo;
pub(crate) mod paths;
pub(crate) mod updater;
