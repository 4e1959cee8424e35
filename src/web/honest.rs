//! What the page says of itself: how soon it noticed, and what was wrong.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::duration::spoken;
use crate::model::honesty::{DAYS, Honesty};

/// One or two plain sentences; `None` where nothing is watched.
pub fn honest(honesty: &Honesty, now: Timestamp, zone: &TimeZone) -> Option<String> {
    if !honesty.watching {
        return None;
    }
    let mut parts = vec![format!(
        "{} this page noticed {}{}",
        span(honesty, now, zone),
        counted(honesty.noticed, "no incident", "one incident", "incidents"),
        delays(honesty),
    )];
    let false_clears = usize::try_from(honesty.false_clears).unwrap_or(usize::MAX);
    if false_clears > 0 {
        let many = counted(false_clears, "", "one all-clear", "all-clears");
        parts.push(format!("{many} came too early"));
    }
    if honesty.withdrawn > 0 {
        let many = counted(honesty.withdrawn, "", "one", "");
        let verb = if honesty.withdrawn == 1 {
            "was"
        } else {
            "were"
        };
        parts.push(format!("{} {verb} withdrawn", many.trim_end()));
    }
    if honesty.blind.as_secs() > 0 {
        parts.push(format!("it could not see for {}", spoken(honesty.blind)));
    }
    Some(format!("{}.", parts.join("; ")))
}

fn span(honesty: &Honesty, now: Timestamp, zone: &TimeZone) -> String {
    let Some(since) = honesty.since else {
        return format!("In the last {DAYS} days");
    };
    let (since, now) = (since.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    if since.date() == now.date() {
        format!("Since {} today", since.strftime("%H:%M"))
    } else if since.year() == now.year() {
        format!("Since {}", since.strftime("%-d %B"))
    } else {
        format!("Since {}", since.strftime("%-d %B %Y"))
    }
}

/// Within what time the incidents were on the page.
fn delays(honesty: &Honesty) -> String {
    let (Some(median), Some(worst)) = (honesty.median, honesty.worst) else {
        return String::new();
    };
    let (half, all) = (within(median), within(worst));
    match honesty.noticed {
        1 => format!(", {all} of its first sign"),
        _ if half == all => format!(", all of them {all} of their first sign"),
        _ => format!(", half of them {half} of their first sign and all {all}"),
    }
}

/// Whole seconds, rounded up: less would not be true.
fn within(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match seconds {
        0 | 1 => "within a second".to_owned(),
        2..60 => format!("within {seconds} seconds"),
        seconds => format!("within {}", spoken(Duration::from_secs(seconds))),
    }
}

fn counted(number: usize, none: &str, one: &str, many: &str) -> String {
    match number {
        0 => none.to_owned(),
        1 => one.to_owned(),
        number => format!("{number} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(honesty: &Honesty, expected: Option<&str>) {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let said = honest(honesty, now, &TimeZone::UTC);
        assert_eq!(said.as_deref(), expected);
    }

    fn calm() -> Honesty {
        Honesty {
            watching: true,
            ..Honesty::default()
        }
    }

    fn seconds(seconds: f64) -> Option<Duration> {
        Duration::try_from_secs_f64(seconds).ok()
    }

    #[test]
    fn the_page_says_of_itself_what_was_good_and_what_was_not() {
        check(&Honesty::default(), None);
        check(
            &calm(),
            Some("In the last 90 days this page noticed no incident."),
        );
        let some = Honesty {
            noticed: 3,
            median: seconds(1.2),
            worst: seconds(40.0),
            false_clears: 1,
            blind: Duration::from_mins(12),
            ..calm()
        };
        check(
            &some,
            Some(
                "In the last 90 days this page noticed 3 incidents, half of them within 2 seconds \
                of their first sign and all within 40 seconds; one all-clear came too early; \
                it could not see for 12 min.",
            ),
        );
        let one = Honesty {
            since: "2026-02-27T08:00:00Z".parse().ok(),
            noticed: 1,
            median: seconds(0.05),
            worst: seconds(0.05),
            withdrawn: 1,
            ..calm()
        };
        check(
            &one,
            Some(
                "Since 27 February this page noticed one incident, within a second of its first \
                sign; one was withdrawn.",
            ),
        );
    }

    #[test]
    fn the_page_says_since_when_it_watches_if_that_is_not_long() {
        let alike = Honesty {
            since: "2026-03-01T08:05:00Z".parse().ok(),
            noticed: 2,
            median: seconds(119.0),
            worst: seconds(119.5),
            false_clears: 2,
            withdrawn: 2,
            ..calm()
        };
        check(
            &alike,
            Some(
                "Since 08:05 today this page noticed 2 incidents, half of them within 1 min 59 s \
                of their first sign and all within 2 min; 2 all-clears came too early; 2 were \
                withdrawn.",
            ),
        );
        // Found in files, but how soon they were said was not measured.
        let unmeasured = Honesty {
            since: "2025-12-31T08:05:00Z".parse().ok(),
            noticed: 2,
            ..calm()
        };
        check(
            &unmeasured,
            Some("Since 31 December 2025 this page noticed 2 incidents."),
        );
    }
}
