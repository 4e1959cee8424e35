//! The minutes that are being measured, until they can be written. Pure.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::history::minutes::codec::MinuteSum;
use crate::history::samples::measured::is_ours;
use crate::model::sample::{Metric, Scrape};
use crate::model::series::selector::SeriesSelector;

/// A series that is unseen for this many minutes loses its slot.
const IDLE: i64 = 60;

/// Finished minutes that may wait for a disk that refuses writes.
const WAITING: usize = 100_000;

/// Which series are summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// The names that rules ask for; `None` is every name.
    pub names: Option<BTreeSet<String>>,
    /// Additional series.
    pub selectors: Vec<SeriesSelector>,
    /// Maximum number of series at a time; zero disables downsampling.
    pub limit: usize,
}

impl Chosen {
    fn has(&self, metric: &Metric) -> bool {
        self.names
            .as_ref()
            .is_none_or(|names| names.contains(&metric.name))
            || self.selectors.iter().any(|one| one.matches(metric))
    }
}

/// A partial minute of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MinutePart {
    /// What was measured.
    pub(crate) metric: Metric,
    /// The minute, counted from 1970.
    pub(crate) minute: i64,
    /// Its samples.
    pub(crate) sum: MinuteSum,
}

/// A series that is being summed up.
#[derive(Debug)]
struct OpenMinute {
    /// The minute in which it was seen last.
    minute: i64,
    /// The unfinished minute.
    sum: Option<MinuteSum>,
    /// Whether we measured it ourselves.
    ours: bool,
}

/// Sums up samples to minutes.
#[derive(Debug)]
pub(crate) struct Rollup {
    chosen: Chosen,
    open: HashMap<Metric, OpenMinute>,
    /// How many of them are our own measurements: one for each rule and published
    /// series, and each has a slot.
    ours: usize,
    /// Minutes ready to be written, oldest first.
    pub(crate) parts: Vec<MinutePart>,
    /// The last scrape that the finished minutes contain completely.
    pub(crate) until: i64,
    /// Series that found no slot.
    pub(crate) refused: u64,
    now: Option<i64>,
}

impl Rollup {
    /// Starts after the last scrape that is downsampled in the database.
    pub(crate) fn new(chosen: Chosen, until: i64) -> Self {
        Self {
            chosen,
            open: HashMap::new(),
            parts: Vec::new(),
            until,
            refused: 0,
            ours: 0,
            now: None,
        }
    }

    /// Changes which series are downsampled; series that are no longer chosen end
    /// with their current minute.
    pub(crate) fn choose(&mut self, chosen: Chosen) {
        self.chosen = chosen;
    }

    /// Adds a scrape; the first scrape of a minute finishes all earlier minutes.
    pub(crate) fn add(&mut self, id: i64, scrape: &Scrape) {
        if self.chosen.limit == 0 {
            return;
        }
        let (minute, ours) = (minute_of(scrape.at), is_ours(scrape));
        // After a clock step the current minute changes as well.
        if self.now.is_some_and(|now| now != minute) {
            self.finish(id - 1);
        }
        self.now = Some(minute);
        for sample in scrape.samples.iter().filter(|one| one.value.is_finite()) {
            let sum = MinuteSum::of(sample.value);
            if let Some(open) = self.open.get_mut(&sample.metric) {
                open.minute = minute;
                match &mut open.sum {
                    Some(before) => before.add(sum),
                    None => open.sum = Some(sum),
                }
            } else if ours || self.chosen.has(&sample.metric) {
                if !ours && self.open.len() - self.ours >= self.chosen.limit {
                    self.refused += 1;
                    continue;
                }
                self.ours += usize::from(ours);
                let sum = Some(sum);
                let open = OpenMinute { minute, sum, ours };
                self.open.insert(sample.metric.clone(), open);
            }
        }
    }

    /// Finishes all minutes up to a scrape.
    pub(crate) fn finish(&mut self, until: i64) {
        let Some(now) = self.now.take() else {
            return;
        };
        for (metric, open) in &mut self.open {
            if let Some(sum) = open.sum.take() {
                self.parts.push(MinutePart {
                    metric: metric.clone(),
                    minute: open.minute,
                    sum,
                });
            }
        }
        self.open.retain(|_, open| (now - open.minute).abs() < IDLE);
        self.ours = self.open.values().filter(|open| open.ours).count();
        let over = self.parts.len().saturating_sub(WAITING);
        self.parts.drain(..over);
        self.until = until;
    }

    /// Number of series that are downsampled.
    pub(crate) fn series(&self) -> usize {
        self.open.len()
    }
}

/// The minute of a moment, counted from 1970.
pub(crate) fn minute_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use crate::history::samples::measured::OURSELVES;
    use crate::model::sample::{CollectorId, Sample};

    use super::*;

    fn scrape(second: i64, samples: &[(&str, f64)]) -> Scrape {
        let at = Timestamp::from_second(second).unwrap();
        Scrape {
            collector: CollectorId("a".into()),
            at,
            good_until: at,
            samples: samples
                .iter()
                .map(|(name, value)| Sample::new(*name, [], *value))
                .collect(),
        }
    }

    fn chosen(limit: usize) -> Chosen {
        Chosen {
            names: Some(["up".to_owned()].into()),
            selectors: vec![SeriesSelector::parse("{__name__=~\"queue.*\"}").unwrap()],
            limit,
        }
    }

    fn parts(rollup: &mut Rollup) -> Vec<(String, i64, u64, f64)> {
        let mut parts: Vec<_> = rollup
            .parts
            .drain(..)
            .map(|part| {
                (
                    part.metric.name,
                    part.minute,
                    part.sum.count,
                    part.sum.total,
                )
            })
            .collect();
        parts.sort_by(|one, other| one.partial_cmp(other).unwrap());
        parts
    }

    #[test]
    fn a_minute_is_finished_by_the_next_one_and_knows_its_last_scrape() {
        let mut rollup = Rollup::new(chosen(9), 0);
        rollup.add(1, &scrape(0, &[("up", 1.0), ("noise", 5.0)]));
        rollup.add(2, &scrape(59, &[("up", 2.0), ("queue_jobs", 7.0)]));
        assert!(rollup.parts.is_empty());
        rollup.add(3, &scrape(60, &[("up", f64::NAN)]));
        assert_eq!(rollup.until, 2);
        let expected = [
            ("queue_jobs".to_owned(), 0, 1, 7.0),
            ("up".to_owned(), 0, 2, 3.0),
        ];
        assert_eq!(parts(&mut rollup), expected);
        // NaN is not a sample of a chart.
        rollup.finish(3);
        assert_eq!((parts(&mut rollup), rollup.until), (vec![], 3));
    }

    #[test]
    fn a_clock_that_steps_back_puts_samples_into_the_minute_that_it_shows() {
        let mut rollup = Rollup::new(chosen(9), 0);
        for (id, second) in [(1, 600), (2, 30), (3, 31), (4, 90)] {
            rollup.add(id, &scrape(second, &[("up", 1.0)]));
        }
        rollup.finish(4);
        let up = |minute, count: u32| ("up".to_owned(), minute, u64::from(count), f64::from(count));
        assert_eq!(parts(&mut rollup), [up(0, 2), up(1, 1), up(10, 1)]);
    }

    #[test]
    fn one_series_too_many_is_refused_and_counted_until_another_is_gone() {
        let mut rollup = Rollup::new(chosen(1), 0);
        rollup.add(1, &scrape(0, &[("up", 1.0), ("queue_jobs", 1.0)]));
        rollup.add(2, &scrape(1, &[("queue_jobs", 1.0)]));
        assert_eq!((rollup.series(), rollup.refused), (1, 2));
        rollup.add(3, &scrape(3600, &[]));
        rollup.add(4, &scrape(3660, &[("queue_jobs", 1.0)]));
        rollup.finish(4);
        let names: Vec<_> = parts(&mut rollup).into_iter().map(|part| part.0).collect();
        assert_eq!(names, ["queue_jobs", "up"]);
        // Decisive values of rules have a slot, however many other series there are.
        let ours = [("of a rule", 1.0), ("of a figure", 1.0)];
        let ours = Scrape {
            collector: CollectorId(OURSELVES.into()),
            ..scrape(3661, &ours)
        };
        rollup.add(5, &ours);
        rollup.add(6, &scrape(3662, &[("up", 1.0)]));
        assert_eq!((rollup.series(), rollup.refused), (3, 3));
        let mut off = Rollup::new(chosen(0), 0);
        off.add(1, &scrape(0, &[("up", 1.0)]));
        off.finish(1);
        assert_eq!((off.parts.len(), off.refused), (0, 0));
    }
}
