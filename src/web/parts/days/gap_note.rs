//! The monitor's own gaps in words: one note for all components.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::web::parts::context::Present;
use crate::web::parts::times;

/// Gaps that are named; of more only the newest.
const NAMED: usize = 3;

/// The gaps in a sentence, the newest first; `None` if there were none.
pub(crate) fn note(present: &Present<'_>) -> Option<String> {
    let speech = &present.speech;
    let today = present.view.now.to_zoned(present.view.names.zone.clone());
    let mut runs: Vec<(Date, Date, Duration)> = Vec::new();
    for gap in present.gaps() {
        let time = gap.since(Timestamp::MIN);
        match runs.last_mut() {
            Some((_, to, sum)) if to.tomorrow().ok() == Some(gap.date) => {
                *to = gap.date;
                *sum += time;
            }
            _ => runs.push((gap.date, gap.date, time)),
        }
    }
    let more = runs.len().saturating_sub(NAMED);
    let named = runs.into_iter().rev().take(NAMED);
    let mut named: Vec<_> = named
        .map(|(from, to, time)| {
            let days = times::days(speech, from, to, today.date());
            let slots = [
                ("days", days.into()),
                ("span", times::span(speech, time).into()),
            ];
            speech.tell("gap-days", slots)
        })
        .collect();
    if more > 0 {
        named.push(speech.count("gap-more", more));
    }
    (!named.is_empty()).then(|| speech.with("gap-note", "days", speech.row(&named)))
}
