//! `critwatch rules list`: the rules as they are in force.

use clap::Args;
use serde_json::{Value, json};

use crate::command::rules::settings::RuleFile;
use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{print, print_json, table};
use crate::config::reading::reader::Environment;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::rules::settings::RuleSettings;
use crate::model::time::duration::short;

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListRules {
    #[command(flatten)]
    rules: RuleFile,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl ListRules {
    /// Prints every rule, in the order of the settings.
    pub fn run(self, environment: Environment) -> anyhow::Result<()> {
        let config = self.rules.read(environment)?;
        let rules = config.rules.iter().map(Rule::settings);
        match self.format {
            OutputFormat::Json => print_json(&rules.map(value).collect::<Vec<_>>()),
            OutputFormat::Text if config.rules.is_empty() => print("none"),
            OutputFormat::Text => {
                let head = [
                    "RULE",
                    "SEVERITY",
                    "FOR",
                    "PUBLISH",
                    "COMPONENTS",
                    "EXPRESSION",
                ];
                let mut rows = vec![head.map(str::to_owned).to_vec()];
                rows.extend(rules.map(row));
                print(&table(&rows))
            }
        }
    }
}

fn components(rule: &RuleSettings) -> Vec<&str> {
    rule.components.iter().map(|id| &*id.0).collect()
}

fn row(rule: &RuleSettings) -> Vec<String> {
    vec![
        rule.id.0.clone(),
        rule.severity.word().to_owned(),
        short(rule.hold),
        rule.publish.word().to_owned(),
        components(rule).join(", "),
        rule.expr.clone(),
    ]
}

fn value(rule: &RuleSettings) -> Value {
    json!({
        "id": rule.id.0,
        "title": rule.title,
        "severity": rule.severity.word(),
        "components": components(rule),
        "expr": rule.expr,
        "clear": rule.clear,
        "source": rule.source,
        "forSeconds": rule.hold.as_secs_f64(),
        "keepFiringForSeconds": rule.keep_firing_for.as_secs_f64(),
        "publish": rule.publish.word(),
    })
}
