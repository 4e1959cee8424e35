//! The change of a file, from a draft in one line: assess, decide, report, record,
//! compare with the file.

use crate::incident::file::author;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::gate::{self, Gate, RecoveryStage};
use crate::incident::reconcile::input::{Decision, Input};
use crate::incident::reconcile::transition::{self, Assessment, Transition};
use crate::incident::reconcile::{cadence, level, report, timeline};
use crate::model::board::Outlook;
use crate::model::incident::{Incident, Phase, Update};

/// Adds the new file or the change of a draft to the decision.
pub fn decide(mut draft: Draft<'_>, input: &Input<'_>, decision: &mut Decision) {
    let events = timeline::take_in(&mut draft, input);
    match draft.written {
        None => decision.openings.push(open(draft, events, input)),
        // No rule has joined the incident of a person.
        Some(_) if draft.managed.rules.is_empty() => {}
        Some(written) => follow(draft, written, events, input, decision),
    }
}

/// A new file.
fn open(mut draft: Draft<'_>, events: Vec<Update>, input: &Input<'_>) -> NewFile {
    level::spread(&mut draft, input.hold, input);
    let text = report::opening(&draft, input);
    // An incident is dated by its first bad sample, and so is its first update,
    // unless that is so long ago that the next update would be due.
    let late = draft.date + cadence::AT_THE_LATEST <= input.now;
    let at = if late { input.now } else { draft.date };
    let mut updates = vec![Update::new(at, Phase::Investigating, text)];
    updates.extend(events);
    sign(&mut draft, &updates);
    NewFile {
        title: draft.title,
        date: draft.date,
        draft: draft.hidden,
        change: FileChange {
            severity: draft.severity,
            affected: Some(draft.affected),
            managed: Some(draft.managed),
            updates,
            ..FileChange::default()
        },
    }
}

/// A file that exists.
fn follow(
    mut draft: Draft<'_>,
    written: &Incident,
    events: Vec<Update>,
    input: &Input<'_>,
    decision: &mut Decision,
) {
    let assessed = transition::assess(&draft, written, input);
    let transition = transition::decide(&draft, &assessed, input);
    let update = report::update(&draft, &assessed, &transition, input);
    let end = assessed.end();
    if end.is_none() {
        let outlook = outlook(&draft, &assessed, update.is_some(), input);
        decision.outlooks.insert(written.id.clone(), outlook);
    }
    let turn = if draft.again {
        Some(Turn::Again)
    } else {
        end.map(Turn::Over)
    };
    let mut updates = events;
    updates.extend(update);
    record(&mut draft, &assessed, &transition, input);
    sign(&mut draft, &updates);
    let change = difference(draft, written, turn, updates);
    if change != FileChange::default() {
        decision.changes.push((written.id.clone(), change));
    }
}

/// Records a transition and how bad the incident is now.
fn record(
    draft: &mut Draft<'_>,
    assessed: &Assessment<'_>,
    transition: &Transition,
    input: &Input<'_>,
) {
    draft.severity = assessed.eased.or(draft.severity);
    match transition {
        Transition::FailedAgain => {
            draft.managed.good_since = None;
            draft.managed.recurrences += 1;
            draft.managed.false_ends += u32::from(draft.again);
        }
        Transition::Recovering { good_since, .. } => {
            draft.managed.good_since = Some(*good_since);
        }
        Transition::Ended { end, .. } => {
            draft.managed.good_since = None;
            draft.managed.ended = Some(*end);
            draft.managed.levels.clear();
            // The severity of an ended incident is the worst that it had.
            if !draft.locks.severity {
                draft.severity = draft.managed.worst.or(draft.severity);
            }
        }
        Transition::PartlyCured { .. }
        | Transition::Eased(_)
        | Transition::Joined
        | Transition::QuietButUnseen { .. }
        | Transition::Unchanged => {}
    }
    // An incident that came back has a longer hold from now on.
    let hold = gate::hold(input.hold, draft.managed.false_ends);
    level::spread(draft, hold, input);
}

/// Notes what the service writes, so that a later change of it is a person's.
fn sign(draft: &mut Draft<'_>, updates: &[Update]) {
    for update in updates {
        author::note(&mut draft.managed.wrote, update);
    }
    let (managed, locks) = (&mut draft.managed, draft.locks);
    if !locks.title {
        managed.title = Some(draft.title.clone());
    }
    if !locks.date {
        managed.date = Some(draft.date);
    }
    if !locks.severity {
        managed.severity = draft.severity;
    }
    if !locks.affected {
        managed.affected.clone_from(&draft.affected);
    }
}

/// The keys in which a draft differs from its file.
fn difference(
    draft: Draft<'_>,
    written: &Incident,
    turn: Option<Turn>,
    updates: Vec<Update>,
) -> FileChange {
    FileChange {
        amended: None,
        title: (draft.title != written.title).then_some(draft.title),
        date: Some(draft.date).filter(|date| written.date.is_some_and(|was| was != *date)),
        severity: (draft.severity != written.severity)
            .then_some(draft.severity)
            .flatten(),
        affected: (draft.affected != written.affected).then_some(draft.affected),
        managed: (draft.managed != written.managed).then_some(draft.managed),
        turn,
        publish: false,
        updates,
    }
}

/// The progress of an open incident, for the page.
fn outlook(
    draft: &Draft<'_>,
    assessed: &Assessment<'_>,
    reports: bool,
    input: &Input<'_>,
) -> Outlook {
    let Gate {
        stage,
        good_since,
        until,
        waits,
    } = &assessed.gate;
    let watched = *stage == RecoveryStage::Watching;
    let next_word = if reports {
        input.now.checked_add(cadence::AT_THE_LATEST).ok()
    } else {
        Some(cadence::next_word(assessed.written, input.now))
    };
    let backlogs = gate::backlogs(&draft.components, input);
    Outlook {
        good_since: *good_since,
        until: until.filter(|_| watched),
        waits: waits.clone(),
        backlogs: backlogs.cloned().collect(),
        next_word,
    }
}
