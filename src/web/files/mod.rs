//! Files beside the pages: those of the site, and pictures of incidents.

pub mod pictures;
pub mod statics;
