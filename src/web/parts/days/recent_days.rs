//! The last days on the first page: each is named, quiet ones in one line.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::model::board::Sight;
use crate::web::pages::incidents::{self, IncidentLine};
use crate::web::parts::context::Present;
use crate::web::parts::days::day_times;
use crate::web::parts::times;

/// How many days are listed.
const DAYS: i64 = 14;

/// Lines of one day at most; the others are in the history.
const LINES: usize = 8;

/// A day with incidents, or a stretch of days without.
#[derive(Debug)]
pub(crate) struct DayGroup {
    /// The day, or the first and the last one, in words.
    pub(crate) name: String,
    /// The day for machines, if it is one.
    pub(crate) date: String,
    /// The incidents of the day, newest first.
    pub(crate) lines: Vec<IncidentLine>,
    /// How many more there are.
    pub(crate) more: usize,
}

/// The last days, today first; and if nothing happened, what happened last.
pub(crate) fn recent_days(present: &Present<'_>) -> (Vec<DayGroup>, Option<IncidentLine>) {
    let zone = &present.view.names.zone;
    let today = present.view.now.to_zoned(zone.clone()).date();
    let first = today.checked_sub((DAYS - 1).days()).unwrap_or(today);
    let first = first.max(beginning(present).unwrap_or(first)).min(today);
    let mut stretches: Vec<DayGroup> = Vec::new();
    let mut quiet: Option<(Date, Date)> = None;
    let mut day = today;
    loop {
        let lines = lines(present, day);
        if lines.is_empty() {
            quiet = Some((day, quiet.map_or(day, |(_, last)| last)));
        } else {
            stretches.extend(quiet.take().map(|quiet| still(present, quiet, today)));
            let more = lines.len().saturating_sub(LINES);
            stretches.push(DayGroup {
                name: times::weekday(&present.speech, day, today),
                date: day.to_string(),
                lines: lines.into_iter().take(LINES).collect(),
                more,
            });
        }
        match day.yesterday() {
            Ok(before) if before >= first => day = before,
            _ => break,
        }
    }
    stretches.extend(quiet.map(|quiet| still(present, quiet, today)));
    let calm = stretches.iter().all(|stretch| stretch.lines.is_empty());
    let last = calm.then(|| last(present)).flatten();
    (stretches, last)
}

/// The first day with data; `None` if people write the incidents.
fn beginning(present: &Present<'_>) -> Option<Date> {
    if present.view.board.facts.sight == Sight::Unwatched {
        return None;
    }
    let zone = &present.view.names.zone;
    let parts = present.view.board.components.iter();
    let measured =
        parts.filter_map(|state| state.uptime.days.iter().find(|day| day_times::is_seen(day)));
    let measured = measured.map(|day| day.date).min();
    let incidents = present.view.board.facts.incidents.iter();
    let began = incidents
        .filter_map(|incident| incident.began_on(zone))
        .min();
    let today = present.view.now.to_zoned(zone.clone()).date();
    measured.into_iter().chain(began).min().or(Some(today))
}

/// Public incidents that began on a day.
fn lines(present: &Present<'_>, day: Date) -> Vec<IncidentLine> {
    let zone = &present.view.names.zone;
    let began = present.recent().iter().filter(|incident| {
        let has_begun = incident.date.is_some_and(|at| at <= present.view.now);
        has_begun && incident.began_on(zone) == Some(day)
    });
    began
        .map(|incident| IncidentLine {
            // The day stands beside it.
            began: incident
                .date
                .filter(|_| incident.days.began.is_none())
                .map(|at| times::clock(at, zone, false)),
            ..incidents::line(present, incident)
        })
        .collect()
}

fn still(present: &Present<'_>, (from, to): (Date, Date), today: Date) -> DayGroup {
    let speech = &present.speech;
    let name = if from == to {
        times::weekday(speech, from, today)
    } else {
        times::days(speech, from, to, today)
    };
    DayGroup {
        name,
        date: if from == to {
            from.to_string()
        } else {
            String::new()
        },
        lines: Vec::new(),
        more: 0,
    }
}

/// The newest incident that is over.
fn last(present: &Present<'_>) -> Option<IncidentLine> {
    let mut public = present.view.board.facts.incidents.iter();
    let last = public.find(|incident| {
        incident.is_public()
            && !incident.informational
            && incident.date.is_some_and(|at| at <= present.view.now)
    })?;
    Some(incidents::line(present, last))
}
