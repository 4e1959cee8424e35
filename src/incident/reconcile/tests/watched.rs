//! What seems well: watched for the hold, across restarts and new failures.

use super::*;

#[test]
fn an_incident_is_watched_for_the_hold_and_then_over_since_its_first_good_sample() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(50) },
    )];
    let open = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    )];
    assert!(is_silent(&decide(&open, &quiet, 60)));

    let decision = decide(&open, &quiet, 75);
    let outlook = Outlook {
        good_since: Some(at(50)),
        until: Some(at(150)),
        waits: vec![Wait::Hold],
        // It has just been told that it is watched.
        next_word: Some(at(75 + 3600)),
        ..Outlook::default()
    };
    assert_eq!(
        decision.outlooks,
        [(IncidentId("one".into()), outlook)].into()
    );
    assert_eq!(
        decision.changes[0].1.updates.last().unwrap().phase.unwrap(),
        Phase::Monitoring
    );

    let watched = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Monitoring,
    )];
    assert!(decide(&watched, &quiet, 149).changes.is_empty());
    let decision = decide(&watched, &quiet, 150);
    assert_eq!(decision.changes[0].1.turn, Some(Turn::Over(at(50))));
    assert_eq!(
        decision.changes[0].1.updates.last().unwrap().phase.unwrap(),
        Phase::Resolved
    );
}

#[test]
fn what_fails_again_while_it_is_watched_is_the_same_incident() {
    let watched = [incident(
        &["oom"],
        Severity::Down,
        &["CACHE"],
        Phase::Monitoring,
    )];
    let decision = decide(&watched, &[firing("oom", "cache", Severity::Down, 80)], 81);
    assert!(decision.openings.is_empty());
    let update = decision.changes[0].1.updates.last().unwrap();
    assert_eq!(
        (update.phase.unwrap(), &*update.text),
        (Phase::Investigating, "Failing again. oom text.")
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
        RuleState::Quiet { since: at(120) },
    )];
    let decision = decide(&watched, &quiet, 160);
    assert_eq!(
        decision.outlooks[&watched[0].id].watched(),
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
    theirs.managed.good_since = None;
    theirs.managed.wrote = vec!["of an earlier one".into()];
    theirs.updates[0].author = Author::Person;
    let oom = firing("oom", "cache", Severity::Down, 0);
    assert!(is_silent(&decide(
        &[theirs.clone()],
        std::slice::from_ref(&oom),
        9
    )));
    theirs.updates[0].word = Phase::Resolved.word().to_owned();
    theirs.updates[0].phase = Some(Phase::Resolved);
    let decision = decide(
        &[theirs],
        &[oom, firing("rolls", "api", Severity::Down, 3)],
        9,
    );
    let update = decision.changes[0].1.updates.last().unwrap();
    assert_eq!(
        (update.phase, &*update.word, &*update.text),
        (None, "Update", "rolls text.")
    );
}

#[test]
fn severity_falls_once_what_raised_it_was_quiet_for_the_hold_and_the_worst_is_kept() {
    let open = incident(
        &["oom", "high"],
        Severity::Down,
        &["CACHE"],
        Phase::Investigating,
    );
    let quiet = |rule, severity, since| {
        verdict(
            rule,
            "cache",
            severity,
            RuleState::Quiet { since: at(since) },
        )
    };
    let oom = quiet("oom", Severity::Down, 10);
    let high = firing("high", "cache", Severity::Notice, 5);
    let verdicts = [oom.clone(), high];
    let early = decide(std::slice::from_ref(&open), &verdicts, 109);
    assert!(is_silent(&early));
    let decision = decide(std::slice::from_ref(&open), &verdicts, 110);
    let [(_, change)] = &decision.changes[..] else {
        panic!("{decision:?}")
    };
    assert_eq!(
        (change.severity, change.turn),
        (Some(Severity::Notice), None)
    );
    assert_eq!(
        change.updates.last().unwrap().text,
        "Downgraded from “down”: the failing checks have been clear for 1 min 40 s. \
        high text."
    );
    let mut eased = open.clone();
    eased.severity = change.severity;
    eased.managed = change.managed.clone().unwrap();
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
    let decision = decide(&[theirs], &verdicts, 110);
    assert!(
        decision
            .changes
            .iter()
            .all(|(_, change)| change.severity.is_none())
    );
}

#[test]
fn a_rule_whose_last_moments_were_lost_ends_nothing_before_it_has_looked() {
    // The monitor was killed right after it had opened the incident: its rule is
    // quiet again, since long before.
    let open = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Investigating);
    let state = RuleState::Quiet { since: at(-500) };
    let quiet = [verdict("oom", "cache", Severity::Down, state)];
    let unlooked = [RuleId("oom".into())].into();
    let blind = decide_with(std::slice::from_ref(&open), &quiet, 900, |observed| {
        observed.unlooked = &unlooked;
    });
    assert!(is_silent(&blind), "{blind:?}");
    let waits = &blind.outlooks[&IncidentId("one".into())].waits;
    assert_eq!(waits, &[Wait::Unseen(vec!["CACHE".into()])]);
    // Once it has looked, the good run cannot be older than the fault.
    let soon = decide(std::slice::from_ref(&open), &quiet, 30);
    assert!(
        soon.changes.iter().all(|(_, change)| change.turn.is_none()),
        "{soon:?}"
    );
    let over = decide(std::slice::from_ref(&open), &quiet, 900);
    assert_eq!(over.changes[0].1.turn, Some(Turn::Over(at(0))));
    // Nor does it lift what a person overruled.
    let mut closed = open;
    closed.resolved = Some(true);
    closed.resolved_when = Some(at(10));
    closed.managed.overruled = vec![RuleId("oom".into())];
    let kept = decide_with(std::slice::from_ref(&closed), &quiet, 900, |observed| {
        observed.unlooked = &unlooked;
    });
    assert!(is_silent(&kept), "{kept:?}");
    let lifted = decide(&[closed], &quiet, 900).changes.remove(0).1;
    assert_eq!(lifted.managed.unwrap().overruled, []);
}
