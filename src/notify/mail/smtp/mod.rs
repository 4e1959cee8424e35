//! The relay that takes our mails.

pub(crate) mod answer;
pub(crate) mod relay;
pub(crate) mod settings;
