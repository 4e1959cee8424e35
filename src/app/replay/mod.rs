//! Rules tried on what was recorded: the real journal by the record's own clock.

pub(crate) mod changed_rule;
pub(crate) mod compare;
pub(crate) mod incidents;
pub(crate) mod past;
pub(crate) mod source;
pub(crate) mod trials;
