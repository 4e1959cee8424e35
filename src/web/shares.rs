//! Uptime in per cent for each period, with what is not part of it.

use std::time::Duration;

use crate::model::duration::spoken;
use crate::model::uptime::{Period, Tally, Uptime};
use crate::web::words;

/// A period in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which: `24 hours`, `90 days`.
    pub period: &'static str,
    /// The share of the counted time in which it worked.
    pub share: String,
    /// What is not part of it; empty if there is nothing.
    pub apart: String,
}

/// Every period, the shortest first.
pub fn shares(uptime: &Uptime) -> Vec<Share> {
    let rows = Period::ALL.into_iter().map(|period| {
        let tally = uptime.over(period);
        Share {
            period: name(period),
            share: share(tally, period).unwrap_or_else(|| "–".to_owned()),
            apart: apart(tally),
        }
    });
    rows.collect()
}

/// The share of a period; `None` if nothing counts.
///
/// A hundred per cent of some minutes must not look like one of months.
pub fn share(tally: &Tally, period: Period) -> Option<String> {
    let share = tally.ratio().map(words::percent)?;
    let counted = tally.counted();
    let short = counted < Duration::from_hours(24)
        && (period != Period::Day || counted < Duration::from_hours(23));
    Some(if short {
        format!("{share} of {}", words::roughly(counted))
    } else {
        share
    })
}

/// What is neither up nor down: `3 h 20 min planned work, 2 d 4 h not seen`.
pub fn apart(tally: &Tally) -> String {
    let parts = [
        (tally.maintenance, "planned work"),
        (tally.unknown, "not seen"),
    ];
    let parts = parts.into_iter().filter(|(time, _)| time.as_secs() > 0);
    parts
        .map(|(time, what)| format!("{} {what}", spoken(time)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn name(period: Period) -> &'static str {
    match period {
        Period::Day => "24 hours",
        Period::Week => "7 days",
        Period::Month => "30 days",
        Period::Quarter => "90 days",
        Period::Year => "365 days",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_says_of_how_little_it_is_and_what_stands_apart() {
        let minutes = Duration::from_mins;
        let check = |period, [ok, down, unknown, maintenance]: [u64; 4], expected: (&str, &str)| {
            let tally = Tally {
                ok: minutes(ok),
                down: minutes(down),
                unknown: minutes(unknown),
                maintenance: minutes(maintenance),
                disrupted: Duration::ZERO,
            };
            let share = share(&tally, period).unwrap_or_default();
            assert_eq!((&*share, &*apart(&tally)), expected);
        };
        let day = 24 * 60;
        check(Period::Day, [day - 14, 14, 0, 0], ("99.02 %", ""));
        check(
            Period::Day,
            [30, 0, day - 30, 0],
            ("100 % of 30 min", "23 h 30 min not seen"),
        );
        check(Period::Week, [90, 90, 0, 0], ("50.00 % of 3 h", ""));
        check(
            Period::Year,
            [300 * day, 0, 2 * day, 200],
            ("100 %", "3 h 20 min planned work, 2 d 0 h not seen"),
        );
        check(Period::Year, [0, 0, day, 0], ("", "1 d 0 h not seen"));
    }
}
