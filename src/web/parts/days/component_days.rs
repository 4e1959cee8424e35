//! The last days of a component as bars; lost time is cut from the top.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::model::component::Health;
use crate::model::facts::uptime::{Day, Period, Uptime};
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::web::pages::incidents;
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::days::bars::{STEP, draw};
use crate::web::parts::days::day_times::{aside, is_seen, measured};
use crate::web::parts::days::monitor_gaps;
use crate::web::parts::days::spans;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::times;

/// Links of one day at most; the others are on the component's page.
const LINKS: usize = 5;

/// Runs of like days on the first page at most; the component's page has them all.
const MAX_STRETCHES: usize = 12;

/// Less than this is not worth a word.
const MIN_SHOWN: Duration = Duration::from_mins(1);

/// A share of less time names the time.
const A_DAY: Duration = Duration::from_hours(24);

/// A component's past as drawn.
#[derive(Debug)]
pub(crate) struct Days {
    /// All of it in words.
    pub(crate) label: String,
    /// What stands beside ninety bars, and beside the thirty of a narrow screen,
    /// each with its class.
    pub(crate) spans: [(&'static str, SpanWords); 2],
    /// The first day, as `2026-03-01`.
    pub(crate) first: String,
    /// Runs of like days for the script: `[[from, to, words, [[title, href]], strip]]`.
    pub(crate) runs: String,
    /// The same in words for visitors without scripts, newest first.
    pub(crate) stretches: Vec<DayStretch>,
    /// Whether there were more runs than are listed.
    pub(crate) more: bool,
    /// The class of what is drawn.
    pub(crate) paths: Vec<(&'static str, String)>,
    /// Width of the drawing.
    pub(crate) width: usize,
}

/// A number of days in words.
#[derive(Debug)]
pub(crate) struct SpanWords {
    /// The share of time in which it worked, or since when that is measured.
    pub(crate) share: String,
    /// What is not part of the share: unseen time of this component alone, and
    /// maintenance.
    pub(crate) apart: Vec<String>,
}

/// Like days that follow each other, in words.
#[derive(Debug)]
pub(crate) struct DayStretch {
    /// The day, or the first and the last one.
    pub(crate) name: String,
    /// How they were, as a sign.
    pub(crate) sign: Sign,
    /// How they were.
    pub(crate) text: String,
    /// When within the day, as HTML; empty if there is nothing to tell.
    pub(crate) clocks: String,
    /// The incidents of that day.
    pub(crate) links: Vec<NamedLink>,
}

/// Like days that follow each other, by their places.
struct DayRun {
    from: usize,
    to: usize,
    sign: Sign,
    text: String,
    clocks: String,
    strip: Option<Value>,
    links: Vec<NamedLink>,
}

/// Draws a past; `None` if nothing was measured.
pub(crate) fn days(present: &Present<'_>, name: &str, uptime: &Uptime) -> Option<Days> {
    uptime.over(Period::Quarter).ratio()?;
    let speech = &present.speech;
    let first = uptime.days.iter().position(is_seen).unwrap_or_default();
    let seen = &uptime.days[first..];
    let words = |period: Period| {
        let last = seen.len().saturating_sub(period.days());
        SpanWords {
            share: share(present, uptime, period).unwrap_or_else(|| "–".to_owned()),
            apart: apart(present, &seen[last..], uptime.begun),
        }
    };
    let quarter = words(Period::Quarter);
    let runs = runs(present, name, uptime, first);
    let count = seen
        .iter()
        .filter(|day| day.tally.ratio().is_some())
        .count();
    let label = if is_young(uptime) {
        quarter.share.clone()
    } else {
        let slots = [
            ("days", count.into()),
            ("share", quarter.share.clone().into()),
        ];
        speech.tell("days-label", slots)
    };
    let mut label = vec![label];
    label.extend(quarter.apart.iter().cloned());
    Some(Days {
        label: label.join(&speech.say("row-comma")),
        spans: [("w90", quarter), ("w30", words(Period::Month))],
        first: uptime
            .days
            .first()
            .map(|day| day.date.to_string())
            .unwrap_or_default(),
        runs: json(&runs).to_string(),
        more: runs.len() > MAX_STRETCHES,
        stretches: stretches(present, uptime, runs),
        paths: draw(present, uptime, first),
        width: uptime.days.len() * STEP,
    })
}

/// Whether less than a day was counted at all: no percentage of it means anything.
pub(crate) fn is_young(uptime: &Uptime) -> bool {
    measured(uptime.over(Period::Year)) < A_DAY
}

/// The share of a period's seen time in which it worked, in words; of less than a
/// day since when it is measured. `None` if nothing of the period counts.
pub(crate) fn share(present: &Present<'_>, uptime: &Uptime, period: Period) -> Option<String> {
    let speech = &present.speech;
    let tally = uptime.over(period);
    let share = tally.ratio().map(|ratio| speech.percent(ratio))?;
    if is_young(uptime)
        && let Some(begun) = uptime.begun
    {
        return Some(present.measured_since(begun));
    }
    let time = measured(tally);
    // A hundred per cent of some hours must not look like one of months.
    if time >= A_DAY {
        return Some(share);
    }
    let slots = [
        ("share", share.into()),
        ("span", times::roughly(speech, time).into()),
    ];
    Some(speech.tell("share-of", slots))
}

/// Unseen time and maintenance of some days, in words; what the monitor missed of
/// every component is told once for all.
fn apart(present: &Present<'_>, days: &[Day], begun: Option<Timestamp>) -> Vec<String> {
    let sum = days.iter().map(|day| aside(&day.tally));
    let (unseen, work) = sum.fold((Duration::ZERO, Duration::ZERO), |sum, day| {
        (sum.0 + day.0, sum.1 + day.1)
    });
    let unseen = unseen.saturating_sub(monitor_gaps::shared(present.gaps(), days, begun));
    let parts = [("apart-unseen", unseen), ("apart-maintenance", work)].into_iter();
    parts
        .filter(|(_, time)| *time >= MIN_SHOWN)
        .map(|(name, time)| {
            let span = times::roughly(&present.speech, time);
            present.speech.with(name, "span", span)
        })
        .collect()
}

/// A day in words; `early` is one before anything was measured.
pub(crate) fn describe(present: &Present<'_>, day: &Day, early: bool) -> String {
    let (speech, tally) = (&present.speech, &day.tally);
    let (unseen, work) = aside(tally);
    if early {
        return speech.say("day-early");
    }
    if !is_seen(day) {
        return speech.say("day-unseen");
    }
    let parts = [
        ("day-down", tally.down),
        ("day-disrupted", tally.disrupted),
        ("day-maintenance", work),
        ("day-partly-unseen", unseen),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(name, time)| !time.is_zero() && (*name < "day-m" || *time >= MIN_SHOWN))
        .map(|(name, time)| speech.with(name, "span", times::span(speech, time)))
        .collect();
    if parts.is_empty() {
        speech.say("day-fine")
    } else {
        parts.join(&speech.say("row-comma"))
    }
}

/// Incidents of a component that touched a day, newest first.
pub(crate) fn incidents_of<'a>(present: &Present<'a>, name: &str, day: Date) -> Vec<&'a Incident> {
    let zone = &present.view.names.zone;
    let of = present.recent_of(name).iter();
    of.filter(|incident| !incident.informational)
        .filter(|incident| {
            let Some(from) = incident.began_on(zone) else {
                return false;
            };
            let to = if incident.is_active() {
                Some(date::day_of(present.view.now, zone))
            } else {
                incident.ended_on(zone)
            };
            (from..=to.unwrap_or(from).max(from)).contains(&day)
        })
        .copied()
        .collect()
}

fn runs(present: &Present<'_>, name: &str, uptime: &Uptime, first: usize) -> Vec<DayRun> {
    let mut runs: Vec<DayRun> = Vec::new();
    for (at, day) in uptime.days.iter().enumerate() {
        let early = at < first;
        let text = describe(present, day, early);
        let links = incidents_of(present, name, day.date).into_iter();
        let links: Vec<_> = links
            .take(LINKS)
            .map(|incident| incidents::link(present, incident))
            .collect();
        let strip = spans::json(present, day);
        match runs.last_mut() {
            Some(run)
                if run.text == text
                    && run.links == links
                    && strip.is_none()
                    && run.strip.is_none() =>
            {
                run.to = at;
            }
            _ => runs.push(DayRun {
                from: at,
                to: at,
                sign: sign(day, early),
                text,
                clocks: spans::clocks(present, day),
                strip,
                links,
            }),
        }
    }
    runs
}

fn json(runs: &[DayRun]) -> Value {
    let runs = runs.iter().map(|run| {
        let links = run.links.iter().map(|link| json!([link.name, link.href]));
        let links: Value = links.collect();
        match &run.strip {
            Some(strip) => json!([run.from, run.to, run.text, links, strip]),
            None => json!([run.from, run.to, run.text, links]),
        }
    });
    runs.collect()
}

/// The newest runs in words.
fn stretches(present: &Present<'_>, uptime: &Uptime, runs: Vec<DayRun>) -> Vec<DayStretch> {
    let Some(today) = uptime.days.last().map(|day| day.date) else {
        return Vec::new();
    };
    let runs = runs.into_iter().rev().take(MAX_STRETCHES);
    runs.map(|run| {
        let [from, to] = [run.from, run.to].map(|at| uptime.days[at].date);
        DayStretch {
            name: times::days(&present.speech, from, to, today),
            sign: run.sign,
            text: run.text,
            clocks: run.clocks,
            links: run.links,
        }
    })
    .collect()
}

/// The sign of a day in tables.
pub(crate) fn sign(day: &Day, early: bool) -> Sign {
    match day.tally.worst() {
        _ if early => Sign::Unknown,
        Health::Unknown | Health::Notice if is_seen(day) => Sign::Maintenance,
        worst => worst.into(),
    }
}
