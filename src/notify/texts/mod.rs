//! Texts as remote sides take them.

pub(crate) mod markup;
pub(crate) mod text;
pub(crate) mod wording;
