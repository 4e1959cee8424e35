//! Writes what must survive a restart, on a thread of its own.
//!
//! The stages put notes into a queue, and it writes them once a second, so that a
//! slow disk delays neither rules nor pages.

pub mod metrics;
pub mod owed;
pub(crate) mod pruned_tables;
pub mod pruning;
pub mod queue;
pub mod retention;
pub(crate) mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::history::detection::log::DetectionLog;
use crate::history::health::log::HealthLog;
use crate::history::minutes::rollup::Rollup;
use crate::history::readable::log::ReadableLog;
use crate::history::revisions::log::Revisions;
use crate::history::samples::series::SeriesTable;
use crate::history::samples::{measured, runs, scrapes};
use crate::history::writer::metrics::{Lost, WriterMetrics};
use crate::history::writer::owed::Owed;
use crate::history::writer::pruned_tables::{PrunedTables, bytes};
use crate::history::writer::pruning::{PruneTable, Pruning, PruningJob, cutoff};
use crate::history::writer::queue::{Note, WriteQueue, queue, weight};
use crate::history::writer::retention::Retention;
use crate::history::{detection, events, health, minutes, readable, revisions};
use crate::model::event::Event;
use crate::model::sample::Scrape;
use crate::model::series::run::RuleRun;
use crate::model::verdict::RuleId;
use crate::store::file::Store;

/// How long notes are collected for one transaction.
const BATCH: Duration = Duration::from_secs(1);

/// Maximum number of rows that wait while the database refuses writes.
const OWED: usize = 100_000;

/// A scrape further ahead than this was written under another clock.
const AHEAD: Duration = Duration::from_secs(2);

/// Owns the tables `series`, `scrape`, `run`, `minute`, `summed`, `health`,
/// `seen`, `noticed`, `revised` and `readable` (law 4), hands what we saw ourselves to `events`,
/// and deletes what is old in all of them.
#[derive(Debug)]
pub struct Writer {
    /// May lose its last second in a power failure, but not in a crash of the program.
    samples: Store,
    /// Loses nothing.
    history: Store,
    retention: Retention,
    metrics: WriterMetrics,
    incoming: Receiver<Note>,
    names: SeriesTable,
    rollup: Rollup,
    /// The number of the next scrape.
    next: i64,
    scrapes: Vec<(i64, Scrape)>,
    runs: BTreeMap<RuleId, RuleRun>,
    owed: Vec<Owed>,
    events: Vec<Event>,
    /// The newest moment of all notes.
    now: Option<Timestamp>,
    pruning: Pruning,
    /// Says what is due to be deleted.
    jobs: Receiver<PruningJob>,
    /// Deletes old rows of tables that others own.
    others: &'static [PruneTable],
    /// The stopwatch beside the clock.
    begun: Instant,
    failing: bool,
    crowded: bool,
}

impl Writer {
    /// Takes two connections to the database, and returns the queue to it.
    pub fn open(
        samples: Store,
        history: Store,
        retention: Retention,
        metrics: WriterMetrics,
    ) -> rusqlite::Result<(Self, WriteQueue)> {
        // A lost second of samples is not worth a wait for the disk each second.
        samples.pragma_update(None, "synchronous", "normal")?;
        let summed = minutes::table::summed(&samples)?;
        let next = scrapes::last(&samples)?.max(summed) + 1;
        let (queue, incoming) = queue(metrics.clone());
        metrics.bytes.set(bytes(&samples));
        let writer = Self {
            rollup: Rollup::new(retention.chosen.clone(), summed),
            samples,
            history,
            retention,
            metrics,
            incoming,
            names: SeriesTable::default(),
            next,
            scrapes: Vec::new(),
            runs: BTreeMap::new(),
            owed: Vec::new(),
            events: Vec::new(),
            now: None,
            pruning: Pruning::default(),
            // Without a schedule all rows stay.
            jobs: mpsc::channel().1,
            others: &[],
            begun: Instant::now(),
            failing: false,
            crowded: false,
        };
        Ok((writer, queue))
    }

    /// The same with a schedule for deleting old rows.
    #[must_use]
    pub fn with_schedule(self, jobs: Receiver<PruningJob>) -> Self {
        Self { jobs, ..self }
    }

    /// The same, which also deletes old rows of tables that others own: the schedule
    /// waits until the clock can be trusted.
    #[must_use]
    pub fn with_tables(self, others: &'static [PruneTable]) -> Self {
        Self { others, ..self }
    }

    /// Reads the health of components.
    pub fn read_health(&self, now: Timestamp) -> rusqlite::Result<HealthLog> {
        health::table::read(&self.history, now)
    }

    /// Reads how soon rules detected incidents.
    pub fn read_detection(&self) -> rusqlite::Result<DetectionLog> {
        let rows = detection::table::read(&self.history)?;
        Ok(DetectionLog::new(rows, self.metrics.delay()))
    }

    /// Reads what the page showed last.
    pub fn read_revisions(&self) -> rusqlite::Result<Revisions> {
        Ok(Revisions::new(revisions::table::read(&self.history)?))
    }

    /// Reads what open incidents said when their files could be read last.
    pub fn read_readable(&self) -> rusqlite::Result<ReadableLog> {
        Ok(ReadableLog::new(readable::table::read(&self.history)?))
    }

    /// Passes on the scrapes of earlier runs in order, and returns the progress of rules.
    ///
    /// Rows that cannot be read are skipped with a warning: they never prevent a
    /// start. Rules that the settings no longer contain are forgotten.
    pub fn read_back(
        &mut self,
        now: Timestamp,
        rules: &BTreeSet<RuleId>,
        mut each: impl FnMut(Scrape),
    ) -> Vec<RuleRun> {
        let until = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
        let from = cutoff(now, self.retention.age);
        let summed = self.rollup.until;
        let rollup = &mut self.rollup;
        let read = scrapes::read(&self.samples, from, until, |id, scrape| {
            // Continue the minute in which the last run ended.
            if id > summed {
                rollup.add(id, &scrape);
            }
            // Rules are never evaluated on our own measurements.
            if !measured::is_ours(&scrape) {
                each(scrape);
            }
        });
        let read = read.and_then(|read| {
            if read.broken > 0 {
                tracing::warn!(
                    rows = read.broken,
                    "cannot read some of the stored samples; they are left out",
                );
            }
            runs::read_of(&self.samples, rules)
        });
        read.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot read stored samples and runs; rules start from scratch");
            Vec::new()
        })
    }

    /// Writes notes until all senders are gone, then the rest.
    pub fn run(mut self) {
        while self.step() {}
        self.rollup.finish(self.next - 1);
        self.write();
    }

    /// Collects the notes of a second and writes them; false at the end.
    fn step(&mut self) -> bool {
        let Ok(first) = self.incoming.recv() else {
            return false;
        };
        let begun = Instant::now();
        let mut weighs = weight(&first);
        self.take(first);
        let open = loop {
            let left = BATCH.saturating_sub(begun.elapsed());
            match self.incoming.recv_timeout(left) {
                Ok(note) => {
                    weighs += weight(&note);
                    self.take(note);
                }
                Err(RecvTimeoutError::Timeout) => break true,
                Err(RecvTimeoutError::Disconnected) => break false,
            }
            if begun.elapsed() >= BATCH {
                break true;
            }
        };
        self.write();
        self.metrics.queued.sub(weighs);
        open
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Scrape(scrape) => {
                let id = self.next;
                self.next += 1;
                self.now = Some(scrape.at);
                self.rollup.add(id, &scrape);
                self.scrapes.push((id, scrape));
            }
            Note::Run(run) => {
                self.runs.insert(run.rule.clone(), run);
            }
            Note::Retention(retention) => {
                self.rollup.choose(retention.chosen.clone());
                self.retention = *retention;
            }
            Note::Owed(owed) => {
                if let Owed::Seen(at) = owed {
                    self.now = Some(at);
                }
                if self.owed.len() < OWED {
                    self.owed.push(owed);
                }
            }
            Note::Event(event) => {
                if self.events.len() < OWED {
                    self.events.push(event);
                }
            }
        }
    }

    /// Switches to a new database if ours was deleted; the stages send again what they
    /// remember, and the rest is lost.
    fn renew(&mut self) -> rusqlite::Result<()> {
        let history = self.history.renew()?;
        if self.samples.renew()? {
            self.samples.pragma_update(None, "synchronous", "normal")?;
            self.names = SeriesTable::default();
        } else if !history {
            return Ok(());
        }
        self.metrics.anew();
        tracing::error!(
            "the database was deleted or emptied in use; history continues in a new one, \
            without the charts until now",
        );
        Ok(())
    }

    /// Writes everything that is due; failed writes are due again, except scrapes.
    fn write(&mut self) {
        let history = self.renew().and_then(|()| self.write_history());
        let samples = self.write_samples();
        if samples.is_err() {
            self.names.undone();
            self.metrics.lost(Lost::Window, self.scrapes.len());
        }
        self.scrapes.clear();
        let pruned = self.prune(self.begun.elapsed());
        match history.and(samples).and(pruned) {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("writing history recovered");
            }
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::error!(
                    %error,
                    "cannot write history; rules are still evaluated, but charts and the next \
                    start will lack current samples",
                );
            }
            Ok(()) | Err(_) => {}
        }
        self.count();
    }

    fn write_history(&mut self) -> rusqlite::Result<()> {
        if self.owed.is_empty() && self.events.is_empty() {
            return Ok(());
        }
        let change = self.history.transaction()?;
        self.owed
            .iter()
            .try_for_each(|owed| rows::write(&change, owed))?;
        for event in &self.events {
            events::table::write(&change, event)?;
        }
        change.commit()?;
        self.owed.clear();
        self.events.clear();
        Ok(())
    }

    fn write_samples(&mut self) -> rusqlite::Result<()> {
        let finished = !self.rollup.parts.is_empty();
        if self.scrapes.is_empty() && self.runs.is_empty() && !finished {
            return Ok(());
        }
        let change = self.samples.transaction()?;
        for (id, scrape) in &self.scrapes {
            scrapes::write(&change, &mut self.names, *id, scrape)?;
        }
        for run in self.runs.values() {
            runs::write(&change, run)?;
        }
        if finished {
            let (parts, until) = (&self.rollup.parts, self.rollup.until);
            minutes::table::write(&change, &mut self.names, parts, until)?;
        }
        change.commit()?;
        self.names.written();
        self.runs.clear();
        self.rollup.parts.clear();
        Ok(())
    }

    /// Deletes what is due and too old, when the stopwatch shows so much.
    fn prune(&mut self, watch: Duration) -> rusqlite::Result<()> {
        self.jobs.try_iter().for_each(|job| self.pruning.wake(job));
        let Some(now) = self.now else {
            return Ok(());
        };
        let due = self.pruning.due(now, watch);
        let mut tables = PrunedTables {
            samples: &self.samples,
            history: &self.history,
            names: &mut self.names,
            retention: &self.retention,
        };
        if due.scrapes {
            tables.prune_scrapes(now)?;
            self.metrics.bytes.set(bytes(&self.samples));
        }
        if due.rest {
            tables.prune_rest(now)?;
            let mut others = self.others.iter();
            others.try_for_each(|prune| prune(&self.history, now))?;
        }
        Ok(())
    }

    fn count(&mut self) {
        let series = i64::try_from(self.rollup.series()).unwrap_or(i64::MAX);
        self.metrics.minute_series.set(series);
        let refused = self.rollup.refused;
        self.metrics.refused("minutes", refused);
        if refused > 0 && !self.crowded {
            self.crowded = true;
            tracing::warn!(
                limit = self.retention.chosen.limit,
                "too many series for charts; new ones get none: set `minute_series` in `[keep]`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::history::minutes::rollup::Chosen;
    use crate::history::writer::owed::HealthChange;
    use crate::model::component::{ComponentId, Health};
    use crate::model::sample::{CollectorId, Metric, Sample};
    use crate::model::series::run::RuleProgress;
    use crate::model::series::selector::SeriesSelector;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn open(folder: &Path) -> Writer {
        let store = || {
            let store = crate::store::open(folder).unwrap();
            store.busy_timeout(Duration::ZERO).unwrap();
            store
        };
        let retention = Retention {
            age: Duration::from_mins(10),
            minutes: Duration::from_hours(48),
            chosen: Chosen {
                names: None,
                selectors: Vec::new(),
                limit: 10,
            },
        };
        let metrics = WriterMetrics::register(&prometheus::Registry::new()).unwrap();
        Writer::open(store(), store(), retention, metrics)
            .unwrap()
            .0
    }

    fn scrape(second: i64) -> Note {
        Note::Scrape(Scrape {
            collector: CollectorId("a".into()),
            at: at(second),
            good_until: at(second + 5),
            samples: vec![Sample::new("up", [], 1.0)],
        })
    }

    fn run(second: i64) -> RuleRun {
        RuleRun {
            rule: RuleId("r".into()),
            expr: "up == 0".into(),
            run: RuleProgress {
                firing_since: Some(at(second)),
                ..RuleProgress::default()
            },
        }
    }

    fn seconds(writer: &mut Writer, now: i64) -> (Vec<i64>, usize) {
        let mut seconds = Vec::new();
        let rules = [RuleId("r".into())].into();
        let runs = writer.read_back(at(now), &rules, |scrape| {
            seconds.push(scrape.at.as_second() - 1_000_000);
        });
        (seconds, runs.len())
    }

    /// Lets minutes pass by the clock, from a moment on, and by the stopwatch.
    fn pass(writer: &mut Writer, from: Timestamp, minutes: u64) {
        for minute in 0..=minutes {
            let passed = Duration::from_mins(minute);
            writer.now = Some(from + passed);
            writer.pruning.wake(PruningJob::Scrapes);
            if minute % 10 == 0 {
                writer.pruning.wake(PruningJob::Rest);
            }
            writer.prune(Duration::from_hours(9) + passed).unwrap();
        }
    }

    fn counted(folder: &Path) -> Vec<u64> {
        let minutes = minutes::table::Minutes::new(crate::store::open(folder).unwrap());
        let selector = SeriesSelector::parse("up").unwrap();
        let series = minutes
            .read(&selector, Timestamp::MIN, Timestamp::MAX)
            .unwrap();
        let samples = series.iter().flat_map(|series| &series.samples);
        samples.map(|sample| sample.count).collect()
    }

    #[test]
    fn a_minute_that_a_crash_cut_in_two_is_one_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(folder.path());
        for second in [0, 50, 51] {
            writer.take(scrape(second));
            writer.write();
        }
        // Killed: nobody writes what is gathered, and nobody says good-bye.
        drop(writer);
        let mut writer = open(folder.path());
        assert_eq!(seconds(&mut writer, 60).0, [0, 50, 51]);
        writer.take(scrape(60));
        writer.rollup.finish(writer.next - 1);
        writer.write();
        drop(writer);
        // 1,000,000 is forty seconds into its minute.
        assert_eq!(counted(folder.path()), [1, 3]);
        let mut writer = open(folder.path());
        seconds(&mut writer, 70);
        writer.rollup.finish(writer.next - 1);
        writer.write();
        assert_eq!(counted(folder.path()), [1, 3], "nothing is counted twice");
    }

    #[test]
    fn a_disk_that_takes_nothing_costs_scrapes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(folder.path());
        let holder = crate::store::open(folder.path()).unwrap();
        holder.execute_batch("BEGIN IMMEDIATE").unwrap();
        let change = HealthChange {
            component: ComponentId("api".into()),
            at: at(0),
            health: Health::Down,
        };
        writer.take(scrape(0));
        writer.take(Note::Run(run(0)));
        writer.take(Note::Owed(Owed::Change(change)));
        writer.write();
        assert!(writer.failing);
        holder.execute_batch("COMMIT").unwrap();
        writer.take(scrape(30));
        writer.write();
        assert!(!writer.failing);
        let lost = writer.metrics.dropped.with_label_values(&["window"]).get();
        assert_eq!(lost, 1);
        drop(writer);
        let mut writer = open(folder.path());
        assert_eq!(seconds(&mut writer, 31), (vec![30], 1));
        let history = writer.read_health(at(31)).unwrap();
        let spans = history.spans(&ComponentId("api".into()), at(31));
        assert_eq!(spans[0].health, Health::Down);
    }

    #[test]
    fn what_is_old_or_of_another_clock_is_left_out_but_for_the_last_answer() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(folder.path());
        for second in [0, 500, 700, 5000] {
            writer.take(scrape(second));
        }
        writer.take(Note::Run(run(0)));
        writer.write();
        drop(writer);
        let check = |now: i64, expected: (Vec<i64>, usize)| {
            assert_eq!(seconds(&mut open(folder.path()), now), expected, "at {now}");
        };
        // The scrapes of 0 to 700 were too old when that of 5000 came.
        check(5001, (vec![5000], 1));
        check(4000, (vec![], 1));
        // The last answer counts however old it is.
        check(5000 + 360_000, (vec![5000], 1));
    }

    #[test]
    fn all_is_deleted_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(folder.path());
        let hour = |hour: i64| scrape(hour * 3600);
        for note in [hour(0), hour(1), hour(24), hour(72)] {
            writer.take(note);
            writer.write();
        }
        pass(&mut writer, at(72 * 3600), 60);
        writer.take(scrape(73 * 3600));
        writer.write();
        let count = |table: &str| -> i64 {
            let query = format!("SELECT count(*) FROM {table}");
            writer
                .samples
                .query_row(&query, [], |row| row.get(0))
                .unwrap()
        };
        // The hours that ended before the last two days; the last one is not full.
        // What was the last answer while old rows were deleted stays.
        assert_eq!(
            (count("scrape"), count("minute"), count("series")),
            (2, 1, 1)
        );
        assert!(bytes(&writer.samples) > 4096);
        let metric = Metric::new("up", []);
        let id = writer.names.number(&writer.samples, &metric, 99).unwrap();
        assert!(id > 0);
    }

    /// How many rows each table has.
    fn rows(writer: &Writer) -> [i64; 7] {
        let tables = [
            "scrape", "minute", "series", "health", "noticed", "event", "silence",
        ];
        tables.map(|table| {
            let query = format!("SELECT count(*) FROM {table}");
            let read = writer.samples.query_row(&query, [], |row| row.get(0));
            read.unwrap()
        })
    }

    #[test]
    fn a_clock_that_is_a_year_ahead_for_a_while_costs_hardly_any_history() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open(folder.path());
        let noticed = "INSERT INTO noticed SELECT 'i' || at_ms, at_ms, NULL, NULL, NULL, NULL, \
            '[]', '[]', 1, 0, 0 FROM health";
        let event = "INSERT INTO event (at_ms, text, noted_ms, source) \
            SELECT at_ms, 'x', at_ms, 'collector:a' FROM health";
        for day in 0..300 {
            let health = [Health::Ok, Health::Down][usize::from(day % 2 == 1)];
            writer.take(Note::Owed(Owed::Change(HealthChange {
                component: ComponentId("api".into()),
                at: at(day * 86_400),
                health,
            })));
        }
        for minute in 0..48 * 60 {
            writer.take(scrape(299 * 86_400 + minute * 60));
        }
        writer.rollup.finish(writer.next - 1);
        writer.write();
        let silence = "INSERT INTO silence (matchers, starts_ms, ends_ms, author, reason) \
            SELECT '', at_ms, at_ms, 'Ann', 'Move' FROM health";
        for fill in [noticed, event, silence] {
            writer.history.execute(fill, []).unwrap();
        }
        let before = rows(&writer);
        drop(writer);

        let ahead = at(301 * 86_400) + Duration::from_hours(400 * 24);
        for _ in 0..3 {
            let mut writer = open(folder.path());
            writer.read_health(ahead).unwrap();
            writer.read_detection().unwrap();
            for second in 0..15 {
                writer.take(Note::Owed(Owed::Seen(ahead + Duration::from_secs(second))));
                writer.pruning.wake(PruningJob::Scrapes);
                writer.pruning.wake(PruningJob::Rest);
                writer.write();
            }
            assert_eq!(rows(&writer), before, "not at a start");
        }
        // Even for an hour it costs the oldest day, and no name that is in use.
        let mut writer = open(folder.path());
        pass(&mut writer, ahead, 61);
        let after = rows(&writer);
        assert_eq!(after[2], before[2]);
        for (table, (was, is)) in before.into_iter().zip(after).enumerate().skip(3) {
            assert!(
                (was - 7..=was).contains(&is),
                "table {table}: {was}, then {is}"
            );
        }
        // A clock that comes right while we run is a leap as well.
        writer.now = Some(at(301 * 86_400));
        writer.pruning.wake(PruningJob::Rest);
        writer.prune(Duration::from_hours(99)).unwrap();
        assert_eq!(rows(&writer), after);
        let history = writer.read_health(at(301 * 86_400)).unwrap();
        let spans = history.spans(&ComponentId("api".into()), at(301 * 86_400));
        assert!(spans.len() > 290, "{}", spans.len());
    }
}
