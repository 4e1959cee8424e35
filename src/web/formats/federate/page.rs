//! Writes samples in the text format, each with its moment.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::request::ask::Newest;
use crate::model::series::label::{METRIC_NAME, is_plain};
use crate::web::formats::federate::escaping::Escaping;

/// A series under the labels that it is written with.
type WrittenSeries<'n> = (BTreeMap<Cow<'n, str>, &'n str>, &'n Newest);

/// The page of these samples.
///
/// Escaping may give two series or two labels one name. No reader could take
/// such a page, so that the later ones are left out, which the page says.
pub(crate) fn page(newest: &[Newest], escaping: Escaping) -> String {
    let mut families: BTreeMap<Cow<'_, str>, Vec<WrittenSeries<'_>>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut lost = 0_usize;
    for one in newest {
        let name = escaping.name(&one.metric.name, true);
        match labels(one, escaping) {
            Some(labels) if seen.insert((name.clone(), labels.clone())) => {
                families.entry(name).or_default().push((labels, one));
            }
            _ => lost += 1,
        }
    }
    let mut page = String::new();
    if lost > 0 {
        let _ = writeln!(
            page,
            "# {lost} series are omitted: with names in {} they would be duplicates. Request escaping=allow-utf-8 or escaping=values.",
            escaping.word()
        );
    }
    for (name, family) in families {
        let _ = writeln!(page, "# TYPE {} untyped", word(&name, true));
        for (labels, one) in family {
            sample(&mut page, &name, &labels, one);
        }
    }
    page
}

/// The labels as they are written; none if they lack names of their own.
fn labels(one: &Newest, escaping: Escaping) -> Option<BTreeMap<Cow<'_, str>, &str>> {
    let mut labels = BTreeMap::new();
    for (label, value) in &one.metric.labels {
        let label = escaping.name(label, false);
        if label == METRIC_NAME || labels.insert(label, &**value).is_some() {
            return None;
        }
    }
    Some(labels)
}

fn sample(page: &mut String, name: &str, labels: &BTreeMap<Cow<'_, str>, &str>, one: &Newest) {
    // A name that needs quotes stands among the labels.
    let is_named = is_plain(name, true);
    let mut separator = '{';
    if is_named {
        page.push_str(name);
    } else {
        let _ = write!(page, "{{{}", word(name, true));
        separator = ',';
    }
    for (label, value) in labels {
        let _ = write!(page, "{separator}{}={}", word(label, false), quoted(value));
        separator = ',';
    }
    if separator == ',' {
        page.push('}');
    }
    let _ = writeln!(page, " {} {}", number(one.value), one.at.as_millisecond());
}

/// A name, in quotes if it needs them.
fn word(name: &str, colons: bool) -> Cow<'_, str> {
    if is_plain(name, colons) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(quoted(name))
    }
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        // The shortest text that reads back as the same value.
        format!("{value:?}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::sample::Metric;

    use super::*;

    fn newest(metric: Metric, value: f64) -> Newest {
        Newest {
            metric,
            at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
            value,
        }
    }

    fn queue(name: &str, queue: &str, value: f64) -> Newest {
        newest(Metric::new(name, [("queue", queue)]), value)
    }

    #[test]
    fn samples_are_written_by_family_with_their_moments() {
        let text = page(
            &[
                queue("b", "x", 0.1),
                queue("a", "q\"\\\n", f64::NEG_INFINITY),
                queue("b", "y", f64::NAN),
                newest(Metric::new("c", []), 1e30),
            ],
            Escaping::Underscores,
        );
        let expected = "# TYPE a untyped\na{queue=\"q\\\"\\\\\\n\"} -Inf 1700000000123\n\
            # TYPE b untyped\nb{queue=\"x\"} 0.1 1700000000123\nb{queue=\"y\"} NaN 1700000000123\n\
            # TYPE c untyped\nc 1e30 1700000000123\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn names_of_any_letters_are_written_as_they_are_asked_for() {
        let series = [
            newest(
                Metric::new("jobs.done", [("queue.name", "x"), ("zone", "n")]),
                1.0,
            ),
            queue("jobs", "y", 2.0),
            newest(Metric::new("größe", []), 3.0),
        ];
        let utf8 = "# TYPE \"größe\" untyped\n{\"größe\"} 3.0 1700000000123\n\
            # TYPE jobs untyped\njobs{queue=\"y\"} 2.0 1700000000123\n\
            # TYPE \"jobs.done\" untyped\n{\"jobs.done\",\"queue.name\"=\"x\",zone=\"n\"} 1.0 1700000000123\n";
        let sorted = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&page(&series, Escaping::AllowUtf8)), sorted(utf8));
        let dots = page(&series, Escaping::Dots);
        assert!(
            dots.contains("\njobs_dot_done{queue_dot_name=\"x\",zone=\"n\"} 1.0 "),
            "{dots}"
        );
    }

    #[test]
    fn what_would_break_the_page_is_left_out_and_said() {
        let series = [
            newest(Metric::new("a", [("l.m", "1"), ("l_m", "2")]), 1.0),
            newest(Metric::new("b.c", [("x", "1")]), 2.0),
            newest(Metric::new("b_c", [("x", "1")]), 3.0),
            newest(Metric::new("d", [("__name__", "e")]), 4.0),
        ];
        let expected = "# 3 series are omitted: with names in underscores they would be duplicates. Request escaping=allow-utf-8 or escaping=values.\n\
            # TYPE b_c untyped\nb_c{x=\"1\"} 2.0 1700000000123\n";
        assert_eq!(page(&series, Escaping::Underscores), expected);
        let values = page(&series, Escaping::Values);
        assert!(values.starts_with("# 1 series"), "{values}");
        assert_eq!(values.matches("# TYPE").count(), 3, "{values}");
    }
}
