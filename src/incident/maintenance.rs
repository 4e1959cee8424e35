//! Planned work: which files tell of it, and how far it has come.

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::planned::{Planned, Stage};

/// The word that opens the first update of planned work.
pub const SCHEDULED: &str = "Scheduled";

/// The word that opens an update written while it goes on.
pub const IN_PROGRESS: &str = "In progress";

/// The word of its end.
pub const COMPLETED: &str = "Completed";

/// The word that calls it off.
pub const CANCELLED: &str = "Cancelled";

/// How far the planned work of a file has come; `None` if it tells of none.
///
/// cState knows no maintenance, only notices. What was ever scheduled in words
/// is one, and a notice whose beginning is still to come.
pub fn stage(incident: &Incident, now: Timestamp) -> Option<Stage> {
    let wrote = |words: &[&str]| {
        let mut opened = incident
            .updates
            .iter()
            .map(|update| update.word.to_lowercase());
        opened.any(|word| words.contains(&&*word))
    };
    let to_come = incident.date.is_some_and(|date| date > now);
    let planned = incident.machine.rules.is_empty()
        && incident.severity == Some(Severity::Notice)
        && (wrote(&["scheduled"]) || to_come);
    if !planned {
        return None;
    }
    Some(if incident.resolved == Some(true) {
        if wrote(&["cancelled", "canceled"]) {
            Stage::Cancelled
        } else {
            Stage::Completed
        }
    } else if to_come {
        Stage::Scheduled
    } else if incident.resolved_when.is_some_and(|end| end <= now) {
        Stage::Overdue
    } else {
        Stage::InProgress
    })
}

/// Planned work that is public and not over, the earliest first.
pub fn planned(incidents: &[std::sync::Arc<Incident>], now: Timestamp) -> Vec<Planned> {
    let mut planned: Vec<_> = incidents
        .iter()
        .filter(|incident| incident.is_active())
        .filter_map(|incident| {
            Some(Planned {
                id: incident.id.clone(),
                title: incident.title.clone(),
                from: incident.date?,
                until: incident.resolved_when,
                stage: stage(incident, now)?,
                components: incident.affected.clone(),
            })
        })
        .collect();
    planned.sort_by(|one, other| (one.from, &one.id).cmp(&(other.from, &other.id)));
    planned
}

/// When planned work that is called off counts as ended: never before it began,
/// which cState would count as a negative downtime, nor after its planned end.
pub fn called_off(incident: &Incident, now: Timestamp) -> Timestamp {
    let planned = incident.resolved_when.unwrap_or(now);
    let end = now.min(planned);
    incident.date.map_or(end, |date| date.max(end))
}

#[cfg(test)]
mod tests {
    use crate::incident::document::Document;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn incident(severity: &str, resolved: bool, body: &str) -> Incident {
        let text = format!(
            "---\nsection: issue\ndate: 2026-03-02T12:00:00Z\nresolved: {resolved}\n\
            resolvedWhen: 2026-03-02T13:00:00Z\nseverity: {severity}\n---\n{body}\n"
        );
        Document::parse(text).unwrap().incident("a.md")
    }

    #[test]
    fn planned_work_passes_its_stages_by_the_clock() {
        let planned = incident("notice", false, "*Scheduled* - Soon.");
        for (now, stage_then, end) in [
            (
                "2026-03-01T12:00:00Z",
                Stage::Scheduled,
                "2026-03-02T12:00:00Z",
            ),
            (
                "2026-03-02T12:30:00Z",
                Stage::InProgress,
                "2026-03-02T12:30:00Z",
            ),
            (
                "2026-03-02T14:00:00Z",
                Stage::Overdue,
                "2026-03-02T13:00:00Z",
            ),
        ] {
            assert_eq!(stage(&planned, at(now)), Some(stage_then), "{now}");
            assert_eq!(called_off(&planned, at(now)), at(end), "{now}");
        }
    }

    #[test]
    fn what_was_never_planned_is_no_maintenance() {
        let check = |incident: &Incident, now: &str, expected: Option<Stage>| {
            assert_eq!(stage(incident, at(now)), expected, "{now}: {incident:?}");
        };
        let (before, after) = ("2026-03-01T12:00:00Z", "2026-03-02T12:30:00Z");
        check(
            &incident("notice", false, "Soon."),
            before,
            Some(Stage::Scheduled),
        );
        check(&incident("notice", false, "Slow."), after, None);
        check(&incident("down", false, "*Scheduled* - x"), after, None);
        let done = incident("notice", true, "*Scheduled* - x");
        check(&done, after, Some(Stage::Completed));
        let off = incident("notice", true, "*Cancelled* - y\n\n*Scheduled* - x");
        check(&off, after, Some(Stage::Cancelled));
    }
}
