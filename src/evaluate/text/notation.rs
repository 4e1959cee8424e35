//! Series as Prometheus' unit tests write them: `up{job="a"}` with `1+0x5 _x3 stale`.

use std::collections::BTreeMap;

use crate::model::sample::Metric;
use crate::model::series::label::{METRIC_NAME, is_plain};

/// Samples that one series may have.
const MOST: usize = 1_000_000;

/// One step of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A value.
    Value(f64),
    /// No sample: the target was silent.
    Nothing,
    /// The target answered, and the series was gone.
    Stale,
}

/// Why a text is no series.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// The name or the labels.
    #[error("`{0}` is not a series; write it as in `up{{job=\"api\"}}`")]
    Metric(String),
    /// One of the values.
    #[error("`{0}` is not a value; write numbers, `_`, `stale`, `5x3`, `0+10x5` or `_x3`")]
    Value(String),
    /// Too many values.
    #[error("a series has {MOST} values at most")]
    TooLong,
}

/// Reads a metric with its labels; the name may be missing.
///
/// ```
/// use critwatch::evaluate::text::notation::metric;
///
/// let metric = metric(r#"up{job="api", path="a\"b"}"#).unwrap();
/// assert_eq!(metric.name, "up");
/// assert_eq!(metric.labels["path"], "a\"b");
/// ```
pub fn metric(text: &str) -> Result<Metric, SeriesError> {
    let text = text.trim();
    read_metric(text).ok_or_else(|| SeriesError::Metric(text.to_owned()))
}

fn read_metric(text: &str) -> Option<Metric> {
    let (name, mut labels) = match text.split_once('{') {
        Some((name, rest)) => (name.trim_end(), read_labels(rest.strip_suffix('}')?)?),
        None => (text, BTreeMap::new()),
    };
    let name = match (name, labels.remove(METRIC_NAME)) {
        ("", Some(own)) => own,
        (name, None) if is_plain(name, true) || text.starts_with('{') => name.to_owned(),
        // A series has one name.
        _ => return None,
    };
    Some(Metric { name, labels })
}

fn read_labels(mut rest: &str) -> Option<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([' ', ',', '\t', '\n']);
        if rest.is_empty() {
            return Some(labels);
        }
        let (name, behind) = rest.split_once('=')?;
        let name = name.trim();
        if !is_plain(name, false) {
            return None;
        }
        let (value, behind) = quoted(behind.trim_start())?;
        if labels.insert(name.to_owned(), value).is_some() {
            return None;
        }
        rest = behind.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

/// Reads a text in quotes, and gives what is behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|sign| matches!(sign, '"' | '\''))?;
    let mut value = String::new();
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => value.push(match signs.next()?.1 {
                'n' => '\n',
                't' => '\t',
                other => other,
            }),
            _ if sign == quote => return Some((value, &text[at + 1..])),
            _ => value.push(sign),
        }
    }
    None
}

/// Reads the values, each repetition written out.
///
/// ```
/// use critwatch::evaluate::text::notation::{Step, values};
///
/// let one = Step::Value(1.0);
/// assert_eq!(values("1x1 _ stale").unwrap(), [one, one, Step::Nothing, Step::Stale]);
/// assert_eq!(values("1+2x1").unwrap(), [one, Step::Value(3.0)]);
/// ```
pub fn values(text: &str) -> Result<Vec<Step>, SeriesError> {
    let mut steps = Vec::new();
    for word in text.split_whitespace() {
        let run = run(word).ok_or_else(|| SeriesError::Value(word.to_owned()))?;
        if steps.len().saturating_add(run.count) > MOST {
            return Err(SeriesError::TooLong);
        }
        for number in (0..u32::MAX).take(run.count) {
            steps.push(match run.first {
                Step::Value(first) => Step::Value(first + run.rise * f64::from(number)),
                other => other,
            });
        }
    }
    Ok(steps)
}

/// A word of the values: how it begins, rises, and how often it is repeated.
struct ValueRun {
    first: Step,
    rise: f64,
    count: usize,
}

fn run(word: &str) -> Option<ValueRun> {
    let single = |first| ValueRun {
        first,
        rise: 0.0,
        count: 1,
    };
    match word {
        "_" => return Some(single(Step::Nothing)),
        "stale" => return Some(single(Step::Stale)),
        _ => {}
    }
    if let Some(value) = number(word) {
        return Some(single(Step::Value(value)));
    }
    let (what, times) = word.rsplit_once('x')?;
    let times: usize = times.parse().ok()?;
    if what == "_" {
        return Some(ValueRun {
            first: Step::Nothing,
            rise: 0.0,
            count: times,
        });
    }
    // The values behind the first are counted: `5x3` is four of them.
    let count = times.checked_add(1)?;
    if let Some(value) = number(what) {
        return Some(ValueRun {
            first: Step::Value(value),
            rise: 0.0,
            count,
        });
    }
    let signs = what
        .char_indices()
        .filter(|(_, sign)| matches!(sign, '+' | '-'));
    signs.skip_while(|(at, _)| *at == 0).find_map(|(at, _)| {
        let (first, rise) = (number(&what[..at])?, number(&what[at..])?);
        Some(ValueRun {
            first: Step::Value(first),
            rise,
            count,
        })
    })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let steps = values(text).unwrap().into_iter().map(|step| match step {
            Step::Value(value) => value.to_string(),
            Step::Nothing => "_".to_owned(),
            Step::Stale => "stale".to_owned(),
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_are_those_of_prometheus_notation() {
        for (text, expected) in [
            ("", ""),
            ("1 2 -3", "1 2 -3"),
            ("0+10x3", "0 10 20 30"),
            ("-2+4x3", "-2 2 6 10"),
            ("1-2x4", "1 -1 -3 -5 -7"),
            ("1x4", "1 1 1 1 1"),
            ("-1x1", "-1 -1"),
            ("1e3+1x1", "1000 1001"),
            ("1e-1-1e-1x1", "0.1 0"),
            ("1 _x3 stale", "1 _ _ _ stale"),
            ("NaN Inf -Inf", "NaN inf -inf"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            "a",
            "1x",
            "x3",
            "1+x3",
            "1+2",
            "{{schema:1}}",
            "1x-1",
            "stalex3",
        ] {
            assert!(values(text).is_err(), "{text}");
        }
        assert_eq!(values("1x1000000"), Err(SeriesError::TooLong));
        assert_eq!(
            values("1x18446744073709551614 1"),
            Err(SeriesError::TooLong)
        );
    }

    #[test]
    fn what_is_no_series_is_refused() {
        for text in [
            "",
            "a b",
            "1up",
            "up{",
            "up{a}",
            "up{a=b}",
            "up{a=\"b}",
            "up{a=\"b\"c=\"d\"}",
            "up{a=\"b\",a=\"c\"}",
            "up{1a=\"b\"}",
            "up{__name__=\"down\"}",
        ] {
            assert!(metric(text).is_err(), "{text}");
        }
        for text in [
            "up",
            "up{}",
            "{}",
            "{a='b'}",
            "up{a=\"b\",}",
            "a:b { c = \"d\" }",
        ] {
            assert!(metric(text).is_ok(), "{text}");
        }
        let named = metric("{__name__=\"up\",a=\"b\"}");
        assert_eq!(named, Ok(Metric::new("up", [("a", "b")])));
    }

    proptest! {
        #[test]
        fn what_labels_print_is_read_back(
            name in "[a-z_:][a-z0-9_:]{0,5}",
            labels in prop::collection::btree_map("[a-z_]{1,4}", "[a-z\\\\\"\n é{},=]{1,6}", 0..4),
        ) {
            let written = Metric { name, labels };
            let text = crate::evaluate::window::labels::Labels::of(&written).to_string();
            prop_assert_eq!(metric(&text), Ok(written));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-0-9+x_ .eEa-f{}=\"]{0,30}") {
            let _ = values(&text);
            let _ = metric(&text);
        }
    }
}
