//! The recent samples of each series, in memory and within limits.

pub mod collectors;
pub mod index;
pub mod labels;
pub mod limits;
pub mod series;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::evaluate::window::collectors::Collectors;
use crate::evaluate::window::index::{Index, SeriesId};
use crate::evaluate::window::labels::{Labels, SharedTexts};
use crate::evaluate::window::limits::{Limit, WindowLimits};
use crate::evaluate::window::series::{Series, Stamped};
use crate::model::sample::{CollectorId, Expected, Metric, Sample, Scrape};

/// How far ahead a series is looked for in the order of the last scrape.
const AHEAD: usize = 64;

/// Remembers the recent samples of each series, bounded in every direction.
#[derive(Debug)]
pub struct Window {
    limits: WindowLimits,
    age_ms: i64,
    /// By their ids; a free place has none.
    series: Vec<Option<Series>>,
    free: Vec<SeriesId>,
    ids: HashMap<Labels, SeriesId>,
    index: Index,
    words: SharedTexts,
    collectors: Collectors,
    samples: usize,
    refused: u64,
    reached: Option<Limit>,
}

impl Window {
    /// Makes an empty window.
    pub fn new(limits: WindowLimits) -> Self {
        Self {
            limits,
            age_ms: i64::try_from(limits.age.as_millis()).unwrap_or(i64::MAX),
            series: Vec::new(),
            free: Vec::new(),
            ids: HashMap::new(),
            index: Index::default(),
            words: SharedTexts::default(),
            collectors: Collectors::default(),
            samples: 0,
            refused: 0,
            reached: None,
        }
    }

    /// The same with other limits; what is too much goes with the next samples.
    #[must_use]
    pub fn within(mut self, limits: WindowLimits) -> Self {
        self.limits = limits;
        self.age_ms = i64::try_from(limits.age.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// Waits for a collector: until it has answered, whatever it may bring is
    /// out of sight.
    pub fn expect(&mut self, expected: Expected) {
        self.collectors.expect(expected);
    }

    /// Knows no more of any collector than those told: the series of all others
    /// are gone.
    pub fn only(&mut self, known: impl Fn(&CollectorId) -> bool, now: Timestamp) {
        for id in self.collectors.only(known) {
            self.push(id, Stamped::stale(now.as_millisecond()));
        }
    }

    /// Remembers the samples of a scrape.
    ///
    /// A series that the collector had in its previous scrape and has no more
    /// gets a staleness mark, as from a Prometheus scrape. If the scrape failed, in
    /// whole or in part, the mark says that nobody sees the series; an answer
    /// without it says that it is gone. A scrape that is not newer than the
    /// collector's last one is ignored; so is a single sample that is not newer
    /// than the last of its series.
    pub fn ingest(&mut self, scrape: &Scrape) {
        let Some(before) = self.collectors.begin(scrape) else {
            return;
        };
        let at = scrape.at.as_millisecond();
        let seen = self.take_in(&scrape.samples, &before, at);
        let missing = self.collectors.finish(scrape, before, seen);
        for id in missing.gone {
            self.push(id, Stamped::stale(at));
        }
        for id in missing.unseen {
            self.lose_sight(id, at, missing.trusted_until);
        }
    }

    /// Takes notice that a collector looked and saw nothing at all; what it saw
    /// last could be believed until a moment.
    pub fn miss(&mut self, collector: &CollectorId, at: Timestamp, trusted_until: Timestamp) {
        for id in self.collectors.miss(collector) {
            let (at, until) = (at.as_millisecond(), trusted_until.as_millisecond());
            self.lose_sight(id, at, until);
        }
    }

    /// Adds the samples of a scrape, and gives their series in its order.
    fn take_in(&mut self, samples: &[Sample], before: &[SeriesId], at: i64) -> Vec<SeriesId> {
        let mut seen = Vec::with_capacity(samples.len());
        // Most collectors tell the same series in the same order each time.
        let mut next = 0;
        for sample in samples {
            let expected = before.get(next).copied();
            let expected = expected.filter(|id| self.is(*id, &sample.metric));
            let Some(id) = expected.or_else(|| self.find_or_add(&sample.metric)) else {
                continue;
            };
            let ahead = before.iter().skip(next).take(AHEAD);
            if let Some(place) = ahead.clone().position(|other| *other == id) {
                next += place + 1;
            }
            let value = sample.value;
            self.push(id, Stamped { at, value });
            seen.push(id);
        }
        seen
    }

    /// Marks a series as out of sight from a moment on.
    fn lose_sight(&mut self, id: SeriesId, from: i64, trusted_until: i64) {
        self.push(id, Stamped::unseen(from));
        if let Some(series) = self.series.get_mut(place(id)).and_then(Option::as_mut) {
            series.trust_until(trusted_until);
        }
    }

    /// Forgets what is too old, and marks what is no longer believed.
    ///
    /// The series of a collector whose `good_until` has passed are out of sight
    /// from that moment on, or from right after their last sample if that is later.
    pub fn expire(&mut self, now: Timestamp) {
        let now = now.as_millisecond();
        for (id, at, good_until) in self.collectors.expire(now) {
            let series = self.at(id);
            if let Some(from) = series.and_then(|one| one.stale_from(at, good_until)) {
                self.lose_sight(id, from, good_until);
            }
        }
        let oldest = now.saturating_sub(self.age_ms);
        let mut empty = HashSet::new();
        for (id, series) in (0..).zip(&mut self.series) {
            let Some(series) = series else { continue };
            self.samples -= series.trim(oldest);
            if series.len() == 0 {
                empty.insert(id);
            }
        }
        if !empty.is_empty() {
            self.forget(&empty);
        }
    }

    /// Where the samples come from, and what of it is out of sight.
    pub(crate) fn collectors(&self) -> &Collectors {
        &self.collectors
    }

    /// Counts the samples refused or driven out because the window is full.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Tells the limit that last refused a sample or drove one out.
    pub fn reached(&self) -> Option<Limit> {
        self.reached
    }

    /// Counts the series held.
    pub fn series(&self) -> usize {
        self.ids.len()
    }

    /// Counts the samples held, staleness marks among them.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Walks over all series of the names (or of any) that have the labels, and
    /// maybe others; each name's are sorted by labels. Tells first how many.
    pub(crate) fn select<'w>(
        &'w self,
        names: &[Arc<str>],
        fixed: &[(&str, &str)],
    ) -> (usize, impl Iterator<Item = &'w Series> + use<'w>) {
        let lists = self.index.lists(names, fixed);
        let count = lists.iter().map(|list| list.len()).sum();
        let ids = lists.into_iter().flatten();
        (count, ids.filter_map(|id| self.at(*id)))
    }

    fn at(&self, id: SeriesId) -> Option<&Series> {
        self.series.get(place(id)).and_then(Option::as_ref)
    }

    fn is(&self, id: SeriesId, metric: &Metric) -> bool {
        self.at(id)
            .is_some_and(|series| series.labels().are_of(metric))
    }

    /// Adds a sample to a series; if the window is full, for the oldest of it.
    fn push(&mut self, id: SeriesId, sample: Stamped) {
        let Some(series) = self.series.get_mut(place(id)).and_then(Option::as_mut) else {
            return;
        };
        self.samples -= series.trim(sample.at.saturating_sub(self.age_ms));
        let before = series.len();
        let mut most = self.limits.samples;
        if self.samples >= self.limits.total && (1..most).contains(&before) {
            most = before;
            self.refused += 1;
            self.reached = Some(Limit::Total(self.limits.total));
        }
        series.push(sample, most);
        self.samples = self.samples + series.len() - before;
        // A mark that outlived its age goes when something newer is there.
        self.samples -= series.trim(sample.at.saturating_sub(self.age_ms));
    }

    /// Gives the series of a metric, unless it would be one too many.
    fn find_or_add(&mut self, metric: &Metric) -> Option<SeriesId> {
        if let Some(id) = self.ids.get(&Labels::of(metric)) {
            return Some(*id);
        }
        let full = if self.ids.len() >= self.limits.series {
            Some(Limit::Series(self.limits.series))
        } else {
            (self.samples >= self.limits.total).then_some(Limit::Total(self.limits.total))
        };
        if full.is_some() {
            self.refused += 1;
            self.reached = full;
            return None;
        }
        let id = if let Some(id) = self.free.pop() {
            id
        } else {
            self.series.push(None);
            SeriesId::try_from(self.series.len() - 1).ok()?
        };
        let labels = Labels::shared(metric, &mut self.words);
        let all = &self.series;
        self.index.add(id, &labels, |id| {
            all.get(place(id))
                .and_then(Option::as_ref)
                .map(Series::labels)
        });
        self.ids.insert(labels.clone(), id);
        if let Some(free) = self.series.get_mut(place(id)) {
            *free = Some(Series::new(labels));
        }
        Some(id)
    }

    fn forget(&mut self, empty: &HashSet<SeriesId>) {
        let series = &mut self.series;
        let gone: Vec<_> = empty
            .iter()
            .filter_map(|id| series.get_mut(place(*id))?.take())
            .collect();
        self.index
            .remove(gone.iter().map(Series::labels), |id| empty.contains(&id));
        for series in gone {
            self.ids.remove(series.labels());
        }
        self.collectors.forget(empty);
        self.free.extend(empty);
        self.words.sweep();
    }
}

fn place(id: SeriesId) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::model::sample::Sample;

    const LIMITS: WindowLimits = WindowLimits {
        age: Duration::from_secs(100),
        series: 3,
        samples: 4,
        total: 1000,
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
            .select(&[name.into()], &[])
            .1
            .find_map(|series| series.latest(second * 1000))
            .map(|one| one.value)
    }

    fn between(window: &Window, name: &str, after: i64, until: i64) -> Vec<f64> {
        let mut samples = Vec::new();
        for series in window.select(&[name.into()], &[]).1 {
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
        assert_eq!(window.select(&["up".into()], &[]).0, 1);
        assert_eq!(window.select(&[], &[]).0, 3);
    }

    #[test]
    fn a_full_window_gives_the_oldest_for_the_newest() {
        let mut window = Window::new(WindowLimits { total: 5, ..LIMITS });
        for second in 0..4 {
            window.ingest(&scrape("a", second, &[("up", 1.0), ("down", 1.0)]));
        }
        assert_eq!((window.samples(), window.refused()), (5, 3));
        assert_eq!(window.reached(), Some(Limit::Total(5)));
        assert_eq!(latest(&window, "up", 3), Some(1.0));
        assert_eq!(latest(&window, "down", 3), Some(1.0));
        window.ingest(&scrape("b", 3, &[("other", 1.0)]));
        assert_eq!((window.series(), window.refused()), (2, 4));
        window.expire(at(200));
        window.ingest(&scrape("b", 200, &[("other", 1.0)]));
        assert_eq!(latest(&window, "other", 200), Some(1.0));
    }

    #[test]
    fn a_collector_may_change_the_order_of_its_series() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("a", 1.0), ("b", 1.0), ("c", 1.0)]));
        window.ingest(&scrape("a", 1, &[("c", 2.0), ("a", 2.0), ("b", 2.0)]));
        window.ingest(&scrape("a", 2, &[("b", 3.0), ("a", 3.0)]));
        let all = ["a", "b", "c"].map(|name| latest(&window, name, 2));
        assert_eq!(all, [Some(3.0), Some(3.0), None]);
        assert_eq!(latest(&window, "c", 1), Some(2.0));
    }

    #[test]
    fn scrapes_of_an_earlier_run_are_taken_in_their_order() {
        let mut window = Window::new(LIMITS);
        for second in [10, 20, 30] {
            window.ingest(&scrape("a", second, &[("up", 1.0)]));
        }
        window.expire(at(90));
        assert_eq!(between(&window, "up", 0, 90).len(), 3);
        assert_eq!(latest(&window, "up", 60), None);
        window.ingest(&scrape("a", 95, &[("up", 2.0)]));
        assert_eq!(latest(&window, "up", 95), Some(2.0));
    }

    #[test]
    fn a_name_that_comes_back_is_a_series_of_its_own() {
        let mut window = Window::new(LIMITS);
        window.ingest(&scrape("a", 0, &[("old", 1.0), ("up", 1.0)]));
        window.ingest(&scrape("a", 90, &[("up", 1.0)]));
        window.expire(at(191));
        assert_eq!(window.words.len(), 1);
        window.ingest(&scrape("b", 191, &[("new", 5.0), ("old", 6.0)]));
        assert_eq!(latest(&window, "new", 191), Some(5.0));
        assert_eq!(latest(&window, "old", 191), Some(6.0));
    }

    proptest! {
        #[test]
        fn an_index_finds_what_a_search_finds(
            series in prop::collection::vec((0..3_u8, 0..4_u8, 0..4_u8, 0..9_i64), 1..40),
            (name, a, b) in (0..3_u8, 0..4_u8, 0..4_u8),
        ) {
            let mut window = Window::new(WindowLimits { series: 100, age: Duration::from_secs(4), ..LIMITS });
            for ((name, a, b, second), place) in series.into_iter().zip(0..) {
                let labels = [("a", &*a.to_string()), ("b", &*b.to_string())];
                window.ingest(&Scrape {
                    samples: vec![Sample::new(name.to_string(), labels, 1.0)],
                    ..scrape(&format!("{place}"), second, &[])
                });
                window.expire(at(second));
            }
            let (name, a, b) = (name.to_string(), a.to_string(), b.to_string());
            let fixed = [("a", a.as_str()), ("b", b.as_str())];
            for names in [vec![Arc::from(name.as_str())], Vec::new()] {
                let fits = |series: &&Series| {
                    let labels = series.labels();
                    (names.is_empty() || labels.name() == Some(&name))
                        && fixed.iter().all(|(label, value)| labels.get(label) == *value)
                };
                let (count, found) = window.select(&names, &fixed);
                let found: Vec<_> = found.filter(fits).map(Series::labels).collect();
                prop_assert!(found.is_sorted());
                prop_assert!(count >= found.len());
                let mut searched: Vec<_> = window.series.iter().flatten().filter(fits).map(Series::labels).collect();
                searched.sort();
                prop_assert_eq!(found, searched);
            }
        }

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
                    prop_assert!(window.series.iter().flatten().all(|series| series.len() > 0));
                }
                prop_assert!(window.series() <= LIMITS.series);
                let held: usize = window.series.iter().flatten().map(Series::len).sum();
                prop_assert_eq!(held, window.samples());
                prop_assert_eq!(window.select(&[], &[]).0, window.series());
                for series in window.select(&[], &[]).1 {
                    let moments: Vec<_> = series.moments().collect();
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
