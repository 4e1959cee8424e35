//! What machines read: cState, Statuspage, feeds, calendars, badges, federation.

pub(crate) mod atom;
pub(crate) mod calendar;
pub mod crawlers;
pub mod cstate;
pub(crate) mod embed;
pub(crate) mod federate;
pub(crate) mod feed;
pub mod machines;
pub(crate) mod shields;
pub mod statuspage;
