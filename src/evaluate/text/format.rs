//! Numbers as people say them, and as Prometheus' templates print them.

use std::time::Duration;

use crate::model::text::unit::{Unit, without_zeros};

/// How a number is to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberFormat {
    /// As it is, with two decimals at most.
    Plain,
    /// Bytes in KiB, MiB, GiB.
    Bytes,
    /// Seconds in two units.
    Duration,
    /// A ratio from 0 to 1 in percent.
    Percent,
    /// Events per second.
    Rate,
    /// Prometheus' `humanize`.
    Humanize,
    /// Prometheus' `humanize1024`.
    Humanize1024,
    /// Prometheus' `humanizeDuration`.
    HumanizeDuration,
    /// Prometheus' `humanizePercentage`.
    HumanizePercentage,
    /// `printf "%.2f"`, with so many decimals.
    Fixed(usize),
}

/// The names that a text may use, in the order in which they are told.
pub(crate) const FIGURES: [(&str, NumberFormat); 8] = [
    ("bytes", NumberFormat::Bytes),
    ("duration", NumberFormat::Duration),
    ("percent", NumberFormat::Percent),
    ("rate", NumberFormat::Rate),
    ("humanize", NumberFormat::Humanize),
    ("humanize1024", NumberFormat::Humanize1024),
    ("humanizeDuration", NumberFormat::HumanizeDuration),
    ("humanizePercentage", NumberFormat::HumanizePercentage),
];

impl NumberFormat {
    /// Says a number; what is no number is a question mark.
    pub(crate) fn say(self, value: f64) -> String {
        if value.is_nan() {
            return "?".to_owned();
        }
        match self {
            Self::Plain => Unit::Count.say(value),
            Self::Bytes => Unit::Bytes.say(value),
            Self::Duration => Unit::Seconds.say(value),
            Self::Percent => Unit::Percent.say(value),
            Self::Rate => Unit::PerSecond.say(value),
            Self::Humanize => humanize(value),
            Self::Humanize1024 => humanize1024(value),
            Self::HumanizeDuration => humanize_duration(value),
            Self::HumanizePercentage => format!("{}%", general(value * 100.0)),
            Self::Fixed(decimals) => format!("{value:.decimals$}"),
        }
    }
}

fn humanize(value: f64) -> String {
    if value == 0.0 || value.is_infinite() {
        return general(value);
    }
    let (prefixes, factor) = if value.abs() >= 1.0 {
        (["", "k", "M", "G", "T", "P", "E", "Z", "Y"], 1e-3)
    } else {
        (["", "m", "u", "n", "p", "f", "a", "z", "y"], 1e3)
    };
    let fits = |left: f64| {
        if factor < 1.0 {
            left.abs() < 1000.0
        } else {
            left.abs() >= 1.0
        }
    };
    scaled(value, &prefixes, factor, fits)
}

fn humanize1024(value: f64) -> String {
    if value.abs() <= 1.0 || value.is_infinite() {
        return general(value);
    }
    let prefixes = ["", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
    scaled(value, &prefixes, 1.0 / 1024.0, |left| left.abs() < 1024.0)
}

/// Multiplies until it fits, and puts the prefix of that step behind.
fn scaled(value: f64, prefixes: &[&str], factor: f64, fits: impl Fn(f64) -> bool) -> String {
    let mut left = value;
    let (last, others) = prefixes.split_last().unwrap_or((&"", &[]));
    for prefix in others {
        if fits(left) {
            return general(left) + *prefix;
        }
        left *= factor;
    }
    general(left) + *last
}

fn humanize_duration(value: f64) -> String {
    if value == 0.0 {
        return "0s".to_owned();
    }
    if value.is_infinite() {
        return general(value);
    }
    if value.abs() < 1.0 {
        return humanize(value) + "s";
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let length = Duration::try_from_secs_f64(value.abs()).unwrap_or(Duration::MAX);
    let whole = length.as_secs();
    let (days, hours) = (whole / 86_400, whole / 3600 % 24);
    let (minutes, seconds) = (whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{}s", general(value)),
        (0, 0, minutes) => format!("{sign}{minutes}m {seconds}s"),
        (0, hours, minutes) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        (days, hours, minutes) => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    }
}

/// Go's `%.4g`: four digits that count, without zeros behind.
fn general(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let text = format!("{value:.3e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    match usize::try_from(3 - power) {
        Ok(decimals) if power >= -4 => without_zeros(&format!("{value:.decimals$}")).to_owned(),
        _ => {
            let sign = if power < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", without_zeros(digits), power.abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_said_as_a_person_would() {
        for (figure, value, expected) in [
            (NumberFormat::Plain, 0.5, "0.5"),
            (NumberFormat::Plain, 12.0, "12"),
            (NumberFormat::Plain, 1234.56, "1235"),
            (NumberFormat::Plain, -0.001, "0"),
            (NumberFormat::Plain, f64::NAN, "?"),
            (NumberFormat::Bytes, 512.0, "512 bytes"),
            (NumberFormat::Bytes, 1536.0 * 1024.0, "1.5 MiB"),
            (NumberFormat::Bytes, 1024.0 * 1024.0 - 1.0, "1 MiB"),
            (NumberFormat::Bytes, 4_294_967_296.0, "4 GiB"),
            (NumberFormat::Duration, 0.25, "250 ms"),
            (NumberFormat::Duration, 2.345, "2.35 s"),
            (NumberFormat::Duration, 125.2, "2 min 5 s"),
            (NumberFormat::Duration, 46_080.0, "12 h 48 min"),
            (NumberFormat::Duration, f64::INFINITY, "∞"),
            (NumberFormat::Percent, 0.934, "93.4 %"),
            (NumberFormat::Rate, 12.345, "12.35/s"),
            (NumberFormat::Fixed(1), 2.25, "2.2"),
        ] {
            assert_eq!(figure.say(value), expected, "{figure:?} of {value}");
        }
    }

    #[test]
    fn the_figures_of_prometheus_are_those_of_its_own_tests() {
        // Values of Prometheus' template/template_test.go, in its words.
        for (figure, value, expected) in [
            (NumberFormat::Humanize, 0.0, "0"),
            (NumberFormat::Humanize, 1.0, "1"),
            (NumberFormat::Humanize, 1_234_567.0, "1.235M"),
            (NumberFormat::Humanize, 0.12, "120m"),
            (NumberFormat::Humanize, f64::INFINITY, "+Inf"),
            (NumberFormat::Humanize1024, 1_048_576.0, "1Mi"),
            (NumberFormat::Humanize1024, 0.12, "0.12"),
            (NumberFormat::HumanizeDuration, 0.0, "0s"),
            (NumberFormat::HumanizeDuration, 1.0, "1s"),
            (NumberFormat::HumanizeDuration, 60.0, "1m 0s"),
            (NumberFormat::HumanizeDuration, 3600.0, "1h 0m 0s"),
            (NumberFormat::HumanizeDuration, 86_400.0, "1d 0h 0m 0s"),
            (NumberFormat::HumanizeDuration, 93_784.0, "1d 2h 3m 4s"),
            (NumberFormat::HumanizeDuration, -86_400.0, "-1d 0h 0m 0s"),
            (NumberFormat::HumanizeDuration, 0.1, "100ms"),
            (NumberFormat::HumanizeDuration, 12.5, "12.5s"),
            (NumberFormat::HumanizePercentage, -0.22, "-22%"),
            (NumberFormat::HumanizePercentage, 0.0, "0%"),
            (NumberFormat::HumanizePercentage, 0.123_456_7, "12.35%"),
            (NumberFormat::HumanizePercentage, 123.4567, "1.235e+04%"),
        ] {
            assert_eq!(figure.say(value), expected, "{figure:?} of {value}");
        }
    }

    proptest! {
        #[test]
        fn every_number_is_said_in_a_few_signs(value in any::<f64>(), which in 0..FIGURES.len()) {
            let text = FIGURES[which].1.say(value);
            prop_assert!(!text.is_empty());
            prop_assert!(which > 3 || value.abs() > 1e15 || text.len() < 40, "{}", text);
        }
    }
}
