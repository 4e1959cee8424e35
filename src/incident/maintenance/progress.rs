//! Planned maintenance: which files describe it, and its stage.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::facts::uptime::Maintenance;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::Opener;

/// The word that opens the first update of planned work.
pub const SCHEDULED: &str = "Scheduled";

/// The word that opens an update written while it goes on.
pub const IN_PROGRESS: &str = Opener::InProgress.word();

/// The word of its end.
pub const COMPLETED: &str = "Completed";

/// The word of its cancellation.
pub const CANCELLED: &str = "Cancelled";

/// An end so soon after the beginning is none: forms put the moment of writing there.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

/// The stage of the maintenance in a file; `None` if it describes none.
///
/// cState knows no maintenance, only notices. What was ever scheduled in words
/// is one, a notice whose beginning is still to come, and one of the settings.
pub fn stage(incident: &Incident, now: Timestamp) -> Option<WorkStage> {
    if incident.severity != Some(Severity::Notice) || !incident.managed.rules.is_empty() {
        return None;
    }
    let wrote = |words: &[&str]| {
        let mut opened = incident
            .updates
            .iter()
            .map(|update| update.word.to_lowercase());
        opened.any(|word| words.contains(&&*word))
    };
    let to_come = incident.date.is_some_and(|date| date > now);
    if !to_come && incident.managed.work.plan.is_none() && !wrote(&["scheduled"]) {
        return None;
    }
    Some(if incident.resolved == Some(true) {
        if wrote(&["cancelled", "canceled"]) {
            WorkStage::Cancelled
        } else {
            WorkStage::Completed
        }
    } else if to_come {
        WorkStage::Scheduled
    } else if planned_end(incident).is_some_and(|end| end <= now) {
        WorkStage::Overdue
    } else {
        WorkStage::InProgress
    })
}

/// When planned work is to end; `None` if nobody planned an end.
pub fn planned_end(incident: &Incident) -> Option<Timestamp> {
    let (date, end) = (incident.date?, incident.resolved_when?);
    (end.duration_since(date) >= SHORTEST).then_some(end)
}

/// From when until when components were under planned work, as it really was.
///
/// What goes on has no end yet; what was broken off counts until then; what never
/// began does not count.
pub fn maintenance_spans(incidents: &[Arc<Incident>], now: Timestamp) -> Vec<Maintenance> {
    let mut spans = Vec::new();
    for incident in incidents.iter().filter(|incident| incident.is_public()) {
        let (Some(stage), Some(from)) = (stage(incident, now), incident.date) else {
            continue;
        };
        let to = match stage {
            WorkStage::Scheduled => continue,
            WorkStage::InProgress | WorkStage::Overdue => None,
            WorkStage::Completed | WorkStage::Cancelled => match incident.resolved_when {
                Some(end) if end > from => Some(end),
                _ => continue,
            },
        };
        let names = incident.affected.iter().cloned();
        spans.extend(names.map(|component| Maintenance {
            component,
            from,
            to,
        }));
    }
    spans
}

/// All public maintenance among incidents, past and to come, in their order.
pub fn all(incidents: &[Arc<Incident>], now: Timestamp) -> Vec<Planned> {
    incidents
        .iter()
        .filter_map(|incident| planned(incident, now))
        .collect()
}

/// The public maintenance that an incident describes.
pub fn planned(incident: &Incident, now: Timestamp) -> Option<Planned> {
    let stage = stage(incident, now).filter(|_| incident.is_public())?;
    Some(Planned {
        stage,
        id: incident.id.clone(),
        title: incident.title.clone(),
        from: incident.date?,
        until: if stage.is_open() {
            planned_end(incident)
        } else {
            incident.resolved_when
        },
        days: incident.days,
        components: incident.affected.clone(),
    })
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
    use crate::incident::file::document::Document;

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
                WorkStage::Scheduled,
                "2026-03-02T12:00:00Z",
            ),
            (
                "2026-03-02T12:30:00Z",
                WorkStage::InProgress,
                "2026-03-02T12:30:00Z",
            ),
            (
                "2026-03-02T14:00:00Z",
                WorkStage::Overdue,
                "2026-03-02T13:00:00Z",
            ),
        ] {
            assert_eq!(stage(&planned, at(now)), Some(stage_then), "{now}");
            assert_eq!(called_off(&planned, at(now)), at(end), "{now}");
        }
    }

    #[test]
    fn what_was_never_planned_is_no_maintenance() {
        let check = |incident: &Incident, now: &str, expected: Option<WorkStage>| {
            assert_eq!(stage(incident, at(now)), expected, "{now}: {incident:?}");
        };
        let (before, after) = ("2026-03-01T12:00:00Z", "2026-03-02T12:30:00Z");
        check(
            &incident("notice", false, "Soon."),
            before,
            Some(WorkStage::Scheduled),
        );
        check(&incident("notice", false, "Slow."), after, None);
        check(&incident("down", false, "*Scheduled* - x"), after, None);
        let done = incident("notice", true, "*Scheduled* - x");
        check(&done, after, Some(WorkStage::Completed));
        let off = incident("notice", true, "*Cancelled* - y\n\n*Scheduled* - x");
        check(&off, after, Some(WorkStage::Cancelled));
    }

    #[test]
    fn a_form_that_left_the_moment_of_writing_as_the_end_planned_none() {
        let text = "---\nsection: issue\ndate: 2026-03-02T12:00:00Z\nresolved: false\n\
            resolvedWhen: 2026-03-02T12:00:00.3Z\nseverity: notice\n---\n*Scheduled* - x\n";
        let incident = Document::parse(text).unwrap().incident("a.md");
        assert_eq!(planned_end(&incident), None);
        let later = at("2026-03-02T20:00:00Z");
        assert_eq!(stage(&incident, later), Some(WorkStage::InProgress));
    }

    #[test]
    fn work_counts_from_its_beginning_to_its_real_end() {
        let file = |head: &str, body: &str| {
            let text = format!(
                "---\nsection: issue\ndate: 2026-03-02T12:00:00Z\nseverity: notice\n\
                affected: [API, Cache]\n{head}\n---\n{body}\n\n*Scheduled* - x\n"
            );
            vec![Arc::new(Document::parse(text).unwrap().incident("a.md"))]
        };
        let check = |head: &str, body: &str, now: &str, until: Option<Option<&str>>| {
            let spans = maintenance_spans(&file(head, body), at(now));
            let span = |name: &str| {
                until.map(|until| Maintenance {
                    component: name.into(),
                    from: at("2026-03-02T12:00:00Z"),
                    to: until.map(at),
                })
            };
            let expected: Vec<_> = [span("API"), span("Cache")].into_iter().flatten().collect();
            assert_eq!(spans, expected, "{head} {now}");
        };
        let open = "resolved: false\nresolvedWhen: 2026-03-02T13:00:00Z";
        check(open, "", "2026-03-02T11:00:00Z", None);
        check(open, "", "2026-03-02T12:30:00Z", Some(None));
        check(open, "", "2026-03-02T13:30:00Z", Some(None));
        let early = "resolved: true\nresolvedWhen: 2026-03-02T12:40:00Z";
        let late = "2026-03-05T00:00:00Z";
        check(
            early,
            "*Completed* - y",
            late,
            Some(Some("2026-03-02T12:40:00Z")),
        );
        check(
            early,
            "*Cancelled* - y",
            late,
            Some(Some("2026-03-02T12:40:00Z")),
        );
        let never = "resolved: true\nresolvedWhen: 2026-03-02T12:00:00Z";
        check(never, "*Cancelled* - y", late, None);
        check(&format!("{early}\ndraft: true"), "", late, None);
    }

    #[test]
    fn the_board_is_told_of_what_is_public_and_not_over() {
        let planned = |incident: Incident, now: &str| {
            let mut found = all(&[Arc::new(incident)], at(now));
            found.retain(|work| work.stage.is_open());
            found
        };
        let before = "2026-03-02T11:00:00Z";
        let one = planned(incident("notice", false, "*Scheduled* - x"), before);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].until, Some(at("2026-03-02T13:00:00Z")));
        assert_eq!(one[0].stage, WorkStage::Scheduled);
        assert_eq!(
            planned(incident("notice", true, "*Scheduled* - x"), before),
            []
        );
        assert_eq!(
            planned(incident("down", false, "*Scheduled* - x"), before),
            []
        );
        let draft = Incident {
            draft: true,
            ..incident("notice", false, "*Scheduled* - x")
        };
        assert_eq!(planned(draft, before), []);
    }
}
