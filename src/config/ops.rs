//! Reads `[ops]`: who may use the operators' listener.

use crate::config::reading::places::{Table, place};
use crate::config::reading::reader::TableReader;
use crate::web::ops::access::settings::{AccessSettings, OpsSettings};

/// Reads the section; without one, nobody can prove who they are by the settings.
pub(crate) fn ops(reader: &mut TableReader, table: Option<Table<'_>>) -> AccessSettings {
    let settings = table.and_then(|table| Some((reader.read::<OpsSettings>(&table)?, table)));
    let Some((settings, table)) = settings else {
        return AccessSettings::default();
    };
    for (key, message) in settings.faults() {
        reader.fault(place(&table, &key), message);
    }
    if reader.lacks(&table) {
        return settings.with_key(None);
    }
    let key = settings.key().unwrap_or_else(|why| {
        // The line of a fault is shown, and a token must not be.
        let head = table.span().start;
        reader.fault(head..head + 1, why);
        None
    });
    settings.with_key(key)
}
