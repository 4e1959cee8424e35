//! Reads a sample of a metrics page from the left to the right.

use std::collections::BTreeMap;

use crate::collect::page::line::ExpositionFormat;
use crate::collect::page::line::SyntaxSlip::{self, Wrong};
use crate::model::sample::{Metric, Sample};
use crate::model::series::label::{METRIC_NAME, is_plain};

/// More labels than this on one series are refused.
const MOST_LABELS: usize = 64;

/// Longer names and values of labels, in bytes, are refused.
const LONGEST_LABEL: usize = 4096;

/// What is left of a line.
pub(crate) struct Cursor<'a> {
    pub(crate) rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Skips blanks and says whether there were any.
    pub(crate) fn blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let found = rest.len() < self.rest.len();
        self.rest = rest;
        found
    }

    /// Takes what stands before the next blank.
    pub(crate) fn word(&mut self) -> &'a str {
        let end = self.rest.find([' ', '\t']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn take(&mut self, mark: char) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(crate) fn sample(mut self, format: ExpositionFormat) -> Result<Sample, SyntaxSlip> {
        let end = self.rest.find(['{', ' ', '\t']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut metric = Metric {
            name: name.to_owned(),
            labels: BTreeMap::new(),
        };
        if !name.is_empty() && !is_plain(name, true) {
            return Err(Wrong("this is not a metric name"));
        }
        self.blanks();
        if self.take('{') {
            self.labels(format, Some(&mut metric.name), &mut metric.labels)?;
        }
        if metric.name.is_empty() {
            return Err(Wrong("the metric has no name"));
        }
        self.blanks();
        let value = number(self.word()).ok_or(Wrong("the value is not a number"))?;
        self.moment(format)?;
        self.blanks();
        if format == ExpositionFormat::OpenMetrics && self.take('#') {
            self.exemplar()?;
        }
        self.blanks();
        if !self.rest.is_empty() {
            return Err(Wrong("something follows the sample"));
        }
        Ok(Sample { metric, value })
    }

    /// Skips a timestamp: the moment of a sample is ours.
    fn moment(&mut self, format: ExpositionFormat) -> Result<(), SyntaxSlip> {
        self.blanks();
        if self.rest.is_empty() || self.rest.starts_with('#') {
            return Ok(());
        }
        let word = self.word();
        let good = match format {
            ExpositionFormat::Text => word.parse::<i64>().is_ok(),
            ExpositionFormat::OpenMetrics => number(word).is_some_and(f64::is_finite),
        };
        if good {
            Ok(())
        } else {
            Err(Wrong("the timestamp is not a number"))
        }
    }

    fn exemplar(&mut self) -> Result<(), SyntaxSlip> {
        self.blanks();
        if !self.take('{') {
            return Err(Wrong("an exemplar without labels"));
        }
        self.labels(ExpositionFormat::OpenMetrics, None, &mut BTreeMap::new())?;
        self.blanks();
        number(self.word()).ok_or(Wrong("the exemplar's value is not a number"))?;
        self.moment(ExpositionFormat::OpenMetrics)
    }

    /// Reads labels up to the closing brace.
    ///
    /// A quoted name without a value is the metric's own name, as Prometheus 3
    /// writes names outside the classic alphabet. In the classic text the commas
    /// may be missing.
    fn labels(
        &mut self,
        format: ExpositionFormat,
        mut name: Option<&mut String>,
        labels: &mut BTreeMap<String, String>,
    ) -> Result<(), SyntaxSlip> {
        loop {
            self.blanks();
            if self.take('}') {
                // A label without a value is no label.
                labels.retain(|_, value| !value.is_empty());
                return Ok(());
            }
            let is_quoted = self.rest.starts_with('"');
            let label = self.label()?;
            self.blanks();
            let is_pair = self.take('=');
            if is_pair {
                self.blanks();
                let value = self.quoted()?;
                if label == METRIC_NAME && name.is_some() {
                    return Err(Wrong("a second name of the metric, in a label `__name__`"));
                }
                insert(labels, label, value)?;
            } else {
                let own = name.as_deref_mut().filter(|name| name.is_empty());
                match own {
                    Some(name) if is_quoted => *name = label,
                    _ => return Err(Wrong("a label without a value")),
                }
            }
            self.blanks();
            let may_lack = is_pair && format == ExpositionFormat::Text;
            if !self.take(',') && !self.rest.starts_with('}') && !may_lack {
                return Err(Wrong("a comma or a closing brace was expected"));
            }
        }
    }

    /// Reads the name of a label.
    fn label(&mut self) -> Result<String, SyntaxSlip> {
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let end = self
            .rest
            .find(['=', ',', '}', ' ', '\t'])
            .unwrap_or(self.rest.len());
        let (label, rest) = self.rest.split_at(end);
        self.rest = rest;
        if !is_plain(label, false) {
            return Err(Wrong("this is not a label name"));
        }
        Ok(label.to_owned())
    }

    /// Reads a text in double quotes with the three escapes of the format.
    pub(crate) fn quoted(&mut self) -> Result<String, SyntaxSlip> {
        let inside = self
            .rest
            .strip_prefix('"')
            .ok_or(Wrong("a text in quotes was expected"))?;
        let mut value = String::new();
        let mut chars = inside.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &inside[at + 1..];
                    return Ok(value);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, escaped @ ('\\' | '"'))) => value.push(escaped),
                    Some((_, other)) => value.extend(['\\', other]),
                    None => break,
                },
                other => value.push(other),
            }
            if value.len() > LONGEST_LABEL {
                return Err(SyntaxSlip::Labels);
            }
        }
        Err(Wrong("a quote is not closed"))
    }
}

/// Adds a label to those that were read.
fn insert(
    labels: &mut BTreeMap<String, String>,
    label: String,
    value: String,
) -> Result<(), SyntaxSlip> {
    if label.is_empty() {
        return Err(Wrong("a label without a name"));
    }
    if labels.insert(label, value).is_some() {
        return Err(Wrong("a label appears twice"));
    }
    if labels.len() > MOST_LABELS {
        return Err(SyntaxSlip::Labels);
    }
    Ok(())
}

/// Reads a number as Go does, which Prometheus is written in; one that is too
/// large for it is none.
pub(crate) fn number(text: &str) -> Option<f64> {
    let bare = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let is_word = matches!(&*bare, "inf" | "infinity" | "nan");
    if bare == "nan" && bare.len() != text.len() {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    (is_word || value.is_finite()).then_some(value)
}
