//! Impossible or unlikely beginnings and ends of an incident.

use jiff::SignedDuration;

use crate::incident::findings::page::{Checked, ExaminedFile};
use crate::incident::maintenance::progress;
use crate::model::component::Severity;
use crate::model::facts::planned::WorkStage;
use crate::model::finding::Weight::{Fault, Warning};

/// An incident that is open for longer was probably forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Checks the beginning against the end.
pub fn check(page: &mut ExaminedFile<'_>) {
    let Checked {
        now, build_future, ..
    } = page.checked;
    let ahead = page.incident.date.map(|date| date.duration_since(now));
    if let Some(ahead) = ahead.filter(|ahead| ahead.is_positive() && !build_future) {
        let message = format!(
            "it is not shown before it begins in {}, because the site does not build pages \
            dated in the future; set `buildFuture: true`",
            rough(ahead)
        );
        let at = page.at_value("date");
        page.add(Warning, "not-shown-yet", at, message);
    }
    match page.incident.resolved {
        Some(true) => over(page),
        Some(false) => open(page),
        None => {}
    }
}

fn over(page: &mut ExaminedFile<'_>) {
    let post = page.incident.informational;
    let at = page.at_value("resolvedwhen");
    if !page.says("resolvedwhen") {
        if !post && !page.is_misnamed("resolvedWhen") {
            let at = page.at("resolved");
            let message = "the incident is over but does not say since when, and cState's build \
                fails; add `resolvedWhen:`";
            page.add(Fault, "resolved-without-end", at, message);
        }
        return;
    }
    let Some((date, end)) = page.incident.date.zip(page.incident.resolved_when) else {
        return;
    };
    let lasted = end.duration_since(date);
    if lasted.is_negative() {
        let zone = if lasted.abs() < SignedDuration::from_hours(27) {
            ", or its zone is"
        } else {
            ""
        };
        let message = format!(
            "`resolvedWhen` is {} before `date`; one of them is wrong{zone}",
            rough(lasted.abs())
        );
        let weight = if post { Warning } else { Fault };
        page.add(weight, "end-before-start", at, message);
    } else if lasted < SignedDuration::from_secs(1)
        && !post
        && page.incident.days.ended.is_none()
        && !is_called_off(page)
    {
        let message = "it was over in the moment in which it began, as a form may have filled it in; \
            write into `resolvedWhen` when it was over";
        page.add(Warning, "no-duration", at, message);
    }
}

/// Work that is called off before it begins ends where it would have begun.
fn is_called_off(page: &ExaminedFile<'_>) -> bool {
    progress::stage(&page.incident, page.checked.now) == Some(WorkStage::Cancelled)
}

fn open(page: &mut ExaminedFile<'_>) {
    // Planned work says when it is to end.
    let planned = progress::stage(&page.incident, page.checked.now).is_some();
    if page.says("resolvedwhen") && !planned {
        let at = page.at("resolvedwhen");
        let message = "the incident is open and says when it was over, as forms fill it in; \
            remove `resolvedWhen`, or write `resolved: true`";
        page.add(Warning, "open-with-end", at, message);
    }
    if let Some(rules) = page.checked.rules
        && page
            .incident
            .has_lost_its_rules(|rule| rules.contains(rule))
    {
        let lost = page.incident.managed.rules.iter();
        let lost: Vec<_> = lost.map(|rule| format!("`{rule}`")).collect();
        let message = format!(
            "the settings no longer have its rules ({}), so nothing resolves it; resolve it \
            yourself when it is over, or restore a rule",
            lost.join(", ")
        );
        page.add(Warning, "rule-gone", page.at("critwatch"), message);
    }
    let Some(date) = page.incident.date else {
        return;
    };
    let at = page.at_value("date");
    let age = page.checked.now.duration_since(date);
    if age.is_negative()
        && page.checked.build_future
        && matches!(
            page.incident.severity,
            Some(Severity::Down | Severity::Disrupted)
        )
    {
        let message = format!(
            "it begins in {} and counts at once, since it is open; plan work with \
            `severity: notice`, or correct the date",
            rough(age.abs())
        );
        page.add(Warning, "future-date", at, message);
    } else if age > FORGOTTEN && !page.incident.draft {
        let at = page.at_value("resolved");
        let message = format!(
            "it has been open for {}; if it is over, write `resolved: true` and `resolvedWhen:`",
            rough(age)
        );
        page.add(Warning, "long-open", at, message);
    }
}

/// A duration in its largest unit.
fn rough(length: SignedDuration) -> String {
    let seconds = length.as_secs();
    let (number, unit) = match seconds {
        0 => return "less than a second".to_owned(),
        1..120 => (seconds, "seconds"),
        120..7_200 => (seconds / 60, "minutes"),
        7_200..172_800 => (seconds / 3_600, "hours"),
        _ => (seconds / 86_400, "days"),
    };
    let unit = if number == 1 {
        unit.trim_end_matches('s')
    } else {
        unit
    };
    format!("{number} {unit}")
}
