//! One scrape as a line of JSON, exactly: what is written is read back.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::sample::{CollectorId, Metric, Sample, Scrape};

/// A line as it is written.
#[derive(Serialize)]
struct WrittenLine<'s> {
    at: i64,
    job: &'s str,
    good_for_ms: i64,
    samples: Vec<(&'s str, &'s BTreeMap<String, String>, Number)>,
}

/// A number, or the word for what JSON has no number for.
#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Plain(f64),
    Word(&'static str),
}

/// A line as it is read.
#[derive(Deserialize)]
struct ReadLine {
    at: i64,
    job: String,
    good_for_ms: u64,
    // The text of a number, because serde_json may be wrong in its last bit.
    samples: Vec<(String, BTreeMap<String, String>, Box<RawValue>)>,
}

/// Writes a scrape as one line, without its end.
pub fn write(scrape: &Scrape) -> serde_json::Result<String> {
    let at = scrape.at.as_millisecond();
    serde_json::to_string(&WrittenLine {
        at,
        job: &scrape.collector.0,
        good_for_ms: scrape.good_until.as_millisecond().saturating_sub(at).max(0),
        samples: scrape
            .samples
            .iter()
            .map(|sample| {
                let Metric { name, labels } = &sample.metric;
                (name.as_str(), labels, number(sample.value))
            })
            .collect(),
    })
}

/// Reads a line; `None` if it is none of ours.
pub fn read(line: &str) -> Option<Scrape> {
    let read: ReadLine = serde_json::from_str(line).ok()?;
    let at = Timestamp::from_millisecond(read.at).ok()?;
    let samples = read.samples.into_iter().map(|(name, labels, value)| {
        Some(Sample {
            metric: Metric { name, labels },
            value: value.get().trim_matches('"').parse().ok()?,
        })
    });
    Some(Scrape {
        collector: CollectorId(read.job),
        at,
        good_until: at
            .checked_add(Duration::from_millis(read.good_for_ms))
            .unwrap_or(Timestamp::MAX),
        samples: samples.collect::<Option<_>>()?,
    })
}

fn number(value: f64) -> Number {
    if value.is_nan() {
        Number::Word("NaN")
    } else if value.is_infinite() {
        Number::Word(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        Number::Plain(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_what_other_programs_can_read() {
        let at = Timestamp::from_millisecond(1_700_000_000_123).unwrap();
        let scrape = Scrape {
            collector: CollectorId("redis".into()),
            at,
            good_until: at + Duration::from_millis(3800),
            samples: vec![
                Sample::new("redis_up", [("job", "redis")], 1.0),
                Sample::new("age", [], f64::NAN),
                Sample::new("age", [("q", "a\"b")], f64::NEG_INFINITY),
            ],
        };
        assert_eq!(
            write(&scrape).unwrap(),
            r#"{"at":1700000000123,"job":"redis","good_for_ms":3800,"samples":[["redis_up",{"job":"redis"},1.0],["age",{},"NaN"],["age",{"q":"a\"b"},"-Inf"]]}"#
        );
    }

    #[test]
    fn what_is_no_line_of_ours_is_refused() {
        for line in [
            "",
            "{}",
            "[]",
            r#"{"at":1,"job":"a","good_for_ms":1,"samples":[["up",{}]]}"#,
            r#"{"at":1,"job":"a","good_for_ms":1,"samples":[["up",{},"one"]]}"#,
            r#"{"at":1,"job":"a","good_for_ms":-1,"samples":[]}"#,
            r#"{"at":999999999999999999,"job":"a","good_for_ms":1,"samples":[]}"#,
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            at in -1_000_000_000_000_i64..4_000_000_000_000,
            good_for in 0..100_000_i64,
            job in ".{0,10}",
            samples in prop::collection::vec(
                ("[a-z_:]{1,9}", prop::collection::btree_map("[a-z]{1,3}", ".{0,9}", 0..3), any::<f64>()),
                0..6,
            ),
        ) {
            let at = Timestamp::from_millisecond(at).unwrap();
            let scrape = Scrape {
                collector: CollectorId(job),
                at,
                good_until: Timestamp::from_millisecond(at.as_millisecond() + good_for).unwrap(),
                samples: samples
                    .into_iter()
                    .map(|(name, labels, value)| Sample { metric: Metric { name, labels }, value })
                    .collect(),
            };
            let back = read(&write(&scrape).unwrap()).unwrap();
            prop_assert_eq!(back, scrape);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            let _ = read(&text);
        }
    }
}
