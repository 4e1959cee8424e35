//! Faults of the settings, with the place and the way out.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::config::reading::blank::Blanked;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Bytes of the file that it is about.
    pub(crate) span: Range<usize>,
    /// What is wrong and what to do about it.
    pub(crate) message: String,
}

/// All that is wrong with a settings file.
///
/// It goes to terminals, logs and whoever may ask for a reload, so it knows
/// nothing of the file that might be a secret (law 11).
#[derive(Debug)]
pub struct ConfigError {
    /// The file's name as the operator gave it.
    pub(crate) file: String,
    /// What may be shown of the file.
    shown: Blanked,
    /// The faults in the order of the file.
    pub faults: Vec<ShownFault>,
}

/// A fault as it is told, with its place in the true file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFault {
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// Column, counted from 1 in characters.
    pub(crate) column: usize,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Bytes of what may be shown.
    span: Range<usize>,
}

impl ConfigError {
    /// Gathers the faults of a file; the text is what their spans count in.
    pub(crate) fn new(file: &str, text: &str, shown: Blanked, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults.dedup();
        let faults = faults.into_iter().map(|fault| {
            let (line, column) = position(text, fault.span.start);
            ShownFault {
                line,
                column,
                message: shown.message(&fault.message),
                span: shown.place(&fault.span),
            }
        });
        Self {
            file: file.to_owned(),
            faults: faults.collect(),
            shown,
        }
    }
}

/// Line and column of a byte of a text, both counted from 1.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
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
            let snippet = Snippet::source(&self.shown.text)
                .path(&self.file)
                .annotation(AnnotationKind::Primary.span(fault.span.clone()));
            let group = Level::ERROR.primary_title(&fault.message).element(snippet);
            write!(f, "{}", renderer.render(&[group]))?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
