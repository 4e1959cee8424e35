//! Files beside the pages: those of the site, and pictures of incidents.

pub(crate) mod pictures;
pub(crate) mod statics;
