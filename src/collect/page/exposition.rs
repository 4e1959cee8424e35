//! Reads a Prometheus metrics page: its text format, line by line.
//!
//! After the exposition formats of Prometheus: a line that cannot be read is
//! counted and left out, so that one fault does not hide the rest.

use std::collections::BTreeMap;

use crate::model::sample::{Metric, Sample};

/// More samples than this are not taken from one page.
const MAX_SAMPLES: usize = 50_000;

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its samples in order; of a metric named twice the last one.
    pub samples: Vec<Sample>,
    /// Lines that could not be read or were too many.
    pub bad_lines: usize,
}

/// Reads a page.
pub fn parse(text: &str) -> Page {
    let mut page = Page::default();
    let mut known = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line == "# EOF" {
            break;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match sample(line) {
            Some(sample) if page.samples.len() < MAX_SAMPLES => {
                if let Some(at) = known.insert(sample.metric.clone(), page.samples.len()) {
                    known.insert(sample.metric.clone(), at);
                    page.samples[at] = sample;
                } else {
                    page.samples.push(sample);
                }
            }
            _ => page.bad_lines += 1,
        }
    }
    page
}

fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' ', '\t'])?;
    let (name, rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    let mut name = name.to_owned();
    let rest = match rest.strip_prefix('{') {
        Some(inside) => read_labels(inside, &mut name, &mut labels)?,
        None => rest,
    };
    // A timestamp or an exemplar may follow; the moment is ours, not theirs.
    let value = rest.split_ascii_whitespace().next()?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '-');
    if name.is_empty()
        || name.starts_with(|c: char| c.is_ascii_digit())
        || !name.chars().all(is_name)
    {
        return None;
    }
    Some(Sample {
        metric: Metric { name, labels },
        value: number(value)?,
    })
}

/// Reads labels up to the closing brace and returns what follows it.
///
/// A quoted name without a value is the metric's own name, as Prometheus 3
/// writes names outside the classic alphabet.
fn read_labels<'a>(
    inside: &'a str,
    name: &mut String,
    labels: &mut BTreeMap<String, String>,
) -> Option<&'a str> {
    let mut rest = inside.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        if rest.starts_with('"') {
            let (label, after) = quoted(rest)?;
            rest = after.trim_start();
            match rest.strip_prefix('=') {
                Some(after) => {
                    let (value, after) = quoted(after.trim_start())?;
                    labels.insert(label, value);
                    rest = after;
                }
                None => *name = label,
            }
        } else {
            let (label, after) = rest.split_once('=')?;
            let (value, after) = quoted(after.trim_start())?;
            labels.insert(label.trim().to_owned(), value);
            rest = after;
        }
        rest = rest.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if rest.starts_with('}') => rest,
            None => return None,
        };
    }
}

/// Reads a text in double quotes with the three escapes of the format.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &inside[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                escaped @ ('\\' | '"') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}

fn number(text: &str) -> Option<f64> {
    match text.to_ascii_lowercase().as_str() {
        "+inf" | "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        "nan" => Some(f64::NAN),
        plain if plain.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            plain.parse().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, name: &str, labels: &[(&str, &str)], value: f64) {
        let page = parse(line);
        assert_eq!(page.bad_lines, 0, "{line}");
        let sample = &page.samples[0];
        let found: Vec<_> = sample
            .metric
            .labels
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        assert_eq!(
            (&*sample.metric.name, found),
            (name, labels.to_vec()),
            "{line}"
        );
        assert!(sample.value.to_bits() == value.to_bits(), "{line}");
    }

    #[test]
    fn every_form_of_a_sample_is_read() {
        check("up 1", "up", &[], 1.0);
        check("up{} 1 1700000000000", "up", &[], 1.0);
        check(
            "a:b{x=\"}\"}\t-Inf",
            "a:b",
            &[("x", "}")],
            f64::NEG_INFINITY,
        );
        check(
            "a{ x = \"1\" , y=\"2\", } NaN\r",
            "a",
            &[("x", "1"), ("y", "2")],
            f64::NAN,
        );
        check(
            r#"a{x="q\"b\\n\n,"} 2e8 # {trace="1"} 1"#,
            "a",
            &[("x", "q\"b\\n\n,")],
            2e8,
        );
        check(r#"{"odd.name",x="1"} .5"#, "odd.name", &[("x", "1")], 0.5);
    }

    #[test]
    fn one_bad_line_hides_no_other() {
        let page = parse("# HELP a b\na 1\nb{x=1} 2\n3c 4\nd\nd one\nd 5\na 6");
        let names: Vec<_> = page
            .samples
            .iter()
            .map(|sample| (&*sample.metric.name, sample.value))
            .collect();
        assert_eq!(names, [("a", 6.0), ("d", 5.0)]);
        assert_eq!(page.bad_lines, 4);
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(text in "[a-z{}=\",\\\\ #0-9.\n\tNaIf+-]{0,300}") {
            let _ = parse(&text);
        }

        #[test]
        fn a_label_value_is_read_as_it_was_written(value in "[^\r]{0,40}") {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let page = parse(&format!("a{{x=\"{escaped}\"}} 1"));
            prop_assert_eq!(&page.samples[0].metric.labels["x"], &value);
        }
    }
}
