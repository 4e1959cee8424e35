//! The table `alert`: each alert that is known, by its labels.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::collect::push::watchdogs::KnownAlerts;
use crate::model::request::samples::push::PushedAlert;

/// The labels of an alert, by which it is known.
pub(crate) type AlertLabels = BTreeMap<String, String>;

/// Reads all that were known; what we cannot have written is left out.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<KnownAlerts> {
    let mut alerts = KnownAlerts::new();
    let mut rows = store.prepare("SELECT labels, starts_ms, ends_ms, updated_ms FROM alert")?;
    let kept = rows.query_map([], |row| {
        let labels: String = row.get(0)?;
        let moments = [row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?];
        Ok((labels, moments.map(Timestamp::from_millisecond)))
    })?;
    for row in kept {
        if let (labels, [Ok(starts), Ok(ends), Ok(updated)]) = row?
            && let Ok(labels) = serde_json::from_str::<AlertLabels>(&labels)
        {
            let alert = PushedAlert {
                labels: labels.clone(),
                starts,
                ends,
                updated,
            };
            alerts.insert(labels, alert);
        }
    }
    Ok(alerts)
}

/// Writes the alerts of these labels as they are known by now, or that they are not.
pub(crate) fn write(
    store: &mut Connection,
    alerts: &KnownAlerts,
    changed: &[AlertLabels],
) -> rusqlite::Result<()> {
    let change = store.transaction()?;
    for labels in changed {
        let key = serde_json::to_string(labels).unwrap_or_default();
        match alerts.get(labels) {
            Some(alert) => change
                .prepare_cached("INSERT OR REPLACE INTO alert VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    key,
                    alert.starts.as_millisecond(),
                    alert.ends.as_millisecond(),
                    alert.updated.as_millisecond()
                ])?,
            None => change
                .prepare_cached("DELETE FROM alert WHERE labels = ?1")?
                .execute([key])?,
        };
    }
    change.commit()
}
