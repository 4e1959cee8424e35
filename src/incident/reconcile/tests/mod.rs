//! Each line of the decision as a case: what is written, what is true, what to write.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::reconcile::scene::Truth;
use crate::model::board::{Outlook, Wait};
use crate::model::component::{Component, ComponentId, Severity};
use crate::model::incident::{Author, Incident, IncidentId, Machine, Phase, Update};
use crate::model::verdict::{Publish, RuleId, State};

use super::*;

mod ends;
mod people;

const HOLD: Duration = Duration::from_secs(100);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn component(id: &str, needs: &[&str]) -> Component {
    Component {
        id: ComponentId(id.into()),
        name: id.to_uppercase(),
        description: None,
        category: None,
        needs: needs
            .iter()
            .map(|need| ComponentId((*need).into()))
            .collect(),
    }
}

fn verdict(rule: &str, component: &str, severity: Severity, state: State) -> Verdict {
    Verdict {
        rule: RuleId(rule.into()),
        state,
        severity,
        components: vec![ComponentId(component.into())],
        publish: Publish::Auto,
        title: format!("{rule} title"),
        text: format!("{rule} text."),
        evidence: Vec::new(),
    }
}

fn firing(rule: &str, component: &str, severity: Severity, since: i64) -> Verdict {
    verdict(
        rule,
        component,
        severity,
        State::Firing { since: at(since) },
    )
}

fn incident(rules: &[&str], severity: Severity, affected: &[&str], phase: Phase) -> Incident {
    Incident {
        id: IncidentId("one".into()),
        name: "one.md".into(),
        filename: "one.md".into(),
        is_issue: true,
        title: "One".into(),
        date: Some(at(0)),
        resolved: Some(false),
        resolved_when: None,
        severity: Some(severity),
        affected: affected.iter().map(|name| (*name).to_owned()).collect(),
        draft: false,
        expires: None,
        informational: false,
        pin: None,
        weight: 0,
        verbatim: crate::model::incident::Verbatim::default(),
        machine: Machine {
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
            ..Machine::default()
        },
        updates: vec![Update::new(at(0), phase, "")],
        body: String::new(),
    }
}

fn decide(incidents: &[Incident], verdicts: &[Verdict], now: i64) -> Outcome {
    decide_with(incidents, verdicts, now, |_| ())
}

/// The same with more that is true.
fn decide_with<'t>(
    incidents: &[Incident],
    verdicts: &'t [Verdict],
    now: i64,
    more: impl FnOnce(&mut Truth<'t>),
) -> Outcome {
    // Lives as long as whatever a test says to be true.
    let components: &'static [Component] = Box::leak(Box::new([
        component("cache", &[]),
        component("worker", &["cache"]),
        component("api", &["worker"]),
        component("blog", &[]),
    ]));
    let incidents: Vec<_> = incidents.iter().cloned().map(Arc::new).collect();
    let mut truth = Truth::of(verdicts, components);
    more(&mut truth);
    reconcile(&Scene {
        incidents: &incidents,
        truth,
        hold: HOLD,
        zone: &TimeZone::UTC,
        now: at(now),
    })
}

/// Whether nothing is to be written.
fn is_silent(outcome: &Outcome) -> bool {
    outcome.openings.is_empty() && outcome.changes.is_empty()
}

fn names(rules: &[RuleId]) -> Vec<&str> {
    rules.iter().map(|rule| &*rule.0).collect()
}

#[test]
fn a_firing_rule_opens_an_incident_dated_by_its_first_bad_sample() {
    let outcome = decide(&[], &[firing("oom", "cache", Severity::Down, 5)], 9);
    let [opening] = &outcome.openings[..] else {
        panic!("{outcome:?}")
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
    let outcome = decide(&[], &verdicts, 9);
    let openings: Vec<_> = outcome
        .openings
        .iter()
        .map(|opening| {
            (
                &*opening.title,
                opening.date,
                names(&opening.change.machine.as_ref().unwrap().rules),
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
    let outcome = decide(&open, &verdicts, 9);
    assert!(outcome.openings.is_empty());
    let [(_, change)] = &outcome.changes[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(change.severity, Some(Severity::Down));
    assert_eq!(
        change.affected,
        Some(vec!["API".to_owned(), "CACHE".to_owned()])
    );
    assert_eq!(
        names(&change.machine.as_ref().unwrap().rules),
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
    let outcome = decide(&open, &verdicts, 9);
    let [(_, change)] = &outcome.changes[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        names(&change.machine.as_ref().unwrap().rules),
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
    let outcome = decide(&open, &[firing("oom", "cache", Severity::Down, 7)], 9);
    assert!(is_silent(&outcome));
}

#[test]
fn an_incident_is_watched_for_the_hold_and_then_over_since_its_first_good_sample() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Quiet { since: at(50) },
    )];
    let open = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    )];
    assert!(is_silent(&decide(&open, &quiet, 60)));

    let outcome = decide(&open, &quiet, 75);
    let outlook = Outlook {
        good_since: Some(at(50)),
        until: Some(at(150)),
        waits: vec![Wait::Hold],
        // It has just been told that it is watched.
        next_word: Some(at(75 + 3600)),
        ..Outlook::default()
    };
    assert_eq!(
        outcome.outlooks,
        [(IncidentId("one".into()), outlook)].into()
    );
    assert_eq!(
        outcome.changes[0].1.updates.last().unwrap().phase.unwrap(),
        Phase::Monitoring
    );

    let watched = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Monitoring,
    )];
    assert!(decide(&watched, &quiet, 149).changes.is_empty());
    let outcome = decide(&watched, &quiet, 150);
    assert_eq!(outcome.changes[0].1.turn, Some(Turn::Over(at(50))));
    assert_eq!(
        outcome.changes[0].1.updates.last().unwrap().phase.unwrap(),
        Phase::Resolved
    );
}

#[test]
fn missing_data_resolves_nothing_and_opens_nothing() {
    let blind = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Unknown { since: at(50) },
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

#[test]
fn what_fails_again_while_it_is_watched_is_the_same_incident() {
    let watched = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Monitoring,
    )];
    let outcome = decide(&watched, &[firing("oom", "cache", Severity::Down, 80)], 81);
    assert!(outcome.openings.is_empty());
    let update = outcome.changes[0].1.updates.last().unwrap();
    assert_eq!(
        (update.phase.unwrap(), &*update.text),
        (Phase::Investigating, "Failing again. oom text.")
    );
}

fn closed(end: Option<i64>, muted: &[&str]) -> Incident {
    let mut closed = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Resolved);
    closed.resolved = Some(true);
    closed.resolved_when = end.map(at);
    closed.machine.good_since = None;
    closed.machine.muted = muted.iter().map(|rule| RuleId((*rule).into())).collect();
    closed
}

fn muted(outcome: &Outcome) -> Option<Vec<&str>> {
    assert!(outcome.openings.is_empty(), "{outcome:?}");
    let (_, change) = outcome.changes.first()?;
    Some(names(&change.machine.as_ref()?.muted))
}

#[test]
fn an_end_that_a_person_wrote_is_respected_until_the_rule_fires_anew() {
    let fires = |since| [firing("oom", "cache", Severity::Down, since)];
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Quiet { since: at(45) },
    )];
    // It is noted at once, whether the end has a time or not.
    for end in [Some(40), None] {
        assert_eq!(
            muted(&decide(&[closed(end, &[])], &fires(10), 60)),
            Some(vec!["oom"])
        );
    }
    // A restart sees the rule fire since then only, and opens nothing.
    assert_eq!(
        muted(&decide(&[closed(Some(40), &["oom"])], &fires(50), 60)),
        None
    );
    // Once quiet it is forgotten, and an end without a time gets one.
    let outcome = decide(&[closed(None, &["oom"])], &quiet, 60);
    assert_eq!(muted(&outcome), Some(vec![]));
    assert_eq!(outcome.changes[0].1.turn, Some(Turn::Over(at(45))));
    let anew = decide(&[closed(Some(45), &[])], &fires(50), 60);
    assert_eq!(anew.changes[0].1.turn, Some(Turn::Again));
}

#[test]
fn an_end_that_cannot_be_true_is_respected_once_and_mutes_nothing_later() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Quiet { since: at(45) },
    )];
    // Long before it began, and far in the future.
    for end in [-500, 9_000] {
        let firing_on = [firing("oom", "cache", Severity::Down, 10)];
        assert_eq!(
            muted(&decide(&[closed(Some(end), &[])], &firing_on, 60)),
            Some(vec!["oom"])
        );
        let outcome = decide(&[closed(Some(end), &["oom"])], &quiet, 60);
        let machine = outcome.changes[0].1.machine.clone().unwrap();
        assert_eq!(
            (outcome.changes[0].1.turn, machine.good_since),
            (None, Some(at(45)))
        );
        let mut noted = closed(Some(end), &[]);
        noted.machine = machine;
        let anew = decide(&[noted], &[firing("oom", "cache", Severity::Down, 50)], 60);
        assert_eq!(anew.changes[0].1.turn, Some(Turn::Again));
    }
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
    let outcome = decide(&[theirs], &verdicts, 9);
    let [(_, change)] = &outcome.changes[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!((change.severity, &change.affected), (None, &None));
    assert_eq!(
        names(&change.machine.as_ref().unwrap().rules),
        ["oom", "rolls"]
    );
}

#[test]
fn a_restart_while_it_is_watched_keeps_when_it_got_well_and_begins_the_hold_anew() {
    let watched = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Monitoring,
    )];
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Quiet { since: at(120) },
    )];
    let outcome = decide(&watched, &quiet, 160);
    assert_eq!(
        outcome.outlooks[&watched[0].id].watched(),
        Some((at(50), at(220)))
    );
    assert_eq!(
        decide(&watched, &quiet, 220).changes[0].1.turn,
        Some(Turn::Over(at(50)))
    );
}

#[test]
fn a_phase_that_a_person_wrote_during_the_fault_is_no_recovery() {
    let mut theirs = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Monitoring);
    theirs.machine.good_since = None;
    theirs.machine.wrote = vec!["of an earlier one".into()];
    theirs.updates[0].author = Author::Person;
    let oom = firing("oom", "cache", Severity::Down, 0);
    assert!(is_silent(&decide(
        &[theirs.clone()],
        std::slice::from_ref(&oom),
        9
    )));
    theirs.updates[0].word = Phase::Resolved.word().to_owned();
    theirs.updates[0].phase = Some(Phase::Resolved);
    let outcome = decide(
        &[theirs],
        &[oom, firing("rolls", "api", Severity::Down, 3)],
        9,
    );
    let update = outcome.changes[0].1.updates.last().unwrap();
    assert_eq!(
        (update.phase, &*update.word, &*update.text),
        (None, "Update", "rolls text.")
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
        State::Quiet { since: at(50) },
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
    let outcome = decide(&theirs, &[firing("oom", "cache", Severity::Down, 5)], 9);
    assert_eq!((outcome.openings.len(), outcome.changes.len()), (1, 0));
}

#[test]
fn what_comes_back_within_an_hour_is_the_same_incident_again() {
    let mut over = closed(Some(40), &[]);
    over.severity = Some(Severity::Down);
    over.machine.rules.push(RuleId("rolls".into()));
    // One of its rules that is milder brings it back as what it is now.
    let outcome = decide(
        std::slice::from_ref(&over),
        &[firing("rolls", "api", Severity::Disrupted, 50)],
        60,
    );
    assert!(outcome.openings.is_empty(), "{outcome:?}");
    let [(_, change)] = &outcome.changes[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (change.turn, change.severity),
        (Some(Turn::Again), Some(Severity::Disrupted))
    );
    let machine = change.machine.clone().unwrap();
    assert_eq!(
        (machine.recurrences, machine.worst),
        (1, Some(Severity::Down))
    );
    let update = change.updates.last().unwrap();
    assert_eq!(
        (update.phase, &*update.text),
        (Some(Phase::Investigating), "Failing again. rolls text.")
    );
    // Another rule of the same component tells of another fault, and what comes
    // an hour later is another outage.
    let hour = 60 * 60;
    for (rule, since) in [("new", 50), ("oom", 40 + hour + 1)] {
        let fires = [firing(rule, "cache", Severity::Down, since)];
        let outcome = decide(std::slice::from_ref(&over), &fires, since + 1);
        assert_eq!(outcome.openings.len(), 1, "{rule} {since}");
    }
}

#[test]
fn each_end_that_came_too_early_doubles_the_hold_and_four_times_is_the_longest() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        State::Quiet { since: at(50) },
    )];
    for (false_ends, times) in [(0, 1), (1, 2), (2, 4), (3, 4), (99, 4)] {
        let mut watched = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Monitoring);
        watched.machine.false_ends = false_ends;
        let until = 50 + 100 * times;
        assert!(
            decide(&[watched.clone()], &quiet, until - 1)
                .changes
                .is_empty()
        );
        let over = decide(&[watched], &quiet, until);
        assert_eq!(over.changes[0].1.turn, Some(Turn::Over(at(50))));
    }
}

#[test]
fn severity_falls_once_what_raised_it_was_quiet_for_the_hold_and_the_worst_is_kept() {
    let open = incident(
        &["oom", "high"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    );
    let quiet =
        |rule, severity, since| verdict(rule, "cache", severity, State::Quiet { since: at(since) });
    let oom = quiet("oom", Severity::Down, 10);
    let high = firing("high", "cache", Severity::Notice, 5);
    let verdicts = [oom.clone(), high];
    let early = decide(std::slice::from_ref(&open), &verdicts, 109);
    assert!(is_silent(&early));
    let outcome = decide(std::slice::from_ref(&open), &verdicts, 110);
    let [(_, change)] = &outcome.changes[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (change.severity, change.turn),
        (Some(Severity::Notice), None)
    );
    assert_eq!(
        change.updates.last().unwrap().text,
        "No longer down: what made it so has been quiet for 1 min 40 s. high text."
    );
    let mut eased = open.clone();
    eased.severity = change.severity;
    eased.machine = change.machine.clone().unwrap();
    assert!(is_silent(&decide(
        std::slice::from_ref(&eased),
        &verdicts,
        111
    )));
    // What is over is remembered by how bad it was.
    let well = [oom, quiet("high", Severity::Notice, 120)];
    let over = decide(&[eased], &well, 220);
    assert_eq!(
        (over.changes[0].1.turn, over.changes[0].1.severity),
        (Some(Turn::Over(at(120))), Some(Severity::Down))
    );
    // What a person made of it does not fall.
    let mut theirs = open;
    theirs.severity = Some(Severity::Disrupted);
    let outcome = decide(&[theirs], &verdicts, 110);
    assert!(
        outcome
            .changes
            .iter()
            .all(|(_, change)| change.severity.is_none())
    );
}
