//! The whole site as plain files for any web server or CDN.

pub mod error;
pub mod files;
pub mod folder;
pub mod jobs;
pub mod keeping;
pub mod lists;
pub mod manifest;
pub mod memo;
pub mod room;
