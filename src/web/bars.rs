//! The last days of a component as bars: what was lost is cut from the top.

use crate::model::component::Health;
use crate::model::duration::spoken;
use crate::model::uptime::{Day, Period, Uptime};
use crate::web::shares::{self, Share};
use crate::web::words;

/// Height of a day's bar, and its distance to the next, in the drawing's units.
const BAR_HEIGHT: f64 = 24.0;
const BAR_STEP: usize = 4;

/// A component's past as drawn.
#[derive(Debug)]
pub struct Bars {
    /// All of it in words.
    pub label: String,
    /// Time in which it worked, in words.
    pub share: String,
    /// The days, oldest first.
    pub days: Vec<Bar>,
    /// Each period in figures.
    pub shares: Vec<Share>,
}

/// One day, in the drawing's units.
#[derive(Debug)]
pub struct Bar {
    /// The day in words.
    pub text: String,
    /// Where the bar stands.
    pub x: usize,
    /// How the bar is filled.
    pub base: &'static str,
    /// Where the bar begins, counted from the top.
    pub top: u32,
    /// What was lost is drawn as.
    pub worst: Health,
    /// How much of the bar was lost.
    pub lost: u32,
}

/// Draws a past; `None` if nothing was measured.
pub fn bars(uptime: &Uptime) -> Option<Bars> {
    let total = uptime.over(Period::Quarter);
    let share = shares::share(total, Period::Quarter)?;
    let seen = uptime
        .days
        .iter()
        .filter(|day| day.tally.ratio().is_some())
        .count();
    let first = uptime
        .days
        .iter()
        .position(|day| day.tally.worst() != Health::Unknown)
        .unwrap_or_default();
    let days = uptime.days.iter().enumerate();
    let days = days
        .map(|(at, day)| bar(day, at * BAR_STEP, at < first))
        .collect();
    Some(Bars {
        label: format!("The last 90 days, {seen} of them seen: up for {share} of the time seen."),
        share,
        days,
        shares: shares::shares(uptime),
    })
}

/// `early` is a day before anything was measured.
fn bar(day: &Day, x: usize, early: bool) -> Bar {
    let tally = &day.tally;
    let worst = tally.worst();
    let date = day.date.strftime("%-d %B");
    let lost = (tally.down + tally.disrupted).as_secs_f64();
    let seen = lost + tally.ok.as_secs_f64();
    let text = match worst {
        Health::Unknown if early => format!("{date}: not measured yet"),
        Health::Unknown => format!("{date}: not seen"),
        Health::Ok => format!("{date}: fine"),
        Health::Notice => format!("{date}: planned work"),
        Health::Disrupted | Health::Down => {
            let part = spoken(tally.down + tally.disrupted);
            format!("{date}: {} for {part}", words::health(worst))
        }
    };
    let text = match shares::apart(tally) {
        // A day that has nothing else says so already.
        _ if tally.counted().is_zero() => text,
        apart if apart.is_empty() => text,
        apart => format!("{text}; {apart}"),
    };
    // Even a minute of a day must be seen.
    let height = if lost > 0.0 {
        (lost / seen * BAR_HEIGHT).clamp(3.0, BAR_HEIGHT)
    } else {
        0.0
    };
    let base = match worst {
        Health::Unknown if early => "bar-early",
        Health::Unknown => "bar-unknown",
        _ => "bar",
    };
    Bar {
        text,
        x,
        base,
        top: if early { 20 } else { 0 },
        worst,
        lost: whole(height),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a height between 0 and 24"
)]
fn whole(height: f64) -> u32 {
    height.round() as u32
}
