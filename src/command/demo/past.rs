//! The demo's past: ninety days that never were, so that its page looks like one
//! that has been in use.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::health::table;
use crate::history::writer::owed::HealthChange;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::folder::Folder;
use crate::incident::maintenance::progress;
use crate::model::component::{Component, ComponentId, Health, Severity};
use crate::model::incident::{Phase, Update};
use crate::store;

/// For how many days the page has bars.
const DAYS: u64 = 90;

/// What every made-up file says of itself.
const MADE_UP: &str = "This is part of the demo's made-up past.";

/// Something that never happened.
struct PastIncident {
    title: &'static str,
    severity: Severity,
    /// Ids of the components concerned.
    components: &'static [&'static str],
    /// How long before now it began.
    ago: Duration,
    lasted: Duration,
    first: &'static str,
    last: &'static str,
    planned: bool,
}

const PAST: [PastIncident; 5] = [
    PastIncident {
        title: "Some logins fail",
        severity: Severity::Disrupted,
        components: &["application"],
        ago: Duration::from_hours(76 * 24 + 5),
        lasted: Duration::from_mins(38),
        first: "One in five logins fails. Trying again helps.",
        last: "All logins work again.",
        planned: false,
    },
    PastIncident {
        title: "Rolls are slow",
        severity: Severity::Disrupted,
        components: &["api", "worker"],
        ago: Duration::from_hours(51 * 24 + 2),
        lasted: Duration::from_mins(112),
        first: "Rolls take up to 20 seconds. None are lost.",
        last: "Rolls appear at once again.",
        planned: false,
    },
    PastIncident {
        title: "Rolls are failing",
        severity: Severity::Down,
        components: &["api", "cache"],
        ago: Duration::from_hours(33 * 24 + 9),
        lasted: Duration::from_mins(27),
        first: "The cache refuses new data, so rolls are lost.",
        last: "The cache takes data again, and rolls work.",
        planned: false,
    },
    PastIncident {
        title: "Move to a larger cache",
        severity: Severity::Notice,
        components: &["cache"],
        ago: Duration::from_hours(19 * 24 + 14),
        lasted: Duration::from_mins(50),
        first: "We move sessions to a larger cache. Rolls keep working.",
        last: "Maintenance is complete.",
        planned: true,
    },
    PastIncident {
        title: "Rolls wait",
        severity: Severity::Disrupted,
        components: &["worker"],
        ago: Duration::from_hours(6 * 24 + 3),
        lasted: Duration::from_mins(14),
        first: "Rolls wait for about ten seconds.",
        last: "The backlog is gone.",
        planned: false,
    },
];

/// Writes the past into a new demo's folders: the incidents, and how each
/// component was.
pub(crate) async fn write(
    (incidents, state): (&Path, &Path),
    components: &[Component],
    now: Timestamp,
) -> anyhow::Result<()> {
    write_incidents(incidents, components, now).await?;
    write_health(state, components, now)
}

async fn write_incidents(
    folder: &Path,
    components: &[Component],
    now: Timestamp,
) -> anyhow::Result<()> {
    let zone = TimeZone::UTC;
    let mut folder = Folder::new(folder, &zone);
    for past in &PAST {
        let file = past.file(components, now);
        let document = file.document(&zone)?;
        let name = folder.name_for(&file.title, file.date, &zone, false);
        folder.write(&name.await?, None, document).await?;
    }
    Ok(())
}

fn write_health(state: &Path, components: &[Component], now: Timestamp) -> anyhow::Result<()> {
    let store = store::open(state)?;
    let mut changes = Vec::new();
    for component in components {
        let id = &component.id;
        let mut change = |at, health| {
            changes.push(HealthChange {
                component: id.clone(),
                at,
                health,
            });
        };
        change(now - Duration::from_hours(DAYS * 24), Health::Ok);
        for past in PAST
            .iter()
            .filter(|past| past.concerns(id) && !past.planned)
        {
            let (from, to) = past.span(now);
            change(from, past.severity.into());
            change(to, Health::Ok);
        }
    }
    for change in &changes {
        table::write(&store, change).context("cannot write the demo's past")?;
    }
    table::write_seen(&store, now).context("cannot write the demo's past")
}

impl PastIncident {
    fn concerns(&self, id: &ComponentId) -> bool {
        self.components.contains(&&*id.0)
    }

    fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = now - self.ago;
        (from, from + self.lasted)
    }

    fn file(&self, components: &[Component], now: Timestamp) -> NewFile {
        let (from, to) = self.span(now);
        let concerned = components.iter().filter(|one| self.concerns(&one.id));
        let first = format!("{} {MADE_UP}", self.first);
        let updates = if self.planned {
            let said = |at, word: &str, text: &str| Update {
                word: word.to_owned(),
                phase: None,
                ..Update::new(at, Phase::Monitoring, text)
            };
            let announced = from - Duration::from_hours(48);
            vec![
                said(announced, progress::SCHEDULED, &first),
                said(to, progress::COMPLETED, self.last),
            ]
        } else {
            vec![
                Update::new(from, Phase::Investigating, &first),
                Update::new(to, Phase::Resolved, self.last),
            ]
        };
        NewFile {
            title: self.title.to_owned(),
            date: from,
            draft: false,
            change: FileChange {
                severity: Some(self.severity),
                affected: Some(concerned.map(|one| one.name.clone()).collect()),
                turn: Some(Turn::Over(to)),
                updates,
                ..FileChange::default()
            },
        }
    }
}
