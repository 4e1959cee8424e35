//! Texts of the page: its languages, links, and the markdown of incidents.

pub(crate) mod cleaning;
pub(crate) mod html;
pub(crate) mod incident_text;
pub(crate) mod linkify;
pub(crate) mod links;
pub mod machine;
pub mod markdown;
pub(crate) mod timed;
pub(crate) mod update_ids;
pub(crate) mod values;
