//! `critwatch status`: what a running `serve` sees, in one screen.

use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tokio::time::MissedTickBehavior;

use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{print, print_json, table};
use crate::command::workspace::running_server::RunningServer;
use crate::config::reading::reader::Environment;
use crate::model::time::duration::{elapsed, short};
use crate::pipeline::stages::Pipeline;

/// How often `--watch` asks.
const INTERVAL: Duration = Duration::from_secs(2);

/// What the running monitor sees: collectors, rules, incidents, silences, notifiers.
///
/// It asks the operators' listener. If it needs a token, name a file with one of scope `read`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  critwatch status\n  critwatch status --watch\n  \
    critwatch status --format json | jq '.rules[] | select(.state == \"firing\")'"
)]
pub struct Status {
    #[command(flatten)]
    server: RunningServer,
    /// Include quiet rules
    #[arg(long)]
    all: bool,
    /// Refresh every two seconds
    #[arg(long, conflicts_with = "format")]
    watch: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl Status {
    /// Prints what the monitor says.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let token = self.server.token(&environment)?;
        if !self.watch {
            let state = self.ask(token.as_deref()).await?;
            return match self.format {
                OutputFormat::Json => print_json(&state),
                OutputFormat::Text => print(&self.text(&state)),
            };
        }
        let mut beat = tokio::time::interval(INTERVAL);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            beat.tick().await;
            let shown = match self.ask(token.as_deref()).await {
                Ok(state) => self.text(&state),
                Err(error) => format!("{error:#}"),
            };
            // Clears the screen, and begins at its first line.
            print(&format!("\u{1b}[2J\u{1b}[H{shown}"))?;
        }
    }

    async fn ask(&self, token: Option<&str>) -> anyhow::Result<Value> {
        let url = self.server.url("/api/v1/state");
        let answer = self.server.get(&url, token).await?;
        anyhow::ensure!(
            answer.status.is_success(),
            "{url} answers {}; is it the operators' listener of this version?",
            answer.status
        );
        answer.json(&url)
    }

    /// One screen of it.
    fn text(&self, state: &Value) -> String {
        let parts = [
            headline(state),
            section("COMPONENTS", state, "components", &[], component),
            self.rules(state),
            section("INCIDENTS", state, "incidents", &[], incident),
            section("SILENCES", state, "silences", &[], silence),
            section("COLLECTORS", state, "collectors", &[], collector),
            section("NOTIFIERS", state, "notifiers", &[], notifier),
        ];
        let shown: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        shown.join("\n\n")
    }

    fn rules(&self, state: &Value) -> String {
        let quiet: &[&str] = if self.all { &[] } else { &["quiet"] };
        let shown = section("RULES", state, "rules", quiet, rule);
        let all = list(state, "rules").len();
        if shown.is_empty() && all > 0 {
            return format!("RULES\n  all {all} are quiet");
        }
        shown
    }
}

fn list<'v>(state: &'v Value, key: &str) -> &'v [Value] {
    state[key].as_array().map_or(&[], Vec::as_slice)
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// How long ago a moment was, in words.
fn ago(value: &Value) -> String {
    let at = value.as_str().and_then(|at| at.parse().ok());
    at.map_or_else(String::new, |at| short(elapsed(at, Pipeline::clock())))
}

fn headline(state: &Value) -> String {
    let sample = match &state["lastSample"] {
        Value::Null => "no fresh samples".to_owned(),
        at => format!("last sample {} ago", ago(at)),
    };
    let mut parts = vec![format!("{}, {sample}", word(state, "health"))];
    let unwritten = list(state, "unwritten");
    if !unwritten.is_empty() {
        parts.push(format!(
            "{} incident files cannot be written",
            unwritten.len()
        ));
    }
    match state["unreadable"].as_u64() {
        None | Some(0) => {}
        Some(count) => parts.push(format!("{count} incident files cannot be read")),
    }
    if state["reader"] == true {
        parts.push("another instance is active".to_owned());
    }
    parts.join("; ")
}

/// A heading and its rows; nothing if there are none. Some states are left out.
fn section(
    heading: &str,
    state: &Value,
    key: &str,
    left_out: &[&str],
    row: fn(&Value) -> Vec<String>,
) -> String {
    let shown = list(state, key).iter();
    let shown = shown.filter(|value| !left_out.contains(&word(value, "state")));
    let rows: Vec<_> = shown.map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let indented = table(&rows).replace('\n', "\n  ");
    format!("{heading}\n  {indented}")
}

fn component(value: &Value) -> Vec<String> {
    let more = match (value["inMaintenance"] == true, value["silenced"] == true) {
        (true, _) => "under maintenance",
        (false, true) => "checks fail, but are silenced or overruled",
        (false, false) => "",
    };
    vec![
        word(value, "id").to_owned(),
        word(value, "health").to_owned(),
        more.to_owned(),
    ]
}

fn rule(value: &Value) -> Vec<String> {
    let evidence = list(value, "evidence").iter();
    let evidence = evidence.map(|one| format!("{} = {}", word(one, "series"), one["value"]));
    let why = match (&value["suppressed"], &value["overruledBy"]) {
        (Value::Object(reason), _) => match reason.get("silence") {
            Some(silence) => format!("silence {silence}"),
            None => "maintenance".to_owned(),
        },
        (_, Value::String(incident)) => format!("overruled by {incident}"),
        _ => String::new(),
    };
    vec![
        word(value, "id").to_owned(),
        word(value, "state").to_owned(),
        format!("for {}", ago(&value["since"])),
        word(value, "severity").to_owned(),
        why,
        evidence.collect::<Vec<_>>().join(", "),
    ]
}

fn incident(value: &Value) -> Vec<String> {
    let phase = if value["draft"] == true {
        "draft"
    } else {
        word(value, "phase")
    };
    vec![
        word(value, "id").to_owned(),
        word(value, "severity").to_owned(),
        phase.to_owned(),
        format!("for {}", ago(&value["date"])),
        word(value, "title").to_owned(),
    ]
}

fn silence(value: &Value) -> Vec<String> {
    let matchers = list(value, "matchers").iter();
    let matchers: Vec<_> = matchers.filter_map(Value::as_str).collect();
    vec![
        value["id"].to_string(),
        word(value, "state").to_owned(),
        format!("until {}", word(value, "until")),
        word(value, "by").to_owned(),
        matchers.join(","),
        word(value, "reason").to_owned(),
    ]
}

fn collector(value: &Value) -> Vec<String> {
    let number = |key: &str| value[key].as_f64();
    let up = match number("up") {
        None => "not yet",
        Some(up) if up > 0.0 => "up",
        Some(_) => "fails",
    };
    let took = number("durationSeconds").map(|took| format!("{took:.3} s"));
    let samples = number("samples").map(|samples| format!("{samples} samples"));
    vec![
        word(value, "id").to_owned(),
        up.to_owned(),
        took.unwrap_or_default(),
        samples.unwrap_or_default(),
    ]
}

fn notifier(value: &Value) -> Vec<String> {
    let queued = value["queued"].as_u64().unwrap_or_default();
    let failing = &value["failing"];
    let state = match failing["paused"].as_bool() {
        None => "",
        Some(true) => "paused",
        Some(false) => "failing",
    };
    vec![
        word(value, "id").to_owned(),
        format!("{queued} due"),
        state.to_owned(),
        failing["reason"].as_str().unwrap_or_default().to_owned(),
    ]
}
