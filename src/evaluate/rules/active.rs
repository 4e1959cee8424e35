//! The active alerts of a rule, one for each series that its condition selects.
//!
//! Each has its own `for` and `keep_firing_for`, as in Prometheus. Only time
//! that was measured counts towards either.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::value::Element;
use crate::evaluate::window::labels::Labels;
use crate::model::sample::Metric;
use crate::model::series::run::AlertRun;
use crate::model::time::duration::elapsed;

/// What a rule sees when it is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// All that it needs.
    Whole,
    /// Not all, but the last look at what is missing may still be believed.
    Missed,
    /// Not all, and for too long; or there is nothing to see.
    Lost,
}

/// How long a series must be bad, and how long it then is kept firing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holds {
    /// `for`
    pub(crate) pending: Duration,
    /// `keep_firing_for`
    pub(crate) firing: Duration,
}

/// The alerts of one rule that are pending or firing, by their labels.
#[derive(Debug, Default)]
pub(crate) struct ActiveAlerts(HashMap<Labels, Active>);

/// One alert.
#[derive(Debug)]
struct Active {
    run: AlertRun,
    /// Whether the last evaluation could not see its series.
    unseen: bool,
}

impl ActiveAlerts {
    /// Goes on where the alerts stood in an earlier run of the program.
    pub(crate) fn resume(&mut self, runs: &[AlertRun]) {
        let alerts = runs.iter().map(|run| {
            let metric = Metric {
                name: String::new(),
                labels: run.labels.clone(),
            };
            let active = Active {
                run: run.clone(),
                unseen: false,
            };
            (Labels::of(&metric).nameless(), active)
        });
        self.0 = alerts.collect();
    }

    /// Where the alerts stand, sorted by their labels.
    pub(crate) fn runs(&self) -> Vec<AlertRun> {
        let mut runs: Vec<_> = self.0.values().map(|one| one.run.clone()).collect();
        runs.sort_by(|one, other| one.labels.cmp(&other.labels));
        runs
    }

    /// The time since the last evaluation was not measured: the clock leapt.
    pub(crate) fn leap(&mut self) {
        for active in self.0.values_mut() {
            active.run.counted = None;
        }
    }

    /// Takes in what an evaluation selected.
    pub(crate) fn note(
        &mut self,
        elements: &[Element],
        view: Coverage,
        holds: Holds,
        now: Timestamp,
    ) {
        let mut before = std::mem::take(&mut self.0);
        for element in elements {
            let labels = element.labels.nameless();
            if let Some(mut active) = before.remove(&labels) {
                active.bad(holds.pending, now);
                self.0.insert(labels, active);
            } else {
                // Two series that differ in the name alone are one alert.
                let fresh = || Active::new(&labels, holds.pending, now);
                self.0.entry(labels.clone()).or_insert_with(fresh);
            }
        }
        for (labels, mut active) in before {
            if active.stays(view, holds.firing, now) {
                self.0.insert(labels, active);
            }
        }
    }

    /// The labels of those that fire, as far as can be seen, sorted.
    pub(crate) fn firing(&self) -> Vec<&BTreeMap<String, String>> {
        let firing = self.0.values().filter(|one| one.run.fired && !one.unseen);
        let mut labels: Vec<_> = firing.map(|one| &one.run.labels).collect();
        labels.sort();
        labels
    }

    /// Since when those that fire, as far as can be seen, are bad.
    pub(crate) fn firing_since(&self) -> Option<Timestamp> {
        let firing = self.0.values();
        let firing = firing.filter(|one| one.run.fired && !one.unseen);
        firing.map(|one| one.run.since).min()
    }

    /// Since when those that are pending are bad.
    pub(crate) fn pending_since(&self) -> Option<Timestamp> {
        let pending = self.0.values().filter(|one| !one.run.fired);
        pending.map(|one| one.run.since).min()
    }

    /// Whether one has fired and was not seen to be well for long enough.
    pub(crate) fn fired(&self) -> bool {
        self.0.values().any(|one| one.run.fired)
    }
}

impl Active {
    fn new(labels: &Labels, hold: Duration, now: Timestamp) -> Self {
        let run = AlertRun {
            labels: labels.metric().labels,
            since: now,
            bad: Duration::ZERO,
            fired: false,
            good: None,
            counted: None,
        };
        let mut active = Self { run, unseen: false };
        active.bad(hold, now);
        active
    }

    /// Its series is bad.
    fn bad(&mut self, hold: Duration, now: Timestamp) {
        let run = &mut self.run;
        // The clock may have stepped back.
        run.since = run.since.min(now);
        run.good = None;
        if !run.fired {
            run.bad += run.measured(now);
            run.fired = run.bad >= hold;
        }
        // How long it fires is nobody's question.
        run.counted = (!run.fired).then_some(now);
        self.unseen = false;
    }

    /// Its series is not bad, if that can be seen; says whether it stays all the same.
    fn stays(&mut self, view: Coverage, keep: Duration, now: Timestamp) -> bool {
        let run = &mut self.run;
        self.unseen = view != Coverage::Whole;
        match view {
            Coverage::Whole => {
                let good = run.good.map(|good| good + run.measured(now));
                let good = good.unwrap_or_default();
                run.good = Some(good);
                run.counted = Some(now);
                run.fired && good < keep
            }
            Coverage::Missed => {
                run.counted = None;
                true
            }
            Coverage::Lost => {
                run.counted = None;
                run.fired
            }
        }
    }
}

impl AlertRun {
    /// The time that was measured since the last evaluation.
    fn measured(&self, now: Timestamp) -> Duration {
        let counted = self.counted.map(|counted| elapsed(counted, now));
        counted.unwrap_or_default()
    }
}
