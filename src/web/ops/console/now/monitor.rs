//! The monitor's own state.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use prometheus::proto::MetricFamily;

use crate::model::board::Sight;
use crate::model::facts::trouble::Trouble;
use crate::model::text::unit::Unit;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// A line about the monitor.
#[derive(Clone, Debug)]
pub(crate) struct MonitorLine {
    /// What it is about.
    pub(crate) name: &'static str,
    /// Whether it is as it should be.
    pub(crate) sign: Sign,
    /// What there is to say.
    pub(crate) words: String,
}

/// What there is to say about the monitor.
pub(crate) fn lines(
    view: &View<'_>,
    families: &[MetricFamily],
    troubles: &BTreeMap<&'static str, Trouble>,
) -> Vec<MonitorLine> {
    let mut lines = vec![sight(view)];
    lines.extend(files(view));
    lines.extend(troubles.values().map(|trouble| {
        let Trouble { since, title, text } = trouble;
        let since = OperatorTime::new(*since, view).span;
        line(
            "Trouble",
            Sign::Disrupted,
            format!("{title} (for {since}): {text}"),
        )
    }));
    lines.extend(process(view, families));
    lines
}

fn line(name: &'static str, sign: Sign, words: impl Into<String>) -> MonitorLine {
    let words = words.into();
    MonitorLine { name, sign, words }
}

fn sight(view: &View<'_>) -> MonitorLine {
    let span = |at| OperatorTime::new(at, view).span;
    match view.board.facts.sight {
        Sight::Fresh { last } => {
            let words = format!("the newest sample is {} old", span(last));
            line("Samples", Sign::Ok, words)
        }
        Sight::Blind { since } => {
            let words = format!("no fresh samples for {}", span(since));
            line("Samples", Sign::Down, words)
        }
        Sight::Unwatched => line("Samples", Sign::Unknown, "no collectors are configured"),
    }
}

/// Whether it writes, and which files cannot be written or read.
fn files(view: &View<'_>) -> Vec<MonitorLine> {
    let facts = &view.board.facts;
    let mut lines = Vec::new();
    if facts.reader {
        let words = "another instance is active; this one follows and sends nothing";
        lines.push(line("Role", Sign::Notice, words));
    }
    if !facts.unwritten.is_empty() {
        let words = format!("cannot write {}", facts.unwritten.join(", "));
        lines.push(line("Files", Sign::Down, words));
    }
    let faults = facts.faults.iter();
    lines.extend(faults.map(|fault| line("Files", Sign::Disrupted, fault.to_string())));
    lines
}

/// Its settings, its age and its memory.
fn process(view: &View<'_>, families: &[MetricFamily]) -> Vec<MonitorLine> {
    let span = |at| OperatorTime::new(at, view).span;
    let mut lines = Vec::new();
    if value(families, "critwatch_config_last_reload_successful") == Some(0.0) {
        let words = "the file has errors; the previous settings are in force";
        lines.push(line("Settings", Sign::Disrupted, words));
    }
    let read = "critwatch_config_last_reload_success_timestamp_seconds";
    if let Some(read) = value(families, read).and_then(moment) {
        lines.push(line(
            "Settings",
            Sign::Ok,
            format!("read {} ago", span(read)),
        ));
    }
    if let Some(started) = value(families, "process_start_time_seconds").and_then(moment) {
        let version = env!("CARGO_PKG_VERSION");
        let words = format!("version {version}, running for {}", span(started));
        lines.push(line("Process", Sign::Ok, words));
    }
    if let Some(memory) = value(families, "process_resident_memory_bytes") {
        lines.push(line("Memory", Sign::Ok, Unit::Bytes.say(memory)));
    }
    lines
}

/// The value of a metric without labels.
fn value(families: &[MetricFamily], name: &str) -> Option<f64> {
    let family = families.iter().find(|family| family.name() == name)?;
    let metric = family.get_metric().first()?;
    Some(metric.get_gauge().get_value())
}

fn moment(seconds: f64) -> Option<Timestamp> {
    let since = Duration::try_from_secs_f64(seconds).ok()?;
    Timestamp::UNIX_EPOCH.checked_add(since).ok()
}
