//! What happens to an incident at this moment. Pure: nothing is changed here.

use std::time::Duration;

use jiff::Timestamp;

use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::gate::{self, Gate, JudgedIncident, RecoveryStage};
use crate::incident::reconcile::input::Input;
use crate::incident::reconcile::{cadence, level, timeline};
use crate::model::board::Wait;
use crate::model::component::Severity;
use crate::model::incident::{Author, Incident, Phase};
use crate::model::verdict::RuleState;

/// A rule that was quiet so long before a change may still be cured by it.
const CURES_WITHIN: Duration = Duration::from_mins(1);

/// The assessment of an incident whose file exists.
#[derive(Debug)]
pub struct Assessment<'a> {
    /// The incident as written.
    pub written: &'a Incident,
    /// How far it is on its way to its end.
    pub gate: Gate,
    /// How long its rules must be quiet until they no longer count.
    pub hold: Duration,
    /// The severity that it falls to, if it falls.
    pub eased: Option<Severity>,
}

impl Assessment<'_> {
    /// When it ended, if the gate is open; never before it began.
    pub fn end(&self) -> Option<Timestamp> {
        let good_since = self.gate.good_since?;
        let open = self.gate.stage == RecoveryStage::Open;
        open.then(|| {
            self.written
                .date
                .map_or(good_since, |date| good_since.max(date))
        })
    }
}

/// What happens to an incident whose file exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Transition {
    /// It fails again after it seemed well or was over.
    FailedAgain,
    /// A raised limit cured its leading rule; something else still fails.
    PartlyCured {
        /// When the limit was raised.
        at: Timestamp,
        /// The components that work again.
        names: Vec<String>,
    },
    /// The severity falls from this one to what still counts.
    Eased(Severity),
    /// More rules joined, and their sentences are news.
    Joined,
    /// It is quiet since a change, but not everything can be seen.
    QuietButUnseen {
        /// When the change was made.
        changed: Timestamp,
    },
    /// It seems well and is being monitored from now on, or a person must act
    /// before it can end.
    Recovering {
        /// First good sample of the run.
        good_since: Timestamp,
        /// Where the work stands.
        phase: Phase,
    },
    /// It is over.
    Ended {
        /// First good sample of the run.
        good_since: Timestamp,
        /// When it ended.
        end: Timestamp,
    },
    /// Nothing happens to it.
    Unchanged,
}

/// Assesses an incident whose file exists.
pub fn assess<'a>(draft: &Draft<'_>, written: &'a Incident, input: &Input<'_>) -> Assessment<'a> {
    let incident = JudgedIncident {
        managed: &draft.managed,
        date: draft.date,
        last_failure: last_failure(written, input.now),
        components: &draft.components,
        locks: draft.locks,
    };
    let hold = gate::hold(input.hold, draft.managed.false_ends);
    Assessment {
        written,
        gate: gate::judge(incident, input),
        hold,
        eased: level::eased(draft, hold, input),
    }
}

/// The last moment at which an incident is known to have failed: when it began, or
/// when the service reported last that it fails.
fn last_failure(written: &Incident, now: Timestamp) -> Option<Timestamp> {
    let reported = written.updates.iter().filter(|update| {
        let fails = matches!(update.phase, Some(Phase::Investigating | Phase::Identified));
        fails && update.author == Author::Rule
    });
    let reported = reported.filter_map(|update| update.at);
    // What a clock that was ahead dated is no evidence.
    let known = reported.chain(written.date).filter(|at| *at <= now);
    known.max()
}

/// Decides what happens to an incident.
pub fn decide(draft: &Draft<'_>, assessed: &Assessment<'_>, input: &Input<'_>) -> Transition {
    if draft.firing.is_empty() {
        recovering(draft, assessed, input)
    } else {
        failing(draft, assessed, input)
    }
}

/// What happens while a rule fires.
fn failing(draft: &Draft<'_>, assessed: &Assessment<'_>, input: &Input<'_>) -> Transition {
    let newest = assessed.written.newest_phase();
    let monitored = newest.is_some_and(|update| {
        update.phase == Some(Phase::Monitoring) && update.author == Author::Rule
    });
    if draft.again || draft.managed.good_since.is_some() || monitored {
        return Transition::FailedAgain;
    }
    if let Some(cured) = partly_cured(draft, assessed.written, input) {
        return cured;
    }
    match draft.severity.filter(|_| assessed.eased.is_some()) {
        Some(before) => Transition::Eased(before),
        None if draft.news.is_empty() => Transition::Unchanged,
        None => Transition::Joined,
    }
}

/// Whether the leading rule is quiet since a limit was raised, while another rule
/// still fires.
fn partly_cured(draft: &Draft<'_>, written: &Incident, input: &Input<'_>) -> Option<Transition> {
    let event = timeline::remedy(draft, input)?;
    let reported = written.newest_phase().and_then(|update| update.at);
    let lead = input.verdict(draft.managed.rules.first()?)?;
    let RuleState::Quiet { since } = lead.state else {
        return None;
    };
    let after = since + CURES_WITHIN >= event.at;
    let is_news = Some(event.at) > reported && written.phase() == Phase::Investigating;
    (after && is_news && !draft.locks.phase).then(|| Transition::PartlyCured {
        at: event.at,
        names: gate::names(&lead.components, input),
    })
}

/// What happens while nothing fires.
fn recovering(draft: &Draft<'_>, assessed: &Assessment<'_>, input: &Input<'_>) -> Transition {
    let Assessment { written, gate, .. } = assessed;
    // Quiet after a change is reported at once: people wait for that.
    let last = cadence::last_word(written);
    let mut changed = draft.managed.changed;
    changed = changed.filter(|at| *at <= input.now && Some(*at) > last);
    match (gate.stage, gate.good_since, changed) {
        (RecoveryStage::Open, Some(good_since), _) => Transition::Ended {
            good_since,
            end: assessed.end().unwrap_or(good_since),
        },
        (RecoveryStage::Watching, Some(good_since), _)
        | (RecoveryStage::Settling, Some(good_since), Some(_)) => {
            monitored(draft, assessed, good_since, input)
        }
        (RecoveryStage::Unseen, _, Some(changed)) if written.phase() != Phase::Monitoring => {
            Transition::QuietButUnseen { changed }
        }
        (
            RecoveryStage::Failing
            | RecoveryStage::Unseen
            | RecoveryStage::Settling
            | RecoveryStage::Watching
            | RecoveryStage::Open,
            _,
            _,
        ) => Transition::Unchanged,
    }
}

/// Monitoring is reported once, and so is that a person must act.
fn monitored(
    draft: &Draft<'_>,
    assessed: &Assessment<'_>,
    good_since: Timestamp,
    input: &Input<'_>,
) -> Transition {
    let risk = assessed.gate.waits.contains(&Wait::Capacity);
    let phase = match timeline::remedy(draft, input) {
        Some(_) if risk => Phase::Identified,
        _ => Phase::Monitoring,
    };
    // No incident steps back from monitoring to identified.
    let moved = !draft.locks.phase && assessed.written.phase() < phase;
    if draft.managed.good_since.is_some() && !moved {
        return Transition::Unchanged;
    }
    Transition::Recovering { good_since, phase }
}
