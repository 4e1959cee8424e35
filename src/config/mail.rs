//! Reads `[mail]`, and what `[[notifier]]`s of `type = "email"` need of the rest.

use std::ops::Range;

use toml::de::DeTable;

use crate::config::reading::places::{Table, place, span, texts};
use crate::config::reading::reader::TableReader;
use crate::notify::channels::email::EmailSettings;
use crate::notify::mail::smtp::settings::{MailSettings, address};
use crate::notify::message::rules::{Audience, ReceiverRules};

/// Reads the relay, if there is one.
pub(crate) fn mail(reader: &mut TableReader, file: &mut DeTable<'_>) -> Option<MailSettings> {
    let table = file.remove("mail")?;
    let settings = reader.read::<MailSettings>(&table)?;
    for (key, message) in settings.faults() {
        reader.fault(place(&table, key), message);
    }
    Some(settings)
}

/// Checks recipients, and that there is what their mails need.
pub(crate) fn check(
    reader: &mut TableReader,
    table: &Table<'_>,
    (has_relay, has_site): (bool, bool),
    settings: &EmailSettings,
    rules: &ReceiverRules,
) {
    for (text, span) in texts(table, "to") {
        if let Err(message) = address(&text) {
            reader.fault(span, message);
        }
    }
    let mut fault = |at: Range<usize>, message: &str| reader.fault(at, message);
    if settings.to.is_empty() && !settings.subscribers {
        let message = "nobody reads these mails; write `to = [\"team@example.org\"]`, \
            `subscribers = true`, or both";
        fault(span(table, "to"), message);
    }
    if !has_relay {
        let message = "mails need a relay; add a section `[mail]` with `relay` and `from`";
        fault(span(table, "type"), message);
    }
    if settings.subscribers && !has_site {
        let message = "subscribers need links to the page; write its address as `url` of `[site]`";
        fault(span(table, "subscribers"), message);
    }
    if settings.subscribers && rules.audience == Audience::Operators {
        let message = "subscribers are visitors, and must not get what is for operators alone";
        fault(span(table, "subscribers"), message);
    }
}
