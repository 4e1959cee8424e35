//! Announces, begins and ends planned maintenance in its files.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::{FileChange, NewFile};
use crate::incident::file::slug;
use crate::incident::folder::Folder;
use crate::incident::folder::error::WriteError;
use crate::incident::maintenance::occurrences::Plan;
use crate::incident::maintenance::schedule::{self, DueMaintenance};
use crate::incident::reconcile::wording::Wording;
use crate::model::incident::IncidentId;

/// A file, and whether it could be written.
type Wrote = (String, Result<(), WriteError>);

/// Writes the planned maintenance of the settings when it is due.
#[derive(Debug)]
pub struct MaintenanceWriter {
    plans: Vec<Plan>,
    wording: Wording,
    /// The zone of dates in the files that name none.
    dates: TimeZone,
    /// When the next is due, if nothing changes until then.
    next: Option<Timestamp>,
}

impl MaintenanceWriter {
    /// Starts without having looked at anything.
    pub fn new(plans: Vec<Plan>, wording: Wording, dates: TimeZone) -> Self {
        Self {
            plans,
            wording,
            dates,
            next: Some(Timestamp::MIN),
        }
    }

    /// Whether there is something to write.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next.is_some_and(|at| at <= now)
    }

    /// Writes what is due; what cannot be written is due again at once.
    pub async fn write_due(&mut self, folder: &mut Folder, now: Timestamp) -> Vec<Wrote> {
        let mut due = self.look(folder, now);
        if !due.announcements.is_empty() {
            // Somebody else may have announced it a moment ago.
            folder.refresh().await;
            due = self.look(folder, now);
        }
        let mut wrote = Vec::new();
        for announcement in &due.announcements {
            wrote.extend(self.announce(folder, announcement).await);
        }
        for (id, change) in &due.turns {
            wrote.extend(turn(folder, id, change).await);
        }
        // What was written has a beginning or an end of its own.
        if !wrote.is_empty() {
            due = self.look(folder, now);
        }
        let rest = !due.announcements.is_empty() || !due.turns.is_empty();
        self.next = if rest { Some(now) } else { due.next };
        wrote
    }

    fn look(&self, folder: &Folder, now: Timestamp) -> DueMaintenance {
        let mut due = schedule::due(
            &self.plans,
            folder.contents().incidents(),
            &self.wording,
            now,
        );
        // A person may be renaming the file of an occurrence.
        let away = || {
            folder
                .contents()
                .away()
                .incidents()
                .map(|incident| &incident.managed)
        };
        due.announcements.retain(|it| {
            let own = it.change.managed.as_ref().map(|managed| &managed.work);
            !away().any(|managed| {
                own.is_some_and(|own| {
                    (&own.plan, own.occurrence) == (&managed.work.plan, managed.work.occurrence)
                })
            })
        });
        let back = folder.contents().away().until();
        due.next = due.next.into_iter().chain(back).min();
        due
    }

    async fn announce(&self, folder: &mut Folder, it: &NewFile) -> Option<Wrote> {
        let (title, date) = (&it.title, it.date);
        let first = slug::file(title, date, self.wording.zone(), |_| false);
        if folder.contents().is_unreadable(&first) {
            // It may be this one: a typing error must not duplicate it.
            return None;
        }
        let file = match folder
            .name_for(title, date, self.wording.zone(), true)
            .await
        {
            Ok(file) => file,
            Err(error) => return Some((first, Err(error.into()))),
        };
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

/// Begins or ends the maintenance of a file.
async fn turn(folder: &mut Folder, id: &IncidentId, change: &FileChange) -> Option<Wrote> {
    let found = folder
        .contents()
        .incidents()
        .find(|incident| incident.id == *id);
    let file = found?.name.clone();
    let result = folder.update(&file, change).await;
    if result.is_ok() {
        let word = change.turn.map_or("began", |_| "completed");
        let name = &*file;
        tracing::info!(kind = "incident", incident.file = name, "{word} {file}");
    }
    Some((file, result.map(drop)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use jiff::SignedDuration;

    use crate::incident::maintenance::occurrences::{Recurring, Times};

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}Z").parse().unwrap()
    }

    /// Every day from 12:00 until 13:00, announced two hours before.
    fn plan() -> Plan {
        let recurring = Recurring::new("0 12 * * *", TimeZone::UTC, Duration::from_hours(1));
        Plan {
            id: "nightly".into(),
            title: "Backup".into(),
            text: None,
            affected: vec!["API".into()],
            times: Times::Recurring(recurring.unwrap()),
            announce: Duration::from_hours(2),
        }
    }

    /// A run of the service: it knows what is in the folder, and nothing else.
    struct Run {
        folder: Folder,
        writer: MaintenanceWriter,
    }

    impl Run {
        fn new(path: &Path) -> Self {
            Self {
                folder: Folder::new(path, &TimeZone::UTC),
                writer: MaintenanceWriter::new(vec![plan()], Wording::default(), TimeZone::UTC),
            }
        }

        async fn step(&mut self, now: &str) -> usize {
            let now = at(now);
            let changed = self.folder.refresh().await;
            self.folder.settle_away(now);
            if !changed && !self.writer.is_due(now) {
                return 0;
            }
            let wrote = self.writer.write_due(&mut self.folder, now).await;
            for (file, result) in &wrote {
                assert!(result.is_ok(), "{file}: {result:?}");
            }
            wrote.len()
        }
    }

    fn words(text: &str) -> Vec<&str> {
        let updates = text.lines().filter_map(|line| line.strip_prefix('*'));
        updates.filter_map(|line| line.split('*').next()).collect()
    }

    fn files(path: &Path) -> Vec<String> {
        let files = std::fs::read_dir(path).unwrap();
        let mut files: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        files
    }

    #[tokio::test]
    async fn recurring_work_is_the_same_with_a_restart_before_every_step() {
        let steps = [
            "02T09:59:59",
            "02T10:00:00",
            "02T10:00:00.5",
            "02T11:00:00",
            "02T12:00:00",
            "02T12:30:00",
            "02T13:00:00",
            "02T13:00:01",
            "03T10:00:00",
        ];
        let (through, restarted) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut run = Run::new(through.path());
        for now in steps {
            run.step(now).await;
            run.step(now).await;
            Run::new(restarted.path()).step(now).await;
        }
        let names = ["2026-03-02-backup.md", "2026-03-03-backup.md"];
        assert_eq!(files(through.path()), names);
        assert_eq!(files(restarted.path()), names);
        for name in names {
            let text = |place: &Path| std::fs::read_to_string(place.join(name)).unwrap();
            assert_eq!(text(through.path()), text(restarted.path()));
        }
        let first = std::fs::read_to_string(through.path().join(names[0])).unwrap();
        assert_eq!(words(&first), ["Completed", "In progress", "Scheduled"]);
        assert!(first.contains("resolved: true\n"), "{first}");
        assert!(
            first.contains("resolvedWhen: 2026-03-02T13:00:00Z\n"),
            "{first}"
        );
    }

    #[tokio::test]
    async fn a_cancelled_or_renamed_file_stays_and_a_deleted_one_comes_back() {
        let place = tempfile::tempdir().unwrap();
        let mut run = Run::new(place.path());
        run.step("02T10:00:00").await;
        let path = |name: &str| place.path().join(name);
        let text = std::fs::read_to_string(path("2026-03-02-backup.md")).unwrap();

        // For a moment it is away.
        std::fs::remove_file(path("2026-03-02-backup.md")).unwrap();
        assert_eq!(run.step("02T10:05:00").await, 0);
        let off = text.replace("resolved: false", "resolved: true");
        std::fs::write(path("mine.md"), &off).unwrap();
        for now in ["02T10:05:01", "02T10:05:10", "02T12:30:00", "02T13:00:00"] {
            assert_eq!(run.step(now).await, 0, "{now}");
            assert_eq!(Run::new(place.path()).step(now).await, 0, "{now}");
        }
        assert_eq!(std::fs::read_to_string(path("mine.md")).unwrap(), off);

        std::fs::remove_file(path("mine.md")).unwrap();
        run.step("02T12:00:00").await;
        assert_eq!(files(place.path()).len(), 0);
        assert_eq!(run.writer.next, Some(at("02T12:00:02")));
        assert_eq!(run.step("02T12:00:02").await, 1);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_not_written_a_second_time() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(
            place.path().join("2026-03-02-backup.md"),
            "---\ntitle: a: b\n---\n",
        )
        .unwrap();
        assert_eq!(Run::new(place.path()).step("02T11:00:00").await, 0);
    }

    #[tokio::test]
    async fn what_another_wrote_a_moment_ago_is_not_written_again() {
        let place = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (Run::new(place.path()), Run::new(place.path()));
        one.folder.refresh().await;
        other.folder.refresh().await;
        let now = at("02T10:00:00");
        one.writer.write_due(&mut one.folder, now).await;
        other.writer.write_due(&mut other.folder, now).await;
        assert_eq!(files(place.path()).len(), 1);
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_due_again_at_once() {
        let place = tempfile::tempdir().unwrap();
        let away = place.path().join("away");
        let mut run = Run::new(&away);
        let now = at("02T10:00:00");
        let wrote = run.writer.write_due(&mut run.folder, now).await;
        assert!(wrote[0].1.is_err());
        assert!(run.writer.is_due(now));
        std::fs::create_dir(&away).unwrap();
        assert_eq!(run.step("02T10:00:01").await, 1);
        assert!(!run.writer.is_due(at("02T10:00:02")));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

        #[test]
        fn whenever_the_service_looks_or_restarts_nothing_is_told_twice(
            steps in proptest::collection::vec((0..4320_i64, proptest::bool::ANY), 1..24),
        ) {
            let place = tempfile::tempdir().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let mut run = Run::new(place.path());
            // The clock may step back as well.
            for (minutes, restart) in steps {
                if restart {
                    run = Run::new(place.path());
                }
                let now = at("01T00:00:00") + SignedDuration::from_mins(minutes);
                let now = now.strftime("%dT%H:%M:%S").to_string();
                runtime.block_on(run.step(&now));
                runtime.block_on(run.step(&now));
            }
            for name in files(place.path()) {
                proptest::prop_assert!(!name.contains("backup-2"), "{}", name);
                let text = std::fs::read_to_string(place.path().join(name)).unwrap();
                let written = words(&text);
                let expected = ["Completed", "In progress", "Scheduled"];
                let rest: Vec<_> = expected.iter().filter(|word| written.contains(word)).collect();
                proptest::prop_assert_eq!(written.iter().collect::<Vec<_>>(), rest);
                let over = text.contains("resolved: true\n");
                proptest::prop_assert_eq!(over, written[0] == "Completed");
            }
        }
    }
}
