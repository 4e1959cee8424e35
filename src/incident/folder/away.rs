//! Files that have just gone.
//!
//! A person may be renaming one, and editors save by putting another file in its
//! place. So nobody may take the absence of a file for its end at once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::incident::Incident;

/// How long a file may be away before its absence is meant.
const GONE_FOR: SignedDuration = SignedDuration::from_secs(2);

/// The incidents whose files are away, each since when.
#[derive(Debug, Default)]
pub struct Away {
    /// Noticed by a look at the disk, which knows no time.
    noticed: Vec<Arc<Incident>>,
    since: Vec<(Timestamp, Arc<Incident>)>,
}

impl Away {
    /// Notes what a file said that was there at the last look.
    pub fn note(&mut self, incident: Option<Arc<Incident>>) {
        self.noticed.extend(incident);
    }

    /// Forgets what is back, be it under another name, and what is meant by now.
    pub fn settle<'a>(&mut self, present: impl Iterator<Item = &'a Arc<Incident>>, now: Timestamp) {
        if self.noticed.is_empty() && self.since.is_empty() {
            return;
        }
        let present: Vec<_> = present.collect();
        let noticed = self.noticed.drain(..).map(|incident| (now, incident));
        self.since.extend(noticed);
        self.since.retain(|(since, lost)| {
            let is_recent = (SignedDuration::ZERO..GONE_FOR).contains(&now.duration_since(*since));
            is_recent && !present.iter().any(|one| is_same(one, lost))
        });
    }

    /// What may still come back.
    pub fn incidents(&self) -> impl Iterator<Item = &Arc<Incident>> {
        self.since.iter().map(|(_, incident)| incident)
    }

    /// When the first absence is meant; none if nothing is away.
    pub fn until(&self) -> Option<Timestamp> {
        let ends = self.since.iter();
        let ends = ends.filter_map(|(since, _)| since.checked_add(GONE_FOR).ok());
        ends.min()
    }
}

/// Whether a file is a missing one, by its name or by its content.
fn is_same(one: &Incident, lost: &Incident) -> bool {
    let (here, there) = (&one.managed, &lost.managed);
    one.name == lost.name
        || (one.date == lost.date
            && here.rules == there.rules
            && here.work.plan == there.work.plan
            && here.work.occurrence == there.work.occurrence)
}
