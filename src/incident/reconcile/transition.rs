//! What a draft differs in from its file, and what there is to tell.

use std::time::Duration;

use jiff::Timestamp;

use crate::incident::file::author;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::reconcile::draft::{Draft, SENTENCES};
use crate::incident::reconcile::gate::{self, Gate, JudgedIncident, RecoveryStage};
use crate::incident::reconcile::impact;
use crate::incident::reconcile::input::{Decision, Input};
use crate::incident::reconcile::wording;
use crate::incident::reconcile::{cadence, level, timeline};
use crate::model::board::{Outlook, Wait};
use crate::model::incident::{Author, Incident, Phase, UPDATE, Update};
use crate::model::verdict::RuleState;

/// A change that was made so long before a rule became quiet may be what cured it.
const CURES_WITHIN: Duration = Duration::from_mins(1);

/// Compares a draft with what is written and says what must change.
pub fn settle(mut draft: Draft<'_>, scene: &Input<'_>, outcome: &mut Decision) {
    let events = timeline::take_in(&mut draft, scene);
    match draft.written {
        None => outcome.openings.push(open(draft, events, scene)),
        // Nothing has joined what a person wrote.
        Some(_) if draft.machine.rules.is_empty() => {}
        Some(written) => follow(draft, written, events, scene, outcome),
    }
}

/// A new file.
fn open(mut draft: Draft<'_>, events: Vec<Update>, scene: &Input<'_>) -> NewFile {
    level::spread(&mut draft, scene.hold, scene);
    let text = with_impact(&draft, told(&draft.news), scene);
    // What opens an incident is dated by its first bad sample, unless that is so
    // long ago that the next word would be due.
    let late = draft.date + cadence::AT_THE_LATEST <= scene.now;
    let at = if late { scene.now } else { draft.date };
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
            managed: Some(draft.machine),
            updates,
            ..FileChange::default()
        },
    }
}

/// A file that is there already.
fn follow(
    mut draft: Draft<'_>,
    written: &Incident,
    events: Vec<Update>,
    scene: &Input<'_>,
    outcome: &mut Decision,
) {
    draft.machine.muted.retain(|rule| {
        let state = scene.verdict(rule).map(|verdict| verdict.state);
        !matches!(state, Some(RuleState::Quiet { .. }))
    });
    let case = JudgedIncident {
        machine: &draft.machine,
        date: draft.date,
        components: &draft.components,
        locks: draft.locks,
    };
    let gate = gate::judge(case, scene);
    let hold = gate::hold(scene.hold, draft.machine.false_ends);
    let end = gate
        .good_since
        .filter(|_| gate.stage == RecoveryStage::Open);
    let turn = if draft.again {
        Some(Turn::Again)
    } else {
        end.map(|end| Turn::Over(not_before(written, end)))
    };
    let eased = level::ease(&mut draft, hold, scene);
    let update = next(&mut draft, written, &gate, eased, scene);
    // What came back has a longer hold from now on.
    let hold = gate::hold(scene.hold, draft.machine.false_ends);
    level::spread(&mut draft, hold, scene);
    if end.is_none() {
        let outlook = outlook(&draft, written, &gate, update.is_some(), scene);
        outcome.outlooks.insert(written.id.clone(), outlook);
    }
    let mut updates = events;
    updates.extend(update);
    sign(&mut draft, &updates);
    let change = FileChange {
        title: (draft.title != written.title).then_some(draft.title),
        date: Some(draft.date).filter(|date| written.date.is_some_and(|was| was != *date)),
        severity: (draft.severity != written.severity)
            .then_some(draft.severity)
            .flatten(),
        affected: (draft.affected != written.affected).then_some(draft.affected),
        managed: (draft.machine != written.machine).then_some(draft.machine),
        turn,
        publish: false,
        updates,
    };
    if change != FileChange::default() {
        outcome.changes.push((written.id.clone(), change));
    }
}

/// Notes what the service writes, so that a later change of it is a person's.
fn sign(draft: &mut Draft<'_>, updates: &[Update]) {
    for update in updates {
        author::note(&mut draft.machine.wrote, update);
    }
    let (machine, locks) = (&mut draft.machine, draft.locks);
    if !locks.title {
        machine.title = Some(draft.title.clone());
    }
    if !locks.date {
        machine.date = Some(draft.date);
    }
    if !locks.severity {
        machine.severity = draft.severity;
    }
    if !locks.affected {
        machine.affected.clone_from(&draft.affected);
    }
}

fn outlook(
    draft: &Draft<'_>,
    written: &Incident,
    gate: &Gate,
    speaks: bool,
    scene: &Input<'_>,
) -> Outlook {
    let watched = matches!(gate.stage, RecoveryStage::Watching);
    let next_word = if speaks {
        scene.now.checked_add(cadence::AT_THE_LATEST).ok()
    } else {
        Some(cadence::next_word(written, scene.now))
    };
    let backlogs = gate::backlogs(&draft.components, scene);
    Outlook {
        good_since: gate.good_since,
        until: gate.until.filter(|_| watched),
        waits: gate.waits.clone(),
        backlogs: backlogs.cloned().collect(),
        next_word,
    }
}

/// What there is to tell; notes from when on it is being watched.
fn next(
    draft: &mut Draft<'_>,
    written: &Incident,
    gate: &Gate,
    eased: Option<String>,
    scene: &Input<'_>,
) -> Option<Update> {
    let told = if draft.firing.is_empty() {
        recovering(draft, written, gate, scene)
    } else {
        failing(draft, written, eased, scene)
    };
    told.or_else(|| {
        let due = cadence::next_word(written, scene.now) <= scene.now;
        let text = due.then(|| still(draft, gate, scene))??;
        Some(Update::plain(scene.now, UPDATE, text))
    })
}

/// What there is to tell while a rule fires.
fn failing(
    draft: &mut Draft<'_>,
    written: &Incident,
    eased: Option<String>,
    scene: &Input<'_>,
) -> Option<Update> {
    let newest = written.newest_phase();
    let watched = newest.is_some_and(|update| {
        update.phase == Some(Phase::Monitoring) && update.author == Author::Rule
    });
    let well = draft.machine.good_since.take().is_some();
    if draft.again || well || watched {
        draft.machine.recurrences += 1;
        draft.machine.false_ends += u32::from(draft.again);
        let text = wording::failing_again(&draft.summary());
        let text = with_impact(draft, text, scene);
        return Some(Update::new(scene.now, Phase::Investigating, text));
    }
    if let Some(text) = cured(draft, written, scene) {
        return Some(Update::new(scene.now, Phase::Identified, text));
    }
    let news = (!draft.news.is_empty()).then(|| told(&draft.news));
    let text = with_impact(draft, eased.or(news)?, scene);
    let phase = match written.phase() {
        Phase::Identified => Phase::Identified,
        Phase::Investigating | Phase::Monitoring | Phase::Resolved => Phase::Investigating,
    };
    Some(speak(draft, phase, text, scene))
}

/// What there is to tell while nothing fires.
fn recovering(
    draft: &mut Draft<'_>,
    written: &Incident,
    gate: &Gate,
    scene: &Input<'_>,
) -> Option<Update> {
    let spoken = cadence::last_word(written);
    // What is quiet after a change is told at once: that is what is waited for.
    let changed = draft
        .machine
        .changed
        .is_some_and(|at| at <= scene.now && Some(at) > spoken);
    match (gate.stage, gate.good_since) {
        (RecoveryStage::Open, Some(good_since)) => Some(over(draft, written, good_since, scene)),
        (RecoveryStage::Watching, Some(good_since)) => {
            watch(draft, written, gate, good_since, scene)
        }
        (RecoveryStage::Settling, Some(good_since)) if changed => {
            watch(draft, written, gate, good_since, scene)
        }
        (RecoveryStage::Unseen, _) if changed && written.phase() != Phase::Monitoring => {
            let at = draft.machine.changed?;
            let text = wording::quiet_but_unseen(at, &gate.waits, scene.zone);
            Some(speak(draft, Phase::Monitoring, text, scene))
        }
        _ => None,
    }
}

/// Tells that it is watched, once; or that it is known what still has to be done.
fn watch(
    draft: &mut Draft<'_>,
    written: &Incident,
    gate: &Gate,
    good_since: Timestamp,
    scene: &Input<'_>,
) -> Option<Update> {
    let known = draft.machine.good_since.replace(good_since).is_some();
    let until = gate.until.unwrap_or(scene.now);
    let risk = gate.waits.contains(&Wait::Capacity);
    let phase = match timeline::remedy(draft, scene) {
        Some(_) if risk => Phase::Identified,
        _ => Phase::Monitoring,
    };
    // Nobody steps back from watching to knowing.
    let moved = !draft.locks.phase && written.phase() < phase;
    if known && !moved {
        // What was noted stays; only the first good sample counts.
        draft.machine.good_since = written.machine.good_since;
        return None;
    }
    let text = wording::watching(good_since, until, &gate.waits, scene.zone);
    Some(speak(draft, phase, text, scene))
}

fn over(
    draft: &mut Draft<'_>,
    written: &Incident,
    good_since: Timestamp,
    scene: &Input<'_>,
) -> Update {
    draft.machine.good_since = None;
    draft.machine.ended = Some(not_before(written, good_since));
    draft.machine.levels.clear();
    // What is over is remembered by how bad it was.
    if !draft.locks.severity {
        draft.severity = draft.machine.worst.or(draft.severity);
    }
    let text = wording::over(draft.date, good_since, scene.zone);
    Update::new(scene.now, Phase::Resolved, text)
}

/// Nothing ends before it began.
fn not_before(written: &Incident, end: Timestamp) -> Timestamp {
    written.date.map_or(end, |date| end.max(date))
}

/// Says that a limit was raised and what the incident is named after is quiet
/// since, while something else still fails.
fn cured(draft: &Draft<'_>, written: &Incident, scene: &Input<'_>) -> Option<String> {
    let event = timeline::remedy(draft, scene)?;
    let spoken = written.newest_phase().and_then(|update| update.at);
    let lead = scene.verdict(draft.machine.rules.first()?)?;
    let RuleState::Quiet { since } = lead.state else {
        return None;
    };
    let after = since + CURES_WITHIN >= event.at;
    let news = Some(event.at) > spoken && written.phase() == Phase::Investigating;
    (after && news && !draft.locks.phase).then(|| {
        let names = gate::names(&lead.components, scene);
        wording::partly_cured(&names, event.at, &draft.summary(), scene.zone)
    })
}

/// What is said though nothing has changed; nothing where nobody can say it.
fn still(draft: &Draft<'_>, gate: &Gate, scene: &Input<'_>) -> Option<String> {
    match gate.stage {
        RecoveryStage::Failing if !draft.firing.is_empty() => {
            let text = wording::still_failing(&draft.summary());
            Some(with_impact(draft, text, scene))
        }
        RecoveryStage::Failing | RecoveryStage::Unseen => wording::still_waiting(&gate.waits),
        RecoveryStage::Settling | RecoveryStage::Watching | RecoveryStage::Open => Some(
            wording::watching(gate.good_since?, gate.until?, &gate.waits, scene.zone),
        ),
    }
}

/// An update with its phase; without one where a person says where the work stands.
fn speak(draft: &Draft<'_>, phase: Phase, text: String, scene: &Input<'_>) -> Update {
    if draft.locks.phase {
        Update::plain(scene.now, UPDATE, text)
    } else {
        Update::new(scene.now, phase, text)
    }
}

/// A few sentences of rules that join together.
fn told(news: &[&str]) -> String {
    let few: Vec<_> = news.iter().copied().take(SENTENCES).collect();
    few.join(" ")
}

/// Puts what waits behind a text, in figures.
fn with_impact(draft: &Draft<'_>, mut text: String, scene: &Input<'_>) -> String {
    for backlog in gate::backlogs(&draft.components, scene) {
        if let Some(line) = impact::impact(backlog) {
            text.push(' ');
            text.push_str(&line);
        }
    }
    text
}
