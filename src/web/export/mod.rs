//! The whole site as plain files for any web server or CDN, in a folder or an object store.

pub mod error;
pub(crate) mod files;
pub mod folder;
pub(crate) mod jobs;
pub(crate) mod lists;
pub(crate) mod manifest;
pub(crate) mod memo;
pub(crate) mod metrics;
pub(crate) mod paths;
pub mod place;
pub(crate) mod state;
pub mod store;
pub(crate) mod updater;
