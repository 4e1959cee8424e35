//! Whether work that waits becomes less.

use std::time::Duration;

use crate::model::board::Backlog;

/// Nobody minds a wait of less than this.
const SHORT: Duration = Duration::from_secs(2);

/// So many times the usual is still as usual.
const AS_USUAL: u32 = 5;

/// The seconds in which a change must show.
const SHOWS: f64 = 120.0;

/// A change of less than this part of what waits is none.
const PART: f64 = 200.0;

/// What becomes of the work that waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trend {
    /// Nobody has looked for long enough.
    Unknown,
    /// It becomes more.
    Growing,
    /// It stays as it is.
    Steady,
    /// It is worked off within that time, if it goes on like this.
    Clearing(Duration),
}

/// Whether hardly anybody waits longer than usual.
pub fn calm(backlog: &Backlog) -> bool {
    let short = SHORT.max(backlog.usual.saturating_mul(AS_USUAL));
    // Less than half a job is a mean of measurements, not a job.
    backlog.count < 0.5 || backlog.wait.is_some_and(|wait| wait < short)
}

/// Whether what waits becomes less, and is to be gone within hours.
pub fn falling(backlog: &Backlog) -> bool {
    matches!(trend(backlog), Trend::Clearing(_))
}

/// What becomes of it, by how it grew lately.
pub fn trend(backlog: &Backlog) -> Trend {
    let Some(growth) = backlog.growth else {
        return Trend::Unknown;
    };
    let least = (backlog.count / PART).max(1.0) / SHOWS;
    if growth >= least {
        Trend::Growing
    } else if growth <= -least {
        let time = Duration::try_from_secs_f64(backlog.count / -growth);
        time.map_or(Trend::Steady, Trend::Clearing)
    } else {
        Trend::Steady
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backlog(count: f64, wait: Option<f64>, growth: Option<f64>) -> Backlog {
        Backlog {
            what: "rolls".into(),
            components: Vec::new(),
            count,
            wait: wait.map(Duration::from_secs_f64),
            usual: Duration::from_millis(200),
            growth,
            well_since: None,
        }
    }

    #[test]
    fn it_is_calm_while_nobody_waits_longer_than_usual() {
        for (count, wait, usual, expected) in [
            (0.0, None, 200, true),
            (0.0, Some(500.0), 200, true),
            (0.4, None, 200, true),
            (1.0, None, 200, false),
            (50.0, Some(1.99), 200, true),
            (50.0, Some(2.0), 200, false),
            (50.0, Some(4.9), 1_000, true),
            (50.0, Some(5.0), 1_000, false),
            (f64::NAN, Some(50.0), 200, false),
        ] {
            let backlog = Backlog {
                usual: Duration::from_millis(usual),
                ..backlog(count, wait, None)
            };
            assert_eq!(calm(&backlog), expected, "{backlog:?}");
        }
    }

    #[test]
    fn it_falls_only_if_it_is_to_be_gone_within_hours() {
        for (count, growth, expected) in [
            (100.0, None, false),
            (100.0, Some(0.0), false),
            (100.0, Some(1.0), false),
            (100.0, Some(-0.001), false),
            (100.0, Some(-0.01), true),
            (1e6, Some(-1.0), false),
            (1e6, Some(-50.0), true),
            (100.0, Some(f64::NAN), false),
            (100.0, Some(f64::NEG_INFINITY), true),
        ] {
            let backlog = backlog(count, Some(60.0), growth);
            assert_eq!(falling(&backlog), expected, "{backlog:?}");
        }
    }
}
