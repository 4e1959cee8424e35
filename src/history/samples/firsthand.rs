//! The newest attempts of probes, and the reports of the last minutes.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::component::{Component, ComponentId};
use crate::model::facts::firsthand::{Firsthand, PassedProbe, REPORTS_COUNT_FOR};
use crate::model::request::samples::report_count::REPORTS;
use crate::model::sample::{CollectorId, Scrape};
use crate::model::time::duration::elapsed;

/// Changes of a counter that are remembered; more of them are counted too low.
const MAX_CHANGES: usize = 256;

/// Remembers what scrapes tell of it.
#[derive(Debug, Default)]
pub struct FirsthandLog {
    /// Whom each collector is there for.
    subjects: BTreeMap<CollectorId, Vec<ComponentId>>,
    probes: BTreeMap<CollectorId, (Timestamp, PassedProbe)>,
    /// The counts of reports whenever they changed, oldest first.
    reports: BTreeMap<ComponentId, VecDeque<(Timestamp, f64)>>,
}

impl FirsthandLog {
    /// Tells whom each collector is there for from now on.
    pub fn concern(&mut self, subjects: &BTreeMap<CollectorId, Vec<Component>>) {
        let ids = |all: &Vec<Component>| all.iter().map(|one| one.id.clone()).collect();
        let subjects = subjects.iter();
        self.subjects = subjects.map(|(id, all)| (id.clone(), ids(all))).collect();
        self.probes.clear();
    }

    /// Takes in what a collector brought.
    pub fn take(&mut self, scrape: &Scrape) {
        let value = |name: &str| {
            let mut samples = scrape.samples.iter();
            let found = samples.find(|one| one.metric.name == name);
            found.map(|found| found.value)
        };
        let components = self.subjects.get(&scrape.collector);
        if let Some(components) = components.filter(|components| !components.is_empty()) {
            let passed = value("probe_success") == Some(1.0);
            let took = value("probe_duration_seconds").filter(|_| passed);
            match took.and_then(|took| Duration::try_from_secs_f64(took).ok()) {
                Some(took) => {
                    let probe = PassedProbe {
                        components: components.clone(),
                        at: scrape.at,
                        took,
                    };
                    let id = scrape.collector.clone();
                    self.probes.insert(id, (scrape.good_until, probe));
                }
                None => {
                    self.probes.remove(&scrape.collector);
                }
            }
        }
        for sample in scrape
            .samples
            .iter()
            .filter(|one| one.metric.name == REPORTS)
        {
            let id = sample.metric.labels.get("component");
            let id = ComponentId(id.map_or_else(String::new, ToString::to_string));
            let counts = self.reports.entry(id).or_default();
            if counts.back().is_none_or(|(_, count)| *count < sample.value) {
                counts.push_back((scrape.at, sample.value));
            } else if counts
                .back()
                .is_some_and(|(_, count)| *count > sample.value)
            {
                // The counter began anew.
                *counts = [(scrape.at, sample.value)].into();
            }
            if counts.len() > MAX_CHANGES {
                counts.pop_front();
            }
        }
    }

    /// What may be believed at a moment.
    pub fn at(&mut self, now: Timestamp) -> Firsthand {
        self.probes.retain(|_, (good_until, _)| *good_until >= now);
        for counts in self.reports.values_mut() {
            let is_past = |at: Timestamp| elapsed(at, now) > REPORTS_COUNT_FOR;
            // The newest of the past ones is what the others are counted from.
            while counts.get(1).is_some_and(|(at, _)| is_past(*at)) {
                counts.pop_front();
            }
        }
        let probes = self.probes.values();
        let reports = self.reports.iter();
        let reports = reports.filter_map(|(id, counts)| {
            let (first, last) = (counts.front()?.1, counts.back()?.1);
            let more = whole(last - first);
            (more > 0).then(|| (id.clone(), more))
        });
        Firsthand {
            passed: probes.map(|(_, probe)| probe.clone()).collect(),
            reports: reports.collect(),
        }
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of reports; out of range it saturates"
)]
fn whole(count: f64) -> u32 {
    count.round() as u32
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures;
    use crate::model::sample::Sample;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn scrape(collector: &str, second: i64, samples: Vec<Sample>) -> Scrape {
        Scrape {
            collector: CollectorId(collector.into()),
            at: at(second),
            good_until: at(second + 5),
            samples,
        }
    }

    fn probe(collector: &str, second: i64, success: f64) -> Scrape {
        let samples = [("probe_success", success), ("probe_duration_seconds", 0.4)];
        let samples = samples.map(|(name, value)| Sample::new(name, [("job", collector)], value));
        scrape(collector, second, samples.into())
    }

    #[test]
    fn a_probe_is_told_of_while_it_passes_and_may_be_believed() {
        let mut log = FirsthandLog::default();
        let subjects = [("login", vec![fixtures::component("api", "API")])];
        let subjects = subjects.map(|(id, all)| (CollectorId(id.into()), all));
        log.concern(&subjects.into());
        log.take(&probe("login", 1, 1.0));
        log.take(&probe("nobody", 1, 1.0));
        let passed = log.at(at(3)).passed;
        let expected = PassedProbe {
            components: vec![ComponentId("api".into())],
            at: at(1),
            took: Duration::from_millis(400),
        };
        assert_eq!(passed, [expected]);
        assert_eq!(log.at(at(7)).passed, []);
        log.take(&probe("login", 8, 1.0));
        log.take(&probe("login", 9, 0.0));
        assert_eq!(log.at(at(9)).passed, []);
    }

    #[test]
    fn reports_count_for_ten_minutes_and_from_the_second_look_on() {
        let mut log = FirsthandLog::default();
        let mut counted = |second, count: f64| {
            let sample = Sample::new(REPORTS, [("component", "api")], count);
            log.take(&scrape("reports", second, vec![sample]));
            let reports = log.at(at(second)).reports;
            reports.get(&ComponentId("api".into())).copied()
        };
        assert_eq!(counted(0, 7.0), None);
        assert_eq!(counted(10, 9.0), Some(2));
        assert_eq!(counted(300, 12.0), Some(5));
        assert_eq!(counted(620, 12.0), Some(3));
        assert_eq!(counted(1000, 12.0), None);
        // Another run counts from nothing.
        assert_eq!(counted(1010, 0.0), None);
        assert_eq!(counted(1020, 1.0), Some(1));
    }
}
