//! Incidents: what is written, compared with what is true, and written on.

pub mod affected;
pub mod body;
pub mod closed;
pub mod disk;
pub mod document;
pub mod edit;
pub mod find;
pub mod findings;
pub mod folder;
pub mod gate;
pub mod hand;
pub mod head;
pub mod impact;
pub mod journal;
pub mod machine;
pub mod maintenance;
pub mod missing;
pub mod place;
pub mod reconcile;
pub mod relation;
pub mod slug;
pub mod value;
pub mod watch;
pub mod words;
