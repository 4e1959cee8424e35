//! The whole site as plain files for any web server or CDN.

pub mod files;
pub mod folder;
pub mod keeping;
pub mod lists;
pub mod manifest;
pub mod room;
