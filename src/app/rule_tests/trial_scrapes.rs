//! The input series of a test as what collectors saw, and when.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::rule_tests::suite::{TestCase, TestInput};
use crate::evaluate::text::notation::Step;
use crate::model::sample::{CollectorId, Metric, Sample, Scrape, UP};

/// Steps for which a sample may be believed while its collector fails.
const TRUSTED: usize = 3;

/// A look of a collector at its target.
pub(crate) enum TrialScrape {
    /// It answered.
    Scrape(Scrape),
    /// It did not; what it said last could be believed until the second moment.
    Miss(CollectorId, Timestamp, Timestamp),
}

impl TrialScrape {
    /// When it looked.
    pub(crate) fn at(&self) -> Timestamp {
        match self {
            Self::Scrape(scrape) => scrape.at,
            Self::Miss(_, at, _) => *at,
        }
    }
}

/// All samples in the order of time; each series has a collector of its own.
pub(crate) fn scrapes(case: &TestCase) -> Vec<TrialScrape> {
    let inputs = case.input_series.iter().enumerate();
    let looks = inputs.map(|(number, input)| {
        let collector = CollectorId(format!("series {number}"));
        scrapes_of(case, input, &collector)
    });
    let mut looks: Vec<_> = looks.flatten().collect();
    looks.sort_by_key(TrialScrape::at);
    looks
}

/// What is seen of one series. While `up` of its job is 0, it is out of sight
/// without a value; when it is no longer, it is gone without one.
fn scrapes_of(case: &TestCase, input: &TestInput, collector: &CollectorId) -> Vec<TrialScrape> {
    let up = up_of(case, &input.series);
    let (mut looks, mut seen, mut missed) = (Vec::new(), 0, false);
    for place in 0..input.values.len().max(up.len()) {
        let at = moment_of(case, place);
        let fails = match up.get(place) {
            Some(Step::Value(up)) => Some(*up == 0.0),
            _ => None,
        };
        let step = input.values.get(place).copied().unwrap_or(Step::Nothing);
        let samples = match (step, fails) {
            (Step::Value(value), _) => vec![Sample {
                metric: input.series.clone(),
                value,
            }],
            (_, Some(true)) => {
                let until = moment_of(case, seen + TRUSTED);
                looks.push(TrialScrape::Miss(collector.clone(), at, until));
                missed = true;
                continue;
            }
            (Step::Nothing, _) if !(missed && fails == Some(false)) => continue,
            (Step::Stale | Step::Nothing, _) => Vec::new(),
        };
        (seen, missed) = (place, false);
        looks.push(TrialScrape::Scrape(Scrape {
            collector: collector.clone(),
            at,
            good_until: Timestamp::MAX,
            samples,
        }));
    }
    looks
}

/// The steps of the `up` that tells whether the target of a series answers:
/// the series has all its labels.
fn up_of<'c>(case: &'c TestCase, series: &Metric) -> &'c [Step] {
    let tells = |input: &&TestInput| {
        let Metric { name, labels } = &input.series;
        let has = |(label, value)| series.labels.get(label) == Some(value);
        name == UP && series.name != UP && labels.contains_key("job") && labels.iter().all(has)
    };
    let inputs = case.input_series.iter().filter(tells);
    let up = inputs.max_by_key(|input| input.series.labels.len());
    up.map(|input| input.values.as_slice()).unwrap_or_default()
}

/// The moment of a step.
fn moment_of(case: &TestCase, place: usize) -> Timestamp {
    let steps = u32::try_from(place).unwrap_or(u32::MAX);
    moment(case.interval.saturating_mul(steps))
}

/// A moment of a test; they begin at the epoch, as in promtool.
pub(crate) fn moment(after: Duration) -> Timestamp {
    Timestamp::UNIX_EPOCH
        .checked_add(after)
        .unwrap_or(Timestamp::MAX)
}
