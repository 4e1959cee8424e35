//! The only writer of the incidents folder, beside people.

pub mod commit;
pub mod listing;
pub(crate) mod orphans;
pub mod settings;
pub mod state;
pub mod stuck;
pub(crate) mod unread;
pub mod unwritten;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::incident::file::change::NewFile;
use crate::incident::folder::Folder;
use crate::incident::folder::error::{FolderError, WriteError};
use crate::incident::maintenance::writer::MaintenanceWriter;
use crate::incident::postmortem::write;
use crate::incident::reconcile;
use crate::incident::reconcile::input::{Decision, Input, Observed};
use crate::incident::reconcile::wording::Wording;

use crate::incident::folder::lock::FolderLock;
use crate::incident::folder::watch::{Changed, Watch};
use crate::incident::journal::orphans::Orphans;
use crate::incident::journal::settings::JournalSettings;
use crate::incident::journal::state::JournalState;
use crate::incident::journal::stuck::Stuck;
use crate::incident::journal::unread::Unread;
use crate::incident::journal::unwritten::Unwritten;
use crate::incident::postmortem::facts::IncidentFacts;

use crate::model::finding::Finding;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;
use crate::model::incidents::readable::ReadableTexts;

/// The only writer of the incidents folder, beside people (law 4).
#[derive(Debug)]
pub struct Journal {
    settings: JournalSettings,
    wording: Wording,
    folder: Folder,
    watch: Watch,
    writer: FolderLock,
    unread: Unread,
    written: JournalState,
    /// When a page appears or disappears by itself.
    turns: Option<Timestamp>,
    maintenance_writer: MaintenanceWriter,
    stuck: Stuck,
    /// What open incidents have lost and keep.
    lost: Vec<Finding>,
    /// Incidents that could not be written yet.
    unwritten: Unwritten,
    orphans: Orphans,
}

impl Journal {
    /// Starts without having read anything.
    pub fn new(settings: JournalSettings) -> Self {
        let folder = Folder::new(&settings.folder, &settings.dates)
            .with_days_in(&settings.zone)
            .in_languages(&settings.languages);
        let watch = Watch::new(&settings.folder, folder.disk());
        let lease = settings.lease.clone();
        let writer = FolderLock::new(&settings.folder, folder.disk(), lease);
        let wording = Wording::new(settings.language, settings.zone.clone());
        let maintenance_writer = MaintenanceWriter::new(
            settings.plans.clone(),
            wording.clone(),
            settings.dates.clone(),
        );
        Self {
            settings,
            wording,
            folder,
            watch,
            writer,
            unread: Unread::default(),
            written: JournalState::default(),
            turns: None,
            maintenance_writer,
            stuck: Stuck::default(),
            lost: Vec::new(),
            unwritten: Unwritten::default(),
            orphans: Orphans::default(),
        }
    }

    /// Takes over from another journal after a reload, with its unwritten incidents.
    #[must_use]
    pub fn after(self, before: Self) -> Self {
        let readable = before.folder.contents().readable();
        Self {
            unwritten: before.unwritten,
            stuck: before.stuck,
            ..self.recalling(readable)
        }
    }

    /// The same, which knows what open incidents said when they could be read last:
    /// one whose file is broken at the start must not be opened a second time.
    #[must_use]
    pub fn recalling(self, readable: ReadableTexts) -> Self {
        let folder = self.folder.recalling(readable);
        Self { folder, ..self }
    }

    /// Whether the system reports changes of files; else the folder is polled.
    pub fn is_watching(&self) -> bool {
        self.watch.is_watching()
    }

    /// Waits until the next step would read something; giving up loses nothing.
    pub async fn changed(&mut self) {
        if self.unread.changed.is_none() {
            let changed = tokio::select! {
                changed = self.watch.changed() => changed,
                // Who may write from now on has something to write.
                () = self.settings.lease.changed() => Changed::Files(BTreeSet::new()),
            };
            self.unread.changed = Some(changed);
        }
    }

    /// Reads what people wrote, and writes planned maintenance, which decides what is
    /// suppressed.
    pub async fn look(&mut self, now: Timestamp) -> Arc<Incidents> {
        let changed = self.unread.read(&mut self.folder).await;
        if changed || self.turns.is_some_and(|turns| turns <= now) {
            self.show(now);
        }
        self.folder.settle_away(now);
        self.written.reader = !self.writer.may_write(now).await;
        let may_write = !self.written.reader && !self.folder.disk().is_late();
        if may_write && (changed || self.maintenance_writer.is_due(now)) {
            let mut wrote = false;
            for (file, result) in self
                .maintenance_writer
                .write_due(&mut self.folder, now)
                .await
            {
                wrote |= result.is_ok();
                self.report(&file, result);
            }
            if wrote {
                self.show(now);
            }
        }
        Arc::clone(&self.written.incidents)
    }

    /// Reads what people wrote, writes what has become true, and shows the result.
    ///
    /// A write that fails is due again at the next step (law 5).
    pub async fn step(&mut self, observed: Observed<'_>, now: Timestamp) -> JournalState {
        self.look(now).await;
        let incidents = self.with_those_away();
        self.orphans.log(incidents.iter(), observed.verdicts);
        let mut decision = self.decide(&incidents, observed, now);
        self.written.opened.clear();
        if self.written.reader {
            return self.finish(decision);
        }
        if self.folder.disk().is_late() {
            for opening in &decision.openings {
                self.unwritten.add(opening);
            }
            return self.finish(decision);
        }
        let openings = std::mem::take(&mut decision.openings);
        let written = &self.written.incidents;
        let openings = self.unwritten.due(openings, observed.verdicts, written);
        let (opened, late) = self.open_all(&openings, now).await;
        if self.change_all(&decision).await || opened {
            self.show(now);
            // A file that was just written has a progress, too.
            let incidents: Vec<_> = self.concerned().cloned().collect();
            decision = self.decide(&incidents, observed, now);
        }
        // An incident that ended before it could be written must not appear open.
        if late && self.change_all(&decision).await {
            self.show(now);
            let incidents: Vec<_> = self.concerned().cloned().collect();
            decision = self.decide(&incidents, observed, now);
        }
        self.finish(decision)
    }

    /// What is written and concerns rules, with the open incidents of ours whose files
    /// may come back: they must not be opened a second time.
    fn with_those_away(&self) -> Vec<Arc<Incident>> {
        let away = self
            .folder
            .contents()
            .away()
            .incidents()
            .filter(|incident| {
                incident.resolved == Some(false) && !incident.managed.rules.is_empty()
            });
        self.concerned().chain(away).cloned().collect()
    }

    /// What is written and concerns rules: there are many that people wrote and closed.
    fn concerned(&self) -> impl Iterator<Item = &Arc<Incident>> {
        let written = self.written.incidents.iter();
        written.filter(|incident| incident.concerns_rules())
    }

    /// Opens incidents; returns whether any was opened, and whether any was overdue.
    async fn open_all(&mut self, openings: &[NewFile], now: Timestamp) -> (bool, bool) {
        let (mut opened, mut late) = (false, false);
        for opening in openings {
            let zones = (&self.settings.zone, &self.settings.dates);
            let (file, result) = commit::open(&mut self.folder, opening, zones, now).await;
            match &result {
                Ok(()) => {
                    opened = true;
                    late |= self.unwritten.owes(opening);
                    self.unwritten.wrote(opening);
                    self.written.opened.push(file.clone());
                }
                Err(WriteError::Folder(FolderError::Changed(_))) => {}
                Err(_) => self.unwritten.add(opening),
            }
            self.report(&file, result);
        }
        (opened, late)
    }

    /// Changes existing incidents; returns whether any was changed.
    async fn change_all(&mut self, decision: &Decision) -> bool {
        let mut changed = false;
        for (id, change) in &decision.changes {
            let named = self.written.incidents.named(&id.0).next();
            let Some(file) = named.map(|incident| incident.name.clone()) else {
                continue;
            };
            let result = commit::change(&mut self.folder, &file, change).await;
            changed |= result.is_ok();
            self.report(&file, result);
        }
        changed
    }

    /// The state after a step.
    fn finish(&mut self, decision: Decision) -> JournalState {
        let incidents = &self.written.incidents;
        let is_there = |file: &str| incidents.iter().any(|incident| incident.name == file);
        self.written.failed = self.stuck.settle(is_there);
        self.written.unwritten = self.stuck.files().cloned().collect();
        if self.folder.disk().is_late() {
            let folder = self.folder.path().display().to_string();
            self.written.unwritten.push(folder);
        }
        self.written.outlooks = decision.outlooks;
        let away = self.folder.contents().away().incidents();
        self.written.away = away.map(|incident| incident.id.clone()).collect();
        let zones = (&self.settings.zone, &self.settings.dates);
        let unwritten = self.unwritten.incidents(&self.written.incidents, zones);
        let mut state = self.written.clone();
        if !state.reader && !unwritten.is_empty() {
            let written = state.incidents.iter().cloned();
            let all: Vec<_> = unwritten.into_iter().chain(written).collect();
            state.incidents = Arc::new(all.into());
        }
        state
    }

    fn decide(
        &self,
        incidents: &[Arc<Incident>],
        observed: Observed<'_>,
        now: Timestamp,
    ) -> Decision {
        reconcile::reconcile(&Input {
            incidents,
            observed,
            hold: self.settings.hold,
            wording: &self.wording,
            now,
        })
    }

    /// Incidents of ours that are over and whose files have no post-mortem yet, each
    /// with its end; a level, not an edge (law 1). Files that could not be written
    /// come last.
    pub fn ended(&self, now: Timestamp) -> Vec<(Arc<Incident>, Timestamp)> {
        let incidents = self.written.incidents.iter();
        let due = incidents.filter_map(|incident| {
            let end = write::due(incident, now)?;
            Some((Arc::clone(incident), end))
        });
        let (mut due, stuck): (Vec<_>, Vec<_>) =
            due.partition(|(incident, _)| !self.stuck.contains(&incident.name));
        due.extend(stuck);
        due
    }

    /// The language and the zone in which it writes.
    pub fn wording(&self) -> &Wording {
        &self.wording
    }

    /// Writes the post-mortem of an incident that is over.
    pub async fn write_post_mortem(&mut self, mut story: IncidentFacts<'_>, now: Timestamp) {
        let file = story.incident.name.clone();
        let result = commit::write_post_mortem(&mut self.folder, &file, &mut story).await;
        if result.is_ok() {
            tracing::info!(
                kind = "incident",
                incident.file = file,
                "wrote the post-mortem of {file}",
            );
            self.show(now);
        }
        self.report(&file, result);
    }

    /// Takes the result of a write; a file that was changed meanwhile is read again.
    fn report(&mut self, file: &str, result: Result<(), WriteError>) {
        if self.stuck.note(file, result) {
            self.folder.doubt(file);
            self.unread.retry.insert(file.to_owned());
        }
    }

    fn show(&mut self, now: Timestamp) {
        let build_future = self.settings.build_future;
        self.turns = listing::next_turn(&self.folder, build_future, now);
        self.written.incidents = Arc::new(listing::shown(&self.folder, build_future, now));
        let faults: Vec<_> = self.folder.contents().faults().cloned().collect();
        listing::log_new(&faults, &self.written.faults);
        self.written.faults = Arc::new(faults);
        let lost: Vec<_> = self.folder.contents().lost().cloned().collect();
        listing::log_lost(&lost, &self.lost);
        self.lost = lost;
        self.written.readable = Arc::new(self.folder.contents().readable());
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use std::time::Duration;

    use crate::incident::folder::disk::Disk;
    use crate::model::fixtures;
    use crate::model::request::leadership::Leadership;
    use crate::model::verdict::{RuleState, Verdict};

    use crate::model::text::language::Language;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn verdict(state: RuleState) -> [Verdict; 1] {
        [Verdict {
            title: "Cache is full".into(),
            text: "It is full.".into(),
            ..fixtures::verdict("oom", "cache", state)
        }]
    }

    fn journal(folder: &std::path::Path) -> Journal {
        Journal::new(JournalSettings {
            folder: folder.to_owned(),
            hold: Duration::from_mins(15),
            zone: TimeZone::UTC,
            dates: TimeZone::UTC,
            build_future: true,
            language: Language::default(),
            languages: Vec::new(),
            plans: Vec::new(),
            lease: Leadership::default(),
        })
    }

    fn files(folder: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        files
    }

    #[tokio::test]
    async fn an_outage_over_midnight_stays_in_its_file_and_a_second_one_gets_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = journal(folder.path());
        // What is true, since when, and the moment; days 1 and 2 of March.
        let steps = [
            ("firing", "1T23:50", "1T23:50"),
            ("firing", "1T23:50", "2T00:10"),
            ("quiet", "2T00:20", "2T00:25"),
            ("quiet", "2T00:20", "2T00:35"),
            ("firing", "2T02:00", "2T02:00"),
            ("quiet", "2T02:10", "2T02:30"),
            // Within an hour of the end it is the same one that came back.
            ("firing", "2T03:00", "2T03:00"),
            ("quiet", "2T03:10", "2T03:40"),
            ("firing", "2T05:00", "2T05:00"),
        ];
        let march = |text: &str| at(&format!("2026-03-0{text}:00Z"));
        for (word, since, now) in steps {
            let since = march(since);
            let state = match word {
                "firing" => RuleState::Firing { since },
                _ => RuleState::Quiet { since },
            };
            journal
                .step(Observed::of(&verdict(state), &[]), march(now))
                .await;
        }
        assert_eq!(
            files(folder.path()),
            [
                "2026-03-01-cache-is-full.md",
                "2026-03-02-cache-is-full-2.md",
                "2026-03-02-cache-is-full.md"
            ]
        );
        let first = std::fs::read_to_string(folder.path().join("2026-03-01-cache-is-full.md"));
        assert!(
            first
                .unwrap()
                .contains("resolvedWhen: 2026-03-02T00:20:00Z")
        );
    }

    /// Reads what was done to the folder, at a moment.
    async fn look(journal: &mut Journal, verdicts: &[Verdict], second: u64) -> JournalState {
        journal.unread.changed = Some(Changed::All);
        let now = at("2026-03-01T12:00:00Z") + Duration::from_secs(second);
        journal.step(Observed::of(verdicts, &[]), now).await
    }

    #[tokio::test]
    async fn a_file_deleted_while_its_rule_fires_is_written_again_but_a_renamed_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let firing = verdict(RuleState::Firing {
            since: at("2026-03-01T12:00:00Z"),
        });
        let mut journal = journal(folder.path());
        look(&mut journal, &firing, 0).await;
        let (file, other) = (
            folder.path().join("2026-03-01-cache-is-full.md"),
            folder.path().join("b.md"),
        );
        // Away for a moment, as while it is renamed or replaced.
        std::fs::rename(&file, folder.path().join(".away")).unwrap();
        look(&mut journal, &firing, 1).await;
        assert_eq!(files(folder.path()), [".away"]);
        std::fs::rename(folder.path().join(".away"), &other).unwrap();
        for second in 2..10 {
            look(&mut journal, &firing, second).await;
        }
        assert_eq!(files(folder.path()), ["b.md"]);
        // Gone for good.
        std::fs::remove_file(&other).unwrap();
        look(&mut journal, &firing, 11).await;
        look(&mut journal, &firing, 14).await;
        assert_eq!(files(folder.path()), ["2026-03-01-cache-is-full.md"]);
    }

    #[tokio::test]
    async fn a_write_that_fails_is_tried_at_the_next_step_and_hurries_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let firing = verdict(RuleState::Firing {
            since: at("2026-03-01T12:00:00Z"),
        });
        let mut journal = journal(&folder.path().join("missing"));
        look(&mut journal, &firing, 0).await;
        assert!(!journal.unread.retry.is_empty() && journal.unread.changed.is_none());
        std::fs::create_dir(folder.path().join("missing")).unwrap();
        look(&mut journal, &firing, 1).await;
        assert_eq!(
            files(&folder.path().join("missing")),
            ["2026-03-01-cache-is-full.md"]
        );
    }

    #[tokio::test]
    async fn a_fault_that_came_and_went_while_the_disk_was_full_is_written_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("incidents");
        let mut journal = journal(&folder);
        let fires = |since: &str| verdict(RuleState::Firing { since: at(since) });
        let quiet = |since: &str| verdict(RuleState::Quiet { since: at(since) });
        let written = look(&mut journal, &fires("2026-03-01T12:00:00Z"), 0).await;
        assert_eq!(written.unwritten, ["2026-03-01-cache-is-full.md"]);
        assert_eq!(written.failed, 1);
        // Visitors and receivers learn of it although the disk is full.
        let shown = &written.incidents[0];
        assert_eq!(shown.id.0, "2026-03-01-cache-is-full");
        assert_eq!((shown.is_active(), shown.is_public()), (true, true));
        look(&mut journal, &quiet("2026-03-01T12:00:04Z"), 4).await;
        // It flaps; what counts is when it began.
        look(&mut journal, &fires("2026-03-01T12:00:30Z"), 30).await;
        let written = look(&mut journal, &quiet("2026-03-01T12:00:40Z"), 3000).await;
        assert_eq!((written.unwritten.len(), written.opened.len()), (1, 0));

        std::fs::create_dir(&folder).unwrap();
        let written = look(&mut journal, &quiet("2026-03-01T12:00:40Z"), 3001).await;
        assert_eq!(written.opened, ["2026-03-01-cache-is-full.md"]);
        assert_eq!((written.unwritten.len(), written.failed), (0, 0));
        let incident = &written.incidents[0];
        assert_eq!(incident.resolved, Some(true));
        assert_eq!(incident.date, Some(at("2026-03-01T12:00:00Z")));
        assert_eq!(incident.resolved_when, Some(at("2026-03-01T12:00:40Z")));
        let again = look(&mut journal, &quiet("2026-03-01T12:00:40Z"), 3002).await;
        assert_eq!(again.incidents.len(), 1);
        assert!(again.opened.is_empty());
    }

    #[tokio::test]
    async fn a_pipe_under_the_name_of_an_incident_keeps_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let firing = verdict(RuleState::Firing {
            since: at("2026-03-01T12:00:00Z"),
        });
        let mut journal = journal(folder.path());
        look(&mut journal, &firing, 0).await;
        let path = folder.path().join("2026-03-01-cache-is-full.md");
        std::fs::remove_file(&path).unwrap();
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        // It is looked at, and it is opened: between both it may have been swapped.
        assert!(
            journal
                .folder
                .open("2026-03-01-cache-is-full.md")
                .await
                .is_err()
        );
        for second in 1..6 {
            look(&mut journal, &firing, second).await;
        }
        let files = files(folder.path());
        assert_eq!(files[0], "2026-03-01-cache-is-full-2.md");
    }

    #[tokio::test]
    async fn a_folder_that_hangs_is_a_fault_and_the_steps_go_on() {
        let place = tempfile::tempdir().unwrap();
        let firing = verdict(RuleState::Firing {
            since: at("2026-03-01T12:00:00Z"),
        });
        let mut journal = journal(place.path());
        look(&mut journal, &[], 0).await;
        let disk = Disk::with_patience(Duration::from_millis(20));
        journal.folder = Folder::new(place.path(), &TimeZone::UTC).on(disk.clone());
        let (release, stuck) = std::sync::mpsc::channel::<()>();
        let mut job = disk.start(move || Ok(stuck.recv().is_ok())).await.unwrap();
        journal.unread.changed = Some(Changed::All);
        for second in 1..4 {
            let written = look(&mut journal, &firing, second).await;
            assert_eq!(written.faults.len(), 1, "{second}");
            assert!(!written.unwritten.is_empty());
        }
        release.send(()).unwrap();
        while disk.wait(&mut job).await.is_err() {}
        // On a busy machine a step may need more than this patience.
        let mut second = 4;
        while !look(&mut journal, &firing, second).await.faults.is_empty() {
            second += 1;
        }
        assert!(place.path().join("2026-03-01-cache-is-full.md").exists());
    }
}
