//! The `[keep]` table: what is kept in memory and on disk, and for how long.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::evaluate::backlog::WatchedBacklog;
use crate::evaluate::charted::Published;
use crate::evaluate::promql::Expression;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::limits::WindowLimits;
use crate::model::series::selector::SeriesSelector;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// Every instant selector looks back so far.
const LEAST: Duration = Duration::from_mins(5);

/// A scrape that comes a little late must not find its neighbour gone.
const MARGIN: Duration = Duration::from_mins(1);

/// Samples of one series that are kept whatever the rules ask for.
const FEW_SAMPLES: usize = 10_000;

/// Keys of a rule and of a backlog that hold `PromQL`.
const EXPRESSIONS: [&str; 5] = ["expr", "clear", "value", "jobs", "wait"];

/// What is kept.
#[derive(Clone, Debug)]
pub struct Keep {
    /// How far rules may look back.
    pub(crate) window: Duration,
    /// Series in the window.
    pub(crate) series: usize,
    /// Samples of one series in the window.
    pub(crate) samples: usize,
    /// Samples of all series together; beyond it the oldest go first.
    pub(crate) total: usize,
    /// How long minute samples are kept; zero keeps none.
    pub minutes: Duration,
    /// Series that are summed up to minutes.
    pub(crate) minute_series: usize,
    /// Series that are kept beside those that rules ask for.
    pub(crate) metrics: Vec<SeriesSelector>,
}

/// The table as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct KeepTable {
    /// How far rules may look back.
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    window: Duration,
    /// Maximum number of series in memory.
    series: usize,
    /// Maximum number of samples of one series in memory.
    samples: usize,
    /// Maximum number of samples of all series in memory; the oldest are dropped first.
    total_samples: usize,
    /// Retention of minute samples for charts; `0s` keeps none.
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    minutes: Duration,
    /// Maximum number of series to roll up to minutes.
    minute_series: usize,
    /// Further series to keep besides those that rules use, as selectors.
    metrics: Vec<String>,
}

impl Default for KeepTable {
    fn default() -> Self {
        Self {
            window: Duration::from_hours(24),
            series: 50_000,
            samples: 100_000,
            total_samples: 4_000_000,
            minutes: Duration::from_hours(24 * 90),
            minute_series: 500,
            metrics: Vec::new(),
        }
    }
}

impl Keep {
    /// How long samples are of use: as far as rules, backlogs and published series look back.
    pub(crate) fn age(
        &self,
        rules: &[Rule],
        backlogs: &[WatchedBacklog],
        published: &[Published],
    ) -> Duration {
        let looked = rules.iter().map(Rule::look_back);
        let looked = looked.chain(backlogs.iter().map(WatchedBacklog::look_back));
        let looked = looked.chain(published.iter().map(Published::look_back));
        let furthest = looked.max().unwrap_or_default();
        furthest.min(self.window).max(LEAST) + MARGIN
    }

    /// How much the window may hold.
    ///
    /// A series has as many samples as its collector brings within the age.
    pub fn limits(
        &self,
        rules: &[Rule],
        backlogs: &[WatchedBacklog],
        collectors: &[(Schedule, Target)],
    ) -> WindowLimits {
        self.limits_with(rules, backlogs, &[], collectors)
    }

    /// The same, with what is published besides.
    pub(crate) fn limits_with(
        &self,
        rules: &[Rule],
        backlogs: &[WatchedBacklog],
        published: &[Published],
        collectors: &[(Schedule, Target)],
    ) -> WindowLimits {
        let age = self.age(rules, backlogs, published);
        let shortest = collectors
            .iter()
            .map(|(schedule, _)| schedule.interval)
            .min();
        let shortest = shortest.unwrap_or(age).as_millis().max(1);
        let needed = usize::try_from(age.as_millis() / shortest).unwrap_or(usize::MAX);
        if needed > self.samples {
            tracing::warn!(
                needed,
                samples = self.samples,
                "rules look back on more samples of a series than are kept: ask less often, \
                look back less far, or set `samples` in `[keep]`",
            );
        }
        WindowLimits {
            age,
            series: self.series,
            samples: needed.max(FEW_SAMPLES).min(self.samples),
            total: self.total,
        }
    }
}

/// Reads the table, and finds the rules that look back further than is kept.
pub(crate) fn read(reader: &mut TableReader, file: &mut DeTable<'_>) -> Option<Keep> {
    let table = file.remove("keep");
    let read = match &table {
        None => Some(KeepTable::default()),
        Some(table) if table.get_ref().is_table() => reader.read::<KeepTable>(table),
        Some(other) => {
            reader.fault(other.span(), "write this as a table `[keep]`");
            None
        }
    };
    let metrics = table.as_ref().map(|table| metrics(reader, table));
    let read = read?;
    if let Some(table) = &table {
        let whole = |key: &str, number: usize| (number == 0).then(|| span(table, key));
        let none = [
            whole("series", read.series),
            whole("samples", read.samples),
            whole("total_samples", read.total_samples),
        ];
        for at in none.into_iter().flatten() {
            reader.fault(at, "without any, no rule could be judged");
        }
    }
    too_far(reader, file, read.window);
    Some(Keep {
        window: read.window,
        series: read.series,
        samples: read.samples,
        total: read.total_samples,
        minutes: read.minutes,
        minute_series: if read.minutes.is_zero() {
            0
        } else {
            read.minute_series
        },
        metrics: metrics.unwrap_or_default(),
    })
}

fn metrics(reader: &mut TableReader, table: &Table<'_>) -> Vec<SeriesSelector> {
    let mut selectors = Vec::new();
    for (text, span) in texts(table, "metrics") {
        match SeriesSelector::parse(&text) {
            Ok(selector) if selector.name().is_some() => selectors.push(selector),
            Ok(_) => reader.fault(span, "name the metric: `queue_jobs{queue=~\"r.*\"}`"),
            Err(error) => reader.fault(span, error.to_string()),
        }
    }
    selectors
}

/// Tells of every expression that looks back further than samples are kept.
fn too_far(reader: &mut TableReader, file: &DeTable<'_>, window: Duration) {
    let tables = ["rule", "backlog", "figure"]
        .into_iter()
        .filter_map(|name| {
            let tables = file.get(name)?;
            tables.get_ref().as_array()
        });
    let mut found = Vec::new();
    for rule in tables.flat_map(|tables| tables.iter()) {
        let look_back = rule.get_ref().get("look_back");
        if let Some((value, DeValue::String(text))) = look_back.map(|key| (key, key.get_ref()))
            && let Some(back) = duration::parse(text).ok().filter(|back| *back > window)
        {
            found.push((value.span(), back));
        }
        let keys = EXPRESSIONS.iter().filter_map(|key| rule.get_ref().get(key));
        for expr in keys {
            // What cannot be parsed is told where the rules are read.
            let text = expr.get_ref().as_str().map(Expression::parse);
            let Some(Ok(expression)) = text else {
                continue;
            };
            let back = expression.look_back();
            // `@` with a fixed moment has no length.
            if back > window && back < Duration::MAX {
                found.push((expr.span(), back));
            }
        }
    }
    for (span, back) in found {
        let (back, window) = (duration::print(back), duration::print(window));
        reader.fault(
            span,
            format!(
                "this looks back {back}, but samples are kept for {window}; look back less \
                far, or set `window = \"{back}\"` in `[keep]`"
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use crate::config::{self, Config};

    use super::*;

    fn read(more: &str) -> Result<Config, String> {
        let text = format!(
            "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n\
            [[collector]]\nid = 'r'\ntype = 'http'\nurl = 'http://localhost'\ninterval = '1s'\n{more}"
        );
        config::read(&text, "alerts.toml", Path::new("."), BTreeMap::new(), None)
            .map_err(|error| error.to_string())
    }

    fn rule(expr: &str) -> String {
        format!(
            "[[rule]]\nid = 'r'\nexpr = '{expr}'\nseverity = 'down'\ncomponents = ['c']\n\
            title = 'T'\ntext = 't'\n"
        )
    }

    #[test]
    fn the_window_is_as_long_as_rules_look_back() {
        let check = |more: &str, minutes: u64, samples: usize| {
            let config = read(more).unwrap();
            let limits = config
                .keep
                .limits(&config.rules, &config.backlogs, &config.collectors);
            assert_eq!(limits.age, Duration::from_mins(minutes), "{more}");
            assert_eq!(limits.samples, samples, "{more}");
        };
        check("", 6, 10_000);
        check(&rule("rate(a[1m]) > 0"), 6, 10_000);
        check(&rule("increase(a[4h] offset 1h) > 0"), 301, 18_060);
        let few = format!("[keep]\nsamples = 500\n{}", rule("increase(a[1h]) > 0"));
        check(&few, 61, 500);
        // A fixed moment is looked back on as long as it is there.
        check(&rule("a @ 1700000000 > 0"), 24 * 60 + 1, 86_460);
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_the_way_out() {
        let check = |more: &str, words: &str| {
            let message = read(more).unwrap_err();
            assert!(message.contains(words), "{message}");
        };
        check("[keep]\nhours = 3\n", "unknown key `hours`");
        check("[keep]\nwindow = '3'\n", "is not a duration");
        check("[keep]\nseries = 0\n", "no rule could be judged");
        check("[keep]\nmetrics = ['up >']\n", "selects no series");
        check("[keep]\nmetrics = ['{job=\"a\"}']\n", "name the metric");
        check("[[keep]]\nseries = 1\n", "write this as a table `[keep]`");
        check(
            &rule("increase(a[3d]) > 0"),
            "this looks back 3d, but samples are kept for 1d; look back less far, or set \
            `window = \"3d\"` in `[keep]`",
        );
        let longer = format!("[keep]\nwindow = '3d'\n{}", rule("increase(a[3d]) > 0"));
        assert!(read(&longer).is_ok());
    }

    #[test]
    fn no_minutes_means_no_series() {
        assert_eq!(
            read("[keep]\nminutes = '0s'\n").unwrap().keep.minute_series,
            0
        );
        assert_eq!(read("").unwrap().keep.minute_series, 500);
    }
}
