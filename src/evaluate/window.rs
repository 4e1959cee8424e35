//! The recent samples of each series, in memory and within limits.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::labels::Labels;
use crate::model::sample::{CollectorId, Metric, Scrape};

/// How long an instant selector looks back for a sample, as in Prometheus.
const LOOK_BACK_MS: i64 = 5 * 60 * 1000;

/// The bits of Prometheus' `StaleNaN`, which no arithmetic produces.
const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// How much a window may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Samples older than this are dropped.
    pub age: Duration,
    /// Series beyond this number are refused.
    pub series: usize,
    /// Samples of one series; beyond it the oldest go first.
    pub samples: usize,
}

/// The same in the units of the inside.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    age_ms: i64,
    series: usize,
    samples: usize,
}

/// A value and the moment at which it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stamped {
    /// Milliseconds since the epoch.
    pub(crate) at: i64,
    /// The value, never a staleness mark once it left the window.
    pub(crate) value: f64,
}

/// Remembers the recent samples of each series, bounded in every direction.
#[derive(Debug)]
pub struct Window {
    bounds: Bounds,
    /// Sorted by name first, so that the series of one name lie side by side.
    series: BTreeMap<Arc<Metric>, Series>,
    collectors: HashMap<CollectorId, Source>,
    scrapes: u64,
    refused: u64,
}

/// What is known of a collector that is to be believed at present.
#[derive(Debug)]
struct Source {
    at: i64,
    good_until: i64,
    seen: Vec<Arc<Metric>>,
}

/// The samples of one series in the order of time, with staleness marks.
#[derive(Debug)]
pub(crate) struct Series {
    labels: Labels,
    samples: VecDeque<Stamped>,
    /// The number of the last scrape that had this series.
    scrape: u64,
}

impl Window {
    /// Makes an empty window.
    pub fn new(limits: Limits) -> Self {
        Self {
            bounds: Bounds {
                age_ms: i64::try_from(limits.age.as_millis()).unwrap_or(i64::MAX),
                series: limits.series,
                samples: limits.samples,
            },
            series: BTreeMap::new(),
            collectors: HashMap::new(),
            scrapes: 0,
            refused: 0,
        }
    }

    /// Remembers the samples of a scrape.
    ///
    /// A series that the collector had in its previous scrape and has no more
    /// gets a staleness mark, as from a Prometheus scrape. A scrape that is not
    /// newer than the collector's last one is ignored; so is a single sample
    /// that is not newer than the last of its series.
    pub fn ingest(&mut self, scrape: &Scrape) {
        let at = scrape.at.as_millisecond();
        if self
            .collectors
            .get(&scrape.collector)
            .is_some_and(|source| at <= source.at)
        {
            return;
        }
        let previous = self.collectors.remove(&scrape.collector);
        self.scrapes += 1;
        let mut seen = Vec::with_capacity(scrape.samples.len());
        for sample in &scrape.samples {
            seen.extend(self.remember(
                &sample.metric,
                Stamped {
                    at,
                    value: sample.value,
                },
            ));
        }
        for metric in previous.into_iter().flat_map(|source| source.seen) {
            if let Some(series) = self.series.get_mut(&*metric)
                && series.scrape != self.scrapes
            {
                series.push(Stamped { at, value: stale() }, self.bounds);
            }
        }
        let good_until = scrape.good_until.as_millisecond();
        self.collectors.insert(
            scrape.collector.clone(),
            Source {
                at,
                good_until,
                seen,
            },
        );
    }

    /// Forgets what is too old, and marks stale what is no longer believed.
    ///
    /// The series of a collector whose `good_until` has passed are stale from
    /// that moment on, or from right after their last sample if that is later.
    pub fn expire(&mut self, now: Timestamp) {
        let now = now.as_millisecond();
        let silent = self
            .collectors
            .extract_if(|_, source| source.good_until < now);
        for (_, source) in silent {
            for metric in source.seen {
                if let Some(series) = self.series.get_mut(&*metric) {
                    series.go_stale(source.at, source.good_until, self.bounds);
                }
            }
        }
        let oldest = now.saturating_sub(self.bounds.age_ms);
        self.series.retain(|_, series| {
            series.trim(oldest);
            !series.samples.is_empty()
        });
    }

    /// Counts the samples refused because their series was one too many.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Counts the series held.
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// Counts the samples held, staleness marks among them.
    pub fn samples(&self) -> usize {
        self.series
            .values()
            .map(|series| series.samples.len())
            .sum()
    }

    /// Walks over the series of one name, or over all, sorted.
    pub(crate) fn select<'w>(&'w self, name: Option<&str>) -> impl Iterator<Item = &'w Series> {
        let first = Metric::new(name.unwrap_or_default(), []);
        let name = name.map(str::to_owned);
        self.series
            .range::<Metric, _>(first..)
            .take_while(move |(metric, _)| name.as_ref().is_none_or(|name| metric.name == *name))
            .map(|(_, series)| series)
    }

    /// Gives back the key of the series, unless the series was refused.
    fn remember(&mut self, metric: &Metric, sample: Stamped) -> Option<Arc<Metric>> {
        let bounds = self.bounds;
        if let Some(known) = self.series.get_mut(metric) {
            known.scrape = self.scrapes;
            known.push(sample, bounds);
            // The key is shared, not copied: a lookup is cheaper than its labels.
            return self
                .series
                .get_key_value(metric)
                .map(|(key, _)| Arc::clone(key));
        }
        if self.series.len() >= bounds.series {
            self.refused += 1;
            return None;
        }
        let mut fresh = Series {
            labels: Labels::of(metric),
            samples: VecDeque::new(),
            scrape: self.scrapes,
        };
        fresh.push(sample, bounds);
        let key = Arc::new(metric.clone());
        self.series.insert(Arc::clone(&key), fresh);
        Some(key)
    }
}

impl Series {
    /// Gives the series its name.
    pub(crate) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Gives the sample that an instant selector sees at a moment: the last
    /// one within the look-back, whose left edge is excluded, if not stale.
    pub(crate) fn latest(&self, at: i64) -> Option<Stamped> {
        let last = self
            .samples
            .back()
            .filter(|last| last.at <= at)
            .or_else(|| {
                let after = self.samples.partition_point(|sample| sample.at <= at);
                after
                    .checked_sub(1)
                    .and_then(|place| self.samples.get(place))
            })?;
        (last.at > at.saturating_sub(LOOK_BACK_MS) && !is_stale(last.value)).then_some(*last)
    }

    /// Fills in the samples after one moment and until another, in order.
    pub(crate) fn between(&self, after: i64, until: i64, samples: &mut Vec<Stamped>) {
        samples.clear();
        let first = self.samples.partition_point(|sample| sample.at <= after);
        let fresh = self
            .samples
            .range(first..)
            .take_while(|sample| sample.at <= until);
        samples.extend(fresh.filter(|sample| !is_stale(sample.value)));
    }

    fn push(&mut self, sample: Stamped, bounds: Bounds) {
        let last = self.samples.back();
        if last.is_some_and(|last| {
            last.at >= sample.at || is_stale(last.value) && is_stale(sample.value)
        }) {
            return;
        }
        self.samples.push_back(sample);
        while self.samples.len() > bounds.samples {
            self.samples.pop_front();
        }
        self.trim(sample.at.saturating_sub(bounds.age_ms));
    }

    /// Marks the series stale unless another collector has sampled it since.
    fn go_stale(&mut self, sampled: i64, good_until: i64, bounds: Bounds) {
        let last = self.samples.back().map_or(sampled, |last| last.at);
        if last <= sampled {
            let at = good_until.max(last.saturating_add(1));
            self.push(Stamped { at, value: stale() }, bounds);
        }
    }

    fn trim(&mut self, oldest: i64) {
        while self
            .samples
            .front()
            .is_some_and(|sample| sample.at < oldest)
        {
            self.samples.pop_front();
        }
    }
}

fn stale() -> f64 {
    f64::from_bits(STALE_BITS)
}

fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_BITS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::sample::Sample;

    const LIMITS: Limits = Limits {
        age: Duration::from_secs(100),
        series: 3,
        samples: 4,
    };

    /// A scrape of series by name that may be believed for 30 seconds.
    fn scrape(collector: &str, second: i64, series: &[(&str, f64)]) -> Scrape {
        Scrape {
            collector: CollectorId(collector.to_owned()),
            at: at(second),
            good_until: at(second + 30),
            samples: series
                .iter()
                .map(|(name, value)| Sample::new(*name, [], *value))
                .collect(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn latest(window: &Window, name: &str, second: i64) -> Option<f64> {
        window
            .select(Some(name))
            .find_map(|series| series.latest(second * 1000))
            .map(|one| one.value)
    }

    fn between(window: &Window, name: &str, after: i64, until: i64) -> Vec<f64> {
        let mut samples = Vec::new();
        for series in window.select(Some(name)) {
            series.between(after * 1000, until * 1000, &mut samples);
        }
        samples.iter().map(|sample| sample.value).collect()
    }

    #[test]
    fn a_series_missing_from_its_collector_is_stale() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("up", 1.0), ("down", 1.0)]));
        window.ingest(&scrape("b", 5, &[("other", 1.0)]));
        window.ingest(&scrape("a", 10, &[("up", 2.0)]));
        assert_eq!(latest(&window, "down", 9), Some(1.0));
        assert_eq!(latest(&window, "down", 10), None);
        assert_eq!(between(&window, "down", -1, 20), [1.0]);
        assert_eq!(latest(&window, "other", 20), Some(1.0));
        window.ingest(&scrape("a", 20, &[("up", 3.0), ("down", 4.0)]));
        assert_eq!(latest(&window, "down", 20), Some(4.0));
        assert_eq!(latest(&window, "down", 15), None);
    }

    #[test]
    fn a_silent_collector_is_believed_until_it_said() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("up", 1.0)]));
        window.expire(at(30));
        assert_eq!(latest(&window, "up", 30), Some(1.0));
        window.expire(at(31));
        assert_eq!(latest(&window, "up", 29), Some(1.0));
        assert_eq!(latest(&window, "up", 30), None);
        window.ingest(&scrape("a", 40, &[("up", 2.0)]));
        assert_eq!(latest(&window, "up", 40), Some(2.0));
    }

    #[test]
    fn a_collector_believed_for_no_time_goes_stale_all_the_same() {
        let mut window = Window::new(LIMITS);
        let brief = Scrape {
            good_until: at(0),
            ..scrape("a", 0, &[("up", 1.0)])
        };
        window.ingest(&brief);
        window.expire(at(1));
        assert_eq!(latest(&window, "up", 0), Some(1.0));
        assert_eq!(latest(&window, "up", 1), None);
    }

    #[test]
    fn a_silent_collector_does_not_hide_what_another_has_sampled_since() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("up", 1.0)]));
        window.ingest(&scrape("b", 25, &[("up", 2.0)]));
        window.expire(at(40));
        assert_eq!(latest(&window, "up", 40), Some(2.0));
    }

    #[test]
    fn late_and_equal_samples_are_dropped() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 10, &[("up", 1.0), ("up", 2.0)]));
        window.ingest(&scrape("a", 10, &[("up", 3.0)]));
        window.ingest(&scrape("a", 5, &[]));
        window.ingest(&scrape("b", 10, &[("up", 4.0)]));
        window.ingest(&scrape("c", 9, &[("up", 5.0)]));
        assert_eq!(between(&window, "up", 0, 20), [1.0]);
        assert_eq!(latest(&window, "up", 20), Some(1.0));
    }

    #[test]
    fn series_beyond_the_limit_are_refused_and_counted() {
        let mut window = Window::new(LIMITS);
        let all = [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0), ("e", 1.0)];
        window.ingest(&scrape("a", 0, &all));
        window.ingest(&scrape("a", 10, &all));
        assert_eq!((window.series(), window.refused()), (3, 4));
        assert_eq!(latest(&window, "d", 10), None);
        window.ingest(&scrape("a", 20, &[("d", 1.0)]));
        window.expire(at(200));
        assert_eq!((window.series(), window.samples()), (0, 0));
        window.ingest(&scrape("a", 210, &[("d", 1.0)]));
        assert_eq!(latest(&window, "d", 210), Some(1.0));
    }

    #[test]
    fn the_oldest_samples_go_first() {
        let mut window = Window::new(LIMITS);
        for second in 0..6 {
            window.ingest(&scrape("a", second, &[("up", 1.0)]));
        }
        assert_eq!(between(&window, "up", -1, 10).len(), 4);
        window.ingest(&scrape("a", 103, &[("up", 2.0)]));
        assert_eq!(between(&window, "up", -1, 200).len(), 4);
        window.expire(at(105));
        assert_eq!(between(&window, "up", -1, 200), [1.0, 2.0]);
    }

    #[test]
    fn a_selection_visits_the_series_of_its_name_only() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("up", 1.0), ("u", 1.0), ("upper", 1.0)]));
        assert_eq!(window.select(Some("up")).count(), 1);
        assert_eq!(window.select(None).count(), 3);
    }

    proptest! {
        #[test]
        fn a_window_keeps_its_bounds(
            steps in prop::collection::vec((0..3_u8, -20..200_i64, 0..6_usize, any::<bool>()), 0..60),
        ) {
            let names = ["a", "b", "c", "d", "e", "f"];
            let mut window = Window::new(LIMITS);
            let mut newest = i64::MIN;
            for (collector, second, count, expires) in steps {
                let series: Vec<_> = names[..count].iter().map(|name| (*name, 1.0)).collect();
                window.ingest(&scrape(&collector.to_string(), second, &series));
                newest = newest.max(second);
                if expires {
                    window.expire(at(newest));
                    prop_assert!(window.series.values().all(|series| !series.samples.is_empty()));
                }
                prop_assert!(window.series() <= LIMITS.series);
                for series in window.select(None) {
                    let moments: Vec<_> = series.samples.iter().map(|sample| sample.at).collect();
                    prop_assert!(moments.len() <= LIMITS.samples);
                    prop_assert!(moments.is_sorted_by(|left, right| left < right));
                    if let [first, .., last] = moments[..] {
                        prop_assert!(last - first <= 100_000);
                    }
                }
            }
        }
    }
}
