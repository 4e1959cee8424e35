//! `critwatch subscriber add`: for those who asked the operator.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::command::subscriber::store::{SubscriberStore, address, data, row};
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{ReportRhythm, SubscriptionChoice};
use crate::model::text::language::Language;
use crate::model::text::nearest::hint;
use crate::notify::subscribers::care;
use crate::pipeline::stages::Pipeline;

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddSubscriber {
    /// E-mail address
    address: String,
    /// Language of the e-mails
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// Subscribe only to this component, by its id; may be repeated [default: all]
    #[arg(long = "component", value_name = "ID")]
    components: Vec<String>,
    /// Send no e-mails about incidents
    #[arg(long)]
    no_incidents: bool,
    /// Send no e-mails about maintenance
    #[arg(long)]
    no_maintenance: bool,
    /// Send an uptime report [default: none]
    #[arg(long, value_parser = PossibleValuesParser::new(["weekly", "monthly"]))]
    report: Option<String>,
    /// Settings file, for the ids of the components
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    config: PathBuf,
    #[command(flatten)]
    kept: SubscriberStore,
}

impl AddSubscriber {
    pub(crate) fn run(self, environment: Environment) -> anyhow::Result<()> {
        let address = address(&self.address)?;
        let choice = self.choice(environment)?;
        let now = Pipeline::clock();
        let mut store = self.kept.open()?;
        let unwritten = "cannot write the subscriber";
        let added = care::add(&mut store, &address, &choice, now).context(unwritten)?;
        let added = added.ok_or_else(|| {
            BadInput::new(
                "this address has already subscribed; remove it first to change its choices",
            )
        })?;
        note("you vouch that this person asked for the mails");
        match self.kept.format {
            OutputFormat::Json => print_json(&data(&added, true)),
            OutputFormat::Text => print(&format!("added {}", table(&[row(&added, false)]))),
        }
    }

    fn choice(&self, environment: Environment) -> anyhow::Result<SubscriptionChoice> {
        let language = Language::from_tag(&self.language).ok_or_else(|| {
            let tags = Language::ALL.map(Language::tag).join(", ");
            BadInput::new(format!("mails are written in {tags}"))
        })?;
        let choice = SubscriptionChoice {
            language,
            components: self.components(environment)?,
            incidents: !self.no_incidents,
            maintenance: !self.no_maintenance,
            report: self.report.as_deref().and_then(ReportRhythm::from_word),
        };
        if !choice.is_some() {
            return Err(BadInput::new("nothing would be sent").into());
        }
        Ok(choice)
    }

    /// The components, which the settings must have.
    fn components(&self, environment: Environment) -> anyhow::Result<BTreeSet<ComponentId>> {
        if self.components.is_empty() {
            return Ok(BTreeSet::new());
        }
        let site = Files::alone(&self.config).site(environment)?;
        let known = site.map(|site| site.components).unwrap_or_default();
        let ids = self.components.iter().map(|id| {
            let mut all = known.iter();
            all.find(|component| component.id.0 == *id)
                .map(|component| component.id.clone())
                .ok_or_else(|| {
                    let names = known.iter().map(|component| &*component.id.0);
                    let hint = hint(id, names);
                    BadInput::new(format!("there is no component `{id}`{hint}"))
                })
        });
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
