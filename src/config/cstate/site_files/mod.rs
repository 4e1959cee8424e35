//! What a site keeps in files besides its settings.

pub mod extras;
pub mod incidents;
pub mod tabs;
pub mod templates;
