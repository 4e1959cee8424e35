//! Writes planned work on: announces it, begins it and ends it in its file.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::incident::attend::{Announcement, Attendance, Turn, attend};
use crate::incident::folder::{Folder, WriteError};
use crate::incident::plan::Plan;
use crate::incident::slug;
use crate::model::incident::IncidentId;

/// How long the file of an occurrence may be away before its absence is meant:
/// a person may be giving it another name.
const GONE_FOR: SignedDuration = SignedDuration::from_secs(2);

/// A file, and whether it could be written.
type Wrote = (String, Result<(), WriteError>);

/// Knows the plans of the settings, and when it has something to do.
#[derive(Debug)]
pub struct Attendant {
    plans: Vec<Plan>,
    zone: TimeZone,
    /// The zone of dates in the files that name none.
    dates: TimeZone,
    attention: Option<Timestamp>,
    /// Occurrences that have or had a file, and since when that is missed.
    told: BTreeMap<(String, Timestamp), Option<Timestamp>>,
}

impl Attendant {
    /// Starts without having looked at anything.
    pub fn new(plans: Vec<Plan>, zone: TimeZone, dates: TimeZone) -> Self {
        Self {
            plans,
            zone,
            dates,
            attention: Some(Timestamp::MIN),
            told: BTreeMap::new(),
        }
    }

    /// When there is something to write, if nothing changes until then.
    pub fn attention(&self) -> Option<Timestamp> {
        self.attention
    }

    /// Whether that moment has come.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.attention.is_some_and(|at| at <= now)
    }

    /// Writes what is due; what cannot be written is due again at once.
    pub async fn attend(&mut self, folder: &mut Folder, now: Timestamp) -> Vec<Wrote> {
        let mut attendance = self.look(folder, now);
        if !attendance.announcements.is_empty() {
            // Somebody else may have announced it a moment ago.
            folder.refresh().await;
            attendance = self.look(folder, now);
        }
        let mut wrote = Vec::new();
        for announcement in &attendance.announcements {
            wrote.extend(self.announce(folder, announcement).await);
        }
        for (id, change) in &attendance.turns {
            wrote.extend(turn(folder, id, change).await);
        }
        let failed = wrote.iter().any(|(_, result)| result.is_err());
        self.attention = if failed { Some(now) } else { attendance.next };
        wrote
    }

    fn look(&mut self, folder: &Folder, now: Timestamp) -> Attendance {
        let mut attendance = attend(&self.plans, folder.incidents(), &self.zone, now);
        for since in self.told.values_mut() {
            *since = since.or(Some(now));
        }
        for incident in folder.incidents() {
            let work = &incident.machine.work;
            if let Some(occurrence) = work.plan.clone().zip(work.occurrence) {
                self.told.insert(occurrence, None);
            }
        }
        let gone = |since: &Option<Timestamp>| since.and_then(|at| at.checked_add(GONE_FOR).ok());
        self.told.retain(|_, since| gone(since).is_none_or(|at| now < at));
        attendance.announcements.retain(|it| {
            let work = it.machine.work.clone();
            let key = work.plan.zip(work.occurrence);
            key.is_none_or(|key| !self.told.contains_key(&key))
        });
        let back = self.told.values().filter_map(gone).min();
        attendance.next = attendance.next.into_iter().chain(back).min();
        attendance
    }

    async fn announce(&self, folder: &mut Folder, it: &Announcement) -> Option<Wrote> {
        let (title, date) = (&it.opening.title, it.opening.date);
        let first = slug::file(title, date, &self.zone, |_| false);
        if folder.is_unreadable(&first) {
            // It may be this very one: a slip of the pen must not double it.
            return None;
        }
        let file = slug::file(title, date, &self.zone, |name| folder.knows(name));
        let result = match it.document(&self.dates) {
            Ok(document) => folder.write(&file, None, document).await,
            Err(error) => return Some((file, Err(error.into()))),
        };
        if result.is_ok() {
            let name = &*file;
            tracing::info!(
                kind = "incident",
                incident.file = name,
                "announced {file}: {title}"
            );
        }
        Some((file, result.map_err(WriteError::from)))
    }
}

/// Lets the work of a file begin or end.
async fn turn(folder: &mut Folder, id: &IncidentId, turn: &Turn) -> Option<Wrote> {
    let found = folder.incidents().find(|incident| incident.id == *id);
    let file = found?.name.clone();
    let result = change(folder, &file, turn).await;
    if result.is_ok() {
        let word = if turn.over { "completed" } else { "began" };
        let name = &*file;
        tracing::info!(kind = "incident", incident.file = name, "{word} {file}");
    }
    Some((file, result))
}

async fn change(folder: &mut Folder, file: &str, turn: &Turn) -> Result<(), WriteError> {
    let before = folder.open(file).await?;
    let mut document = before.clone();
    turn.apply(&mut document)?;
    folder.write(file, Some(&before), document).await?;
    Ok(())
}
