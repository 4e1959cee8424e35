//! The impact of a backlog on users, in one plain line.

use std::time::Duration;

use crate::incident::reconcile::wording;
use crate::model::board::Backlog;
use crate::model::facts::backlog::{Trend, calm, trend};
use crate::model::time::duration::short;

/// The impact of a backlog in one sentence; nothing while it is calm.
///
/// As in "Rolls are waiting 40 s instead of the usual 0.2 s, with 1,200 queued. The
/// queue should clear in about 6 minutes."
pub fn impact(backlog: &Backlog) -> Option<String> {
    if calm(backlog) || !backlog.count.is_finite() {
        return None;
    }
    let what = capital(&backlog.what);
    let count = thousands(backlog.count);
    let queue = match backlog.wait {
        Some(wait) => {
            let (wait, usual) = (length(wait), length(backlog.usual));
            format!("{what} are waiting {wait} instead of the usual {usual}, with {count} queued")
        }
        None => format!("{what} are waiting, with {count} queued"),
    };
    Some(match trend(backlog) {
        Trend::Unknown => format!("{queue}."),
        Trend::Growing => format!("{queue}. The queue is growing."),
        Trend::Steady => format!("{queue}. The queue is not clearing yet."),
        Trend::Clearing(time) => format!("{queue}. The queue should clear in {}.", about(time)),
    })
}

/// How many wait, as a whole number.
pub fn count(backlog: &Backlog) -> u64 {
    // What is no number, or too large for one, is none.
    format!("{:.0}", backlog.count).parse().unwrap_or_default()
}

fn capital(what: &str) -> String {
    let mut letters = what.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A whole number with a comma at each thousand; what waits is at least one.
fn thousands(number: f64) -> String {
    wording::thousands(&format!("{:.0}", number.max(1.0)))
}

/// A wait, as exactly as people care.
fn length(wait: Duration) -> String {
    let seconds = wait.as_secs_f64();
    if seconds < 0.095 {
        format!("{} ms", wait.as_millis().max(1))
    } else if seconds < 9.95 {
        let text = format!("{seconds:.1}");
        format!("{} s", text.trim_end_matches(".0"))
    } else {
        // Half a second more is the next second.
        short(wait.saturating_add(Duration::from_millis(500)))
    }
}

/// A time that nobody can know exactly, as a person would say it.
fn about(time: Duration) -> String {
    let seconds = time.as_secs();
    let to = |unit: u64| (seconds + unit / 2) / unit;
    match seconds {
        0..45 => "less than a minute".to_owned(),
        45..90 => "about a minute".to_owned(),
        90..630 => format!("about {} minutes", to(60)),
        630..1_950 => format!("about {} minutes", 5 * to(300)),
        1_950..3_300 => format!("about {} minutes", 10 * to(600)),
        3_300..4_500 => "about an hour".to_owned(),
        4_500..6_300 => "about an hour and a half".to_owned(),
        _ => format!("about {} hours", to(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::facts::backlog::falling;

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
    fn waiting_work_is_said_in_the_units_of_people() {
        for (count, wait, growth, expected) in [
            (
                1_200.0,
                Some(40.0),
                Some(-3.3),
                "Rolls are waiting 40 s instead of the usual 0.2 s, with 1,200 queued. The queue should clear in about 6 minutes.",
            ),
            (
                1_200.0,
                Some(40.0),
                Some(2.0),
                "Rolls are waiting 40 s instead of the usual 0.2 s, with 1,200 queued. The queue is growing.",
            ),
            (
                1_200.0,
                Some(40.0),
                Some(0.01),
                "Rolls are waiting 40 s instead of the usual 0.2 s, with 1,200 queued. The queue is not clearing yet.",
            ),
            (
                1_200.0,
                Some(40.0),
                None,
                "Rolls are waiting 40 s instead of the usual 0.2 s, with 1,200 queued.",
            ),
            (
                3.0,
                None,
                Some(-0.1),
                "Rolls are waiting, with 3 queued. The queue should clear in less than a minute.",
            ),
            (
                1.0,
                Some(2.0),
                None,
                "Rolls are waiting 2 s instead of the usual 0.2 s, with 1 queued.",
            ),
            (
                1_234_567.4,
                Some(5_405.0),
                Some(-1_000.0),
                "Rolls are waiting 1 h 30 min instead of the usual 0.2 s, with 1,234,567 queued. The queue should clear in about 20 minutes.",
            ),
            (
                999.6,
                Some(9.97),
                Some(-0.5),
                "Rolls are waiting 10 s instead of the usual 0.2 s, with 1,000 queued. The queue should clear in about 30 minutes.",
            ),
        ] {
            let sentence = impact(&backlog(count, wait, growth));
            assert_eq!(sentence.as_deref(), Some(expected));
        }
    }

    #[test]
    fn nothing_is_said_while_it_is_calm() {
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
            let silent = expected || count.is_nan();
            assert_eq!(impact(&backlog).is_none(), silent, "{backlog:?}");
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

    #[test]
    fn a_time_is_rounded_as_a_person_would() {
        for (seconds, expected) in [
            (0, "less than a minute"),
            (44, "less than a minute"),
            (45, "about a minute"),
            (90, "about 2 minutes"),
            (363, "about 6 minutes"),
            (569, "about 9 minutes"),
            (629, "about 10 minutes"),
            (760, "about 15 minutes"),
            (1_640, "about 25 minutes"),
            (1_700, "about 30 minutes"),
            (2_500, "about 40 minutes"),
            (3_299, "about 50 minutes"),
            (3_600, "about an hour"),
            (5_400, "about an hour and a half"),
            (7_200, "about 2 hours"),
            (24_000, "about 7 hours"),
        ] {
            assert_eq!(about(Duration::from_secs(seconds)), expected, "{seconds} s");
        }
    }

    #[test]
    fn a_wait_is_said_as_exactly_as_people_care() {
        for (millis, expected) in [
            (0, "1 ms"),
            (20, "20 ms"),
            (94, "94 ms"),
            (95, "0.1 s"),
            (200, "0.2 s"),
            (1_000, "1 s"),
            (2_449, "2.4 s"),
            (9_940, "9.9 s"),
            (9_960, "10 s"),
            (39_700, "40 s"),
            (125_000, "2 min 5 s"),
            (720_000, "12 min"),
        ] {
            assert_eq!(length(Duration::from_millis(millis)), expected);
        }
    }

    /// The minutes that a text promises.
    fn promised(text: &str) -> f64 {
        match text.trim_start_matches("about ") {
            "less than a minute" => 0.5,
            "a minute" => 1.0,
            "an hour" => 60.0,
            "an hour and a half" => 90.0,
            other => {
                let (number, unit) = other.split_once(' ').unwrap();
                number.parse::<f64>().unwrap() * if unit == "hours" { 60.0 } else { 1.0 }
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_promised_is_nearly_so(seconds in 30..40_000_u32) {
            let text = about(Duration::from_secs(seconds.into()));
            let ratio = promised(&text) * 60.0 / f64::from(seconds);
            prop_assert!((0.66..1.51).contains(&ratio), "{seconds} s: {text}");
        }

        #[test]
        fn whatever_waits_makes_one_readable_line(
            count in prop::num::f64::ANY,
            wait in prop::option::of(0.0..1e9_f64),
            growth in prop::option::of(prop::num::f64::ANY),
        ) {
            let backlog = backlog(count, wait, growth);
            let sentence = impact(&backlog);
            prop_assert!(!(sentence.is_some() && calm(&backlog)));
            if let Some(sentence) = sentence {
                prop_assert!(sentence.starts_with("Rolls are waiting") && sentence.ends_with('.'));
                prop_assert!(!sentence.contains("NaN") && !sentence.contains("inf"), "{}", sentence);
                prop_assert_eq!(sentence.contains("clear in"), falling(&backlog));
                prop_assert_eq!(sentence.lines().count(), 1);
            }
        }

        #[test]
        fn a_number_is_read_back_without_its_commas(number in 1..1_000_000_000_000_u64) {
            let exact: f64 = number.to_string().parse().unwrap();
            let text = thousands(exact);
            prop_assert!(text.split(',').skip(1).all(|part| part.len() == 3));
            prop_assert_eq!(text.replace(',', ""), number.to_string());
        }
    }
}
