//! Logs: text on a terminal, JSON otherwise, or as the story of a demo.

use std::fmt::{self, Write as _};
use std::io::IsTerminal as _;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Filter, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::runtime::traces::Traces;

/// Libraries that log addresses and heads of requests in their finest detail,
/// one that warns of each slip in the HTML of a text, and one that tells of each retry.
const DISCREET: [&str; 4] = [
    "hyper_util=info",
    "tungstenite=info",
    "html5ever=error",
    "object_store=warn",
];

/// How logs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text at a terminal, JSON for a pipe.
    Log,
    /// One line an event, for people.
    Text,
    /// One object a line, for programs.
    Json,
    /// Time, kind and message: what a demo prints on its screen.
    Story,
}

/// Switches logs on, to standard error, or to standard output for a story; and traces,
/// if there are any.
///
/// `words` are in the manner of `RUST_LOG`; a second call changes nothing.
pub fn start(style: Style, words: &str, traces: Option<&Traces>) {
    let logs = tracing_subscriber::registry().with(logs(style).with_filter(logged(words)));
    // Only the first subscriber of a process counts, which is what is wanted.
    let _ = match traces {
        Some(traces) => logs.with(traces.layer()).try_init(),
        None => logs.try_init(),
    };
}

/// What writes logs.
fn logs(style: Style) -> Box<dyn Layer<Registry> + Send + Sync> {
    let layer = tracing_subscriber::fmt::layer()
        // A log on a full disk must not take the page down with it: what cannot
        // be written there cannot be complained of there, and would panic.
        .log_internal_errors(false);
    let is_terminal = std::io::stderr().is_terminal();
    match style {
        Style::Story => layer
            .event_format(StoryFormat)
            .with_writer(std::io::stdout)
            .boxed(),
        Style::Log | Style::Text if is_terminal || style == Style::Text => layer
            .with_writer(std::io::stderr)
            .with_target(false)
            .with_ansi(is_terminal)
            .boxed(),
        Style::Log | Style::Text | Style::Json => layer
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .boxed(),
    }
}

/// Which events and spans reach the log.
fn logged<S>(words: &str) -> impl Filter<S> + use<S> {
    // Spans are for traces; no line of a log names them. Without a hint of its own it would
    // hide that of the words, and libraries would make each line that nobody reads.
    let events = filter_fn(|of| !of.is_span()).with_max_level_hint(LevelFilter::TRACE);
    filter(words).and(events)
}

/// What is logged: as the words say, but no secrets that others would tell.
fn filter(words: &str) -> EnvFilter {
    let filter = EnvFilter::try_new(words).unwrap_or_else(|_| EnvFilter::new("info"));
    let quiet = DISCREET.iter().filter_map(|words| words.parse().ok());
    quiet.fold(filter, EnvFilter::add_directive)
}

/// Prints events as lines of a story.
#[derive(Debug)]
struct StoryFormat;

#[derive(Default)]
struct LogLine {
    kind: Option<String>,
    message: String,
    cause: Option<String>,
    /// What it is about, as ` name=value`.
    about: String,
}

impl LogLine {
    fn note(&mut self, field: &Field, value: &dyn fmt::Display) {
        let _ = write!(self.about, " {}={value}", field.name());
    }
}

impl Visit for LogLine {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "kind" => self.kind = Some(value.to_owned()),
            "message" => value.clone_into(&mut self.message),
            _ => self.note(field, &value),
        }
    }

    fn record_error(&mut self, _: &Field, value: &(dyn std::error::Error + 'static)) {
        self.cause = Some(value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "error" => self.cause = Some(format!("{value:?}")),
            _ => self.note(field, &format_args!("{value:?}")),
        }
    }
}

impl<S, N> FormatEvent<S, N> for StoryFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = LogLine::default();
        event.record(&mut line);
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        // Of `2026-03-01T12:00:00.000000Z` only the clock, to the millisecond.
        let time = time.get(11..23).unwrap_or(&time);
        let level = event.metadata().level().as_str().to_lowercase();
        // A step of the story says what it is about; a line of the log needs its fields.
        let about = if line.kind.is_some() { "" } else { &line.about };
        let kind = line.kind.as_ref().unwrap_or(&level);
        write!(writer, "{time}  {kind:<9} {}{about}", line.message)?;
        if let Some(cause) = line.cause {
            write!(writer, " ({cause})")?;
        }
        writeln!(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_fine_for_the_log_is_not_even_made() {
        for (words, finest) in [
            ("info", LevelFilter::INFO),
            ("critwatch=debug", LevelFilter::DEBUG),
        ] {
            let logs = logs(Style::Json).with_filter(logged(words));
            let subscriber = tracing_subscriber::registry().with(logs);
            assert_eq!(subscriber.max_level_hint(), Some(finest), "{words}");
        }
    }

    #[test]
    fn the_finest_log_tells_no_addresses_and_heads_of_requests() {
        for words in ["trace", "hyper_util=trace,tungstenite=trace", "info"] {
            let filter = filter(words).to_string();
            for quiet in DISCREET {
                assert!(
                    filter.split(',').any(|one| one == quiet),
                    "{words}: {filter}"
                );
            }
            assert!(!filter.contains("hyper_util=trace"), "{filter}");
        }
    }
}
