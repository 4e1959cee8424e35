//! Where subscribers are kept, and how they are printed.

use clap::Args;
use serde_json::{Value, json};

use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::workspace::settings::StateFolder;
use crate::model::request::receivers::subscription::{MailAddress, ReportRhythm};
use crate::notify::subscribers::subscriber::Subscriber;
use crate::store;
use crate::store::file::{FILE, Store};

/// Where subscribers are kept, and how they are printed.
#[derive(Debug, Args)]
pub(crate) struct SubscriberStore {
    #[command(flatten)]
    pub(crate) database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

impl SubscriberStore {
    /// The database, which is made if there is none.
    pub(crate) fn open(&self) -> anyhow::Result<Store> {
        Ok(store::open_erasing(&self.database.state)?)
    }

    /// Who only looks makes no database.
    pub(crate) fn existing(&self) -> anyhow::Result<Option<Store>> {
        let exists = self.database.state.join(FILE).exists();
        exists.then(|| self.open()).transpose()
    }
}

/// Reads an address, which a complaint does not repeat.
pub(crate) fn address(text: &str) -> Result<MailAddress, BadInput> {
    MailAddress::parse(text)
        .ok_or_else(|| BadInput::new("this is not an address; write one as in `ann@example.org`"))
}

/// What a subscriber gets, in the words of the forms.
fn kinds(subscriber: &Subscriber) -> Vec<&'static str> {
    let choice = &subscriber.choice;
    let kinds = [
        choice.incidents.then_some("incidents"),
        choice.maintenance.then_some("maintenance"),
        choice.report.map(ReportRhythm::word),
    ];
    kinds.into_iter().flatten().collect()
}

fn shown(subscriber: &Subscriber, whole: bool) -> String {
    if whole {
        subscriber.address.expose().to_owned()
    } else {
        subscriber.address.masked()
    }
}

/// A subscriber as a row.
pub(crate) fn row(subscriber: &Subscriber, whole: bool) -> Vec<String> {
    let components = subscriber.choice.components.iter();
    let components: Vec<_> = components.map(|id| id.0.as_str()).collect();
    vec![
        subscriber.id.to_string(),
        shown(subscriber, whole),
        subscriber.state.word().to_owned(),
        subscriber.choice.language.tag().to_owned(),
        kinds(subscriber).join(", "),
        if components.is_empty() {
            "all".to_owned()
        } else {
            components.join(", ")
        },
    ]
}

/// A subscriber for programs.
pub(crate) fn data(subscriber: &Subscriber, whole: bool) -> Value {
    json!({
        "id": subscriber.id,
        "address": shown(subscriber, whole),
        "state": subscriber.state.word(),
        "language": subscriber.choice.language.tag(),
        "gets": kinds(subscriber),
        "components": subscriber.choice.components,
        "askedAt": subscriber.asked,
        "confirmedAt": subscriber.confirmed,
        "bounces": subscriber.bounces,
    })
}
