//! Rule files of Prometheus, taken over as rules of ours.

pub mod annotation;
pub mod command;
pub mod expression;
pub mod recorded;
pub mod rule_groups;
pub mod severity_label;
pub mod translated;
pub mod written_rules;
