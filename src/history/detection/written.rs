//! What is written at a moment, and how a row of the log follows its incident.

use std::sync::Arc;

use jiff::Timestamp;

use crate::history::detection::table::Noticed;
use crate::history::health::confirmed::end;
use crate::model::incident::{Incident, IncidentId};
use crate::model::incidents::list::Incidents;
use crate::model::verdict::{RuleState, Verdict};

/// What is written at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrittenPage<'a> {
    /// Every incident that could be read.
    pub(crate) incidents: &'a Arc<Incidents>,
    /// Those whose files have just gone and may come back.
    pub(crate) away: &'a [IncidentId],
    /// The files of those that rules opened just now.
    pub(crate) opened: &'a [String],
    /// What the rules say.
    pub(crate) verdicts: &'a [Verdict],
    /// When the last of these files was written.
    pub(crate) written: Timestamp,
}

/// Whether a row and an incident tell of the same beginning; files know seconds.
pub(crate) fn began_with(row: &Noticed, incident: &Incident) -> bool {
    let began = incident.date.map(Timestamp::as_second);
    began == Some(row.began.as_second())
}

/// The first bad sample, of which the file knows the second.
pub(crate) fn exactly(incident: &Incident, date: Timestamp, verdicts: &[Verdict]) -> Timestamp {
    let causes = verdicts.iter().filter_map(|verdict| match verdict.state {
        RuleState::Firing { .. } => incident
            .managed
            .rules
            .contains(&verdict.rule)
            .then_some(verdict.since()),
        RuleState::Quiet { .. } | RuleState::Pending { .. } | RuleState::Unknown { .. } => None,
    });
    let first = causes.min();
    first
        .filter(|first| first.as_second() == date.as_second())
        .unwrap_or(date)
}

/// The row with what the incident says by now.
pub(crate) fn followed(mut row: Noticed, incident: &Incident, now: Timestamp) -> Noticed {
    let resolved = incident.resolved == Some(true);
    let recurrences = incident.managed.recurrences;
    if row.resolved && !resolved && recurrences > row.recurrences {
        row.false_clears += recurrences - row.recurrences;
    }
    row.resolved = resolved;
    row.recurrences = recurrences;
    row.expires = incident.expires;
    // Where a person moved the end, the time that was accounted for stays.
    row.until = end(incident, now).map(|end| end.max(row.until.unwrap_or(end)));
    for rule in &incident.managed.rules {
        if !row.rules.contains(rule) {
            row.rules.push(rule.clone());
        }
    }
    for name in &incident.affected {
        if !row.affected.contains(name) {
            row.affected.push(name.clone());
        }
    }
    row
}
