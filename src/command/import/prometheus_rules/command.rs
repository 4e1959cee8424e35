//! `critwatch import prometheus-rules`: rule files as rules of ours.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::json;

use crate::command::import::prometheus_rules::rule_groups;
use crate::command::import::prometheus_rules::translated::{RuleWishes, translate};
use crate::command::import::prometheus_rules::written_rules::ImportedRules;
use crate::command::import::reading;
use crate::command::terminal::findings as told;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json};
use crate::command::written::new_file::{refuse_existing, write_new};
use crate::command::written::settings_text::SettingsText;
use crate::config;
use crate::model::time::duration;
use crate::model::verdict::Publish;

/// The option that names what is written.
const OUT: &str = "--out";

/// A rule file is never longer.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Arguments of `prometheus-rules`.
#[derive(Debug, Args)]
pub struct ImportPrometheusRules {
    /// Prometheus rule file
    file: PathBuf,
    /// Settings file to write; it must not exist yet
    #[arg(long, value_name = "FILE", default_value = "imported.toml")]
    out: PathBuf,
    /// Existing component of all rules, by its id; writes only rules, to be appended to settings
    /// that define it
    #[arg(long, value_name = "ID")]
    component: Option<String>,
    /// Collector of type `query` whose server evaluates the rules, by its id
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Visibility of the rules' incidents [default: draft, or internal for informational rules]
    #[arg(long, value_parser = publish_word())]
    publish: Option<Publish>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

fn publish_word() -> impl clap::builder::TypedValueParser<Value = Publish> {
    PossibleValuesParser::new(["auto", "draft", "internal"]).map(|word| match &*word {
        "auto" => Publish::Auto,
        "internal" => Publish::Internal,
        _ => Publish::Draft,
    })
}

impl ImportPrometheusRules {
    /// Writes the rules, and says what is not among them.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        refuse_existing(&self.out, OUT)?;
        let file = self.file.display().to_string();
        let text = reading::text(&self.file, LONGEST)?;
        let groups = rule_groups::parse(&text, &file)?;
        let wishes = RuleWishes {
            component: self.component.clone(),
            publish: self.publish,
            source: self.source.clone(),
        };
        let imported = translate(&groups, &file, &wishes);
        let settings = self.settings(&imported, &file);
        self.check(&imported, &settings)?;
        if !imported.rules.is_empty() {
            write_new(&self.out, settings.as_bytes(), OUT)?;
        }
        self.report(&imported)
    }

    /// The settings: whole, or the rules alone.
    fn settings(&self, imported: &ImportedRules, file: &str) -> String {
        let mut text = SettingsText::default();
        text.remark(&format!(
            "Rules of {file}, imported by `critwatch import prometheus-rules`."
        ));
        if imported
            .rules
            .iter()
            .any(|rule| rule.publish == Publish::Draft)
        {
            text.remark(
                "A draft is written and told to operators, and becomes public once a person \
                publishes it. Read the texts before you take `publish = \"draft\"` away.",
            );
        }
        if self.component.is_none() {
            text.table("[site]");
            text.key("title", "Imported rules");
            text.append(&imported.keep_text());
            text.append(&imported.components_text());
            if let Some(source) = &self.source {
                text.table("[[collector]]");
                text.key("id", &**source);
                text.key("type", "query");
                text.reference("url", "${PROMETHEUS_URL:-http://127.0.0.1:9090}");
            }
        }
        text.append(&imported.rules_text());
        text.finish()
    }

    /// Reads what is to be written as `serve` does.
    fn check(&self, imported: &ImportedRules, settings: &str) -> anyhow::Result<()> {
        let mut whole = SettingsText::default();
        if let Some(id) = &self.component {
            whole.table("[site]");
            whole.key("title", "T");
            whole.table("[[component]]");
            whole.key("id", &**id);
            whole.key("name", "N");
            whole.append(&imported.keep_text());
        }
        if let (Some(source), Some(_)) = (&self.source, &self.component) {
            whole.table("[[collector]]");
            whole.key("id", &**source);
            whole.key("type", "query");
        }
        let whole = format!("{settings}\n{}", whole.finish());
        let name = self.out.display().to_string();
        let folder = self.out.parent().unwrap_or(std::path::Path::new("."));
        let read = config::read_rules(&whole, &name, folder, [].into(), None)?;
        anyhow::ensure!(
            read.rules.len() == imported.rules.len(),
            "{name} would not hold each rule"
        );
        Ok(())
    }

    fn report(&self, imported: &ImportedRules) -> anyhow::Result<()> {
        let taken = imported.rules.len();
        if self.format == OutputFormat::Json {
            print_json(&json!({
                "taken": taken,
                "notTaken": imported.not_taken,
                "recorded": imported.recorded,
                "file": (taken > 0).then(|| self.out.display().to_string()),
                "jobs": imported.jobs,
                "findings": imported.findings,
            }))?;
        } else {
            told::print(&imported.findings, self.format, true)?;
            let rules = |count| if count == 1 { "rule" } else { "rules" };
            print(&format!(
                "{taken} {} imported, {} skipped, {} recording {}",
                rules(taken),
                imported.not_taken,
                imported.recorded,
                rules(imported.recorded),
            ))?;
        }
        if taken == 0 {
            let file = self.file.display();
            return Err(
                BadInput::new(format!("{file} contains no alert that can be imported")).into(),
            );
        }
        if self.source.is_none() && !imported.jobs.is_empty() {
            let jobs: Vec<_> = imported.jobs.iter().map(|job| format!("`{job}`")).collect();
            note(&format!(
                "the rules refer to the jobs {}: give collectors these ids, or change the rules",
                jobs.join(", ")
            ));
        }
        if let (Some(window), Some(_)) = (imported.window, &self.component) {
            let window = duration::print(window);
            note(&format!(
                "the rules look back {window}: set `window = \"{window}\"` in `[keep]`"
            ));
        }
        let out = self.out.display();
        note(&match self.component {
            Some(_) => {
                format!("wrote {out}; append it to your settings: cat {out} >> alerts.toml")
            }
            None => format!(
                "wrote {out}; add collectors, then test it: critwatch check --live --config {out}"
            ),
        });
        Ok(())
    }
}
