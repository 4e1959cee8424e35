//! `critwatch query`: asks a running server an expression, as Prometheus' clients do.

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use reqwest::{StatusCode, Url};
use serde_json::Value;

use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::command::workspace::running_server::RunningServer;
use crate::config::reading::reader::Environment;
use crate::model::time::{duration, moment};
use crate::pipeline::stages::Pipeline;

/// What is printed if no series is found.
const NOTHING: &str = "nothing";

/// A range without a step has about so many.
const STEPS: u32 = 60;

/// Asks a running server an expression, at a moment or over a range.
///
/// It asks the operators' listener by Prometheus' own API, so `--ops` may name a
/// Prometheus as well. If the listener needs a token, name a file with one of scope `read`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  success\n  1  the evaluation failed, or the server does not answer\n  \
    2  the expression is invalid\n\n\
    Examples:\n  critwatch query 'queue_jobs{state=\"pending\"}'\n  \
    critwatch query 'rate(redis_commands_processed_total[1m])' --range 1h --step 1m\n  \
    critwatch query up --format json | jq '.result[].metric'"
)]
pub struct QueryCommand {
    /// PromQL expression
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expr: String,
    /// Time of evaluation, or end of the range, for example `10m ago` or `2026-03-01 12:30`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    time: String,
    /// Length of a range query, for example `1h` [default: instant query]
    #[arg(long, value_name = "DURATION", value_parser = length)]
    range: Option<Duration>,
    /// Step of a range query, for example `15s`
    #[arg(long, value_name = "DURATION", value_parser = length, requires = "range")]
    step: Option<Duration>,
    #[command(flatten)]
    server: RunningServer,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

fn length(text: &str) -> Result<Duration, String> {
    match duration::parse(text) {
        Ok(length) if length.is_zero() => Err("it must be longer than zero".to_owned()),
        read => read.map_err(|error| error.to_string()),
    }
}

impl QueryCommand {
    /// Asks, and prints the answer.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        let at = moment::parse(&self.time, &TimeZone::UTC, now).map_err(BadInput::from)?;
        let url = self.address(if self.time == "now" { now } else { at })?;
        let token = self.server.token(environment)?;
        let answer = self.server.get(&url, token.as_deref()).await?;
        if answer.status == StatusCode::NOT_FOUND {
            anyhow::bail!("{url} is not there; is it the operators' listener of this version?");
        }
        let value = answer.json(&url)?;
        if value["status"] != "success" {
            return Err(refused(&value, answer.status));
        }
        for kind in ["warnings", "infos"] {
            for remark in value[kind].as_array().into_iter().flatten() {
                note(remark.as_str().unwrap_or_default());
            }
        }
        let data = &value["data"];
        match self.format {
            OutputFormat::Json => print_json(data),
            OutputFormat::Text => {
                let text = shown(data)?;
                print(&text)?;
                if text == NOTHING {
                    note(
                        "critwatch keeps only the metrics that a rule, a chart or `[keep]` names; \
                        `critwatch try COLLECTOR` shows all that a collector brings",
                    );
                }
                Ok(())
            }
        }
    }

    /// The address that is asked.
    fn address(&self, at: Timestamp) -> anyhow::Result<String> {
        let path = match self.range {
            Some(_) => "/api/v1/query_range",
            None => "/api/v1/query",
        };
        let mut url = Url::parse(&self.server.url(path)).context("not the URL of a server")?;
        let seconds = |at: Timestamp| at.as_duration().as_secs_f64().to_string();
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("query", &self.expr);
        match self.range {
            None => {
                pairs.append_pair("time", &seconds(at));
            }
            Some(range) => {
                let begin = at.checked_sub(range).unwrap_or(Timestamp::MIN);
                let step = self
                    .step
                    .unwrap_or((range / STEPS).max(Duration::from_secs(1)));
                pairs
                    .append_pair("start", &seconds(begin))
                    .append_pair("end", &seconds(at))
                    .append_pair("step", &step.as_secs_f64().to_string());
            }
        }
        drop(pairs);
        Ok(url.into())
    }
}

/// Why there is no answer.
fn refused(value: &Value, status: StatusCode) -> anyhow::Error {
    let Some(words) = value["error"].as_str() else {
        return anyhow::anyhow!("the server responds with {status}");
    };
    if value["errorType"] == "bad_data" {
        BadInput::new(words).into()
    } else {
        anyhow::anyhow!("{words}")
    }
}

/// The answer as a table.
fn shown(data: &Value) -> anyhow::Result<String> {
    let result = &data["result"];
    let series = || result.as_array().into_iter().flatten();
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    match data["resultType"].as_str() {
        Some("scalar" | "string") => Ok(result[1].as_str().unwrap_or_default().to_owned()),
        Some("vector") => {
            let mut rows: Vec<Vec<_>> = vec![row(&["VALUE", "SERIES"])];
            rows.extend(series().map(|one| row(&[value(&one["value"]), &name(&one["metric"])])));
            Ok(told(&rows))
        }
        Some("matrix") => {
            let mut rows: Vec<Vec<_>> = vec![row(&["TIME", "VALUE", "SERIES"])];
            for one in series() {
                let name = name(&one["metric"]);
                let points = one["values"].as_array().into_iter().flatten();
                rows.extend(points.map(|point| row(&[&time(point), value(point), &name])));
            }
            Ok(told(&rows))
        }
        _ => anyhow::bail!("the response is not that of a Prometheus API"),
    }
}

fn told(rows: &[Vec<String>]) -> String {
    if rows.len() < 2 {
        NOTHING.to_owned()
    } else {
        table(rows)
    }
}

fn value(point: &Value) -> &str {
    point[1].as_str().unwrap_or("a histogram")
}

/// When it was, to the millisecond, as Prometheus knows it.
fn time(point: &Value) -> String {
    let seconds = point[0].as_f64().map(|at| (at * 1000.0).round() / 1000.0);
    let at = seconds.map(Duration::try_from_secs_f64);
    let at = at
        .and_then(Result::ok)
        .and_then(|at| Timestamp::UNIX_EPOCH.checked_add(at).ok())
        .and_then(|at| at.round(Unit::Millisecond).ok());
    at.map_or_else(String::new, |at| at.to_string())
}

/// A series as it is written in `PromQL`.
fn name(metric: &Value) -> String {
    let labels = metric.as_object().into_iter().flatten();
    let mut pairs: Vec<_> = labels
        .filter(|(label, _)| *label != "__name__")
        .map(|(label, value)| format!("{label}={value}"))
        .collect();
    pairs.sort();
    let name = metric["__name__"].as_str().unwrap_or_default();
    match (name, pairs.is_empty()) {
        ("", _) | (_, false) => format!("{name}{{{}}}", pairs.join(", ")),
        (name, true) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_answer_is_a_table() {
        let vector = json!({ "resultType": "vector", "result": [
            { "metric": { "__name__": "up", "job": "a" }, "value": [1.5, "1"] },
            { "metric": {}, "value": [1.5, "NaN"] },
            { "metric": { "__name__": "up" }, "histogram": [1.5, {}] },
        ] });
        let text =
            "VALUE        SERIES\n1            up{job=\"a\"}\nNaN          {}\na histogram  up";
        assert_eq!(shown(&vector).unwrap(), text);
        let matrix = json!({ "resultType": "matrix", "result": [
            { "metric": { "__name__": "up" }, "values": [[60, "1"], [1_796_027_119.596, "0"]] },
        ] });
        let text = "TIME                      VALUE  SERIES\n1970-01-01T00:01:00Z      1      up\n\
            2026-11-30T08:25:19.596Z  0      up";
        assert_eq!(shown(&matrix).unwrap(), text);
        let scalar = json!({ "resultType": "scalar", "result": [1, "2.5"] });
        assert_eq!(shown(&scalar).unwrap(), "2.5");
        let none = json!({ "resultType": "vector", "result": [] });
        assert_eq!(shown(&none).unwrap(), "nothing");
        assert!(shown(&json!({})).is_err());
    }
}
