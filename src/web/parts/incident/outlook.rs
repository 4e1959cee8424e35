//! Whether an incident gets better, and what must happen before it is resolved.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::{Backlog, Wait};
use crate::model::incident::Incident;
use crate::model::time::moment::next_minute;
use crate::web::parts::context::Present;
use crate::web::parts::times;
use crate::web::text::html;

/// The impact of a backlog and whether it shrinks; `None` if it is calm.
pub(crate) fn impact(present: &Present<'_>, backlog: &Backlog) -> Option<String> {
    let speech = &present.speech;
    let calm = Duration::from_secs(2).max(backlog.usual * 5);
    if backlog.count < 1.0 || backlog.wait.is_some_and(|wait| wait < calm) {
        return None;
    }
    let count = whole(backlog.count);
    let what = html::escape(&backlog.what);
    let slots = |wait: &Duration| {
        [
            ("count", speech.number(count).into()),
            ("what", what.clone().into()),
            ("wait", times::short(speech, *wait).into()),
            ("usual", times::short(speech, backlog.usual).into()),
        ]
    };
    let mut sentence = match &backlog.wait {
        Some(wait) => speech.tell("impact-wait", slots(wait)),
        None => speech.tell("impact-count", slots(&Duration::ZERO)),
    };
    if let Some(growth) = backlog.growth {
        sentence.push_str(&speech.say("between-sentences"));
        sentence.push_str(&trend(present, backlog.count, growth));
    }
    Some(sentence)
}

fn trend(present: &Present<'_>, count: f64, growth: f64) -> String {
    let speech = &present.speech;
    // A hundredth of what waits in a minute is standing still.
    if growth.abs() * 60.0 < (count / 100.0).max(1.0) {
        return speech.say("impact-still");
    }
    if growth > 0.0 {
        let number = speech.number(whole(growth * 60.0));
        return speech.with("impact-growing", "count", number);
    }
    let left = Duration::try_from_secs_f64(count / -growth).unwrap_or(Duration::MAX);
    if left > Duration::from_hours(24) {
        return speech.say("impact-falling-slowly");
    }
    speech.with("impact-falling", "span", times::about(speech, left))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of things; out of range it saturates"
)]
fn whole(count: f64) -> u64 {
    count.round() as u64
}

/// Whether the sentences of a banner tell all that an incident waits for: time alone.
pub(crate) fn is_told(present: &Present<'_>, incident: &Incident) -> bool {
    let outlook = present.view.board.facts.outlooks.get(&incident.id);
    outlook.is_some_and(|outlook| outlook.watched().is_some() && outlook.waits == [Wait::Hold])
}

/// The conditions for resolving an incident, each as a sentence of HTML.
pub(crate) fn waits(present: &Present<'_>, incident: &Incident) -> Vec<String> {
    let outlook = present.view.board.facts.outlooks.get(&incident.id);
    let waits = outlook.map_or(&[][..], |outlook| &outlook.waits);
    let since = outlook.and_then(|outlook| outlook.good_since);
    let until = outlook.and_then(|outlook| outlook.until);
    let waits = waits.iter();
    waits
        .map(|one| wait(present, one, (since, until)))
        .collect()
}

/// One of them, in a run of good samples that lasts since a moment and must last
/// until another.
fn wait(
    present: &Present<'_>,
    wait: &Wait,
    (since, until): (Option<Timestamp>, Option<Timestamp>),
) -> String {
    let speech = &present.speech;
    let names = |names: &[String]| {
        let labels: Vec<_> = names
            .iter()
            .map(|name| html::escape(present.label(name)))
            .collect();
        (names.len(), speech.row(&labels))
    };
    match wait {
        Wait::Failing(failing) => {
            let (n, row) = names(failing);
            speech.tell("wait-failing", [("n", n.into()), ("names", row.into())])
        }
        Wait::Unseen(unseen) => speech.with("wait-unseen", "names", names(unseen).1),
        Wait::Backlog { what, count } => {
            let slots = [
                ("count", speech.number(*count).into()),
                ("what", html::escape(what).into()),
            ];
            speech.tell("wait-backlog", slots)
        }
        Wait::Capacity => speech.say("wait-capacity"),
        Wait::Changed(at) => speech.with("wait-changed", "since", present.when(*at).html()),
        Wait::Hold => match (since, until) {
            (Some(since), Some(until)) => {
                let until = present.when(next_minute(until)).html();
                let since = present.when(since).html();
                speech.tell(
                    "wait-hold",
                    [("since", since.into()), ("until", until.into())],
                )
            }
            // It is quiet, but not for long enough to be told that it works again.
            (Some(since), None) => {
                speech.with("wait-settling", "since", present.when(since).html())
            }
            (None, _) => speech.say("wait-hold-open"),
        },
        Wait::Person => speech.say("wait-person"),
    }
}
