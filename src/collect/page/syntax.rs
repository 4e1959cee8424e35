//! Reads one line of a metrics page, in either of Prometheus' two formats.
//!
//! As strict as Prometheus where that matters (a bad line fails the page), and
//! milder in blanks: tabs and a carriage return at the end of a line are taken.

use std::collections::BTreeMap;

use crate::model::sample::{Metric, Sample};
use crate::model::series::label::{METRIC_NAME, is_plain};

/// More labels than this on one series are refused.
const MOST_LABELS: usize = 64;

/// Longer names and values of labels, in bytes, are refused.
const LONGEST_LABEL: usize = 4096;

/// Words for types in the classic text format.
const TEXT_TYPES: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

/// Words for types in `OpenMetrics`.
const OPEN_TYPES: [&str; 8] = [
    "counter",
    "gauge",
    "histogram",
    "gaugehistogram",
    "summary",
    "info",
    "stateset",
    "unknown",
];

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpositionFormat {
    /// Prometheus' classic text, 0.0.4, with the quoted names of 1.0.0.
    Text,
    /// `OpenMetrics` 1.0, which ends in `# EOF`.
    OpenMetrics,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PageLine {
    /// Nothing that is kept: a comment, no word at all.
    Nothing,
    /// Help, type or unit of a metric; not kept either.
    Described,
    /// That the page ends here.
    End,
    /// A sample; its timestamp and exemplar are dropped.
    Sample(Sample),
}

/// Why a line cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxSlip {
    /// It is not written as the format wants it.
    Wrong(&'static str),
    /// It has more or longer labels than we take.
    Labels,
}

use SyntaxSlip::Wrong;

/// Reads a line without its line break.
pub(crate) fn read(line: &str, format: ExpositionFormat) -> Result<PageLine, SyntaxSlip> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if let Some(comment) = line.strip_prefix('#') {
        return comment_line(comment, format);
    }
    let mut cursor = Cursor { rest: line };
    cursor.blanks();
    match (cursor.rest, format) {
        ("", ExpositionFormat::Text) => Ok(PageLine::Nothing),
        ("", ExpositionFormat::OpenMetrics) => Err(Wrong("an empty line")),
        (rest, _) if rest.starts_with('#') => comment_line(&rest[1..], format),
        _ => cursor.sample(format).map(PageLine::Sample),
    }
}

/// Reads what follows the `#`; only what Prometheus looks at is looked at.
fn comment_line(comment: &str, format: ExpositionFormat) -> Result<PageLine, SyntaxSlip> {
    let open = format == ExpositionFormat::OpenMetrics;
    if open && comment == " EOF" {
        return Ok(PageLine::End);
    }
    let mut cursor = Cursor { rest: comment };
    let keyword = if cursor.blanks() { cursor.word() } else { "" };
    cursor.blanks();
    let known = matches!(keyword, "HELP" | "TYPE") || (open && keyword == "UNIT");
    if open && !known {
        return Err(Wrong("a comment that is no HELP, TYPE, UNIT or EOF"));
    }
    // In the classic text, words that name no metric are a plain comment.
    if !known || (!open && cursor.rest.is_empty()) {
        return Ok(PageLine::Nothing);
    }
    let name = if cursor.rest.starts_with('"') {
        cursor.quoted()?
    } else {
        cursor.word().to_owned()
    };
    if !is_plain(&name, true) && !comment.contains('"') {
        return Err(Wrong("a name of a metric was expected"));
    }
    let said = cursor.rest.trim_matches([' ', '\t']);
    let types: &[&str] = if open { &OPEN_TYPES } else { &TEXT_TYPES };
    let ends = |name: &str| {
        let stem = name.strip_suffix(said);
        said.is_empty() || stem.is_some_and(|stem| stem.ends_with('_'))
    };
    match keyword {
        "TYPE" if !types.contains(&said) => Err(Wrong("a type that the format does not know")),
        "UNIT" if !ends(&name) => Err(Wrong("a unit that the metric's name does not end in")),
        _ => Ok(PageLine::Described),
    }
}

/// What is left of a line.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Skips blanks and says whether there were any.
    fn blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let found = rest.len() < self.rest.len();
        self.rest = rest;
        found
    }

    /// Takes what stands before the next blank.
    fn word(&mut self) -> &'a str {
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

    fn sample(mut self, format: ExpositionFormat) -> Result<Sample, SyntaxSlip> {
        let end = self.rest.find(['{', ' ', '\t']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut metric = Metric {
            name: name.to_owned(),
            labels: BTreeMap::new(),
        };
        if !name.is_empty() && !is_plain(name, true) {
            return Err(Wrong("this is no name of a metric"));
        }
        self.blanks();
        if self.take('{') {
            self.labels(format, Some(&mut metric.name), &mut metric.labels)?;
        }
        if metric.name.is_empty() {
            return Err(Wrong("the metric has no name"));
        }
        self.blanks();
        let value = number(self.word()).ok_or(Wrong("the value is no number"))?;
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
            Err(Wrong("the timestamp is no number"))
        }
    }

    fn exemplar(&mut self) -> Result<(), SyntaxSlip> {
        self.blanks();
        if !self.take('{') {
            return Err(Wrong("an exemplar without labels"));
        }
        self.labels(ExpositionFormat::OpenMetrics, None, &mut BTreeMap::new())?;
        self.blanks();
        number(self.word()).ok_or(Wrong("the exemplar's value is no number"))?;
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
            return Err(Wrong("this is no name of a label"));
        }
        Ok(label.to_owned())
    }

    /// Reads a text in double quotes with the three escapes of the format.
    fn quoted(&mut self) -> Result<String, SyntaxSlip> {
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
        return Err(Wrong("a label is there twice"));
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
