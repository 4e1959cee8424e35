//! The recent samples of one series, with the marks of its absence.

use std::collections::VecDeque;

use crate::evaluate::window::labels::Labels;

/// How long an instant selector looks back for a sample, as in Prometheus.
const LOOK_BACK_MS: i64 = 5 * 60 * 1000;

/// The bits of Prometheus' `StaleNaN`, which no arithmetic produces.
const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The bits of our own mark beside it: the collector failed, so nobody knows.
const UNSEEN_BITS: u64 = 0x7ff0_0000_0000_0003;

/// A value and the moment at which it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stamped {
    /// Milliseconds since the epoch.
    pub(crate) at: i64,
    /// The value, never a staleness mark once it left the window.
    pub(crate) value: f64,
}

impl Stamped {
    /// Makes the mark from which on a series is gone: its collector answered
    /// without it.
    pub(crate) fn stale(at: i64) -> Self {
        let value = f64::from_bits(STALE_BITS);
        Self { at, value }
    }

    /// Makes the mark from which on nobody sees a series: its collector fails
    /// or is silent.
    pub(crate) fn unseen(at: i64) -> Self {
        let value = f64::from_bits(UNSEEN_BITS);
        Self { at, value }
    }

    fn is_unseen(self) -> bool {
        self.value.to_bits() == UNSEEN_BITS
    }

    /// Whether it is a mark of either kind, and no value.
    fn is_mark(self) -> bool {
        matches!(self.value.to_bits(), STALE_BITS | UNSEEN_BITS)
    }
}

/// The samples of one series in the order of time, with staleness marks.
#[derive(Debug)]
pub(crate) struct Series {
    labels: Labels,
    samples: VecDeque<Stamped>,
    /// Until when its last sample before an unseen stretch may be believed.
    trusted_until: i64,
}

impl Series {
    /// Makes a series without samples.
    pub(crate) fn new(labels: Labels) -> Self {
        Self {
            labels,
            samples: VecDeque::new(),
            trusted_until: i64::MIN,
        }
    }

    /// The same without the samples before a moment; `None` if there is nothing else.
    pub(crate) fn since(&self, oldest: i64) -> Option<Self> {
        let first = self.samples.partition_point(|sample| sample.at < oldest);
        let samples: VecDeque<_> = self.samples.range(first..).copied().collect();
        (!samples.is_empty()).then(|| Self {
            labels: self.labels.clone(),
            samples,
            trusted_until: self.trusted_until,
        })
    }

    /// Whether there is a value between two moments, these among them.
    pub(crate) fn is_measured(&self, from: i64, until: i64) -> bool {
        let first = self.samples.partition_point(|sample| sample.at < from);
        let later = self.samples.range(first..);
        let mut within = later.take_while(|sample| sample.at <= until);
        within.any(|sample| !sample.is_mark())
    }

    /// Gives the series its name.
    pub(crate) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Counts the samples, staleness marks among them.
    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }

    /// Walks over the moments of all samples, staleness marks among them.
    #[cfg(test)]
    pub(crate) fn moments(&self) -> impl Iterator<Item = i64> {
        self.samples.iter().map(|sample| sample.at)
    }

    /// Gives the sample that an instant selector sees at a moment: the last
    /// one within the look-back, whose left edge is excluded, if not stale.
    pub(crate) fn latest(&self, at: i64) -> Option<Stamped> {
        let last = self.last(at)?;
        (last.at > at.saturating_sub(LOOK_BACK_MS) && !last.is_mark()).then_some(last)
    }

    /// Until when the last sample could be believed, if nobody saw the series
    /// at a moment because its collector failed.
    pub(crate) fn unseen(&self, at: i64) -> Option<i64> {
        let last = self.last(at)?;
        last.is_unseen().then_some(self.trusted_until)
    }

    /// The last sample or mark at a moment, however old.
    fn last(&self, at: i64) -> Option<Stamped> {
        let last = self.samples.back().filter(|last| last.at <= at);
        let last = last.or_else(|| {
            let after = self.samples.partition_point(|sample| sample.at <= at);
            self.samples.get(after.checked_sub(1)?)
        });
        last.copied()
    }

    /// Fills in the samples after one moment and until another, in order.
    pub(crate) fn between(&self, after: i64, until: i64, samples: &mut Vec<Stamped>) {
        samples.clear();
        let first = self.samples.partition_point(|sample| sample.at <= after);
        let fresh = self
            .samples
            .range(first..)
            .take_while(|sample| sample.at <= until);
        samples.extend(fresh.filter(|sample| !sample.is_mark()));
    }

    /// Adds a sample unless it is not newer than the last, or a mark that tells
    /// nothing new; at most so many are kept.
    ///
    /// What is gone cannot get out of sight, but what was unseen may turn out
    /// to be gone.
    pub(crate) fn push(&mut self, sample: Stamped, most: usize) {
        let tells_nothing = |last: &Stamped| {
            let repeats = last.is_mark() && sample.is_mark();
            repeats && (sample.is_unseen() || !last.is_unseen())
        };
        let last = self.samples.back();
        if last.is_some_and(|last| last.at >= sample.at || tells_nothing(last)) {
            return;
        }
        while self.samples.len() >= most.max(1) {
            self.samples.pop_front();
        }
        // Room for a quarter more: the default doubles, and most would lie idle.
        if self.samples.len() == self.samples.capacity() {
            self.samples.reserve_exact(self.samples.len() / 4 + 4);
        }
        self.samples.push_back(sample);
    }

    /// Gives the moment from which the series is stale if its collector is no
    /// longer believed, unless another collector has sampled it since.
    pub(crate) fn stale_from(&self, sampled: i64, good_until: i64) -> Option<i64> {
        let last = self.samples.back().map_or(sampled, |last| last.at);
        (last <= sampled).then(|| good_until.max(last.saturating_add(1)))
    }

    /// Remembers until when its last sample may be believed.
    pub(crate) fn trust_until(&mut self, moment: i64) {
        self.trusted_until = moment;
    }

    /// Drops the samples before a moment and tells how many.
    ///
    /// The mark that nobody sees the series outlives its age: it holds for as
    /// long as the collector fails.
    pub(crate) fn trim(&mut self, oldest: i64) -> usize {
        let before = self.samples.len();
        while self.samples.front().is_some_and(|sample| {
            sample.at < oldest && !(self.samples.len() == 1 && sample.is_unseen())
        }) {
            self.samples.pop_front();
        }
        if self.samples.capacity() > 4 * self.samples.len().max(16) {
            self.samples.shrink_to(2 * self.samples.len());
        }
        before - self.samples.len()
    }
}
