//! May an incident be resolved? Only after a good run of the whole hold.
//!
//! For all of the hold its causes are quiet, the other rules of its components are
//! quiet, the backlog is gone or falling, nothing was changed, and every standing
//! risk is accepted.

use std::time::Duration;

use jiff::Timestamp;

use crate::incident::reconcile::input::Input;
use crate::incident::reconcile::ownership::Locks;
use crate::incident::reconcile::recurrence::closed_by_hand;
use crate::incident::reconcile::relation::related;
use crate::language::backlog::whole;
use crate::model::board::{Backlog, Wait};
use crate::model::component::ComponentId;
use crate::model::incidents::managed::Managed;
use crate::model::time::duration::elapsed;
use crate::model::verdict::{Publish, RuleState, Verdict};

/// The longest hold, as a multiple of the first.
const LONGEST: u32 = 4;

/// The longest quiet time before monitoring is reported.
const SETTLES: Duration = Duration::from_mins(1);

/// How far an incident is on its way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryStage {
    /// A cause fires, or is about to; or no rule is left to say.
    Failing,
    /// Nothing fails, but not everything can be seen.
    Unseen,
    /// All is quiet, but not for long enough to report it.
    Settling,
    /// All is quiet and is being monitored.
    Watching,
    /// Nothing prevents its end.
    Open,
}

/// The answer of the gate for one incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// How far the incident has recovered.
    pub stage: RecoveryStage,
    /// First good sample of the run; `None` while something fails or is unseen.
    pub good_since: Option<Timestamp>,
    /// The end of the hold, if nothing more happens.
    pub until: Option<Timestamp>,
    /// What its end waits for, the most important first.
    pub waits: Vec<Wait>,
}

/// The incident that is judged.
#[derive(Clone, Copy, Debug)]
pub struct JudgedIncident<'a> {
    /// Its managed keys.
    pub managed: &'a Managed,
    /// When it began.
    pub date: Timestamp,
    /// The last moment at which it is known to have failed, as its file says.
    pub last_failure: Option<Timestamp>,
    /// The affected components.
    pub components: &'a [ComponentId],
    /// The keys that a person has changed.
    pub locks: Locks,
}

/// How long all must be well: twice as long after each premature end, but at most
/// four times.
pub fn hold(first: Duration, false_ends: u32) -> Duration {
    first * 2_u32.saturating_pow(false_ends).min(LONGEST)
}

/// The answers of all rules together.
#[derive(Debug, Default)]
struct RuleAnswers {
    own: bool,
    failing: Vec<ComponentId>,
    unseen: Vec<ComponentId>,
    /// Since when all of them are seen to be quiet; the hold counts from here.
    quiet_since: Option<Timestamp>,
    /// Since when they are quiet, as far as senders report it earlier.
    well_since: Option<Timestamp>,
    risk: bool,
}

/// Judges an incident.
///
/// A rule that no longer exists objects to nothing; if none is left, a person
/// must resolve the incident. Missing data is not quiet (law 7): the hold starts
/// again. It is not a bad sample either, so a recorded good run continues.
pub fn judge(incident: JudgedIncident<'_>, input: &Input<'_>) -> Gate {
    let answers = ask(incident, input);
    let shut = |stage, wait| Gate {
        stage,
        good_since: None,
        until: None,
        waits: vec![wait],
    };
    if !answers.failing.is_empty() {
        let failing = names(&answers.failing, input);
        return shut(RecoveryStage::Failing, Wait::Failing(failing));
    }
    if !answers.unseen.is_empty() {
        let unseen = names(&answers.unseen, input);
        return shut(RecoveryStage::Unseen, Wait::Unseen(unseen));
    }
    let seen = answers.quiet_since.zip(answers.well_since);
    let (true, Some((quiet_since, well_since))) = (answers.own, seen) else {
        return shut(RecoveryStage::Failing, Wait::Person);
    };
    let noted = incident.managed.good_since;
    let good_since = noted.map_or(well_since, |noted| noted.min(well_since));
    let changed = incident.managed.changed.filter(|at| *at <= input.now);
    let mut waits = Vec::new();
    let mut calm_since = quiet_since.max(changed.unwrap_or(quiet_since));
    for backlog in backlogs(incident.components, input) {
        match backlog.well_since {
            Some(since) => calm_since = calm_since.max(since),
            None => waits.push(Wait::Backlog {
                what: backlog.what.clone(),
                count: whole(backlog.count),
            }),
        }
    }
    if answers.risk {
        waits.push(Wait::Capacity);
    }
    if incident.locks.end {
        waits.push(Wait::Person);
    }
    let hold = hold(input.hold, incident.managed.false_ends);
    let passed_all = elapsed(calm_since, input.now) >= hold;
    let has_settled = elapsed(quiet_since, input.now) >= settling(hold);
    let stage = match (passed_all && waits.is_empty(), has_settled) {
        (true, _) => RecoveryStage::Open,
        (false, true) => RecoveryStage::Watching,
        (false, false) => RecoveryStage::Settling,
    };
    if !passed_all {
        let anew = changed.filter(|at| *at > quiet_since);
        waits.push(anew.map_or(Wait::Hold, Wait::Changed));
    }
    Gate {
        stage,
        good_since: Some(good_since),
        until: Some(calm_since + hold),
        waits,
    }
}

/// Asks every rule that concerns the incident.
fn ask(incident: JudgedIncident<'_>, input: &Input<'_>) -> RuleAnswers {
    let mut answers = RuleAnswers::default();
    let concerns = |verdict: &Verdict| {
        let mut ids = verdict.components.iter();
        ids.any(|id| incident.components.contains(id))
    };
    for verdict in input.observed.verdicts {
        // An overruled rule has no say.
        if incident.managed.overruled.contains(&verdict.rule) {
            continue;
        }
        let own = incident.managed.rules.contains(&verdict.rule);
        let other = verdict.publish == Publish::Auto
            && concerns(verdict)
            && !input.observed.suppressed.contains_key(&verdict.rule)
            && !closed_by_hand(verdict, input.incidents, input.now);
        if own || other {
            answers.own |= own;
            match verdict.state {
                // The state that it had when it failed was lost; the file knows better.
                RuleState::Quiet { since }
                    if own
                        && Some(since) < incident.last_failure
                        && !input.is_seen_quiet(verdict) =>
                {
                    answers.unseen.extend(verdict.components.iter().cloned());
                }
                RuleState::Quiet { since } => {
                    let failed = incident.last_failure.filter(|_| own);
                    let quiet_since = Some(since).max(failed);
                    answers.quiet_since = answers.quiet_since.max(quiet_since);
                    let well_since = Some(verdict.since()).max(failed);
                    answers.well_since = answers.well_since.max(well_since);
                }
                RuleState::Pending { .. } | RuleState::Firing { .. } => {
                    answers.failing.extend(verdict.components.iter().cloned());
                }
                // A component that was unseen before the incident cannot delay its end.
                RuleState::Unknown { since } if own || since > incident.date => {
                    answers.unseen.extend(verdict.components.iter().cloned());
                }
                RuleState::Unknown { .. } => {}
            }
        } else if verdict.publish == Publish::Hold {
            answers.risk |= verdict.state.is_firing()
                && !incident.managed.accepted.contains_key(&verdict.rule)
                && related(
                    incident.components,
                    &verdict.components,
                    input.observed.components,
                );
        }
    }
    answers
}

/// The backlogs of any of the components.
pub fn backlogs<'a>(
    components: &[ComponentId],
    input: &Input<'a>,
) -> impl Iterator<Item = &'a Backlog> {
    input.observed.backlogs.iter().filter(|backlog| {
        let mut ids = backlog.components.iter();
        ids.any(|id| components.contains(id))
    })
}

/// The names of components, each once, in the order of the settings.
pub fn names(ids: &[ComponentId], input: &Input<'_>) -> Vec<String> {
    let components = input.observed.components.iter();
    components
        .filter(|component| ids.contains(&component.id))
        .map(|component| component.name.clone())
        .collect()
}

/// How long it must be quiet before monitoring is reported.
///
/// A fifth of the hold, so that a service that flaps faster than that does not
/// fill its incident with updates.
fn settling(hold: Duration) -> Duration {
    (hold / 5).min(SETTLES)
}
