//! The parts of an incident: banner, outlook, story and timeline.

pub(crate) mod banner;
pub(crate) mod incident_days;
pub(crate) mod newest_words;
pub(crate) mod outlook;
pub(crate) mod recent_ends;
pub(crate) mod recorded;
pub(crate) mod story;
pub(crate) mod timeline;
