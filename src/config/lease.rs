//! Reads `[lease]`.

use secrecy::ExposeSecret as _;

use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::reading::places::{Table, place};
use crate::config::reading::reader::TableReader;
use crate::lease::settings::{LeaseSettings, server as server_of};
use crate::model::finding::Weight;
use crate::notify::notifier::NotifierSettings;

/// Reads which system says who of several monitors writes, if there is one.
pub(crate) fn lease(
    reader: &mut TableReader,
    table: Option<Table<'_>>,
    notifiers: &[NotifierSettings],
    collectors: &[(Schedule, Target)],
) -> Option<LeaseSettings> {
    let table = table?;
    let settings = reader.read::<LeaseSettings>(&table)?;
    if !reader.lacks(&table) {
        for (key, message) in settings.faults() {
            reader.fault(place(&table, key), message);
        }
    }
    let server = settings.server();
    let watched = collectors.iter().filter_map(|(_, target)| match target {
        Target::Redis(redis) => redis.url.as_ref(),
        _ => None,
    });
    let mut watched = watched.filter_map(|url| server_of(url.expose_secret()));
    if server.is_some_and(|own| watched.any(|one| one == own)) {
        let message = "this Redis is watched: when it fails, nobody could tell of it; name another";
        reader.fault(place(&table, "redis"), message);
    }
    if notifiers.iter().any(NotifierSettings::has_subscribers) {
        let message = "subscribers by e-mail are kept in the database of one machine: a monitor \
            elsewhere that takes over does not know them";
        reader.remark(
            Weight::Warning,
            "lease-subscribers",
            place(&table, "redis"),
            message,
        );
    }
    Some(settings)
}
