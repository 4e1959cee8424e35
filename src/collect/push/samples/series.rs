//! The series that were pushed to a collector, and which of them are known at a moment.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::request::samples::push::{PushedSample, Reading, SampleBatch, TakenSamples};
use crate::model::sample::{Metric, Sample};
use crate::model::time::duration::elapsed;

/// How much there may be, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesLimits {
    /// The most series.
    pub(crate) series: usize,
    /// How long the newest sample of a series is believed.
    pub(crate) good_for: Duration,
    /// How long a series that no longer comes is awaited.
    pub(crate) forget_after: Duration,
}

/// What was pushed, as far as it is not forgotten.
#[derive(Debug)]
pub(crate) struct PushedSeries {
    limits: SeriesLimits,
    series: BTreeMap<Metric, NewestReading>,
    /// When something arrived that tells how things are.
    newest: Option<Timestamp>,
    /// When something arrived that was too old, and how old.
    late: Option<(Timestamp, Duration)>,
}

#[derive(Clone, Copy, Debug)]
struct NewestReading {
    value: f64,
    /// By the sender's clock.
    at: Timestamp,
    /// By ours.
    arrived: Timestamp,
}

/// What is known at a moment.
#[derive(Debug)]
pub(crate) struct KnownSeries {
    /// The newest sample of each series that is not too old.
    pub(crate) samples: Vec<Sample>,
    /// How many series came before and do not come any more, without a word.
    pub(crate) missing: usize,
}

impl PushedSeries {
    /// Starts with none.
    pub(crate) fn new(limits: SeriesLimits) -> Self {
        Self {
            limits,
            series: BTreeMap::new(),
            newest: None,
            late: None,
        }
    }

    /// How many series are known.
    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// When something arrived last that tells how things are.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// How old what arrived last was, if it was too old and nothing newer came since.
    pub(crate) fn late(&self) -> Option<Duration> {
        let (arrived, age) = self.late?;
        (self.newest < Some(arrived)).then_some(age)
    }

    /// Whether something of that moment tells no more how things are.
    pub(crate) fn is_old(&self, at: Timestamp, now: Timestamp) -> bool {
        let age: Duration = elapsed(at, now);
        age > self.limits.good_for
    }

    /// Takes samples over.
    ///
    /// A sender that was cut off sends what it has measured meanwhile when it is back. What is
    /// too old by then says nothing of the present, and does not count as seen.
    pub(crate) fn take(&mut self, batch: SampleBatch, now: Timestamp) -> TakenSamples {
        let mut taken = TakenSamples::default();
        for sample in batch.samples {
            if self.is_old(sample.at, now) {
                taken.late += 1;
                self.late = Some((now, elapsed(sample.at, now)));
            } else if self.put(sample, now) {
                taken.taken += 1;
            } else {
                taken.crowded += 1;
            }
        }
        if taken.taken > 0 {
            self.newest = Some(now);
        }
        taken
    }

    fn put(&mut self, sample: PushedSample, now: Timestamp) -> bool {
        let PushedSample {
            metric,
            at,
            reading,
        } = sample;
        let known = self.series.get(&metric).copied();
        // Only a clock that was ahead tells of what is still to come.
        let was_ahead = |known: NewestReading| known.at > now && at <= now;
        let known_at = known
            .filter(|known| !was_ahead(*known))
            .map(|known| known.at);
        let is_newest = known_at.is_none_or(|known| at > known);
        let value = match (reading, known) {
            (Reading::Added(value), Some(known)) if at != known.at => known.value + value,
            (Reading::Value(value) | Reading::Added(value), _) if is_newest => value,
            (Reading::Ended, _) if is_newest => {
                self.series.remove(&metric);
                return true;
            }
            // A later request was faster, or this one came twice.
            (Reading::Value(_) | Reading::Added(_) | Reading::Ended, _) => return true,
        };
        let at = known_at.map_or(at, |known| known.max(at));
        if known.is_none() && self.series.len() >= self.limits.series {
            return false;
        }
        let arrived = now;
        self.series
            .insert(metric, NewestReading { value, at, arrived });
        true
    }

    /// What is known at a moment; forgets what was not told for long.
    pub(crate) fn seen(&mut self, now: Timestamp) -> KnownSeries {
        let limits = self.limits;
        let age = |arrived: Timestamp| -> Duration { elapsed(arrived, now) };
        self.series
            .retain(|_, newest| age(newest.arrived) <= limits.forget_after);
        let good = |newest: &&NewestReading| age(newest.arrived) <= limits.good_for;
        let missing = self.series.len() - self.series.values().filter(good).count();
        let known = self.series.iter().filter(|(_, newest)| good(newest));
        let samples = known.map(|(metric, newest)| Sample {
            metric: metric.clone(),
            value: newest.value,
        });
        KnownSeries {
            samples: samples.collect(),
            missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn sample(name: &str, second: i64, reading: Reading) -> PushedSample {
        PushedSample {
            metric: Metric::new(name, []),
            at: at(second),
            reading,
        }
    }

    fn series() -> PushedSeries {
        PushedSeries::new(SeriesLimits {
            series: 2,
            good_for: Duration::from_secs(40),
            forget_after: Duration::from_mins(10),
        })
    }

    fn push(series: &mut PushedSeries, now: i64, samples: &[PushedSample]) -> TakenSamples {
        let samples = samples.to_vec();
        series.take(SampleBatch { samples }, at(now))
    }

    fn values(series: &mut PushedSeries, now: i64) -> (Vec<(String, f64)>, usize) {
        let seen = series.seen(at(now));
        let samples = seen.samples.into_iter();
        (
            samples.map(|one| (one.metric.name, one.value)).collect(),
            seen.missing,
        )
    }

    #[test]
    fn the_newest_sample_of_a_series_counts_in_whatever_order_they_come() {
        let mut series = series();
        let both = [
            sample("a", 102, Reading::Value(2.0)),
            sample("a", 101, Reading::Value(1.0)),
        ];
        push(&mut series, 103, &both);
        push(&mut series, 104, &[sample("a", 100, Reading::Value(0.0))]);
        assert_eq!(values(&mut series, 104), (vec![("a".to_owned(), 2.0)], 0));
    }

    #[test]
    fn what_was_measured_long_ago_tells_nothing_of_the_present() {
        let mut series = series();
        let taken = push(&mut series, 1000, &[sample("a", 900, Reading::Value(1.0))]);
        assert_eq!((taken.taken, taken.late), (0, 1));
        assert_eq!(series.newest(), None);
        assert_eq!(values(&mut series, 1000), (Vec::new(), 0));
    }

    #[test]
    fn a_sender_whose_clock_was_ahead_is_believed_again_once_it_is_put_right() {
        let mut series = series();
        push(&mut series, 100, &[sample("a", 9000, Reading::Value(1.0))]);
        push(&mut series, 110, &[sample("a", 9010, Reading::Value(2.0))]);
        push(&mut series, 120, &[sample("a", 120, Reading::Value(3.0))]);
        assert_eq!(values(&mut series, 120), (vec![("a".to_owned(), 3.0)], 0));
        push(&mut series, 130, &[sample("a", 130, Reading::Added(4.0))]);
        assert_eq!(values(&mut series, 130), (vec![("a".to_owned(), 7.0)], 0));
        push(&mut series, 140, &[sample("a", 140, Reading::Ended)]);
        assert_eq!(values(&mut series, 140), (Vec::new(), 0));
    }

    #[test]
    fn a_series_that_stops_without_a_word_is_missing_and_one_that_says_so_is_gone() {
        let mut series = series();
        let both = [
            sample("a", 100, Reading::Value(1.0)),
            sample("b", 100, Reading::Value(1.0)),
        ];
        push(&mut series, 100, &both);
        push(&mut series, 130, &[sample("a", 130, Reading::Value(2.0))]);
        assert_eq!(values(&mut series, 141), (vec![("a".to_owned(), 2.0)], 1));
        push(&mut series, 142, &[sample("b", 142, Reading::Ended)]);
        assert_eq!(values(&mut series, 142), (vec![("a".to_owned(), 2.0)], 0));
        // In the end nobody waits for it any more.
        assert_eq!(values(&mut series, 700), (Vec::new(), 1));
        assert_eq!(values(&mut series, 731), (Vec::new(), 0));
    }

    #[test]
    fn what_was_added_is_summed_up_and_what_is_too_much_is_refused() {
        let mut series = series();
        for second in [100, 110] {
            push(
                &mut series,
                second,
                &[sample("a", second, Reading::Added(3.0))],
            );
        }
        let more = ["b", "c"].map(|name| sample(name, 110, Reading::Value(1.0)));
        let taken = push(&mut series, 110, &more);
        assert_eq!((taken.taken, taken.crowded), (1, 1));
        assert_eq!(values(&mut series, 110).0[0], ("a".to_owned(), 6.0));
    }
}
