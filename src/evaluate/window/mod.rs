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
    pub(crate) fn within(mut self, limits: WindowLimits) -> Self {
        self.limits = limits;
        self.age_ms = i64::try_from(limits.age.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// Waits for a collector: until it has answered, whatever it may bring is
    /// out of sight.
    pub(crate) fn expect(&mut self, expected: Expected) {
        self.collectors.expect(expected);
    }

    /// Knows no more of any collector than those told: the series of all others
    /// are gone.
    pub(crate) fn only(&mut self, known: impl Fn(&CollectorId) -> bool, now: Timestamp) {
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
    pub(crate) fn miss(
        &mut self,
        collector: &CollectorId,
        at: Timestamp,
        trusted_until: Timestamp,
    ) {
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
    pub(crate) fn expire(&mut self, now: Timestamp) {
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

    /// What it may hold.
    pub(crate) fn limits(&self) -> WindowLimits {
        self.limits
    }

    /// Where the samples come from, and what of it is out of sight.
    pub(crate) fn collectors(&self) -> &Collectors {
        &self.collectors
    }

    /// Counts the samples refused or driven out because the window is full.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// Tells the limit that last refused a sample or drove one out.
    pub(crate) fn reached(&self) -> Option<Limit> {
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

    /// Takes a series of another window, unless it would be one too many.
    pub(crate) fn adopt(&mut self, series: Series) {
        let Some(id) = self.find_or_add(&series.labels().metric()) else {
            return;
        };
        self.samples += series.len();
        if let Some(free) = self.series.get_mut(place(id)) {
            *free = Some(series);
        }
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
mod tests;
