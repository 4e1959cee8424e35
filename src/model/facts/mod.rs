//! What is known of the service and of ourselves, as the board shows it.

pub mod backlog;
pub mod collector_health;
pub mod detection;
pub mod firsthand;
pub mod notifier_state;
pub mod planned;
pub mod provider_status;
pub mod revised;
pub mod rule_facts;
pub mod rule_tests;
pub mod silence_scope;
pub mod suppression;
pub mod trouble;
pub mod uptime;
pub mod weight;
