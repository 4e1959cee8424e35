//! Words for an update of which nobody said what it is to say.

use jiff::Timestamp;

use crate::incident::reconcile::wording::Wording;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{IncidentEdit, NewWork};

/// The words of an announcement of planned work.
pub fn announcement(work: &NewWork, wording: &Wording, now: Timestamp) -> String {
    wording.planned(work.from, work.to, now)
}

/// The words of an edit's update; `None` where only a person can find them.
pub fn words(
    edit: &IncidentEdit,
    incident: &Incident,
    wording: &Wording,
    now: Timestamp,
) -> Option<String> {
    match edit {
        IncidentEdit::Resolve { at, .. } => {
            let end = at.unwrap_or(now);
            Some(wording.over(incident.date.unwrap_or(end), end, now))
        }
        IncidentEdit::Reopen { .. } => Some(wording.say("wrote-reopened")),
        IncidentEdit::Withdraw { .. } => Some(wording.say("wrote-withdrawn")),
        IncidentEdit::Publish { .. } => Some(wording.say("wrote-published")),
        IncidentEdit::Extend { until, .. } => Some(wording.extended(*until, now)),
        IncidentEdit::End { .. } => Some(wording.done()),
        IncidentEdit::Cancel { .. } => Some(wording.called_off(incident.date, now)),
        IncidentEdit::Update { .. }
        | IncidentEdit::Correct { .. }
        | IncidentEdit::Accept { .. }
        | IncidentEdit::Report { .. }
        | IncidentEdit::Replace { .. }
        | IncidentEdit::Delete => None,
    }
}
