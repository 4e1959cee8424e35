//! Reads `[git]`.

use std::path::Path;

use toml::de::DeTable;

use crate::config::reading::fault::ConfigError;
use crate::config::reading::places::{Table, place};
use crate::config::reading::reader::{Environment, TableReader};
use crate::git::settings::GitSettings;

/// Reads the repository of the incidents, if there is one.
///
/// A site that was fetched knows where it came from.
pub(crate) fn git(
    reader: &mut TableReader,
    table: Option<Table<'_>>,
    needs_remote: bool,
) -> Option<GitSettings> {
    let table = table?;
    let settings = reader.read::<GitSettings>(&table)?;
    if !reader.lacks(&table) {
        for (key, message) in settings.faults(needs_remote) {
            reader.fault(place(&table, key), message);
        }
    }
    Some(settings)
}

/// Reads that table alone: who fetches a site needs its key before the rest is there.
pub(crate) fn read(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
) -> Result<Option<GitSettings>, ConfigError> {
    let mut reader = TableReader::new(environment);
    let mut whole = reader.parse(text);
    if reader.faults.is_empty() {
        let mut table = DeTable::new();
        if let Some((key, value)) = whole.remove_entry("git") {
            table.insert(key, value);
        }
        reader.fill_table(&mut table, folder);
        let settings = git(&mut reader, table.remove("git"), false);
        if reader.faults.is_empty() {
            return Ok(settings);
        }
    }
    Err(reader.failed(file, text))
}
