//! People and the service in one file: what is theirs stays theirs.

use super::*;
use crate::incident::reconcile::ownership::Locks;
use crate::model::facts::suppression::Suppression;

/// An incident of ours whose every update we signed.
fn signed(phase: Phase) -> Incident {
    let mut ours = incident(&["oom"], Severity::Down, &["CACHE"], phase);
    ours.managed.wrote = vec!["ours".into()];
    ours
}

fn graver() -> Vec<Verdict> {
    vec![
        firing("rolls", "api", Severity::Disrupted, 0),
        firing("oom", "cache", Severity::Down, 3),
    ]
}

/// What is written once a graver cause joins an incident that a symptom opened.
fn taken_over(edit: impl FnOnce(&mut Incident)) -> FileChange {
    let mut open = incident(
        &["rolls"],
        Severity::Disrupted,
        &["API"],
        Phase::Investigating,
    );
    open.managed.wrote = vec!["ours".into()];
    edit(&mut open);
    decide(&[open], &graver(), 9).changes.remove(0).1
}

#[test]
fn each_key_that_a_person_changed_is_locked_and_no_other() {
    let free = taken_over(|_| ());
    assert_eq!(free.title.as_deref(), Some("oom title"));
    assert_eq!(free.severity, Some(Severity::Down));
    assert!(free.affected.is_some());
    let keys = |change: &FileChange| {
        (
            change.title.is_some(),
            change.severity.is_some(),
            change.affected.is_some(),
            change.updates[0].phase.is_some(),
        )
    };
    assert_eq!(keys(&free), (true, true, true, true));
    let title = taken_over(|open| open.title = "Theirs".into());
    assert_eq!(keys(&title), (false, true, true, true));
    let severity = taken_over(|open| open.severity = Some(Severity::Notice));
    assert_eq!(keys(&severity), (true, false, true, true));
    let affected = taken_over(|open| open.affected = vec!["API".into(), "BLOG".into()]);
    assert_eq!(keys(&affected), (true, true, false, true));
    let phase = taken_over(|open| open.updates[0].author = Author::Person);
    assert_eq!(keys(&phase), (true, true, true, false));
    assert_eq!(phase.updates[0].word, "Update");
    // What is locked is still noted: the rule has joined.
    for change in [title, severity, affected, phase] {
        assert_eq!(names(&change.managed.unwrap().rules).len(), 2);
    }
}

#[test]
fn a_key_that_is_put_back_is_the_services_again() {
    let change = taken_over(|open| {
        open.managed.title = Some("One".into());
        open.title = "One".into();
    });
    assert_eq!(change.title.as_deref(), Some("oom title"));
}

#[test]
fn a_date_that_a_person_corrected_stays() {
    let notice = || {
        incident(
            &["warn"],
            Severity::Notice,
            &["CACHE"],
            Phase::Investigating,
        )
    };
    let verdicts = [
        firing("warn", "cache", Severity::Notice, 0),
        firing("oom", "cache", Severity::Down, 5),
    ];
    // A notice is no outage: that begins with the first sample of what is worse.
    let decision = decide(&[notice()], &verdicts, 9);
    assert_eq!(decision.changes[0].1.date, Some(at(5)));
    let mut theirs = notice();
    theirs.date = Some(at(-30));
    let decision = decide(&[theirs], &verdicts, 9);
    assert_eq!(decision.changes[0].1.date, None);
}

#[test]
fn what_a_person_opened_again_is_ended_by_a_person() {
    let mut theirs = signed(Phase::Resolved);
    theirs.managed.ended = Some(at(50));
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(50) },
    )];
    let decision = decide(&[theirs], &quiet, 5_000);
    assert!(
        decision
            .changes
            .iter()
            .all(|(_, change)| change.turn.is_none())
    );
    let waits = &decision.outlooks[&IncidentId("one".into())].waits;
    assert_eq!(waits, &[Wait::Person]);
}

#[test]
fn a_persons_own_incident_is_joined_only_if_it_says_so() {
    let theirs = |join| {
        let mut theirs = incident(&[], Severity::Notice, &["CACHE"], Phase::Investigating);
        theirs.updates[0].author = Author::Person;
        theirs.managed = Managed {
            join,
            ..Managed::default()
        };
        theirs
    };
    let fires = [firing("oom", "cache", Severity::Down, 5)];
    let alone = decide(&[theirs(false)], &fires, 9);
    assert_eq!((alone.openings.len(), alone.changes.len()), (1, 0));
    let joined = decide(&[theirs(true)], &fires, 9);
    assert!(joined.openings.is_empty());
    let change = &joined.changes[0].1;
    // Their words and keys stay; what the rule says is appended.
    assert_eq!(
        (&change.title, change.severity, &change.affected),
        (&None, None, &None)
    );
    assert_eq!(change.updates[0].text, "oom text.");
    assert_eq!(names(&change.managed.as_ref().unwrap().rules), ["oom"]);
    // A rule of another component is another story, needed or not.
    let other = decide(
        &[theirs(true)],
        &[firing("rolls", "api", Severity::Down, 5)],
        9,
    );
    assert_eq!((other.openings.len(), other.changes.len()), (1, 0));
    assert!(is_silent(&decide(&[theirs(true)], &[], 9)));
}

#[test]
fn a_phase_that_a_person_wrote_does_not_keep_an_incident_open() {
    let mut theirs = signed(Phase::Identified);
    theirs.updates[0].author = Author::Person;
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(50) },
    )];
    let watched = decide(&[theirs.clone()], &quiet, 75);
    assert_eq!(watched.changes[0].1.updates[0].word, "Update");
    theirs.managed = watched.changes[0].1.managed.clone().unwrap();
    let over = decide(&[theirs], &quiet, 150);
    assert_eq!(over.changes[0].1.turn, Some(Turn::Over(at(50))));
    assert_eq!(over.changes[0].1.updates[0].phase, Some(Phase::Resolved));
}

#[test]
fn what_is_hushed_opens_nothing_and_joins_nothing_but_holds_what_it_opened() {
    let suppressed = [(RuleId("oom".into()), Suppression::Maintenance)].into();
    let fires = [firing("oom", "cache", Severity::Down, 5)];
    let quietly = |open: &[Incident]| {
        decide_with(open, &fires, 900, |observed| {
            observed.suppressed = &suppressed;
        })
    };
    assert!(is_silent(&quietly(&[])));
    let mut other = incident(&["full"], Severity::Down, &["CACHE"], Phase::Investigating);
    other.id = IncidentId("two".into());
    assert!(is_silent(&quietly(&[other])));
    let decision = quietly(&[signed(Phase::Investigating)]);
    let waits = &decision.outlooks[&IncidentId("one".into())].waits;
    assert_eq!(waits, &[Wait::Failing(vec!["CACHE".into()])]);
}

#[test]
fn updates_of_the_service_carry_its_mark() {
    let decision = decide(&[], &[firing("oom", "cache", Severity::Down, 5)], 9);
    let document = decision.openings[0].document(&TimeZone::UTC).unwrap();
    let read = document.incident("a.md");
    assert_eq!(read.updates[0].author, Author::Rule);
    assert_eq!(Locks::of(&read), Locks::default());
    let text = String::from_utf8(document.bytes().to_owned()).unwrap();
    let edited = text.replace("oom text.", "It is full, sorry.");
    let read = document.with_bytes(edited.into()).unwrap().incident("a.md");
    assert_eq!(read.updates[0].author, Author::Person);
}
