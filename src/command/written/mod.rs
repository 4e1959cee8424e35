//! Files that commands write anew: settings as text, and nothing overwritten.

pub mod new_file;
pub mod settings_text;
