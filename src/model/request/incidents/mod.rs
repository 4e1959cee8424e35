//! What is asked of the incident files.

pub mod authorship;
pub mod file_findings;
pub mod incident_change;
