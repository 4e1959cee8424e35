//! `critwatch try`: asks collectors once and prints what they answered.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{plain, print, print_json};
use crate::command::workspace::asked::{self, AskedCollector, CollectorAnswer};
use crate::command::workspace::settings::Files;
use crate::config::Config;
use crate::config::reading::reader::Environment;
use crate::evaluate::window::labels::Labels;
use crate::model::sample::Sample;
use crate::model::text::nearest::hint;

/// Arguments of `try`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all collectors answered\n  1  at least one failed\n  \
    2  the settings cannot be used\n\n\
    Examples:\n  critwatch try\n  critwatch try redis --grep queue_\n  \
    critwatch try redis --format json | jq '.[].samples[].name'"
)]
pub struct Try {
    /// Collector to scrape, by its id [default: all]
    #[arg(value_name = "COLLECTOR")]
    collector: Option<String>,
    /// Print only samples that contain this text
    #[arg(long, value_name = "TEXT")]
    grep: Option<String>,
    #[command(flatten)]
    files: Files,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl Try {
    /// Asks and prints; fails if a collector did.
    pub async fn run(self, environment: Environment) -> anyhow::Result<ExitCode> {
        let mut config = self.files.read(environment)?;
        if let Some(named) = &self.collector {
            only(&mut config, named)?;
        }
        let asked = asked::ask(&mut config).await?;
        match self.format {
            OutputFormat::Json => {
                let values = asked.iter().map(|one| self.value(one));
                print_json(&values.collect::<Vec<_>>())?;
            }
            OutputFormat::Text if asked.is_empty() => print("there are no collectors")?,
            OutputFormat::Text => {
                for one in &asked {
                    print(&self.lines(one))?;
                }
            }
        }
        let failed = asked.iter().any(AskedCollector::failed);
        Ok(ExitCode::from(u8::from(failed)))
    }

    /// The samples that are wanted, each as its line, sorted.
    fn wanted<'a>(&self, samples: &'a [Sample]) -> Vec<(String, &'a Sample)> {
        let lines = samples.iter().map(|sample| (line(sample), sample));
        let wanted = self.grep.as_deref().unwrap_or_default();
        let mut lines: Vec<_> = lines.filter(|(line, _)| line.contains(wanted)).collect();
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
        lines
    }

    fn lines(&self, asked: &AskedCollector) -> String {
        let head = format!("# {}", asked.in_words());
        let samples = match &asked.answer {
            CollectorAnswer::Came { take, .. } => self.wanted(&take.samples),
            CollectorAnswer::Pushed(_) => Vec::new(),
        };
        let lines = samples.into_iter().map(|(line, _)| line);
        plain(
            &std::iter::once(head)
                .chain(lines)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    fn value(&self, asked: &AskedCollector) -> Value {
        let id = &asked.id;
        match &asked.answer {
            CollectorAnswer::Pushed(what) => {
                json!({ "collector": id, "awaits": what, "samples": [] })
            }
            CollectorAnswer::Came {
                take,
                failure,
                took,
            } => json!({
                "collector": id,
                "seconds": took.as_secs_f64(),
                "error": failure,
                "samples": self.wanted(&take.samples).into_iter().map(|(_, sample)| json!({
                    "name": sample.metric.name,
                    "labels": sample.metric.labels,
                    // JSON has no word for infinity.
                    "value": number(sample.value),
                })).collect::<Vec<_>>(),
            }),
        }
    }
}

/// Leaves only one collector in the settings.
fn only(config: &mut Config, named: &str) -> Result<(), BadInput> {
    let ids = config.collectors.iter().map(|(schedule, _)| &*schedule.id);
    if !ids.clone().any(|id| id == named) {
        let known: Vec<_> = ids.clone().map(|id| format!("`{id}`")).collect();
        let hint = hint(named, ids);
        let known = known.join(", ");
        let message = format!("there is no collector `{named}`; there are {known}{hint}");
        return Err(BadInput::new(message));
    }
    config
        .collectors
        .retain(|(schedule, _)| schedule.id == named);
    Ok(())
}

fn line(sample: &Sample) -> String {
    format!("{} {}", Labels::of(&sample.metric), written(sample.value))
}

fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(written(value))
    }
}

/// A number as Prometheus writes it.
fn written(value: f64) -> String {
    if value == f64::INFINITY {
        "+Inf".to_owned()
    } else if value == f64::NEG_INFINITY {
        "-Inf".to_owned()
    } else {
        value.to_string()
    }
}
