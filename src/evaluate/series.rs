//! The recent samples of one series, with the marks of its absence.

use std::collections::VecDeque;

use crate::evaluate::labels::Labels;

/// How long an instant selector looks back for a sample, as in Prometheus.
const LOOK_BACK_MS: i64 = 5 * 60 * 1000;

/// The bits of Prometheus' `StaleNaN`, which no arithmetic produces.
const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// A value and the moment at which it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stamped {
    /// Milliseconds since the epoch.
    pub(crate) at: i64,
    /// The value, never a staleness mark once it left the window.
    pub(crate) value: f64,
}

impl Stamped {
    /// Makes the mark from which on a series is not there.
    pub(crate) fn stale(at: i64) -> Self {
        let value = f64::from_bits(STALE_BITS);
        Self { at, value }
    }

    fn is_stale(self) -> bool {
        self.value.to_bits() == STALE_BITS
    }
}

/// The samples of one series in the order of time, with staleness marks.
#[derive(Debug)]
pub(crate) struct Series {
    labels: Labels,
    samples: VecDeque<Stamped>,
}

impl Series {
    /// Makes a series without samples.
    pub(crate) fn new(labels: Labels) -> Self {
        Self {
            labels,
            samples: VecDeque::new(),
        }
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
        (last.at > at.saturating_sub(LOOK_BACK_MS) && !last.is_stale()).then_some(*last)
    }

    /// Fills in the samples after one moment and until another, in order.
    pub(crate) fn between(&self, after: i64, until: i64, samples: &mut Vec<Stamped>) {
        samples.clear();
        let first = self.samples.partition_point(|sample| sample.at <= after);
        let fresh = self
            .samples
            .range(first..)
            .take_while(|sample| sample.at <= until);
        samples.extend(fresh.filter(|sample| !sample.is_stale()));
    }

    /// Adds a sample unless it is not newer than the last, or the second mark
    /// in a row; at most so many are kept.
    pub(crate) fn push(&mut self, sample: Stamped, most: usize) {
        let last = self.samples.back();
        if last.is_some_and(|last| last.at >= sample.at || last.is_stale() && sample.is_stale()) {
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

    /// Drops the samples before a moment and tells how many.
    pub(crate) fn trim(&mut self, oldest: i64) -> usize {
        let before = self.samples.len();
        while self
            .samples
            .front()
            .is_some_and(|sample| sample.at < oldest)
        {
            self.samples.pop_front();
        }
        if self.samples.capacity() > 4 * self.samples.len().max(16) {
            self.samples.shrink_to(2 * self.samples.len());
        }
        before - self.samples.len()
    }
}
