//! Whether an incident gets better, and what must happen before it is resolved.

use jiff::Timestamp;

use crate::language::backlog;
use crate::language::waits::obstacle;
use crate::model::board::{Backlog, Wait};
use crate::model::incident::Incident;
use crate::model::time::moment::next_minute;
use crate::web::parts::context::Present;
use crate::web::text::html;

/// What a backlog means, and whether it gets better, as HTML; `None` if it is calm.
pub(crate) fn impact(present: &Present<'_>, backlog: &Backlog) -> Option<String> {
    let sentences = backlog::impact(&present.speech, backlog)?;
    Some(html::escape(&sentences))
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
    match wait {
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
        Wait::Failing(_)
        | Wait::Unseen(_)
        | Wait::Backlog { .. }
        | Wait::Capacity
        | Wait::Person => {
            let label = |name: &str| present.label(name).to_owned();
            html::escape(&obstacle(speech, wait, label).unwrap_or_default())
        }
    }
}
