//! The outage's own time against ours: minutes, durations, and those within settings.

use std::sync::LazyLock;
use std::time::Duration;

use regex::{Captures, Regex};
use toml::de::{DeTable, DeValue};

/// How many times faster than the outage a drill runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Speed(pub(crate) f64);

/// The shortest duration that settings may have.
const SHORTEST_MS: f64 = 1.0;

/// Keys whose values settings refuse below so many milliseconds.
const LEAST_MS: [(&str, f64); 1] = [("remind_every", 60_000.0)];

/// Keys whose values are for people or machines elsewhere: no duration in them is ours.
const PROSE: [&str; 14] = [
    "id",
    "name",
    "title",
    "text",
    "description",
    "what",
    "url",
    "path",
    "key",
    "group",
    "type",
    "word",
    "format",
    "webhook",
];

/// Keys whose values are PromQL, in which a lone duration is a number of seconds.
const PROMQL: [&str; 8] = [
    "expr", "value", "clear", "jobs", "wait", "probe", "good", "total",
];

static DURATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d+(?:\.\d+)?)(ms|s|m|h|d)\b").ok());

/// A range `[5m]`, `[1h:5m]`, or the word before a shift in time.
static RANGE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\[[^\]]*|offset\s+-?)$").ok());

impl Speed {
    /// How long so many minutes of the outage take here.
    pub(crate) fn minutes(self, minutes: f64) -> Duration {
        self.seconds(minutes * 60.0)
    }

    /// How long so many seconds of the outage take here.
    pub(crate) fn seconds(self, seconds: f64) -> Duration {
        Duration::try_from_secs_f64(seconds / self.0).unwrap_or_default()
    }

    /// How many minutes of the outage pass in a duration here.
    pub(crate) fn outage_minutes(self, real: Duration) -> f64 {
        real.as_secs_f64() * self.0 / 60.0
    }

    /// Scales every duration in a list of arguments, and puts the memory that an idle child
    /// has, in MiB, in the place of `{idle+24}`.
    pub(crate) fn arguments(self, arguments: &[String], idle_mib: u64) -> Vec<String> {
        let scaled = arguments.iter().map(|argument| {
            let more = argument.strip_prefix("{idle+");
            let more = more.and_then(|rest| rest.strip_suffix('}')?.parse::<u64>().ok());
            match more {
                Some(more) => (idle_mib + more).to_string(),
                None if argument.starts_with("--") => argument.clone(),
                None => self.text(argument, false, SHORTEST_MS),
            }
        });
        scaled.collect()
    }

    /// Scales every duration in a settings file, and leaves all else as it is.
    ///
    /// What is no TOML comes back unchanged; who reads it next says what is wrong.
    pub(crate) fn settings(self, text: &str) -> String {
        let Ok(table) = DeTable::parse(text) else {
            return text.to_owned();
        };
        let mut edits = Vec::new();
        let file = table.into_inner();
        for (key, value) in &file {
            self.collect(text, key.get_ref(), value, &mut edits);
        }
        edits.sort_by_key(|(start, _, _)| *start);
        let mut scaled = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end, new) in edits {
            scaled.push_str(&text[done..start]);
            scaled.push_str(&new);
            done = end;
        }
        scaled.push_str(&text[done..]);
        scaled
    }

    fn collect(
        self,
        text: &str,
        key: &str,
        value: &toml::Spanned<DeValue<'_>>,
        edits: &mut Vec<(usize, usize, String)>,
    ) {
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    self.collect(text, key.get_ref(), value, edits);
                }
            }
            DeValue::Array(items) => {
                for item in items {
                    self.collect(text, key, item, edits);
                }
            }
            DeValue::String(_) if !PROSE.contains(&key) => {
                let at = value.span();
                let least = LEAST_MS.iter().find(|(name, _)| *name == key);
                let least = least.map_or(SHORTEST_MS, |(_, least)| *least);
                let new = self.text(&text[at.clone()], PROMQL.contains(&key), least);
                edits.push((at.start, at.end, new));
            }
            _ => {}
        }
    }

    /// Scales every duration in a text, down to `least` milliseconds.
    fn text(self, text: &str, is_promql: bool, least: f64) -> String {
        let Some(duration) = &*DURATION else {
            return text.to_owned();
        };
        let scaled = duration.replace_all(text, |found: &Captures<'_>| {
            let start = found.get(0).map_or(0, |whole| whole.start());
            let is_range = RANGE
                .as_ref()
                .is_some_and(|range| range.is_match(&text[..start]));
            let milliseconds = milliseconds(&found[1], &found[2]) / self.0;
            if is_promql && !is_range {
                format!("{}", milliseconds / 1000.0)
            } else {
                format!("{:.0}ms", milliseconds.max(least))
            }
        });
        scaled.into_owned()
    }
}

fn milliseconds(number: &str, unit: &str) -> f64 {
    let number: f64 = number.parse().unwrap_or_default();
    number
        * match unit {
            "ms" => 1.0,
            "s" => 1000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            _ => 86_400_000.0,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_settings_are_scaled_where_they_stand() {
        let text = r#"
[site]
title = "Kept for 5m"
hold = "15m" # 15m
[[rule]]
expr = 'increase(x[5m]) > 0 and age > 90s and y offset 1m > 2 and sum_over_time(x[1h:30s]) > 3'
for = "2m"
severity = "down"
disrupted = { above = 3, for = "1m" }
[[notifier]]
remind_every = "30m"
"#;
        assert_eq!(
            Speed(60.0).settings(text),
            r#"
[site]
title = "Kept for 5m"
hold = "15000ms" # 15m
[[rule]]
expr = 'increase(x[5000ms]) > 0 and age > 1.5 and y offset 1000ms > 2 and sum_over_time(x[60000ms:500ms]) > 3'
for = "2000ms"
severity = "down"
disrupted = { above = 3, for = "1000ms" }
[[notifier]]
remind_every = "60000ms"
"#
        );
    }

    #[test]
    fn arguments_are_scaled_but_for_their_names() {
        let arguments = [
            "--session-ttl",
            "120m",
            "--children-max",
            "10",
            "--memory",
            "{idle+24}",
        ];
        let arguments = arguments.map(str::to_owned);
        let scaled = Speed(60.0).arguments(&arguments, 50);
        assert_eq!(
            scaled,
            [
                "--session-ttl",
                "120000ms",
                "--children-max",
                "10",
                "--memory",
                "74"
            ]
        );
    }

    #[test]
    fn a_speed_of_one_changes_no_duration() {
        let text = "[site]\nhold = \"15m\"\n";
        assert_eq!(Speed(1.0).settings(text), "[site]\nhold = \"900000ms\"\n");
    }
}
