//! What a mail says, to whom, and its form.

pub(crate) mod compose;
pub(crate) mod content;
pub(crate) mod letter;
pub(crate) mod links;
pub(crate) mod reader;
pub(crate) mod sections;
pub(crate) mod words;
