//! Remembers the oldest job of a place, to tell how long it waits.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Clocks that somebody cares for differ by less, in milliseconds.
const AHEAD_MS: i64 = 5000;

/// Operators are told of a clock that is ahead for this long after the last job
/// that showed it, so that each job of its own is no news; in milliseconds.
const TOLD_MS: i64 = 10 * 60_000;

/// What an age was measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgeSource {
    /// The time that the job carries.
    Timestamp,
    /// The first time that we saw it in its place: it waits at least that long.
    Identity,
}

/// What one scrape saw of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OldestSight {
    /// The job itself, and since when it waits if it says so.
    Job {
        /// What tells it from other jobs.
        hash: u64,
        /// Milliseconds since 1970.
        since_ms: Option<i64>,
    },
    /// Nobody looked this time: what was seen last still holds.
    Later,
}

impl OldestSight {
    /// A job of these bytes.
    pub(crate) fn new(bytes: &[u8], since_ms: Option<i64>) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self::Job {
            hash: hasher.finish(),
            since_ms,
        }
    }
}

/// The job that has been there longest.
#[derive(Debug, Default)]
pub(crate) struct Oldest {
    seen: Option<Remembered>,
    since: Option<(i64, AgeSource)>,
    /// When a job was last seen whose time was still to come.
    ahead_ms: Option<i64>,
}

/// A job that was seen.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    /// Which job it is.
    hash: u64,
    /// When it was first seen there.
    first_ms: i64,
    /// Whether its time was still to come. Then its time says nothing, not even
    /// once that moment is there: the age would fall back to 0.
    ahead: bool,
}

impl Oldest {
    /// Forgets it: the place is empty.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            ahead_ms: self.ahead_ms,
            ..Self::default()
        };
    }

    /// How long it waits at the moment given; both in milliseconds.
    ///
    /// A job without a time that can be true waits since it was first seen in
    /// its place, which is a lower bound. `None` if nobody has looked yet.
    pub(crate) fn age(&mut self, sight: OldestSight, now_ms: i64) -> Option<i64> {
        if let OldestSight::Job { hash, since_ms } = sight {
            let before = self.seen.filter(|seen| seen.hash == hash);
            let to_come = since_ms.is_some_and(|since| since > now_ms.saturating_add(AHEAD_MS));
            if to_come {
                self.ahead_ms = Some(now_ms);
            }
            let seen = Remembered {
                hash,
                first_ms: before.map_or(now_ms, |seen| seen.first_ms),
                ahead: to_come || before.is_some_and(|seen| seen.ahead),
            };
            self.seen = Some(seen);
            self.since = Some(match since_ms.filter(|_| !seen.ahead) {
                Some(since_ms) => (since_ms, AgeSource::Timestamp),
                None => (seen.first_ms, AgeSource::Identity),
            });
        }
        self.since
            .map(|(since, _)| now_ms.saturating_sub(since).max(0))
    }

    /// What the age was measured by, if there is one.
    pub(crate) fn source(&self) -> Option<AgeSource> {
        self.since.map(|(_, source)| source)
    }

    /// Whether operators should be told that jobs carry times still to come.
    pub(crate) fn is_ahead(&self, now_ms: i64) -> bool {
        let since = self.ahead_ms.map(|seen| now_ms.saturating_sub(seen));
        since.is_some_and(|since| since < TOLD_MS)
    }
}

/// Whether a moment is still to come by more than clocks differ.
pub(crate) fn to_come(age_ms: i64) -> bool {
    age_ms < -AHEAD_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_without_a_time_ages_from_the_first_sight_of_it() {
        let mut oldest = Oldest::default();
        assert_eq!(oldest.age(OldestSight::Later, 0), None);
        assert_eq!(oldest.age(OldestSight::new(b"a", None), 1000), Some(0));
        assert_eq!(oldest.age(OldestSight::new(b"a", None), 5000), Some(4000));
        assert_eq!(oldest.age(OldestSight::Later, 6000), Some(5000));
        assert_eq!(oldest.source(), Some(AgeSource::Identity));
        assert_eq!(oldest.age(OldestSight::new(b"b", None), 7000), Some(0));
        oldest.clear();
        assert_eq!(oldest.source(), None);
    }

    #[test]
    fn clocks_that_differ_a_little_make_no_negative_age() {
        let mut oldest = Oldest::default();
        assert_eq!(
            oldest.age(OldestSight::new(b"a", Some(6000)), 1000),
            Some(0)
        );
        assert_eq!(oldest.source(), Some(AgeSource::Timestamp));
        assert!(!oldest.is_ahead(1000));
    }

    #[test]
    fn a_job_from_the_future_ages_from_its_first_sight_and_its_clock_is_told() {
        let mut oldest = Oldest::default();
        let job = OldestSight::new(b"a", Some(3_600_000));
        assert_eq!(oldest.age(job, 1000), Some(0));
        assert_eq!(oldest.age(job, 601_000), Some(600_000));
        assert_eq!(oldest.source(), Some(AgeSource::Identity));
        // Its moment comes, and it has waited all that time.
        assert_eq!(oldest.age(job, 3_601_000), Some(3_600_000));
        oldest.clear();
        // The last sight of it as ahead was at 601 s.
        assert!(oldest.is_ahead(601_000 + TOLD_MS - 1));
        assert!(!oldest.is_ahead(601_000 + TOLD_MS));
    }
}
