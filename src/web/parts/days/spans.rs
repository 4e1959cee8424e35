//! The times of a day in which a component did not simply work: in words with
//! their clock times, and for the strip that the script draws.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::model::facts::uptime::{Day, DayPart, Spent};
use crate::model::time::date;
use crate::model::time::duration::elapsed;
use crate::web::parts::context::Present;
use crate::web::parts::times;

/// The parts that are worth telling: a day that was spent in one way has none.
fn told<'d>(present: &Present<'_>, day: &'d Day) -> &'d [DayPart] {
    let whole = |part: &DayPart| {
        let bounds = bounds(present, day.date);
        bounds.is_some_and(|(from, to)| part.from <= from && part.to >= to.min(present.view.now))
    };
    match day.parts.as_slice() {
        [only] if whole(only) => &[],
        parts => parts,
    }
}

/// When a day begins and ends in the site's zone.
fn bounds(present: &Present<'_>, day: Date) -> Option<(Timestamp, Timestamp)> {
    let zone = &present.view.names.zone;
    date::midnight(day, zone).zip(date::midnight(day.tomorrow().ok()?, zone))
}

/// The times of a day as HTML: `10:02–16:04`; with the kinds where they differ.
pub(crate) fn clocks(present: &Present<'_>, day: &Day) -> String {
    let (speech, zone) = (&present.speech, &present.view.names.zone);
    let parts = told(present, day);
    let mixed = parts.windows(2).any(|pair| pair[0].spent != pair[1].spent);
    let clock = |at| times::clock(at, zone, false).html();
    let words = parts.iter().map(|part| {
        let mut words = format!("{}–{}", clock(part.from), clock(part.to));
        if mixed {
            words = format!("{words} {}", speech.say(state(part.spent)));
        }
        if part.times > 1 {
            words = format!("{words} ×{}", part.times);
        }
        words
    });
    words.collect::<Vec<_>>().join(&speech.say("row-comma"))
}

/// The same for the script: when the day begins and how long it is, and each part
/// as `[from, to, kind, times]`, all in seconds; `None` if there are none.
pub(crate) fn json(present: &Present<'_>, day: &Day) -> Option<Value> {
    let parts = told(present, day);
    let (from, to) = bounds(present, day.date).filter(|_| !parts.is_empty())?;
    let seconds = |at: Timestamp| elapsed(from, at).as_secs();
    let parts = parts.iter().map(|part| {
        json!([
            seconds(part.from),
            seconds(part.to),
            kind(part.spent),
            part.times
        ])
    });
    let parts: Value = parts.collect();
    Some(json!([from.as_second(), seconds(to), parts]))
}

/// What the style sheet calls a kind.
fn kind(spent: Spent) -> &'static str {
    match spent {
        Spent::Ok => "ok",
        Spent::Disrupted => "disrupted",
        Spent::Down => "down",
        Spent::Unknown => "unknown",
        Spent::Maintenance => "maintenance",
    }
}

/// The message that names a kind.
fn state(spent: Spent) -> &'static str {
    match spent {
        Spent::Ok => "state-ok",
        Spent::Disrupted => "state-disrupted",
        Spent::Down => "state-down",
        Spent::Unknown => "state-unknown",
        Spent::Maintenance => "state-maintenance",
    }
}
