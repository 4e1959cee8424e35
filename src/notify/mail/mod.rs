//! Mails: their content, their form, and the queue that hands them to the relay.

pub(crate) mod letters;
pub(crate) mod outgoing;
pub(crate) mod returned;
pub(crate) mod smtp;
