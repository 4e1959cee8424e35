//! Rules that are ready to be used: `use = ["redis", "rq", "website"]`.

pub(crate) mod catalogue;
pub(crate) mod merge;
