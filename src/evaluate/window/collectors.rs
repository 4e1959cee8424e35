//! Which collector brings which series, and which of them nobody sees.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::evaluate::window::index::SeriesId;
use crate::model::sample::{Brings, CollectorId, Expected, Scrape};

/// The collectors that samples come from.
#[derive(Debug)]
pub(crate) struct Collectors {
    known: HashMap<CollectorId, CollectorState>,
    /// Those that are asked and have not answered yet.
    unanswered: BTreeMap<CollectorId, Brings>,
    /// Whether a series is out of sight.
    blind: bool,
    /// The last moment at which a series was out of sight that no longer is.
    unseen_until: i64,
}

/// What is known of a collector; moments in milliseconds since the epoch.
#[derive(Debug)]
struct CollectorState {
    at: i64,
    good_until: i64,
    /// Its series in the order in which it told them.
    seen: Vec<SeriesId>,
    /// Series that it told earlier, and nobody sees since it fails.
    unseen: Vec<SeriesId>,
}

/// What a scrape lacks of what the one before had.
#[derive(Debug, Default)]
pub(crate) struct Vanished {
    /// The answer was whole, so they are gone.
    pub(crate) gone: Vec<SeriesId>,
    /// Nobody looked.
    pub(crate) unseen: Vec<SeriesId>,
    /// Until when the last look at them may be believed.
    pub(crate) trusted_until: i64,
}

impl Default for Collectors {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            unanswered: BTreeMap::new(),
            blind: false,
            unseen_until: i64::MIN,
        }
    }
}

impl Collectors {
    /// Waits for the first answer of a collector.
    pub(crate) fn expect(&mut self, expected: Expected) {
        if !self.known.contains_key(&expected.collector) {
            self.unanswered.insert(expected.collector, expected.brings);
        }
    }

    /// Forgets all collectors but those told, and gives the series of the others.
    pub(crate) fn only(&mut self, known: impl Fn(&CollectorId) -> bool) -> Vec<SeriesId> {
        self.unanswered.retain(|collector, _| known(collector));
        let strangers = self.known.extract_if(|collector, _| !known(collector));
        let series = strangers.flat_map(|(_, source)| source.seen.into_iter().chain(source.unseen));
        let series = series.collect();
        self.look();
        series
    }

    /// The series of the scrape before, in its order; `None` if a scrape is not
    /// newer than that.
    pub(crate) fn begin(&mut self, scrape: &Scrape) -> Option<Vec<SeriesId>> {
        let Some(source) = self.known.get_mut(&scrape.collector) else {
            return Some(Vec::new());
        };
        let newer = scrape.at.as_millisecond() > source.at;
        newer.then(|| std::mem::take(&mut source.seen))
    }

    /// Takes notice of what a scrape has, and says what it lacks.
    pub(crate) fn finish(
        &mut self,
        scrape: &Scrape,
        before: Vec<SeriesId>,
        seen: Vec<SeriesId>,
    ) -> Vanished {
        let at = scrape.at.as_millisecond();
        let good_until = scrape.good_until.as_millisecond();
        if !scrape.failed() {
            self.unanswered.remove(&scrape.collector);
        }
        let source = self.known.remove(&scrape.collector);
        let (mut unseen, trusted_until) = source.map_or_else(
            || (Vec::new(), at),
            |source| (source.unseen, source.good_until),
        );
        let mut missing = Vanished {
            trusted_until,
            ..Vanished::default()
        };
        if seen != before || !unseen.is_empty() {
            let there: HashSet<_> = seen.iter().copied().collect();
            let lacks = |id: &SeriesId| !there.contains(id);
            if !unseen.is_empty() {
                self.unseen_until = self.unseen_until.max(at);
            }
            unseen.retain(lacks);
            let lost: Vec<_> = before.into_iter().filter(lacks).collect();
            if scrape.is_whole() {
                missing.gone = lost;
                missing.gone.append(&mut unseen);
            } else {
                unseen.extend_from_slice(&lost);
                missing.unseen = lost;
            }
        }
        let source = CollectorState {
            at,
            good_until,
            seen,
            unseen,
        };
        self.known.insert(scrape.collector.clone(), source);
        self.look();
        missing
    }

    /// A collector saw nothing: gives what it saw last.
    pub(crate) fn miss(&mut self, collector: &CollectorId) -> Vec<SeriesId> {
        let Some(source) = self.known.get_mut(collector) else {
            return Vec::new();
        };
        let lost = source.lose();
        self.look();
        lost
    }

    /// Gives the series that are no longer believed, with the moment of their
    /// last sample and that until which it was believed.
    pub(crate) fn expire(&mut self, now: i64) -> Vec<(SeriesId, i64, i64)> {
        let silent = self.known.values_mut();
        let silent = silent.filter(|source| source.good_until < now && !source.seen.is_empty());
        let lost = silent.flat_map(|source| {
            let (at, good_until) = (source.at, source.good_until);
            let lost = source.lose().into_iter();
            lost.map(move |id| (id, at, good_until))
        });
        let lost: Vec<_> = lost.collect();
        if !lost.is_empty() {
            self.look();
        }
        lost
    }

    /// Forgets series.
    pub(crate) fn forget(&mut self, series: &HashSet<SeriesId>) {
        for source in self.known.values_mut() {
            source.seen.retain(|id| !series.contains(id));
            source.unseen.retain(|id| !series.contains(id));
        }
        self.look();
    }

    /// Those that have not answered yet, and what they may bring.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = (&CollectorId, Brings)> {
        let unanswered = self.unanswered.iter();
        unanswered.map(|(collector, brings)| (collector, *brings))
    }

    /// Whether any series may be out of sight at a moment.
    pub(crate) fn may_be_blind(&self, at: i64) -> bool {
        self.blind || at <= self.unseen_until || !self.unanswered.is_empty()
    }

    fn look(&mut self) {
        let mut sources = self.known.values();
        self.blind = sources.any(|source| !source.unseen.is_empty());
    }
}

impl CollectorState {
    /// Nobody sees its series any more; gives those that were seen until now.
    fn lose(&mut self) -> Vec<SeriesId> {
        let lost = std::mem::take(&mut self.seen);
        self.unseen.extend_from_slice(&lost);
        lost
    }
}
