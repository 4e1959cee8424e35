//! Rules that are ready to be used: `use = ["redis", "rq", "website"]`.

pub(crate) mod catalogue;
pub(crate) mod fitting;
pub(crate) mod merge;
pub(crate) mod placeholders;
