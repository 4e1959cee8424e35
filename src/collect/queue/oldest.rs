//! Remembers the oldest job of a place, to tell how long it waits.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::collect::queue::figures::Source;

/// What one scrape saw of it.
#[derive(Clone, Copy, Debug)]
pub enum Sight {
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

impl Sight {
    /// A job of these bytes.
    pub fn new(bytes: &[u8], since_ms: Option<i64>) -> Self {
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
pub struct Oldest {
    /// Which job it is, and when it was first seen there.
    seen: Option<(u64, i64)>,
    since: Option<(i64, Source)>,
}

impl Oldest {
    /// Forgets it: the place is empty.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How long it waits at the moment given; both in milliseconds.
    ///
    /// A job without a time waits since it was first seen in its place, which
    /// is a lower bound. `None` if nobody has looked yet.
    pub fn age(&mut self, sight: Sight, now_ms: i64) -> Option<i64> {
        if let Sight::Job { hash, since_ms } = sight {
            let first = match self.seen {
                Some((known, first)) if known == hash => first,
                _ => now_ms,
            };
            self.seen = Some((hash, first));
            self.since = Some(match since_ms {
                Some(since_ms) => (since_ms, Source::Timestamp),
                None => (first, Source::Identity),
            });
        }
        // The clocks of those who queue and of Redis may differ.
        self.since
            .map(|(since, _)| now_ms.saturating_sub(since).max(0))
    }

    /// What the age was measured by, if there is one.
    pub fn source(&self) -> Option<Source> {
        self.since.map(|(_, source)| source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_without_a_time_ages_from_the_first_sight_of_it() {
        let mut oldest = Oldest::default();
        assert_eq!(oldest.age(Sight::Later, 0), None);
        assert_eq!(oldest.age(Sight::new(b"a", None), 1000), Some(0));
        assert_eq!(oldest.age(Sight::new(b"a", None), 5000), Some(4000));
        assert_eq!(oldest.age(Sight::Later, 6000), Some(5000));
        assert_eq!(oldest.source(), Some(Source::Identity));
        assert_eq!(oldest.age(Sight::new(b"b", None), 7000), Some(0));
        oldest.clear();
        assert_eq!(oldest.source(), None);
    }

    #[test]
    fn a_time_in_the_future_is_no_negative_age() {
        let mut oldest = Oldest::default();
        assert_eq!(oldest.age(Sight::new(b"a", Some(9000)), 1000), Some(0));
        assert_eq!(oldest.source(), Some(Source::Timestamp));
    }
}
