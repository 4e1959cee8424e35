//! The newest value of a series with its age, or since when there is none.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::series::measure::{ChartSpan, ChartState};
use crate::model::time::duration::elapsed;
use crate::web::parts::context::Present;
use crate::web::text::html;

/// An older value is not that of now: figures are measured every ten seconds.
const FRESH: Duration = Duration::from_mins(1);

/// The newest value in a few words of HTML; `None` if nothing was ever measured, or
/// if only sums of minutes are known and these are not old.
pub(crate) fn newest(present: &Present<'_>, state: &ChartState) -> Option<String> {
    let (speech, now) = (&present.speech, present.view.now);
    if let Some((at, value)) = state.newest
        && elapsed(at, now) < FRESH
    {
        let value = html::escape(&state.series.unit.say(value).replace(' ', "\u{a0}"));
        let slots = [
            ("value", value.into()),
            ("ago", present.ticking("ago", at).into()),
        ];
        return Some(speech.tell("figure-now", slots));
    }
    let at = state.newest.map(|(at, _)| at).or_else(|| last(state))?;
    let old = elapsed(at, now) >= FRESH;
    old.then(|| speech.with("figure-unseen", "since", present.when(at).html()))
}

/// The end of the newest part of any span in which something was measured.
fn last(state: &ChartState) -> Option<Timestamp> {
    let ends = ChartSpan::ALL.iter().filter_map(|span| {
        let course = state.courses.get(span)?;
        let end = course.buckets.last()?.at.checked_add(course.step).ok()?;
        Some(end.min(course.until))
    });
    // The shortest span has the finest parts.
    ends.min()
}
