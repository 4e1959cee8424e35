//! Series: their labels, how they are selected, and what their numbers mean.

pub mod alert_labels;
pub mod label;
pub mod matcher;
pub mod measure;
pub mod minute;
pub mod run;
pub mod selector;
