//! Reads a metrics page as it arrives, piece by piece, within limits.
//!
//! As in Prometheus, one line that cannot be read fails the whole page: half a
//! page would look like series that ended.

use std::borrow::Cow;

use crate::collect::page::line::{PageLine, SyntaxSlip};
use crate::collect::page::syntax;
use crate::model::sample::Sample;

pub use crate::collect::page::line::ExpositionFormat;

/// Longer lines, in bytes, are refused; of a comment no more is looked at.
const LONGEST_LINE: usize = 64 * 1024;

/// Why a page was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// A line cannot be read. The page's own words are not told: they may be secret.
    #[error("line {line}: {why}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The page has more bytes than are taken.
    #[error("the page is longer than {0} bytes; take less of it, or raise `size`")]
    Size(usize),
    /// The page has more series than are taken.
    #[error("the page has more than {0} series; drop some with `relabel`, or raise `series`")]
    Series(usize),
    /// A line or its labels are too long or too many.
    #[error("line {0} has too many or too long labels")]
    Labels(usize),
}

impl PageError {
    /// The limit that was exceeded, if that was the reason.
    pub(crate) fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Line { .. } => None,
            Self::Size(_) => Some("size"),
            Self::Series(_) => Some("series"),
            Self::Labels(_) => Some("labels"),
        }
    }
}

/// A page that is being read.
#[derive(Debug)]
pub struct PageReader {
    format: ExpositionFormat,
    size: usize,
    taken: usize,
    /// The beginning of a line whose end has not arrived; never more of it than
    /// shows that it is too long.
    open: Vec<u8>,
    line: usize,
    ended: bool,
}

impl PageReader {
    /// Starts a page of at most `size` bytes.
    pub fn new(format: ExpositionFormat, size: usize) -> Self {
        Self {
            format,
            size,
            taken: 0,
            open: Vec::new(),
            line: 0,
            ended: false,
        }
    }

    /// Takes the next piece and hands out the samples of each whole line.
    pub fn feed(
        &mut self,
        piece: &[u8],
        mut each: impl FnMut(Sample) -> Result<(), PageError>,
    ) -> Result<(), PageError> {
        self.taken += piece.len();
        if self.taken > self.size {
            return Err(PageError::Size(self.size));
        }
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            if self.open.is_empty() {
                self.line(line, &mut each)?;
            } else {
                self.keep(line);
                let whole = std::mem::take(&mut self.open);
                self.line(&whole, &mut each)?;
            }
            rest = &after[1..];
        }
        self.keep(rest);
        if self.open.len() > LONGEST_LINE && !is_comment(&self.open) {
            return Err(PageError::Labels(self.line + 1));
        }
        Ok(())
    }

    /// Adds to the open line, as far as it is looked at.
    fn keep(&mut self, part: &[u8]) {
        let room = (LONGEST_LINE + 1).saturating_sub(self.open.len());
        self.open.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// Takes the end of the page.
    pub fn end(
        mut self,
        mut each: impl FnMut(Sample) -> Result<(), PageError>,
    ) -> Result<(), PageError> {
        let last = std::mem::take(&mut self.open);
        if !last.is_empty() {
            self.line(&last, &mut each)?;
        }
        if self.format == ExpositionFormat::OpenMetrics && !self.ended {
            return Err(PageError::Line {
                line: self.line,
                why: "the page does not end with `# EOF`: it is cut off",
            });
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: &[u8],
        each: &mut impl FnMut(Sample) -> Result<(), PageError>,
    ) -> Result<(), PageError> {
        self.line += 1;
        let number = self.line;
        let wrong = |why| PageError::Line { line: number, why };
        if self.ended {
            return Err(wrong("something follows `# EOF`"));
        }
        let is_comment = is_comment(line);
        if line.len() > LONGEST_LINE && !is_comment {
            return Err(PageError::Labels(number));
        }
        let looked_at = &line[..line.len().min(LONGEST_LINE)];
        let text = String::from_utf8_lossy(looked_at);
        let is_broken =
            matches!(text, Cow::Owned(_)) && is_broken(looked_at, line.len() > LONGEST_LINE);
        if is_broken && !is_comment {
            return Err(wrong("this is not UTF-8"));
        }
        match syntax::read(&text, self.format) {
            // As in Prometheus: only words about a metric must be such.
            Ok(PageLine::Described) if is_broken => Err(wrong("this is not UTF-8")),
            Ok(PageLine::Nothing | PageLine::Described) => Ok(()),
            Ok(PageLine::Sample(sample)) => each(sample),
            Ok(PageLine::End) => {
                self.ended = true;
                Ok(())
            }
            Err(SyntaxSlip::Wrong(why)) => Err(wrong(why)),
            Err(SyntaxSlip::Labels) => Err(PageError::Labels(number)),
        }
    }
}

/// Whether a line says nothing that is kept.
fn is_comment(line: &[u8]) -> bool {
    let mut bytes = line.iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
    bytes.next() == Some(&b'#')
}

/// Whether a line is not UTF-8; one that was cut may end within a letter.
fn is_broken(line: &[u8], cut: bool) -> bool {
    std::str::from_utf8(line).is_err_and(|error| !cut || error.error_len().is_some())
}

/// Reads a whole page that is at hand.
pub fn parse(text: &[u8], format: ExpositionFormat) -> Result<Vec<Sample>, PageError> {
    let mut samples = Vec::new();
    let mut reader = PageReader::new(format, usize::MAX);
    let mut keep = |sample| {
        samples.push(sample);
        Ok(())
    };
    reader.feed(text, &mut keep)?;
    reader.end(keep)?;
    Ok(samples)
}

#[cfg(test)]
mod tests;
