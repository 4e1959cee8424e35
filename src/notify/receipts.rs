//! What was told to whom, and what of the board is therefore due.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::board::Board;
use crate::model::component::Severity;
use crate::model::incident::{Incident, IncidentId};
use crate::notify::message::Occasion;
use crate::store::file::Store;

/// What one notifier told last of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The gravest severity told.
    pub severity: Severity,
    /// Whether its end was told.
    pub resolved: bool,
    /// The remote side's name for the message.
    pub message: Option<String>,
}

/// The receipts of one notifier; it alone writes them (law 4).
#[derive(Debug)]
pub(crate) struct Receipts {
    store: Store,
    notifier: String,
    told: BTreeMap<IncidentId, Receipt>,
}

impl Receipts {
    /// Reads what this notifier told before.
    pub(crate) fn open(store: Store, notifier: &str) -> rusqlite::Result<Self> {
        let mut told = BTreeMap::new();
        let mut rows = store.prepare(
            "SELECT incident, severity, resolved, message FROM receipt WHERE notifier = ?1",
        )?;
        let kept = rows.query_map([notifier], |row| {
            let severity = match row.get::<_, String>(1)?.as_str() {
                "down" => Severity::Down,
                "disrupted" => Severity::Disrupted,
                _ => Severity::Notice,
            };
            let receipt = Receipt {
                severity,
                resolved: row.get(2)?,
                message: row.get(3)?,
            };
            Ok((IncidentId(row.get(0)?), receipt))
        })?;
        for row in kept {
            let (incident, receipt) = row?;
            told.insert(incident, receipt);
        }
        drop(rows);
        Ok(Self {
            store,
            notifier: notifier.to_owned(),
            told,
        })
    }

    /// What is due, oldest incident first.
    pub(crate) fn due<'a>(&self, board: &'a Board) -> Vec<(&'a Incident, Occasion)> {
        let incidents = board
            .facts
            .incidents
            .iter()
            .rev()
            .map(std::sync::Arc::as_ref);
        incidents
            .filter_map(|incident| {
                Some((incident, occasion(incident, self.told.get(&incident.id))?))
            })
            .collect()
    }

    /// Remembers what was told.
    ///
    /// In memory first, against law 5: a disk that is full must not make a
    /// notifier repeat itself. The worst is one repetition after a restart.
    pub(crate) fn write(
        &mut self,
        incident: &IncidentId,
        occasion: Occasion,
        severity: Severity,
        message: Option<String>,
    ) -> rusqlite::Result<()> {
        let before = self.told.get(incident);
        // What came back is told by how bad it is now, and may get worse anew.
        let known = before.filter(|_| occasion != Occasion::Recurred);
        let told = Receipt {
            severity: known.map_or(severity, |told| told.severity.max(severity)),
            resolved: occasion == Occasion::Resolved,
            message: message.or_else(|| before.and_then(|told| told.message.clone())),
        };
        self.told.insert(incident.clone(), told.clone());
        if self.store.renew()? {
            // A new database knows of nothing that was told.
            return self
                .told
                .iter()
                .try_for_each(|(id, told)| self.keep(id, told));
        }
        self.keep(incident, &told)
    }

    fn keep(&self, incident: &IncidentId, told: &Receipt) -> rusqlite::Result<()> {
        self.store.execute(
            "INSERT OR REPLACE INTO receipt VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.notifier,
                incident.0,
                told.severity.word(),
                told.resolved,
                told.message
            ],
        )?;
        Ok(())
    }
}

/// Compares an incident with what was told of it.
///
/// An incident that was over before anything could be told stays untold.
fn occasion(incident: &Incident, told: Option<&Receipt>) -> Option<Occasion> {
    let severity = incident.severity.unwrap_or(Severity::Notice);
    match told {
        _ if !incident.is_public() || incident.informational => None,
        None => incident.is_active().then_some(Occasion::Opened),
        Some(told) if incident.resolved == Some(true) => {
            (!told.resolved).then_some(Occasion::Resolved)
        }
        Some(told) if !incident.is_active() || !told.resolved && severity <= told.severity => None,
        Some(told) if told.resolved => Some(Occasion::Recurred),
        Some(_) => Some(Occasion::Worse),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures;

    use super::*;

    fn check(
        resolved: bool,
        severity: Severity,
        told: Option<(Severity, bool)>,
        due: Option<Occasion>,
    ) {
        let incident = Incident {
            resolved: Some(resolved),
            severity: Some(severity),
            ..fixtures::incident("a")
        };
        let told = told.map(|(severity, resolved)| Receipt {
            severity,
            resolved,
            message: None,
        });
        assert_eq!(occasion(&incident, told.as_ref()), due);
        let mut hidden = incident.clone();
        hidden.draft = true;
        assert_eq!(occasion(&hidden, told.as_ref()), None);
    }

    #[test]
    fn each_occasion_is_due_once_and_drafts_never() {
        use Severity::{Disrupted, Down};
        check(false, Down, None, Some(Occasion::Opened));
        check(false, Down, Some((Disrupted, false)), Some(Occasion::Worse));
        check(false, Down, Some((Down, false)), None);
        check(false, Disrupted, Some((Down, false)), None);
        check(true, Down, Some((Down, false)), Some(Occasion::Resolved));
        check(true, Down, Some((Down, true)), None);
        check(false, Down, Some((Down, true)), Some(Occasion::Recurred));
        check(true, Down, None, None);
    }

    #[test]
    fn receipts_outlive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let id = IncidentId("a".into());
        let open = || Receipts::open(crate::store::open(folder.path()).unwrap(), "d").unwrap();
        open()
            .write(&id, Occasion::Opened, Severity::Down, Some("77".into()))
            .unwrap();
        let mut receipts = open();
        receipts
            .write(&id, Occasion::Resolved, Severity::Notice, None)
            .unwrap();
        let told = Receipt {
            severity: Severity::Down,
            resolved: true,
            message: Some("77".into()),
        };
        assert_eq!(open().told[&id], told);
    }
}
