//! What holds an incident open, and what is told meanwhile.

use std::time::Duration;

use crate::model::board::Backlog;
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::incident::{EVENT, Update};

use super::*;

fn quiet(rule: &str, component: &str, since: i64) -> Verdict {
    verdict(
        rule,
        component,
        Severity::Down,
        RuleState::Quiet { since: at(since) },
    )
}

fn open(phase: Phase) -> Incident {
    incident(&["oom"], Severity::Down, &["CACHE"], phase)
}

fn waits(decision: &Decision) -> &[Wait] {
    &decision.outlooks[&IncidentId("one".into())].waits
}

fn turn(decision: &Decision) -> Option<Turn> {
    decision.changes.first().and_then(|(_, change)| change.turn)
}

fn event(kind: EventKind, second: i64, component: &str) -> Event {
    Event {
        at: at(second),
        kind,
        source: EventSource::Person,
        text: format!("{kind} happened"),
        components: vec![ComponentId(component.into())],
        noted: at(second),
    }
}

#[test]
fn what_its_components_are_asked_by_other_rules_must_be_well_too() {
    let case = |state| {
        let probe = verdict("probe", "cache", Severity::Down, state);
        decide(
            &[open(Phase::Monitoring)],
            &[quiet("oom", "cache", 50), probe],
            500,
        )
    };
    let well = case(RuleState::Quiet { since: at(-90) });
    assert_eq!(turn(&well), Some(Turn::Over(at(50))));
    let pending = case(RuleState::Pending { since: at(499) });
    assert_eq!(waits(&pending), [Wait::Failing(vec!["CACHE".into()])]);
    let unseen = case(RuleState::Unknown { since: at(400) });
    assert_eq!(waits(&unseen), [Wait::Unseen(vec!["CACHE".into()])]);
    // What could not be seen before it began cannot tell of its end.
    let blind = case(RuleState::Unknown { since: at(-10) });
    assert_eq!(turn(&blind), Some(Turn::Over(at(50))));
    // The hold begins with the last of them.
    let late = case(RuleState::Quiet { since: at(450) });
    assert_eq!((turn(&late), waits(&late)), (None, &[Wait::Hold][..]));
}

#[test]
fn a_standing_risk_holds_the_end_until_it_is_gone_or_accepted_by_name() {
    let risk = |component: &str| {
        let mut risk = firing("capacity", component, Severity::Notice, -900);
        risk.publish = Publish::Hold;
        risk
    };
    let case =
        |incident: Incident, risk| decide(&[incident], &[quiet("oom", "cache", 50), risk], 500);
    let held = case(open(Phase::Monitoring), risk("worker"));
    assert_eq!((turn(&held), waits(&held)), (None, &[Wait::Capacity][..]));
    let elsewhere = case(open(Phase::Monitoring), risk("blog"));
    assert_eq!(turn(&elsewhere), Some(Turn::Over(at(50))));
    let mut accepted = open(Phase::Monitoring);
    let name = (RuleId("capacity".into()), "Ann".to_owned());
    accepted.managed.accepted.extend([name]);
    assert!(turn(&case(accepted, risk("worker"))).is_some());
    // By itself it opens nothing.
    assert!(is_silent(&decide(&[], &[risk("worker")], 500)));
}

#[test]
fn a_change_of_the_service_begins_the_hold_anew_but_not_the_good_run() {
    for kind in EventKind::ALL {
        let events = [event(kind, 120, "cache")];
        let decision = decide_with(
            &[open(Phase::Monitoring)],
            &[quiet("oom", "cache", 50)],
            160,
            |observed| observed.events = &events,
        );
        if kind.is_change() {
            assert_eq!(turn(&decision), None, "{kind}");
            assert_eq!(waits(&decision), [Wait::Changed(at(120))]);
            let outlook = &decision.outlooks[&IncidentId("one".into())];
            assert_eq!(outlook.watched(), Some((at(50), at(220))));
        } else {
            assert_eq!(turn(&decision), Some(Turn::Over(at(50))), "{kind}");
        }
        // Either way it stands in the timeline.
        let decided = &decision.changes[0].1.updates[0];
        assert_eq!((&*decided.word, decided.at), ("Event", Some(at(120))));
    }
}

#[test]
fn events_are_told_once_and_only_where_they_concern_somebody() {
    let events = [
        event(EventKind::Release, -2_000, "cache"),
        event(EventKind::Restart, -60, "cache"),
        event(EventKind::Note, 5, "blog"),
        event(EventKind::Flush, 7, "worker"),
    ];
    let fires = [firing("oom", "cache", Severity::Down, 0)];
    let decided = |incidents: &[Incident]| {
        decide_with(incidents, &fires, 9, |observed| observed.events = &events)
    };
    let opening = decided(&[]).openings.remove(0).change;
    let words: Vec<_> = opening.updates.iter().map(|update| &*update.text).collect();
    assert_eq!(
        words,
        [
            "oom text.",
            "At 13:45 UTC: restart happened.",
            "At 13:46 UTC: flush happened."
        ]
    );
    let mut written = open(Phase::Investigating);
    written.managed = opening.managed.unwrap();
    written.managed.title = Some("One".into());
    assert!(is_silent(&decided(&[written])));
}

#[test]
fn what_a_user_reports_first_is_told_as_the_first_and_later_ones_are_not() {
    let fires = [firing("oom", "cache", Severity::Down, 0)];
    let decided = |incidents: &[Incident], seconds: &[i64]| {
        let report = |second: &i64| event(EventKind::Report, *second, "cache");
        let events: Vec<_> = seconds.iter().map(report).collect();
        decide_with(incidents, &fires, 200, |observed| observed.events = &events)
    };
    let words = |updates: &[Update]| -> Vec<String> {
        let reports = updates.iter().filter(|update| update.word == EVENT);
        reports.map(|update| update.text.clone()).collect()
    };
    let opening = decided(&[], &[3, 70]).openings.remove(0).change;
    let first = "At 13:46 UTC: first user report: report happened.";
    let later = "At 13:47 UTC: user report: report happened.";
    assert_eq!(words(&opening.updates), [first, later]);
    let mut written = open(Phase::Investigating);
    written.managed = opening.managed.unwrap();
    written.managed.title = Some("One".into());
    // The second is how older versions told it.
    let old = "At 13:46 UTC: first report by a user: report happened.";
    let latest = "At 13:48 UTC: user report: report happened.";
    for first in [first, old] {
        written.updates = vec![Update::plain(at(3), EVENT, first.to_owned())];
        let again = decided(std::slice::from_ref(&written), &[3, 70, 130]);
        assert_eq!(words(&again.changes[0].1.updates), [latest]);
    }
}

#[test]
fn a_backlog_must_be_gone_or_falling() {
    let backlog = |count: f64, growth: f64, wait: u64| Backlog {
        what: "rolls".into(),
        components: vec![ComponentId("cache".into())],
        count,
        wait: Some(Duration::from_secs(wait)),
        usual: Duration::from_millis(200),
        growth: Some(growth),
        well_since: (growth < 0.0 || wait < 2).then(|| at(60)),
    };
    let verdicts = [quiet("oom", "cache", 50)];
    let case = |backlog| {
        let backlogs = [backlog];
        decide_with(
            &[open(Phase::Monitoring)],
            &verdicts.clone(),
            160,
            |observed| observed.backlogs = &backlogs,
        )
    };
    let growing = case(backlog(1_240.0, 0.5, 40));
    let wait = Wait::Backlog {
        what: "rolls".into(),
        count: 1_240,
    };
    assert_eq!((turn(&growing), waits(&growing)), (None, &[wait][..]));
    assert!(turn(&case(backlog(1_240.0, -3.0, 40))).is_some());
    assert!(turn(&case(backlog(0.0, 0.1, 0))).is_some());
}

#[test]
fn a_word_is_promised_and_kept_though_nothing_changed() {
    let hour = 3_600;
    let fires = [firing("oom", "cache", Severity::Down, 0)];
    let before = decide(&[open(Phase::Investigating)], &fires, hour - 1);
    assert!(is_silent(&before));
    let outlook = &before.outlooks[&IncidentId("one".into())];
    assert_eq!(outlook.next_word, Some(at(hour)));
    let due = decide(&[open(Phase::Investigating)], &fires, hour);
    let update = &due.changes[0].1.updates[0];
    assert_eq!(
        (&*update.word, update.phase, &*update.text),
        ("Update", None, "This incident is ongoing. oom text.")
    );
    let outlook = &due.outlooks[&IncidentId("one".into())];
    assert_eq!(outlook.next_word, Some(at(2 * hour)));
    // A word that another clock wrote in the future silences nobody.
    let mut ahead = open(Phase::Investigating);
    ahead.updates[0].at = Some(at(90 * hour));
    let decision = decide(&[ahead], &fires, 10);
    let outlook = &decision.outlooks[&IncidentId("one".into())];
    assert_eq!(outlook.next_word, Some(at(10 + hour)));
}

#[test]
fn a_raised_limit_that_helps_in_part_is_told_as_identified() {
    fn case<'t>(open: Incident, verdicts: &'t [Verdict], events: &'t [Event]) -> Decision {
        decide_with(&[open], verdicts, 25, |observed| observed.events = events)
    }
    let cache = || {
        let mut open = incident(
            &["oom", "storm"],
            Severity::Down,
            &["CACHE", "WORKER"],
            Phase::Investigating,
        );
        open.managed.worst = Some(Severity::Down);
        open
    };
    let verdicts = [
        quiet("oom", "cache", 20),
        firing("storm", "worker", Severity::Disrupted, 2),
    ];
    let decision = case(cache(), &verdicts, &[event(EventKind::Limit, 20, "cache")]);
    let update = decision.changes[0].1.updates.last().unwrap();
    assert_eq!(update.phase, Some(Phase::Identified));
    assert_eq!(
        update.text,
        "Since the change at 13:47 UTC, CACHE is working again. storm text."
    );
    for other in [
        event(EventKind::Limit, 20, "worker"),
        event(EventKind::Flush, 20, "cache"),
    ] {
        let decision = case(cache(), &verdicts, &[other]);
        let updates = &decision.changes[0].1.updates;
        assert!(updates.iter().all(|update| update.phase.is_none()));
    }
}

#[test]
fn after_a_change_quiet_is_told_at_once_though_not_all_is_seen() {
    fn case<'t>(verdicts: &'t [Verdict], events: &'t [Event]) -> Decision {
        decide_with(&[open(Phase::Investigating)], verdicts, 51, |observed| {
            observed.events = events;
        })
    }
    let events = [event(EventKind::Restart, 48, "cache")];
    let unseen = [
        quiet("oom", "cache", 50),
        verdict(
            "rolls",
            "cache",
            Severity::Down,
            RuleState::Unknown { since: at(50) },
        ),
    ];
    let phase = |decision: &Decision| {
        let change = decision.changes.first();
        change.and_then(|(_, change)| change.updates.last().unwrap().phase)
    };
    let monitoring = Some(Phase::Monitoring);
    assert_eq!(phase(&case(&unseen, &events)), monitoring);
    assert_eq!(phase(&case(&unseen[..1], &events)), monitoring);
    // Without one, a short quiet may be a flap, and what is unseen is no recovery.
    assert!(is_silent(&case(&unseen, &[])));
    assert!(is_silent(&case(&unseen[..1], &[])));
}

#[test]
fn each_component_is_as_bad_as_its_own_rules_say() {
    let verdicts = [
        firing("oom", "cache", Severity::Down, 0),
        firing("slow", "api", Severity::Disrupted, 0),
    ];
    let opening = decide(&[], &verdicts, 9).openings.remove(0);
    let levels = opening.change.managed.unwrap().levels;
    assert_eq!(levels, [("API".to_owned(), Severity::Disrupted)].into());
    let mut recovering = incident(
        &["oom", "storm"],
        Severity::Down,
        &["CACHE", "WORKER"],
        Phase::Investigating,
    );
    recovering.managed.worst = Some(Severity::Down);
    let verdicts = [
        quiet("oom", "cache", 10),
        firing("storm", "worker", Severity::Disrupted, 2),
    ];
    let change = decide(&[recovering], &verdicts, 110).changes.remove(0).1;
    assert_eq!(change.severity, Some(Severity::Disrupted));
    let levels = change.managed.unwrap().levels;
    assert_eq!(levels, [("CACHE".to_owned(), Severity::Notice)].into());
}

#[test]
fn a_storm_of_unrelated_faults_opens_few_incidents() {
    let components: Vec<_> = (0..500)
        .map(|number| component(&format!("part-{number}"), &[]))
        .collect();
    let verdicts: Vec<_> = (0..500)
        .map(|number| {
            let severity = if number == 77 {
                Severity::Down
            } else {
                Severity::Disrupted
            };
            firing(
                &format!("rule-{number}"),
                &format!("part-{number}"),
                severity,
                number / 20,
            )
        })
        .collect();
    let decision = decide_with(&[], &verdicts, 30, |observed| {
        observed.components = &components;
    });
    assert_eq!(decision.openings.len(), 5);
    let rules: usize = decision
        .openings
        .iter()
        .map(|opening| opening.change.managed.as_ref().unwrap().rules.len())
        .sum();
    assert_eq!(rules, 500);
    // Three faults that nothing relates are three incidents.
    let few = decide_with(&[], &verdicts[..3], 30, |observed| {
        observed.components = &components;
    });
    assert_eq!(few.openings.len(), 3);
}
