//! Reads `[[notifier]]`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeTable;

use crate::config::mail;
use crate::config::reading::kind::{read_kind, split};
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::{TableReader, unique};
use crate::model::component::Component;
use crate::model::text::nearest::hint;
use crate::notify::channel::ChannelSettings;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::notifier::NotifierSettings;

/// Keys that every `[[notifier]]` may have beside those of its type.
const COMMON: [&str; 11] = [
    "id",
    "audience",
    "updates",
    "components",
    "severity",
    "kinds",
    "quiet_hours",
    "remind_every",
    "maintenance_reminders",
    "title",
    "text",
];

/// The name of a notifier.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct NotifierId {
    /// Its name in logs, metrics and commands.
    id: String,
}

/// Reads every notifier; components are named by id or by name.
///
/// `needs` says whether there are a relay for mails and an address of the page.
pub(crate) fn notifiers(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
    needs: (bool, bool),
) -> Vec<NotifierSettings> {
    let mut seen = BTreeSet::new();
    let mut notifiers = Vec::new();
    for table in reader.tables(file, "notifier") {
        unique(reader, &mut seen, &table);
        check_components(reader, &table, components);
        let whole = table.clone();
        let (common, kind) = split(table, &COMMON);
        let (id, rules) = split(common, &["id"]);
        let id = reader.read::<NotifierId>(&id);
        let rules = reader.read::<ReceiverRules>(&rules);
        let channel = read_kind::<ChannelSettings>(reader, kind, &COMMON);
        let Some(((NotifierId { id }, mut rules), channel)) = id.zip(rules).zip(channel) else {
            continue;
        };
        if let ChannelSettings::Email(settings) = &channel {
            mail::check(reader, &whole, needs, settings, &rules);
        }
        if let Some(names) = &mut rules.components {
            // Incident files name components by their names.
            for name in names {
                if let Some(named) = components.iter().find(|one| one.id.0 == *name) {
                    name.clone_from(&named.name);
                }
            }
        }
        let notifier = NotifierSettings { id, rules, channel };
        let mut others = notifiers.iter();
        if notifier.has_subscribers() && others.any(NotifierSettings::has_subscribers) {
            let message = "another notifier has the subscribers; they get each message once";
            reader.fault(span(&whole, "subscribers"), message);
        }
        notifiers.push(notifier);
    }
    notifiers
}

/// Refuses names of components that there are not.
fn check_components(reader: &mut TableReader, table: &Table<'_>, components: &[Component]) {
    for (name, span) in texts(table, "components") {
        let mut known = components.iter();
        if known.any(|component| component.id.0 == name || component.name == name) {
            continue;
        }
        let names = components.iter().map(|component| &*component.id.0);
        let hint = hint(&name, names);
        reader.fault(span, format!("there is no component `{name}`{hint}"));
    }
}
