//! Faults of the settings, with the place and the way out.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the file that it is about.
    pub span: Range<usize>,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// All that is wrong with a settings file.
#[derive(Debug)]
pub struct ConfigError {
    /// The file's name as the operator gave it.
    pub file: String,
    text: String,
    /// The faults in the order of the file.
    pub faults: Vec<Fault>,
}

impl ConfigError {
    /// Gathers the faults of a file; the text is what its spans count in.
    pub fn new(file: &str, text: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults.dedup();
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            faults,
        }
    }

    /// Line and column of a byte, both counted from 1.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        position(&self.text, byte)
    }
}

/// Line and column of a byte of a text, both counted from 1.
pub fn position(text: &str, byte: usize) -> (usize, usize) {
    let above = text.get(..byte).unwrap_or(text);
    let line = above.matches('\n').count() + 1;
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    (line, above[start..].chars().count() + 1)
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain();
        for (number, fault) in self.faults.iter().enumerate() {
            if number > 0 {
                writeln!(f, "\n")?;
            }
            let end = fault.span.end.min(self.text.len());
            let span = fault.span.start.min(end)..end;
            let snippet = Snippet::source(&self.text)
                .path(&self.file)
                .annotation(AnnotationKind::Primary.span(span));
            let group = Level::ERROR.primary_title(&fault.message).element(snippet);
            write!(f, "{}", renderer.render(&[group]))?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
