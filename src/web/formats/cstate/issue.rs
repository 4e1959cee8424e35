//! An incident as cState's JSON has it: `/issues/<slug>/index.json`.

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::web::site::{Names, View};
use crate::web::text::{incident_text, links};

/// `/issues/<slug>/index.json`; `None` if there is no such incident.
pub(crate) fn page(view: &View<'_>, slug: &str) -> Option<Value> {
    let mut named = view.board.facts.incidents.named(slug);
    let incident = named.find(|incident| incident.has_page())?;
    let mut page = issue(incident, view);
    let forms = incident_text::forms(view, incident);
    page["body"] = json!(incident_text::html(&forms, incident, view.names));
    Some(page)
}

/// An incident among others.
pub(crate) fn issue(incident: &Incident, view: &View<'_>) -> Value {
    let severity = incident.severity.map(Severity::word);
    let written = &incident.verbatim;
    let mut issue = short(incident, view);
    let more = json!({
        "severity": written.severity.as_deref().or(severity),
        "resolved": incident.resolved == Some(true),
        "informational": incident.informational,
        "resolvedAt": ended(incident),
    });
    // The rest stands between those that a pinned one has, too.
    if let (Some(issue), Value::Object(more)) = (issue.as_object_mut(), more) {
        let last = ["affected", "filename"].map(|key| issue.shift_remove_entry(key));
        issue.extend(more);
        issue.extend(last.into_iter().flatten());
    }
    issue
}

/// An incident as it stands in a list, indented as deep as it is there.
pub(crate) fn listed(incident: &Incident, view: &View<'_>) -> Box<RawValue> {
    let print = || {
        // A text in JSON holds no line break.
        let printed = format!("{:#}", issue(incident, view)).replace('\n', "\n    ");
        RawValue::from_string(printed).unwrap_or_default()
    };
    let forms = incident_text::forms(view, incident);
    forms.json.get_or_init(print).clone()
}

/// As much of an incident as cState says of a pinned one.
pub(crate) fn short(incident: &Incident, view: &View<'_>) -> Value {
    let names = view.names;
    json!({
        "is": "issue",
        "title": incident.title,
        "createdAt": began(incident, names).as_ref().map(go_time),
        "lastMod": incident.changed(view.now).map(|at| go_time(&at.to_zoned(TimeZone::UTC))),
        "permalink": links::incident(names, incident),
        "affected": incident.affected,
        "filename": incident.filename,
    })
}

/// When it ended, as it is written, or else as Go prints it.
pub(crate) fn ended(incident: &Incident) -> Option<String> {
    let printed = || Some(go_time(&incident.resolved_when?.to_zoned(TimeZone::UTC)));
    incident.verbatim.resolved_when.clone().or_else(printed)
}

/// A moment as it is written, in Go's form.
pub(crate) fn printed(written: &str, names: &Names) -> Option<String> {
    date::zoned(written, &names.dates).as_ref().map(go_time)
}

/// When it began, in the zone that this is written in.
pub(crate) fn began(incident: &Incident, names: &Names) -> Option<Zoned> {
    let written = incident.verbatim.date.as_deref();
    written
        .and_then(|text| date::zoned(text, &names.dates))
        .or_else(|| incident.date.map(|at| at.to_zoned(TimeZone::UTC)))
}

/// A moment in the form that cState gets from Go.
fn go_time(at: &Zoned) -> String {
    let clock = at.strftime("%Y-%m-%d %H:%M:%S%.f %z");
    // A fixed offset has no name; Go repeats it.
    let zone = match at.time_zone().iana_name() {
        _ if at.offset().is_zero() => "UTC".to_owned(),
        Some(_) => at.strftime("%Z").to_string(),
        None => at.strftime("%z").to_string(),
    };
    format!("{clock} {zone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_printed_as_go_prints_it() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (written, expected) in [
            ("2018-04-13T15:54:00Z", "2018-04-13 15:54:00 +0000 UTC"),
            (
                "2022-04-06 14:25:00 -0400",
                "2022-04-06 14:25:00 -0400 -0400",
            ),
            ("2025-08-05 19:38:45", "2025-08-05 19:38:45 -0400 EDT"),
            (
                "2021-04-14T07:30:00.480Z",
                "2021-04-14 07:30:00.48 +0000 UTC",
            ),
            ("2021-04-14T07:30:00-00:00", "2021-04-14 07:30:00 +0000 UTC"),
        ] {
            let at = date::zoned(written, &zone).unwrap();
            assert_eq!(go_time(&at), expected, "{written}");
        }
    }
}
