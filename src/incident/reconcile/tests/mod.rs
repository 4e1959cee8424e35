//! Each line of the decision as a case: what is written, what is true, what to write.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::reconcile::input::Observed;
use crate::incident::reconcile::wording::Wording;
use crate::model::board::{Outlook, Wait};
use crate::model::component::{Component, ComponentId, Severity};
use crate::model::fixtures;
use crate::model::incident::{Author, Incident, IncidentId, Phase, Update};
use crate::model::incidents::managed::Managed;
use crate::model::verdict::{Publish, RuleId, RuleState};

use super::*;

mod closed;
mod ends;
mod language;
mod outage;
mod people;
mod random;
mod story;
mod watched;

const HOLD: Duration = Duration::from_secs(100);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn component(id: &str, needs: &[&str]) -> Component {
    let needs = needs.iter().map(|need| ComponentId((*need).into()));
    Component {
        needs: needs.collect(),
        ..fixtures::component(id, &id.to_uppercase())
    }
}

fn verdict(rule: &str, component: &str, severity: Severity, state: RuleState) -> Verdict {
    Verdict {
        severity,
        ..fixtures::verdict(rule, component, state)
    }
}

fn firing(rule: &str, component: &str, severity: Severity, since: i64) -> Verdict {
    verdict(
        rule,
        component,
        severity,
        RuleState::Firing { since: at(since) },
    )
}

fn incident(rules: &[&str], severity: Severity, affected: &[&str], phase: Phase) -> Incident {
    Incident {
        title: "One".into(),
        date: Some(at(0)),
        severity: Some(severity),
        affected: affected.iter().map(|name| (*name).to_owned()).collect(),
        managed: Managed {
            rules: rules.iter().map(|rule| RuleId((*rule).into())).collect(),
            title: Some("One".into()),
            date: Some(at(0)),
            severity: Some(severity).filter(|_| !rules.is_empty()),
            affected: affected
                .iter()
                .filter(|_| !rules.is_empty())
                .map(|name| (*name).to_owned())
                .collect(),
            good_since: (phase == Phase::Monitoring).then(|| at(50)),
            worst: Some(severity).filter(|_| !rules.is_empty()),
            ..Managed::default()
        },
        updates: vec![Update::new(at(0), phase, "")],
        ..fixtures::incident("one")
    }
}

fn decide(incidents: &[Incident], verdicts: &[Verdict], now: i64) -> Decision {
    decide_with(incidents, verdicts, now, |_| ())
}

/// The same with more that is true.
fn decide_with<'t>(
    incidents: &[Incident],
    verdicts: &'t [Verdict],
    now: i64,
    more: impl FnOnce(&mut Observed<'t>),
) -> Decision {
    // Lives as long as whatever a test says to be true.
    let components: &'static [Component] = Box::leak(Box::new([
        component("cache", &[]),
        component("worker", &["cache"]),
        component("api", &["worker"]),
        component("blog", &[]),
    ]));
    let incidents: Vec<_> = incidents.iter().cloned().map(Arc::new).collect();
    let mut observed = Observed::of(verdicts, components);
    more(&mut observed);
    reconcile(&Input {
        incidents: &incidents,
        observed,
        hold: HOLD,
        wording: &Wording::default(),
        now: at(now),
    })
}

/// Whether nothing is to be written.
fn is_silent(decision: &Decision) -> bool {
    decision.openings.is_empty() && decision.changes.is_empty()
}

fn names(rules: &[RuleId]) -> Vec<&str> {
    rules.iter().map(|rule| &*rule.0).collect()
}

#[test]
fn a_firing_rule_opens_an_incident_dated_by_its_first_bad_sample() {
    let decision = decide(&[], &[firing("oom", "cache", Severity::Down, 5)], 9);
    let [opening] = &decision.openings[..] else {
        panic!("{decision:?}")
    };
    assert_eq!(
        (opening.title.as_str(), opening.date, opening.draft),
        ("oom title", at(5), false)
    );
    assert_eq!(opening.change.affected, Some(vec!["CACHE".to_owned()]));
    assert_eq!(opening.change.severity, Some(Severity::Down));
    let update = opening.change.updates.last().unwrap();
    assert_eq!(
        (update.at, update.phase.unwrap(), &*update.text),
        (Some(at(5)), Phase::Investigating, "oom text.")
    );
}

#[test]
fn symptoms_fold_into_the_cause_and_strangers_do_not() {
    let verdicts = [
        firing("rolls", "api", Severity::Down, 4),
        firing("oom", "cache", Severity::Down, 5),
        firing("slow", "blog", Severity::Notice, 5),
    ];
    let decision = decide(&[], &verdicts, 9);
    let openings: Vec<_> = decision
        .openings
        .iter()
        .map(|opening| {
            (
                &*opening.title,
                opening.date,
                names(&opening.change.managed.as_ref().unwrap().rules),
            )
        })
        .collect();
    assert_eq!(
        openings,
        [
            ("oom title", at(4), vec!["oom", "rolls"]),
            ("slow title", at(5), vec!["slow"])
        ]
    );
}

#[test]
fn a_cause_that_fires_after_its_symptom_joins_the_same_incident() {
    let open = [incident(
        &["rolls"],
        Severity::Disrupted,
        &["API"],
        Phase::Investigating,
    )];
    let verdicts = [
        firing("rolls", "api", Severity::Disrupted, 0),
        firing("oom", "cache", Severity::Down, 3),
    ];
    let decision = decide(&open, &verdicts, 9);
    assert!(decision.openings.is_empty());
    let [(_, change)] = &decision.changes[..] else {
        panic!("{decision:?}")
    };
    assert_eq!(change.severity, Some(Severity::Down));
    assert_eq!(
        change.affected,
        Some(vec!["API".to_owned(), "CACHE".to_owned()])
    );
    assert_eq!(
        names(&change.managed.as_ref().unwrap().rules),
        ["oom", "rolls"]
    );
    // It is graver, and what the other needs: the incident is named after it.
    assert_eq!(change.title.as_deref(), Some("oom title"));
    assert_eq!(change.updates.last().unwrap().text, "oom text.");
}

#[test]
fn what_is_milder_joins_without_words_and_severity_never_falls() {
    let open = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    )];
    let verdicts = [
        firing("oom", "cache", Severity::Down, 0),
        firing("high", "cache", Severity::Notice, 3),
    ];
    let decision = decide(&open, &verdicts, 9);
    let [(_, change)] = &decision.changes[..] else {
        panic!("{decision:?}")
    };
    assert_eq!(
        names(&change.managed.as_ref().unwrap().rules),
        ["oom", "high"]
    );
    assert_eq!((change.severity, change.updates.len()), (None, 0));
}

#[test]
fn what_is_written_already_is_not_written_again() {
    let open = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    )];
    let decision = decide(&open, &[firing("oom", "cache", Severity::Down, 7)], 9);
    assert!(is_silent(&decision));
}

#[test]
fn missing_data_resolves_nothing_and_opens_nothing() {
    let blind = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Unknown { since: at(50) },
    )];
    assert!(is_silent(&decide(&[], &blind, 900)));
    let open = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    )];
    assert!(is_silent(&decide(&open, &blind, 900)));
}

fn closed(end: Option<i64>, overruled: &[&str]) -> Incident {
    let mut closed = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Resolved);
    closed.resolved = Some(true);
    closed.resolved_when = end.map(at);
    closed.managed.good_since = None;
    closed.managed.overruled = overruled
        .iter()
        .map(|rule| RuleId((*rule).into()))
        .collect();
    closed
}

fn overruled(decision: &Decision) -> Option<Vec<&str>> {
    assert!(decision.openings.is_empty(), "{decision:?}");
    let (_, change) = decision.changes.first()?;
    Some(names(&change.managed.as_ref()?.overruled))
}

#[test]
fn a_severity_and_a_list_that_a_person_changed_stay() {
    let mut theirs = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Investigating);
    theirs.severity = Some(Severity::Notice);
    theirs.affected = vec!["Something else".into()];
    let verdicts = [
        firing("oom", "cache", Severity::Down, 0),
        firing("rolls", "api", Severity::Down, 3),
    ];
    let decision = decide(&[theirs], &verdicts, 9);
    let [(_, change)] = &decision.changes[..] else {
        panic!("{decision:?}")
    };
    assert_eq!((change.severity, &change.affected), (None, &None));
    assert_eq!(
        names(&change.managed.as_ref().unwrap().rules),
        ["oom", "rolls"]
    );
}

#[test]
fn an_incident_without_a_date_ends_all_the_same() {
    let mut undated = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Investigating);
    undated.date = None;
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(50) },
    )];
    assert_eq!(
        decide(&[undated], &quiet, 150).changes[0].1.turn,
        Some(Turn::Over(at(50)))
    );
}

#[test]
fn a_draft_rule_writes_a_draft_and_an_internal_one_nothing() {
    let mut hidden = firing("oom", "cache", Severity::Down, 5);
    hidden.publish = Publish::Internal;
    assert!(is_silent(&decide(&[], std::slice::from_ref(&hidden), 9)));
    hidden.publish = Publish::Draft;
    let public = firing("rolls", "api", Severity::Notice, 5);
    let drafts: Vec<_> = decide(&[], &[hidden, public], 9)
        .openings
        .iter()
        .map(|opening| opening.draft)
        .collect();
    assert_eq!(drafts, [true, false]);
}

#[test]
fn incidents_of_people_are_left_alone() {
    let theirs = [incident(
        &[],
        Severity::Notice,
        &["CACHE"],
        Phase::Investigating,
    )];
    let decision = decide(&theirs, &[firing("oom", "cache", Severity::Down, 5)], 9);
    assert_eq!((decision.openings.len(), decision.changes.len()), (1, 0));
}
