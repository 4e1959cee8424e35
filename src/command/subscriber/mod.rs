//! `critwatch subscriber`: who gets mails from the page, without showing an address
//! unless it is asked for.

pub(crate) mod add;
pub(crate) mod store;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::command::subscriber::add::AddSubscriber;
use crate::command::subscriber::store::{SubscriberStore, address, data, row};
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{print, print_json, table};
use crate::config::reading::reader::Environment;
use crate::notify::subscribers::care;
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table as subscribers;

/// What can be done with subscribers; a running `serve` follows at once.
#[derive(Debug, Subcommand)]
pub enum SubscriberCommand {
    /// List the number of subscribers and their choices
    #[command(
        after_help = "Examples:\n  critwatch subscriber list\n  critwatch subscriber list --addresses --format json"
    )]
    List(ListSubscribers),
    /// Add a subscriber without a confirmation e-mail
    #[command(
        after_help = "Examples:\n  critwatch subscriber add ann@example.org\n  \
        critwatch subscriber add ben@example.org --language de --component api --no-maintenance \\\n    \
        --report weekly"
    )]
    Add(AddSubscriber),
    /// Erase a subscriber and all data about them
    #[command(after_help = "Example:\n  critwatch subscriber remove ann@example.org")]
    Remove(OneSubscriber),
    /// Print all data about a subscriber, as JSON
    #[command(after_help = "Example:\n  critwatch subscriber export ann@example.org > ann.json")]
    Export(OneSubscriber),
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListSubscribers {
    /// Show full addresses
    #[arg(long)]
    addresses: bool,
    #[command(flatten)]
    kept: SubscriberStore,
}

/// Arguments of `remove` and `export`.
#[derive(Debug, Args)]
pub struct OneSubscriber {
    /// E-mail address
    address: String,
    #[command(flatten)]
    kept: SubscriberStore,
}

impl SubscriberCommand {
    /// Does what was asked.
    pub fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(),
            Self::Add(add) => add.run(environment),
            Self::Remove(one) => one.remove(),
            Self::Export(one) => one.export(),
        }
    }
}

impl ListSubscribers {
    fn run(self) -> anyhow::Result<()> {
        let listed = match self.kept.existing()? {
            Some(store) => subscribers::list(&store).context("cannot read the subscribers")?,
            None => Vec::new(),
        };
        let count = |state| listed.iter().filter(|one| one.state == state).count();
        let counts = SubscriptionState::ALL.map(|state| (state.word(), count(state)));
        if self.kept.format == OutputFormat::Json {
            let counts = counts.map(|(word, count)| (word.to_owned(), json!(count)));
            let all = listed.iter().map(|one| data(one, self.addresses));
            return print_json(&json!({
                "counts": serde_json::Map::from_iter(counts),
                "subscribers": all.collect::<Vec<_>>(),
            }));
        }
        let counts = counts.map(|(word, count)| format!("{count} {word}"));
        print(&counts.join(", "))?;
        if listed.is_empty() {
            return Ok(());
        }
        let head = ["ID", "ADDRESS", "STATE", "LANGUAGE", "GETS", "COMPONENTS"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(listed.iter().map(|one| row(one, self.addresses)));
        print(&table(&rows))
    }
}

impl OneSubscriber {
    fn unknown() -> BadInput {
        BadInput::new("there is no subscriber with this address")
    }

    fn remove(self) -> anyhow::Result<()> {
        let address = address(&self.address)?;
        let mut store = self.kept.existing()?.ok_or_else(Self::unknown)?;
        let removed = care::remove(&mut store, &address);
        let subscriber = removed
            .context("cannot erase the subscriber")?
            .ok_or_else(Self::unknown)?;
        match self.kept.format {
            OutputFormat::Json => print_json(&data(&subscriber, true)),
            OutputFormat::Text => print("erased"),
        }
    }

    fn export(self) -> anyhow::Result<()> {
        let address = address(&self.address)?;
        let store = self.kept.existing()?.ok_or_else(Self::unknown)?;
        let found = subscribers::of_address(&store, &address);
        let subscriber = found
            .context("cannot read the subscribers")?
            .ok_or_else(Self::unknown)?;
        let mut value = data(&subscriber, true);
        let topics = subscribers::topics(&store, subscriber.id);
        value["toldOf"] = topics.context("cannot read the subscribers")?.into();
        print_json(&value)
    }
}
