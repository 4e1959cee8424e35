//! Which of several monitors writes and announces: the one that has the lease in a
//! Redis that the operator runs, and what it announced.

pub(crate) mod holder;
pub(crate) mod script;
pub(crate) mod settings;
