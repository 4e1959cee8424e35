//! `critwatch event`: notes a release, a restart or a change with its time.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::history::events::table::EventTable;
use crate::incident::manual::affected;
use crate::model::component::{Component, ComponentId};
use crate::model::event::{Event, EventKind};
use crate::model::time::moment;
use crate::pipeline::stages::Pipeline;
use crate::store;

/// What is to be done without a text.
const NO_TEXT: &str = "say what was done: critwatch event \"Release 1.2 started\" --affected API";

/// Notes what somebody did to the service: a release, a restart, a changed limit.
///
/// The text is public: it is written into the timeline of the open incident. A
/// running `serve` knows it within a second. Unless it is a note, a provider's
/// word or a report, the service is another one after it, so an incident that
/// seems well is watched anew before it is called over.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    critwatch event \"Release v0.9.9-255 started\" --kind release --affected API\n  \
    critwatch event \"The cache has 256 MB now\" --kind limit --at \"20m ago\"\n  \
    critwatch event \"We asked the provider\" --kind note\n  critwatch event --list")]
pub struct EventCommand {
    /// What happened, in one line that visitors may see
    #[arg(conflicts_with = "list")]
    text: Option<String>,
    /// Kind of event
    #[arg(
        long,
        value_name = "KIND",
        default_value = "change",
        value_parser = kinds(),
        conflicts_with = "list"
    )]
    kind: EventKind,
    /// Affected components, by name or id; may be repeated [default: all]
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "list")]
    affected: Vec<String>,
    /// Time of the event, for example `10m ago` or `2026-03-01 12:30`
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "now",
        conflicts_with = "list"
    )]
    at: String,
    /// List recorded events, oldest first
    #[arg(long)]
    list: bool,
    /// Settings file, for the time zone of the site
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    config: PathBuf,
    #[command(flatten)]
    database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl EventCommand {
    /// Does what was asked.
    pub fn run(mut self, environment: Environment) -> anyhow::Result<()> {
        let site = Files::alone(&self.config).site(environment)?;
        let (zone, components) = match site {
            Some(site) => (site.names.zone, Some(site.components)),
            None => (TimeZone::UTC, None),
        };
        if self.list {
            return self.print(&zone);
        }
        // `--affected A B "text"` takes the text for one more name.
        let text = self.text.take().or_else(|| self.affected.pop());
        let text = text.ok_or_else(|| BadInput::new(NO_TEXT))?;
        if let Some(same) = named(&text, components.as_deref().unwrap_or_default()) {
            let why = format!(
                "`{}` is a component, and the text is missing; {NO_TEXT}",
                same.name
            );
            return Err(BadInput::new(why).into());
        }
        let affected = self.affected(components.as_deref())?;
        self.note(&text, affected, &zone)
    }

    /// The ids of the components that are named.
    fn affected(&self, known: Option<&[Component]>) -> anyhow::Result<Vec<ComponentId>> {
        let Some(known) = known else {
            if !self.affected.is_empty() {
                let config = self.config.display();
                note(&format!(
                    "there is no {config}; the components are not checked"
                ));
            }
            return Ok(self.affected.iter().cloned().map(ComponentId).collect());
        };
        let affected = affected::check(&self.affected, known, &[]).map_err(BadInput::from)?;
        for (typed, meant) in &affected.corrected {
            note(&format!("using `{meant}` for `{typed}`"));
        }
        let is_named = |component: &&Component| affected.names.contains(&component.name);
        let named = known.iter().filter(is_named);
        Ok(named.map(|component| component.id.clone()).collect())
    }

    fn note(
        &self,
        text: &str,
        components: Vec<ComponentId>,
        zone: &TimeZone,
    ) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        let at = match &*self.at {
            "now" => now,
            at => moment::parse(at, zone, now).map_err(BadInput::from)?,
        };
        if at > now {
            return Err(BadInput::new(format!(
                "{at} is in the future; record only what has happened"
            ))
            .into());
        }
        let event = Event {
            kind: self.kind,
            components,
            ..Event::new(at, text, now).map_err(BadInput::from)?
        };
        let mut events = EventTable::new(store::open(&self.database.state)?);
        events.add(&event).context("cannot write the event")?;
        match self.format {
            OutputFormat::Json => print_json(&event),
            OutputFormat::Text => print(&format!("noted {}", table(&[row(&event, zone)]))),
        }
    }

    fn print(&self, zone: &TimeZone) -> anyhow::Result<()> {
        // Who only looks makes no database.
        let events = if self.database.state.join("critwatch.db").exists() {
            EventTable::new(store::open(&self.database.state)?)
                .between(Timestamp::MIN, Timestamp::MAX)
                .context("cannot read the events")?
        } else {
            Vec::new()
        };
        match self.format {
            OutputFormat::Json => print_json(&events),
            OutputFormat::Text if events.is_empty() => print("none"),
            OutputFormat::Text => {
                let rows: Vec<_> = events.iter().map(|event| row(event, zone)).collect();
                print(&table(&rows))
            }
        }
    }
}

/// The component whose name or id a text is.
fn named<'c>(text: &str, components: &'c [Component]) -> Option<&'c Component> {
    let mut components = components.iter();
    components.find(|component| component.name == text || component.id.0 == text)
}

fn row(event: &Event, zone: &TimeZone) -> Vec<String> {
    let at = event.at.to_zoned(zone.clone()).strftime("%F %T %Z");
    let ids: Vec<_> = event.components.iter().map(|id| &*id.0).collect();
    let whom = if ids.is_empty() {
        "all".to_owned()
    } else {
        ids.join(", ")
    };
    vec![
        at.to_string(),
        event.kind.to_string(),
        whom,
        event.source.word(),
        event.text.clone(),
    ]
}

fn kinds() -> impl TypedValueParser<Value = EventKind> {
    let words = EventKind::ALL.map(EventKind::word);
    // Only these words come this far.
    PossibleValuesParser::new(words).map(|word| EventKind::from_word(&word).unwrap_or_default())
}
