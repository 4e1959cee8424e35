//! The monitor's report on itself: how soon it detected incidents, and how often it was wrong.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::speech::Speech;
use crate::model::facts::detection::{DAYS, Honesty};
use crate::web::parts::context::Present;
use crate::web::parts::times;

/// One or two plain sentences; `None` where nothing is watched.
pub(crate) fn summary(present: &Present<'_>) -> Option<String> {
    let (board, zone) = (present.view.board, &present.view.names.zone);
    sentence(
        &board.facts.honesty,
        &present.speech,
        present.view.now,
        zone,
    )
}

fn sentence(honesty: &Honesty, speech: &Speech, now: Timestamp, zone: &TimeZone) -> Option<String> {
    if !honesty.watching {
        return None;
    }
    let noticed = [
        ("span", span(honesty, speech, now, zone).into()),
        ("n", honesty.noticed.into()),
        ("delays", delays(honesty, speech).into()),
    ];
    let mut parts = vec![speech.tell("honest-noticed", noticed)];
    let false_clears = usize::try_from(honesty.false_clears).unwrap_or(usize::MAX);
    if false_clears > 0 {
        parts.push(speech.count("honest-false", false_clears));
    }
    if honesty.withdrawn > 0 {
        parts.push(speech.count("honest-withdrawn", honesty.withdrawn));
    }
    if honesty.blind.as_secs() > 0 {
        let blind = times::span(speech, honesty.blind);
        parts.push(speech.with("honest-blind", "span", blind));
    }
    Some(parts.join(&speech.say("honest-join")) + speech.say("honest-end").as_str())
}

/// Since when detection is measured, or how far back the summary goes.
fn span(honesty: &Honesty, speech: &Speech, now: Timestamp, zone: &TimeZone) -> String {
    match honesty.since {
        Some(since) => {
            let day = times::when(speech, since, now, zone).text;
            speech.with("honest-since", "day", day)
        }
        None => speech.with("honest-days", "days", DAYS.to_string()),
    }
}

/// Within what time the incidents were on the page.
fn delays(honesty: &Honesty, speech: &Speech) -> String {
    let (Some(median), Some(worst)) = (honesty.median, honesty.worst) else {
        return String::new();
    };
    let (half, all) = (within(speech, median), within(speech, worst));
    match honesty.noticed {
        1 => speech.with("honest-one", "all", all),
        _ if half == all => speech.with("honest-all", "all", all),
        _ => speech.tell("honest-half", [("half", half.into()), ("all", all.into())]),
    }
}

/// Whole seconds, rounded up: less would not be true.
fn within(speech: &Speech, time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    times::span(speech, Duration::from_secs(seconds.max(1)))
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;

    use super::*;

    fn check(honesty: &Honesty, expected: Option<&str>) {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let text = sentence(honesty, &Speech::of(Language::En), now, &TimeZone::UTC);
        assert_eq!(text.as_deref(), expected);
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
            Some("In the last 90 days, this page detected no incidents."),
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
                "In the last 90 days, this page detected 3 incidents, half of them within 2\u{a0}s \
                of the first sign and all of them within 40\u{a0}s; one incident was marked \
                resolved too early; it had no data for 12\u{a0}min.",
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
                "Since 27 February, 08:00, this page detected one incident, within 1\u{a0}s of the \
                first sign; one incident was withdrawn.",
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
                "Since 08:05, this page detected 2 incidents, half of them within 1\u{a0}min 59\u{a0}s \
                of the first sign and all of them within 2\u{a0}min; 2 incidents were marked \
                resolved too early; 2 incidents were withdrawn.",
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
            Some("Since 31 December 2025, 08:05, this page detected 2 incidents."),
        );
    }
}
