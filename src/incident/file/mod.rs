//! The incident file: its head, its body, and the bytes that a change touches.

pub mod author;
pub mod body;
pub mod change;
pub mod document;
pub mod edit;
pub mod head;
pub mod managed;
pub(crate) mod mended;
pub mod plain;
pub mod sections;
pub(crate) mod slip;
pub mod slug;
pub mod spans;
pub(crate) mod update_edit;
pub mod value;
