//! Durations as people say them, in their language.

use std::time::Duration;

use crate::language::speech::Speech;

/// A duration as a person would say it, by its two largest units.
pub fn span(speech: &Speech, duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let unit = |name: &str, n: u64| speech.tell(name, [("n", n.into())]);
    let (first, second) = match (days, hours, minutes) {
        (0, 0, 0) => (unit("unit-s", seconds), None),
        (0, 0, minutes) => {
            let fine = minutes < 5 && !seconds.is_multiple_of(60);
            let rest = fine.then(|| unit("unit-s", seconds % 60));
            (unit("unit-min", minutes), rest)
        }
        (0, hours, minutes) => {
            let rest = (minutes > 0).then(|| unit("unit-min", minutes));
            (unit("unit-h", hours), rest)
        }
        (days, hours, _) => {
            let rest = (hours > 0).then(|| unit("unit-h", hours));
            (unit("unit-d", days), rest)
        }
    };
    match second {
        None => first,
        Some(second) => speech.tell("span", [("first", first.into()), ("second", second.into())]),
    }
}

/// A duration by its largest unit alone.
pub fn roughly(speech: &Speech, duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (name, n) = match seconds {
        0..60 => ("unit-s", seconds),
        60..3600 => ("unit-min", seconds / 60),
        3600..86_400 => ("unit-h", seconds / 3600),
        _ => ("unit-d", seconds / 86_400),
    };
    speech.tell(name, [("n", n.into())])
}

/// A duration until something happens, in whole minutes: never less than it is.
pub fn until(speech: &Speech, duration: Duration) -> String {
    let minutes = duration.as_secs().div_ceil(60).max(1);
    span(speech, Duration::from_secs(minutes * 60))
}

/// A duration as a person guesses it: a handful of seconds, whole minutes, hours.
pub fn about(speech: &Speech, duration: Duration) -> String {
    let seconds = duration.as_secs();
    let seconds = match seconds {
        0..60 => seconds.next_multiple_of(10).max(10),
        60..600 => seconds.next_multiple_of(60),
        600..3600 => seconds.next_multiple_of(300),
        _ => seconds.next_multiple_of(3600),
    };
    span(speech, Duration::from_secs(seconds))
}

/// A short time with its fraction: `0.2 s`; longer ones as spans.
pub fn short(speech: &Speech, duration: Duration) -> String {
    if duration >= Duration::from_secs(10) || duration.subsec_millis() == 0 {
        return span(speech, duration);
    }
    let tenths = format!("{:.1}", duration.as_secs_f64());
    let text = if tenths == "0.0" { "0.1" } else { &tenths };
    let text = text.replace('.', &speech.say("number-point"));
    speech.tell("unit-s", [("n", text.into())])
}

/// A duration that has passed: of less than a second it says only that.
pub fn passed(speech: &Speech, duration: Duration) -> String {
    let least = Duration::from_secs(1);
    if duration < least {
        speech.with("less-than", "span", span(speech, least))
    } else {
        span(speech, duration)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;

    use super::*;

    /// With blanks that may break.
    fn plain(text: impl AsRef<str>) -> String {
        text.as_ref().replace('\u{a0}', " ")
    }

    #[test]
    fn a_span_is_said_by_its_two_largest_units() {
        let (english, japanese) = (Speech::of(Language::En), Speech::of(Language::Ja));
        for (seconds, text, other) in [
            (0, "0 s", "0秒"),
            (59, "59 s", "59秒"),
            (60, "1 min", "1分"),
            (125, "2 min 5 s", "2分5秒"),
            (725, "12 min", "12分"),
            (7200, "2 h", "2時間"),
            (46_080, "12 h 48 min", "12時間48分"),
            (100_000, "1 day 3 h", "1日3時間"),
            (172_800, "2 days", "2日"),
        ] {
            let duration = Duration::from_secs(seconds);
            assert_eq!(plain(span(&english, duration)), text);
            assert_eq!(span(&japanese, duration), other);
        }
    }

    #[test]
    fn a_guess_is_rounded_as_a_person_would() {
        let speech = Speech::of(Language::En);
        for (seconds, text) in [
            (3, "10 s"),
            (55, "1 min"),
            (200, "4 min"),
            (1300, "25 min"),
            (5000, "2 h"),
        ] {
            assert_eq!(plain(about(&speech, Duration::from_secs(seconds))), text);
        }
        assert_eq!(plain(short(&speech, Duration::from_millis(200))), "0.2 s");
        assert_eq!(plain(short(&speech, Duration::from_millis(20))), "0.1 s");
        assert_eq!(plain(short(&speech, Duration::from_secs(40))), "40 s");
    }
}
