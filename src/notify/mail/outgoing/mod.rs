//! The queue of mails, and the task that hands them over.

pub(crate) mod addresses;
pub(crate) mod conversations;
pub(crate) mod counts;
pub(crate) mod exchange;
pub(crate) mod gathered;
pub(crate) mod in_hand;
pub(crate) mod mails;
pub(crate) mod names;
pub(crate) mod post;
pub(crate) mod post_progress;
pub(crate) mod present;
pub(crate) mod queue;
pub(crate) mod settle;
pub(crate) mod table;
pub(crate) mod waiting;
