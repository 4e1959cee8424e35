//! From what Statuspage's clients send of an incident to changes of ours.

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{
    AskedLevels, ChangeTarget, ChangedKeys, IncidentChange, IncidentEdit, NewIncident, NewWork,
    Opener,
};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::statuspage::input::{SentComponents, SentThing, opener, wrong};
use crate::web::site::View;

/// Statuses of planned work.
const PLANNED: [&str; 4] = ["scheduled", "in_progress", "verifying", "completed"];

/// Every status that a client may send.
const STATUSES: [&str; 9] = [
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
];

/// The status that is sent, if it is one.
fn status(sent: &SentThing) -> Result<Option<String>, OpsError> {
    match sent.text("status") {
        Some(status) if !STATUSES.contains(&status.as_str()) => {
            let way = format!("write one of {}", STATUSES.join(", "));
            Err(wrong("status", way))
        }
        status => Ok(status),
    }
}

/// How bad it is as a whole, and for the components that differ.
fn levels(
    impact: Option<Severity>,
    components: &SentComponents,
    present: Option<Severity>,
) -> (Option<Severity>, AskedLevels) {
    let severity = impact.or(components.worst());
    let whole = severity.or(present);
    let levels = components.levels.iter().map(|(name, level)| {
        let level = level.filter(|level| Some(*level) < whole);
        (name.clone(), level)
    });
    (severity, levels.collect())
}

/// The change that makes a new incident.
pub(crate) fn created(sent: &SentThing, view: &View<'_>) -> Result<IncidentChange, OpsError> {
    let title = sent.text("name");
    let title = title.ok_or_else(|| wrong("name", "can't be blank"))?;
    let status = status(sent)?;
    let components = sent.components(view)?;
    let zone = &view.names.zone;
    let from = sent.moment("scheduled_for", zone, view.now)?;
    let is_planned = status.as_deref().is_some_and(|one| PLANNED.contains(&one));
    if from.is_some() || is_planned {
        let from = from.ok_or_else(|| wrong("scheduled_for", "can't be blank"))?;
        let to = sent.moment("scheduled_until", zone, view.now)?;
        let work = NewWork {
            title,
            from,
            to: to.ok_or_else(|| wrong("scheduled_until", "can't be blank"))?,
            affected: components.names,
            text: sent.text("body"),
        };
        return Ok(IncidentChange::Plan(work));
    }
    let (severity, levels) = levels(sent.impact()?, &components, Some(Severity::Notice));
    let opener = status.as_deref().and_then(opener);
    let date = sent.day_or_moment("backfill_date", zone, view.now)?;
    let is_over = matches!(status.as_deref(), Some("resolved" | "postmortem"));
    let is_past = date.is_some() || is_over || sent.is("backfilled");
    // Files know whole seconds, and what began within this one is not still to come.
    let second = Timestamp::from_second(view.now.as_second()).unwrap_or(view.now);
    let date = date.or(is_past.then_some(second));
    let new = NewIncident {
        text: sent.text("body").unwrap_or_else(|| title.clone()),
        title,
        severity: severity.unwrap_or(Severity::Notice),
        affected: components.names,
        levels,
        date,
        // Statuspage knows of no other end of what was entered afterwards.
        over: date,
        draft: false,
        join: false,
        opener: opener.unwrap_or(Opener::Investigating),
        state_of: None,
    };
    Ok(IncidentChange::Open(new))
}

/// The edits that an update asks for, in their order.
pub(crate) fn edits(
    sent: &SentThing,
    (incident, planned): (&Incident, Option<&Planned>),
    view: &View<'_>,
) -> Result<Vec<IncidentEdit>, OpsError> {
    let status = status(sent)?;
    let text = sent.text("body");
    let keys = keys(sent, incident, planned.is_some(), view)?;
    let is_keyed = keys != ChangedKeys::default();
    let silent = |keys: ChangedKeys| IncidentEdit::Update {
        opener: Opener::Update,
        keys,
        text: None,
    };
    let mut edits = Vec::new();
    if let Some(planned) = planned {
        if is_keyed {
            edits.push(silent(keys));
        }
        edits.extend(work_edit(sent, planned, status.as_deref(), text, view)?);
        return Ok(edits);
    }
    let is_over = incident.resolved == Some(true);
    let word = status.as_deref().and_then(opener);
    match (status.as_deref(), is_over) {
        (Some("resolved" | "completed" | "postmortem"), false) => {
            if is_keyed {
                edits.push(silent(keys));
            }
            edits.push(IncidentEdit::Resolve { at: None, text });
        }
        (_, true) if word.is_some() => {
            let opener = word.unwrap_or(Opener::Investigating);
            edits.push(IncidentEdit::Reopen { opener, text });
            if is_keyed {
                edits.push(silent(keys));
            }
        }
        _ => {
            // A status alone is news, too.
            let is_news = word.is_some_and(|word| word.word() != incident.phase().word());
            let text = text.or_else(|| is_news.then(|| incident.title.clone()));
            if is_keyed || text.is_some() {
                edits.push(IncidentEdit::Update {
                    opener: word.unwrap_or(Opener::Update),
                    keys,
                    text,
                });
            }
        }
    }
    Ok(edits)
}

/// The keys that differ from what the file says.
fn keys(
    sent: &SentThing,
    incident: &Incident,
    is_planned: bool,
    view: &View<'_>,
) -> Result<ChangedKeys, OpsError> {
    let components = sent.components(view)?;
    let title = sent.text("name").filter(|title| *title != incident.title);
    let known = components.names.iter();
    let is_more = known.clone().any(|name| !incident.affected.contains(name));
    let affected = is_more.then(|| {
        let more = known.filter(|name| !incident.affected.contains(name));
        incident.affected.iter().chain(more).cloned().collect()
    });
    if is_planned {
        return Ok(ChangedKeys {
            title,
            affected,
            ..ChangedKeys::default()
        });
    }
    let (severity, levels) = levels(sent.impact()?, &components, incident.severity);
    // The whole is as bad as it was unless a part is worse, or somebody says so.
    let is_said = sent.impact()?.is_some();
    let severity = severity.filter(|one| is_said || Some(*one) > incident.severity);
    Ok(ChangedKeys {
        title,
        severity: severity.filter(|one| Some(*one) != incident.severity),
        affected,
        levels,
        ..ChangedKeys::default()
    })
}

fn work_edit(
    sent: &SentThing,
    planned: &Planned,
    status: Option<&str>,
    text: Option<String>,
    view: &View<'_>,
) -> Result<Option<IncidentEdit>, OpsError> {
    let until = sent.moment("scheduled_until", &view.names.zone, view.now)?;
    let until = until.filter(|until| Some(*until) != planned.until);
    Ok(match (status, until) {
        (Some("completed" | "resolved"), _) if planned.stage == WorkStage::Scheduled => {
            Some(IncidentEdit::Cancel { text })
        }
        (Some("completed" | "resolved"), _) if planned.stage.is_open() => {
            Some(IncidentEdit::End { at: None, text })
        }
        (_, Some(until)) => Some(IncidentEdit::Extend { until, text }),
        (status, None) => text.map(|text| IncidentEdit::Update {
            opener: status.and_then(opener).unwrap_or(Opener::Update),
            keys: ChangedKeys::default(),
            text: Some(text),
        }),
    })
}

/// An edit of an incident's own file.
pub(crate) fn edited(incident: &Incident, edit: IncidentEdit) -> IncidentChange {
    IncidentChange::Edit(ChangeTarget::File(incident.name.clone()), edit)
}
