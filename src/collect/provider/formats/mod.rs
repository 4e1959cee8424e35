//! The forms in which providers tell how they are, one file each.

pub mod aws;
pub mod azure;
pub mod betterstack;
pub mod cstate;
pub mod feed;
pub mod firehydrant;
pub mod format;
pub mod google;
pub mod heroku;
pub mod instatus;
pub mod slack;
pub mod statusio;
pub mod statuspage;
