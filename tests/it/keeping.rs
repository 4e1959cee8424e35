//! A restart at any moment: no verdict and no minute may show it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use critwatch::config;
use critwatch::evaluate::Evaluator;
use critwatch::history::History;
use critwatch::history::minutes::rollup::Chosen;
use critwatch::history::minutes::table::Minutes;
use critwatch::history::writer::Writer;
use critwatch::history::writer::metrics::WriterMetrics;
use critwatch::history::writer::retention::Retention;
use critwatch::model::sample::{Brings, CollectorId, Expected, Sample, Scrape};
use critwatch::model::series::selector::SeriesSelector;
use critwatch::model::verdict::{RuleId, Verdict};
use critwatch::store;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Rules that look back, hold, and keep on firing.
const RULES: [(&str, &str); 6] = [
    (
        "held",
        "expr = 'bad > 0'\nfor = '6s'\nkeep_firing_for = '3s'",
    ),
    ("rising", "expr = 'rate(count_total[10s]) > 1'\nfor = '2s'"),
    ("risen", "expr = 'increase(count_total[40s]) > 20'"),
    ("worst", "expr = 'max_over_time(bad[20s]) > 1'"),
    ("before", "expr = 'bad offset 5s > 1'\nfor = '1s'"),
    ("both", "expr = 'bad > 0 and on () other > 0'\nfor = '4s'"),
];

/// How long a scrape of the property tests is believed.
pub(crate) const BELIEVED: Duration = Duration::from_secs(5);

pub(crate) fn settings(rules: &[(&str, &str)], more: &str) -> String {
    let mut text = format!("[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n{more}\n");
    for (id, rule) in rules {
        let _ = write!(
            text,
            "[[rule]]\nid = '{id}'\n{rule}\nseverity = 'down'\ncomponents = ['c']\n\
             title = '{id} is wrong'\ntext = 't'\n"
        );
    }
    text
}

fn figures() -> WriterMetrics {
    WriterMetrics::register(&prometheus::Registry::new()).unwrap()
}

/// An evaluator that goes on where the folder's last one stopped, with the way
/// to the folder.
fn begin(folder: &Path, now: Timestamp) -> (Evaluator, History, Writer) {
    begin_with(&settings(&RULES, ""), folder, now)
}

/// The same with settings of one's own.
pub(crate) fn begin_with(
    text: &str,
    folder: &Path,
    now: Timestamp,
) -> (Evaluator, History, Writer) {
    let config = config::read(text, "alerts.toml", folder, [].into(), None).unwrap();
    let limits = config.keep.limits(&config.rules, &[], &[]);
    let collectors = [
        ("a", Brings::Foreign),
        ("b", Brings::Foreign),
        ("p", Brings::Families(&["ALERTS", "critwatch_alert"])),
    ];
    let collectors = collectors.map(|(id, brings)| Expected {
        collector: CollectorId(id.into()),
        brings,
    });
    let mut evaluator = Evaluator::new(config.rules, limits, now, collectors);
    let keeping = Retention {
        age: limits.age,
        minutes: config.keep.minutes,
        chosen: Chosen {
            names: evaluator.wanted().cloned(),
            selectors: Vec::new(),
            limit: 10,
        },
    };
    let stores = [store::open(folder).unwrap(), store::open(folder).unwrap()];
    let [samples, ledger] = stores;
    let (mut keeper, queue) = Writer::open(samples, ledger, keeping, figures()).unwrap();
    let past = (
        keeper.read_health(now).unwrap(),
        keeper.read_detection().unwrap(),
    );
    let rules: BTreeSet<RuleId> = evaluator.runs().map(|(id, ..)| id.clone()).collect();
    let runs = keeper.read_back(now, &rules, |scrape| {
        evaluator.ingest(scrape);
    });
    evaluator.resume(&runs);
    (
        evaluator,
        History::new(past, TimeZone::UTC, queue, None),
        keeper,
    )
}

pub(crate) fn judge(
    evaluator: &mut Evaluator,
    history: &mut History,
    now: Timestamp,
) -> Vec<Verdict> {
    let verdicts = evaluator.judge(now);
    history.store_runs(evaluator.runs());
    verdicts
}

/// What a collector saw, and how long after the one before.
#[derive(Clone, Debug)]
struct Step {
    after_ms: u16,
    collector: bool,
    /// Which series there are, and the values.
    series: u8,
    value: u8,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let after_ms = prop_oneof![4 => 100..1500_u16, 1 => 3000..12_000_u16];
    let step = (after_ms, any::<bool>(), 0..8_u8, 0..4_u8).prop_map(
        |(after_ms, collector, series, value)| Step {
            after_ms,
            collector,
            series,
            value,
        },
    );
    prop::collection::vec(step, 2..60)
}

fn scrape(step: &Step, at: Timestamp, count: &mut f64) -> Scrape {
    *count += f64::from(step.value) * 3.0;
    let job = if step.collector { "a" } else { "b" };
    let all = [
        ("bad", f64::from(step.value)),
        ("count_total", *count),
        ("other", 1.0),
    ];
    let there = all
        .iter()
        .enumerate()
        .filter(|(place, _)| step.series & (1 << place) != 0);
    Scrape {
        collector: CollectorId(job.into()),
        at,
        good_until: at + BELIEVED,
        samples: there
            .map(|(_, (name, value))| Sample::new(*name, [("job", job)], *value))
            .collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_restart_at_any_moment_changes_no_verdict(
        steps in steps(),
        cut in any::<prop::sample::Index>(),
        away_ms in 0..20_000_i64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let mut now: Timestamp = "2026-03-01T10:00:00.5Z".parse().unwrap();
        let (mut evaluator, mut history, mut keeper) = begin(folder.path(), now);
        // One that never stops, beside it; where it keeps things is never read.
        let (mut steady, mut unread, _idle) = begin(other.path(), now);
        let cut = cut.index(steps.len());
        let (mut count, mut count_steady) = (0.0, 0.0);
        for (place, step) in steps.iter().enumerate() {
            if place == cut {
                drop(history);
                keeper.run();
                now = now.checked_add(Duration::from_millis(away_ms.cast_unsigned())).unwrap();
                (evaluator, history, keeper) = begin(folder.path(), now);
                let verdicts = judge(&mut evaluator, &mut history, now);
                prop_assert_eq!(verdicts, judge(&mut steady, &mut unread, now));
            }
            now += Duration::from_millis(step.after_ms.into());
            let kept = evaluator.ingest(scrape(step, now, &mut count));
            history.store_scrape(kept);
            steady.ingest(scrape(step, now, &mut count_steady));
            let verdicts = judge(&mut evaluator, &mut history, now);
            prop_assert_eq!(verdicts, judge(&mut steady, &mut unread, now), "step {}", place);
        }
    }

    #[test]
    fn minutes_are_what_was_measured_whenever_the_monitor_restarts(
        steps in prop::collection::vec((1..40_i64, 0..9_u8), 1..60),
        cuts in prop::collection::btree_set(0..60_usize, 0..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let begins: Timestamp = "2026-03-01T10:00:17Z".parse().unwrap();
        let mut now = begins;
        let mut measured = Vec::new();
        let (_, mut history, mut keeper) = begin(folder.path(), now);
        for (place, (after, value)) in steps.iter().enumerate() {
            if cuts.contains(&place) {
                drop(history);
                keeper.run();
                (_, history, keeper) = begin(folder.path(), now);
            }
            now += Duration::from_secs(after.cast_unsigned());
            let value = f64::from(*value);
            measured.push((now, value));
            history.store_scrape(Scrape {
                collector: CollectorId("a".into()),
                at: now,
                good_until: now,
                samples: vec![Sample::new("bad", [], value), Sample::new("noise", [], value)],
            });
        }
        drop(history);
        keeper.run();
        let minutes = Minutes::new(store::open(folder.path()).unwrap());
        let read = |name: &str| {
            let selector = SeriesSelector::parse(name).unwrap();
            minutes.read(&selector, Timestamp::MIN, Timestamp::MAX).unwrap()
        };
        prop_assert!(read("noise").is_empty());
        let series = read("bad").pop().unwrap();
        let minute = |at: Timestamp| at.as_second().div_euclid(60);
        let mut all: Vec<_> = measured.iter().map(|(at, _)| minute(*at)).collect();
        all.dedup();
        prop_assert_eq!(series.samples.len(), all.len());
        for (sample, expected) in series.samples.iter().zip(all) {
            prop_assert_eq!(minute(sample.at), expected);
            let values: Vec<_> = measured
                .iter()
                .filter(|(at, _)| minute(*at) == expected)
                .map(|(_, value)| *value)
                .collect();
            prop_assert_eq!(usize::try_from(sample.count), Ok(values.len()));
            prop_assert_eq!(Some(&sample.last), values.last());
            prop_assert!(values.iter().all(|value| sample.min <= *value && *value <= sample.max));
            prop_assert!(values.contains(&sample.min) && values.contains(&sample.max));
            let many = f64::from(u32::try_from(values.len()).unwrap());
            prop_assert!((sample.mean * many - values.iter().sum::<f64>()).abs() < 1e-6);
        }
    }
}
