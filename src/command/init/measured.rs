//! What a short look measured, and the thresholds that follow.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::sample::{Metric, Sample, Scrape};

/// Thresholds are round numbers of seconds.
const ROUND: [f64; 18] = [
    0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0,
    3_600.0, 7_200.0, 21_600.0, 86_400.0,
];

/// From how many seconds on a wait is a fault, and not what is usual.
const STUCK: f64 = 600.0;

/// What was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// The longest wait of a job, by queue system, in seconds.
    waits: BTreeMap<String, f64>,
    /// Systems whose jobs were counted.
    counted: BTreeSet<String>,
    /// Workers that live, by queue system.
    workers: BTreeMap<String, f64>,
    /// How long the slowest answer took, by probe, in seconds.
    answers: BTreeMap<String, f64>,
    /// The part of a Redis' limit that is in use, by collector; none has no limit.
    used: BTreeMap<String, f64>,
    /// Rules that found no data.
    pub(crate) unseen: BTreeSet<String>,
}

impl Measured {
    /// Looks through scrapes, the oldest first.
    pub(crate) fn of(scrapes: &[Scrape]) -> Self {
        let mut measured = Self::default();
        for scrape in scrapes {
            measured.note(&scrape.samples, &scrape.collector.0);
        }
        measured
    }

    fn note(&mut self, samples: &[Sample], collector: &str) {
        let (mut used, mut limit) = (None, None);
        // The time until a failure is no time of an answer.
        let has_failed =
            |sample: &Sample| sample.metric.name == "probe_success" && sample.value == 0.0;
        let has_answered = !samples.iter().any(has_failed);
        let queue =
            |metric: &Metric| ["system", "queue"].map(|name| metric.labels.get(name).cloned());
        // Where a job has no time of its own, its age is only how long we have looked.
        let untimed = samples.iter().filter(|sample| {
            let source = sample.metric.labels.get("source");
            sample.metric.name == "queue_age_source_info"
                && source.is_some_and(|source| source == "identity")
        });
        let untimed: BTreeSet<_> = untimed.map(|sample| queue(&sample.metric)).collect();
        for Sample { metric, value } in samples {
            let label = |name: &str| metric.labels.get(name).map_or("", String::as_str);
            let most = |all: &mut BTreeMap<String, f64>, key: &str| {
                let known = all.entry(key.to_owned()).or_insert(*value);
                *known = known.max(*value);
            };
            match metric.name.as_str() {
                "queue_oldest_job_age_seconds" if label("state") == "pending" => {
                    self.counted.insert(label("system").to_owned());
                    if !untimed.contains(&queue(metric)) {
                        most(&mut self.waits, label("system"));
                    }
                }
                "queue_workers" => most(&mut self.workers, label("system")),
                "probe_duration_seconds" if has_answered => most(&mut self.answers, collector),
                "redis_memory_used_bytes" => used = Some(*value),
                "redis_memory_max_bytes" if *value > 0.0 => limit = Some(*value),
                _ => {}
            }
        }
        if let Some((used, limit)) = used.zip(limit) {
            self.used.insert(collector.to_owned(), used / limit);
        }
    }

    /// Thresholds for the age of the oldest job: the usual ones, unless jobs wait for
    /// about as long already; where they wait for very long, something is wrong, and
    /// the thresholds must not hide it.
    pub(crate) fn late(&self, system: &str) -> Option<LateThresholds> {
        let wait = self.wait(system)?;
        (wait > 30.0 && wait <= STUCK).then(|| LateThresholds {
            wait,
            late: round(2.0 * wait).max(60.0),
            very_late: round(5.0 * wait).max(300.0),
        })
    }

    /// How long a job waited, if that is too long to be usual.
    pub(crate) fn stuck(&self, system: &str) -> Option<f64> {
        self.wait(system).filter(|wait| *wait > STUCK)
    }

    /// The longest wait that was seen; none if no job tells since when it waits.
    pub(crate) fn wait(&self, system: &str) -> Option<f64> {
        self.waits.get(system).copied()
    }

    /// Whether jobs of a system were counted.
    pub(crate) fn has_jobs(&self, system: &str) -> bool {
        self.counted.contains(system)
    }

    /// Whether a system tells of its workers, and none lives.
    pub(crate) fn lacks_workers(&self, system: &str) -> bool {
        self.workers.get(system).is_some_and(|count| *count < 1.0)
    }

    /// From how many seconds on an answer is slow, and how long it took at most.
    pub(crate) fn slow(&self, probe: &str) -> Option<(f64, f64)> {
        let slowest = *self.answers.get(probe)?;
        Some((round(10.0 * slowest).max(1.0), slowest))
    }

    /// The part of its limit that a Redis uses; none if it has no limit, or was not seen.
    pub(crate) fn used(&self, collector: &str) -> Option<f64> {
        self.used.get(collector).copied()
    }
}

/// When jobs are late.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LateThresholds {
    /// How long one waited.
    pub(crate) wait: f64,
    /// Late.
    pub(crate) late: f64,
    /// Late for long.
    pub(crate) very_late: f64,
}

/// The next round number.
pub(crate) fn round(seconds: f64) -> f64 {
    let mut all = ROUND.into_iter();
    all.find(|round| *round >= seconds)
        .unwrap_or_else(|| (seconds / 86_400.0).ceil() * 86_400.0)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::sample::CollectorId;

    use super::*;

    fn scrape(samples: Vec<Sample>) -> Scrape {
        Scrape {
            collector: CollectorId("c".to_owned()),
            at: Timestamp::UNIX_EPOCH,
            good_until: Timestamp::UNIX_EPOCH,
            samples,
        }
    }

    /// What a probe brings that was refused at once.
    fn failed() -> Scrape {
        scrape(vec![
            Sample::new("probe_duration_seconds", [], 0.002),
            Sample::new("probe_success", [], 0.0),
        ])
    }

    #[test]
    fn thresholds_stand_well_above_what_is_usual() {
        let age = |system, value| {
            let labels = [("system", system), ("state", "pending")];
            Sample::new("queue_oldest_job_age_seconds", labels, value)
        };
        let measured = Measured::of(&[
            scrape(vec![
                age("rq", 2.0),
                age("sidekiq", 40.0),
                Sample::new("queue_workers", [("system", "rq")], 0.0),
                Sample::new("probe_duration_seconds", [], 0.31),
                Sample::new("redis_memory_used_bytes", [], 5.0),
                Sample::new("redis_memory_max_bytes", [], 10.0),
            ]),
            scrape(vec![age("rq", 1.0), age("sidekiq", 70.0)]),
        ]);
        assert_eq!(measured.late("rq"), None);
        assert_eq!(measured.stuck("sidekiq"), None);
        let stuck = Measured::of(&[scrape(vec![age("rq", 10_800.0)])]);
        assert_eq!(
            (stuck.late("rq"), stuck.stuck("rq")),
            (None, Some(10_800.0))
        );
        assert_eq!(
            measured.late("sidekiq"),
            Some(LateThresholds {
                wait: 70.0,
                late: 300.0,
                very_late: 600.0
            })
        );
        assert_eq!(measured.slow("c"), Some((5.0, 0.31)));
        assert_eq!(Measured::of(&[failed()]).slow("c"), None);
        let untimed = [("system", "celery"), ("source", "identity")];
        let celery = Measured::of(&[scrape(vec![
            age("celery", 4.0),
            Sample::new("queue_age_source_info", untimed, 1.0),
        ])]);
        assert_eq!(
            (celery.wait("celery"), celery.has_jobs("celery")),
            (None, true)
        );
        assert_eq!(measured.used("c"), Some(0.5));
        assert!(measured.lacks_workers("rq") && !measured.lacks_workers("sidekiq"));
        assert!((round(90_000.0) - 172_800.0).abs() < 1e-9);
    }
}
