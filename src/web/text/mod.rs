//! Texts of the page: its languages, links, and the markdown of incidents.

pub mod html;
pub mod incident_text;
pub mod linkify;
pub mod links;
pub mod machine;
pub mod markdown;
pub mod speech;
pub mod update_ids;
