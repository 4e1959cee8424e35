//! The bars of days as SVG paths, one for each way in which bars are filled.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::model::component::Health;
use crate::model::facts::uptime::{DayTally, Uptime};
use crate::model::time::duration::elapsed;
use crate::web::parts::context::Present;
use crate::web::parts::days::day_times::is_seen;

/// Height of a full day, the step to the next day and a bar's width, in the
/// drawing's units.
const HEIGHT: f64 = 30.0;
pub(crate) const STEP: usize = 4;
const WIDTH: u32 = 3;

/// The smallest height of lost time, and of the elapsed part of today.
const LEAST: f64 = 4.0;

/// The drawing: one path for each way in which bars are filled.
pub(crate) fn draw(
    present: &Present<'_>,
    uptime: &Uptime,
    first: usize,
) -> Vec<(&'static str, String)> {
    let classes = [
        "d-ok",
        "d-early",
        "d-unknown",
        "d-maintenance",
        "d-disrupted",
        "d-down",
        "d-rest",
    ];
    let mut paths = classes.map(|class| (class, String::new()));
    let mut bar = |class: &str, at: usize, top: f64, bottom: f64| {
        if let Some((_, path)) = paths.iter_mut().find(|(name, _)| *name == class) {
            let (x, top, height) = (at * STEP, round(top), round(bottom - top).max(1));
            let _ = write!(path, "M{x} {top}h{WIDTH}v{height}h-{WIDTH}z");
        }
    };
    let last = uptime.days.len().saturating_sub(1);
    for (at, day) in uptime.days.iter().enumerate() {
        // What of today has not come yet is an outline.
        let top = if at == last {
            HEIGHT * (1.0 - elapsed_share(present, day.date))
        } else {
            0.0
        };
        if at < first {
            bar("d-early", at, HEIGHT - 4.0, HEIGHT);
            continue;
        }
        if top >= 1.0 {
            bar("d-rest", at, 0.0, HEIGHT);
        }
        let top = top.min(HEIGHT - LEAST);
        let class = match day.tally.worst() {
            _ if !is_seen(day) => "d-unknown",
            Health::Unknown | Health::Notice => "d-maintenance",
            Health::Ok | Health::Disrupted | Health::Down => "d-ok",
        };
        let cut = lost(&day.tally, HEIGHT - top);
        if cut < HEIGHT - top {
            bar(class, at, top + cut, HEIGHT);
        }
        if cut > 0.0 {
            let worst = day.tally.worst();
            let class = if worst == Health::Down {
                "d-down"
            } else {
                "d-disrupted"
            };
            bar(class, at, top, top + cut);
        }
    }
    paths
        .into_iter()
        .filter(|(_, path)| !path.is_empty())
        .collect()
}

/// How much of a bar of some height was lost; even a minute of a day must be seen.
fn lost(tally: &DayTally, height: f64) -> f64 {
    let lost = (tally.down + tally.disrupted).as_secs_f64();
    if lost <= 0.0 {
        return 0.0;
    }
    let seen = lost + tally.ok.as_secs_f64();
    (lost / seen * height)
        .clamp(LEAST.min(height), height)
        .round()
}

/// The elapsed share of a day, from 0 to 1.
fn elapsed_share(present: &Present<'_>, date: Date) -> f64 {
    let zone = &present.view.names.zone;
    let bounds = [Some(date), date.tomorrow().ok()].map(|date| {
        date.and_then(|date| date.to_zoned(zone.clone()).ok())
            .map(|start| start.timestamp())
    });
    let [Some(from), Some(to)] = bounds else {
        return 1.0;
    };
    let whole = elapsed(from, to).as_secs_f64();
    (elapsed(from, present.view.now).as_secs_f64() / whole).clamp(0.0, 1.0)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a height between 0 and 30"
)]
fn round(height: f64) -> u32 {
    height.round() as u32
}
