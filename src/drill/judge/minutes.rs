//! Judges the public page minute by minute.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::drill::judge::judgement::JudgedFault;
use crate::drill::record::{DrillRecord, MinuteSeen, PageSeen};
use crate::drill::scenario::outage::{OutagePhase, Scenario};
use crate::model::component::Health;
use crate::model::incident::Phase;

/// Faults of the page, and the minutes in which it was wrong.
pub(crate) fn judge(scenario: &Scenario, record: &DrillRecord) -> (Vec<JudgedFault>, Vec<f64>) {
    let mut faults = Vec::new();
    let mut wrong = Vec::new();
    let mut was_open = false;
    for minute in &record.minutes {
        let Some(accepted) = AcceptedStates::at(scenario, minute.t) else {
            continue;
        };
        let found = if record.is_fixed {
            quiet(minute)
        } else {
            accepted.judge(minute, was_open)
        };
        if !found.is_empty() {
            wrong.push(minute.t);
        }
        faults.extend(found.into_iter().map(|why| JudgedFault::new(minute.t, why)));
        was_open |= minute
            .page
            .as_ref()
            .is_some_and(|page| !page.open.is_empty());
    }
    (faults, wrong)
}

/// What the page may say in a minute.
struct AcceptedStates<'s> {
    now: &'s OutagePhase,
    /// The phase before, while the page may still show it.
    before: Option<&'s OutagePhase>,
}

impl<'s> AcceptedStates<'s> {
    fn at(scenario: &'s Scenario, t: f64) -> Option<Self> {
        let now = scenario.phase(t)?;
        let is_new = t < now.from + scenario.head.grace;
        let before = scenario
            .phases
            .iter()
            .find(|phase| is_new && (phase.to - now.from).abs() < f64::EPSILON);
        Some(Self { now, before })
    }

    fn judge(&self, minute: &MinuteSeen, was_open: bool) -> Vec<String> {
        let Some(page) = &minute.page else {
            return vec!["the page did not answer".to_owned()];
        };
        let mut faults = Vec::new();
        let overall = self.union(|phase| &phase.page);
        if !overall.contains(&page.overall) {
            faults.push(format!(
                "the page said {}, not {}",
                page.overall,
                words(&overall)
            ));
        }
        faults.extend(self.components(page));
        let work = self.union(|phase| &phase.phase);
        // A phase that accepts any has an empty set.
        let is_any = self.now.phase.is_empty() || self.before.is_some_and(|b| b.phase.is_empty());
        for (title, phase) in &page.open {
            if !is_any && !work.contains(phase) {
                let named = work.iter().map(|phase| phase.word()).collect::<Vec<_>>();
                faults.push(format!(
                    "“{title}” was {}, not {}",
                    phase.word().to_lowercase(),
                    named.join(" or ").to_lowercase()
                ));
            }
        }
        let may_end = self.now.resolve_allowed || self.before.is_some_and(|b| b.resolve_allowed);
        if was_open && page.open.is_empty() && !may_end {
            faults.push("the page called it over while it was not".to_owned());
        }
        faults
    }

    fn components(&self, page: &PageSeen) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, accepted) in &self.now.components {
            let mut accepted = accepted.clone();
            if let Some(before) = self.before {
                match before.components.get(name) {
                    Some(states) => accepted.extend(states),
                    None => continue,
                }
            }
            match page.components.get(name) {
                Some(state) if accepted.contains(state) => {}
                Some(state) => faults.push(format!(
                    "the page said that {name} is {state}, not {}",
                    words(&accepted)
                )),
                None => faults.push(format!("the page does not show {name}")),
            }
        }
        faults
    }

    fn union<T: Ord + Copy>(&self, of: impl Fn(&OutagePhase) -> &BTreeSet<T>) -> BTreeSet<T> {
        let before = self.before.into_iter().flat_map(&of);
        of(self.now).iter().chain(before).copied().collect()
    }
}

/// With the mended settings nothing may open.
fn quiet(minute: &MinuteSeen) -> Vec<String> {
    match &minute.page {
        None => vec!["the page did not answer".to_owned()],
        Some(page) if !page.open.is_empty() || page.overall != Health::Ok => {
            vec![format!("the page said {} while all was well", page.overall)]
        }
        Some(_) => Vec::new(),
    }
}

fn words<T: Display>(states: &BTreeSet<T>) -> String {
    let words: Vec<_> = states.iter().map(T::to_string).collect();
    words.join(" or ")
}

/// Whether an incident is being watched on the page of a minute.
pub(crate) fn is_watched(page: &PageSeen) -> bool {
    page.open
        .iter()
        .any(|(_, phase)| *phase == Phase::Monitoring)
}
