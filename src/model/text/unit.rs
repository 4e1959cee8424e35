//! What a number counts, and how people say it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::time::duration::short;

/// The unit of a published series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Unit {
    /// A duration.
    #[serde(rename = "seconds")]
    Seconds,
    /// Memory or traffic, in steps of 1024.
    #[serde(rename = "bytes")]
    Bytes,
    /// A ratio from 0 to 1.
    #[serde(rename = "percent")]
    Percent,
    /// A number.
    #[default]
    #[serde(rename = "count")]
    Count,
    /// A number per second.
    #[serde(rename = "per second")]
    PerSecond,
}

impl Unit {
    /// Its word in the settings and for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Percent => "percent",
            Self::Count => "count",
            Self::PerSecond => "per second",
        }
    }

    /// Says a number; what is no number is a question mark.
    ///
    /// ```
    /// use critwatch::model::text::unit::Unit;
    ///
    /// assert_eq!(Unit::Bytes.say(1536.0), "1.5 KiB");
    /// assert_eq!(Unit::Percent.say(0.934), "93.4 %");
    /// ```
    pub fn say(self, value: f64) -> String {
        if value.is_nan() {
            return "?".to_owned();
        }
        match self {
            Self::Count => plain(value),
            Self::Bytes => bytes(value),
            Self::Seconds => duration(value),
            Self::Percent => format!("{} %", plain(value * 100.0)),
            Self::PerSecond => format!("{}/s", plain(value)),
        }
    }
}

/// Two decimals at most, and none from a hundred on.
fn plain(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    let text = if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    };
    match without_zeros(&text) {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

fn bytes(value: f64) -> String {
    let mut left = value;
    let mut units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        .iter()
        .peekable();
    loop {
        let unit = units.next().copied().unwrap_or("PiB");
        // What would be said as 1024 is one of the next unit.
        if left.abs() < 1023.5 || units.peek().is_none() || left.is_infinite() {
            return format!("{} {unit}", plain(left));
        }
        left /= 1024.0;
    }
}

fn duration(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let length = seconds.abs();
    if length < 10.0 && length.fract() > 0.0 {
        return if length < 1.0 {
            format!("{sign}{} ms", plain((length * 1000.0).round()))
        } else {
            format!("{sign}{} s", plain(length))
        };
    }
    match Duration::try_from_secs_f64(length.round()) {
        Ok(length) => format!("{sign}{}", short(length)),
        Err(_) => format!("{sign}∞"),
    }
}

/// A number's text without what its decimals do not say.
pub fn without_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}
