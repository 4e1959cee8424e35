//! What a command wrote into the incidents folder, or would write.

use serde::Serialize;

use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{plain, print, print_json};

/// What was written, or would be.
#[derive(Debug, Serialize)]
pub struct WriteReport {
    /// Where it is.
    pub file: String,
    /// Its id.
    pub id: String,
    /// The keys that got a new value, `update`, or `new`.
    pub changed: Vec<&'static str>,
    /// The new file, or the lines that would change; only in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

impl WriteReport {
    /// Whether a file was changed.
    pub fn is_written(&self) -> bool {
        self.preview.is_none() && !self.changed.is_empty()
    }

    /// Prints what was written.
    pub fn print(&self, format: OutputFormat) -> anyhow::Result<()> {
        if format == OutputFormat::Json {
            return print_json(self);
        }
        let changed = match self.changed.join(", ") {
            changed if changed.is_empty() => "nothing changed".to_owned(),
            changed => changed,
        };
        match &self.preview {
            Some(preview) => print(&format!(
                "would write {}: {changed}\n\n{}",
                self.file,
                plain(preview)
            )),
            None => print(&format!("{}: {changed}", self.file)),
        }
    }
}
