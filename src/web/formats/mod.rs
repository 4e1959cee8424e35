//! What machines read: cState, Statuspage, feeds, calendars, badges, federation.

pub mod atom;
pub mod calendar;
pub mod crawlers;
pub mod cstate;
pub mod embed;
pub mod federate;
pub mod feed;
pub mod machines;
pub mod shields;
pub mod statuspage;
