//! Rules: how they are written, and what they say from moment to moment.

pub mod active;
pub mod alert_times;
pub mod burn;
pub mod capacity;
pub(crate) mod facts;
pub mod levels;
pub mod measure;
pub mod metrics;
pub(crate) mod progress;
pub mod rule;
pub mod settings;
pub mod template;
pub mod verdict_log;
pub(crate) mod worst;
