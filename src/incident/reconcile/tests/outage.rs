//! The outage of 2023-01-19, minute by minute: what the page would have said.
//!
//! Times are minutes since the first refused write. What is allowed at each of
//! them stands in `SAID`; the values are made up to fit the report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config;
use crate::evaluate::Evaluator;
use crate::incident::journal::Journal;
use crate::incident::journal::settings::JournalSettings;
use crate::incident::reconcile::input::Observed;
use crate::model::board::{Board, Facts};
use crate::model::component::{Component, ComponentId};
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::incident::{Incident, Phase};
use crate::model::sample::{Brings, CollectorId, Expected, Sample, Scrape};
use jiff::Timestamp;

use crate::model::fixtures::golden;

const MIB: f64 = 1_048_576.0;

/// Seconds between two scrapes.
const EVERY: i64 = 10;

/// From which minute on, what the page may say and at which phase.
type Said = (i64, &'static [&'static str], Option<Phase>);

const SAID: [Said; 10] = [
    (-30, &["ok"], None),
    (-8, &["notice", "disrupted"], None),
    (0, &["notice", "disrupted", "down"], None),
    (2, &["down"], Some(Phase::Investigating)),
    (48, &["down"], Some(Phase::Investigating)),
    (213, &["down", "disrupted"], Some(Phase::Monitoring)),
    (221, &["down"], Some(Phase::Investigating)),
    (717, &["down", "disrupted"], Some(Phase::Identified)),
    (766, &["disrupted", "notice"], Some(Phase::Monitoring)),
    (783, &["ok"], None),
];

/// What people did, and whom it concerned.
const DONE: [(i64, EventKind, &str, &str); 7] = [
    (
        43,
        EventKind::Limit,
        "application",
        "The memory of the application was raised",
    ),
    (
        48,
        EventKind::Flush,
        "cache",
        "The cache was cleared: everybody was logged out, and waiting rolls may be lost",
    ),
    (
        213,
        EventKind::Release,
        "worker",
        "Release 252 was brought out, and the worker restarted",
    ),
    (
        263,
        EventKind::Provider,
        "cache",
        "The provider of the cache reports an urgent incident",
    ),
    (
        717,
        EventKind::Limit,
        "cache",
        "The memory limit of the cache was raised from 100 MiB to 256 MiB",
    ),
    (755, EventKind::Release, "worker", "Release 255 was begun"),
    (
        766,
        EventKind::Release,
        "worker",
        "Release 255 is out: the worker has 3 children",
    ),
];

fn start() -> Timestamp {
    "2023-01-19T23:48:00Z".parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    start() + jiff::SignedDuration::from_secs(seconds)
}

/// What the service is measured to be, second by second.
struct Service {
    refused: f64,
    completed: f64,
    jobs: f64,
}

impl Service {
    fn scrapes(&mut self, second: i64) -> [Scrape; 2] {
        let minute = f64::from(i32::try_from(second).unwrap()) / 60.0;
        let is = |from: f64, to: f64| (from..to).contains(&minute);
        let outage = is(0.0, 213.0) || is(221.0, 717.0);
        let refusing = is(0.0, 48.0) || is(58.0, 213.0) || is(221.0, 717.0);
        self.refused += if refusing { 3.0 } else { 0.0 };
        self.completed += if outage { 0.0 } else { 20.0 };
        self.jobs = match minute {
            m if m < -30.0 => 0.0,
            m if m < 0.0 => 40.0 * (m + 30.0),
            m if m < 213.0 => 1_200.0,
            m if m < 221.0 => 1_200.0 - 120.0 * (m - 213.0),
            m if m < 766.0 => 1_200.0,
            m => (1_200.0 - 100.0 * (m - 766.0)).max(0.0),
        };
        let crippled = is(717.0, 766.0);
        let fixed = minute >= 766.0;
        let rolls = Self::rolls(minute);
        let keys = if is(48.0, 49.0) { 100.0 } else { 50_000.0 };
        let gauge = |name: &str, value: f64| Sample::new(name, [], value);
        let samples = vec![
            Sample::new("redis_errors_total", [("err", "OOM")], self.refused),
            gauge("redis_memory_used_bytes", Self::used(minute) * MIB),
            gauge(
                "redis_memory_max_bytes",
                if minute < 717.0 { 100.0 } else { 256.0 } * MIB,
            ),
            gauge("redis_db_keys", keys),
            gauge("session_canary_write_ok", f64::from(!refusing)),
            gauge("jobs_completed_total", self.completed),
            gauge("queue_jobs", self.jobs),
            gauge(
                "worker_children_out_of_memory",
                if crippled { 4.0 } else { 0.0 },
            ),
            gauge(
                "worker_main_bytes",
                if fixed { 512.0 } else { 1_536.0 } * MIB,
            ),
            gauge("worker_children_max", if fixed { 3.0 } else { 10.0 }),
            gauge(
                "worker_child_bytes",
                if fixed { 400.0 } else { 256.0 } * MIB,
            ),
            gauge("machine_memory_bytes", 2_048.0 * MIB),
        ];
        let scrape = |collector: &str, samples| Scrape {
            collector: CollectorId(collector.into()),
            at: at(second),
            good_until: at(second + 3 * EVERY),
            samples,
        };
        [scrape("service", samples), scrape("rolls", rolls)]
    }

    /// Memory in use, in MiB.
    fn used(minute: f64) -> f64 {
        match minute {
            m if m < -8.0 => 50.0 + (m + 30.0),
            m if m < 0.0 => 91.0 + m.abs() / 8.0,
            m if m < 48.0 => 100.0,
            m if m < 58.0 => 30.0 + 7.0 * (m - 48.0),
            m if m < 213.0 => 100.0,
            m if m < 221.0 => 60.0 + 3.0 * (m - 213.0),
            _ => 100.0,
        }
    }

    /// A roll from outside. While the queue drains after a release, the one that
    /// was sent is still on its way: there is nothing to be said.
    fn rolls(minute: f64) -> Vec<Sample> {
        let is = |from: f64, to: f64| (from..to).contains(&minute);
        let (success, duration) = if is(213.0, 215.0) || is(766.0, 768.0) {
            return Vec::new();
        } else if is(0.0, 213.0) || is(221.0, 717.0) {
            (0.0, 5.0)
        } else if is(717.0, 766.0) {
            (1.0, 3.0)
        } else {
            (1.0, 0.2)
        };
        vec![
            Sample::new("probe_success", [], success),
            Sample::new("probe_duration_seconds", [], duration),
        ]
    }
}

/// The monitor with its clock in our hands.
struct Monitor {
    evaluator: Evaluator,
    journal: Journal,
    components: Vec<Component>,
    events: Vec<Event>,
}

impl Monitor {
    fn new(folder: &Path) -> Self {
        let text = include_str!("outage.toml");
        let read = config::read(text, "outage.toml", folder, BTreeMap::new(), None);
        let mut config = read.unwrap();
        let limits = config.keep.limits(&config.rules, &[], &config.collectors);
        let collectors = ["service", "rolls"].map(|id| Expected {
            collector: CollectorId(id.into()),
            brings: Brings::Foreign,
        });
        let rules = std::mem::take(&mut config.rules);
        Self {
            evaluator: Evaluator::new(rules, limits, at(-1_800), collectors),
            journal: Journal::new(JournalSettings {
                hold: config.hold,
                zone: config.names.zone.clone(),
                ..JournalSettings::new(folder)
            }),
            components: config.components,
            events: Vec::new(),
        }
    }

    async fn step(&mut self, service: &mut Service, second: i64) -> Board {
        for (minute, kind, component, text) in DONE {
            if minute * 60 == second {
                self.events.push(Event {
                    at: at(second),
                    kind,
                    source: EventSource::Person,
                    text: text.into(),
                    components: vec![ComponentId(component.into())],
                    noted: at(second),
                });
            }
        }
        for scrape in service.scrapes(second) {
            self.evaluator.ingest(scrape);
        }
        let now = at(second);
        let verdicts = self.evaluator.judge(now);
        let observed = Observed {
            events: &self.events,
            ..Observed::of(&verdicts, &self.components)
        };
        let written = self.journal.step(observed, now).await;
        let components = self.components.iter().cloned();
        Board::new(
            now,
            components.map(|one| (one, std::sync::Arc::default())),
            Facts {
                incidents: written.incidents,
                outlooks: written.outlooks,
                verdicts,
                faults: written.faults,
                reader: written.reader,
                unwritten: written.unwritten,
                ..Facts::of(self.evaluator.sight(now))
            },
        )
    }
}

/// What is wrong with what the page says at a minute.
fn wrong(board: &Board, minute: i64) -> Option<String> {
    let (_, pages, phase) = SAID.iter().rfind(|(from, ..)| *from <= minute)?;
    let page = board.health.word();
    if !pages.contains(&page) {
        return Some(format!("the page says {page} instead of {pages:?}"));
    }
    let open: Vec<_> = board.active().collect();
    let Some(phase) = phase else {
        return None;
    };
    let [incident] = &open[..] else {
        return Some(format!("{} incidents are open", open.len()));
    };
    if incident.phase() != *phase {
        return Some(format!(
            "the phase is {:?}, not {phase:?}",
            incident.phase()
        ));
    }
    let affected: BTreeSet<_> = incident.affected.iter().map(String::as_str).collect();
    let all = BTreeSet::from(["Application", "API", "Cache", "Worker"]);
    (affected != all).then(|| format!("only {affected:?} are affected"))
}

/// The longest time without a word while it was open, in minutes.
fn longest_silence(incident: &Incident) -> i64 {
    let mut words: Vec<_> = incident
        .updates
        .iter()
        .filter_map(|update| update.at)
        .collect();
    words.sort();
    let pairs = words.windows(2);
    let silences = pairs.map(|pair| pair[1].duration_since(pair[0]).as_secs());
    silences.max().unwrap_or_default() / 60
}

#[tokio::test]
async fn the_outage_of_2023_is_told_right_at_every_minute() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::new(folder.path());
    let mut service = Service {
        refused: 0.0,
        completed: 0.0,
        jobs: 0.0,
    };
    let mut faults = Vec::new();
    let mut resolved = None;
    let mut incidents = BTreeSet::new();
    for second in (-1_800..48_000).step_by(10) {
        let board = monitor.step(&mut service, second).await;
        incidents.extend(
            board
                .facts
                .incidents
                .iter()
                .map(|incident| incident.id.0.clone()),
        );
        let over = |incident: &Incident| incident.resolved == Some(true);
        if resolved.is_none() && board.facts.incidents.iter().any(|incident| over(incident)) {
            resolved = Some(second);
        }
        let minute = second.div_euclid(60);
        if second.rem_euclid(60) == 30
            && let Some(fault) = wrong(&board, minute)
        {
            faults.push((minute, fault));
        }
    }
    assert_eq!(faults, [], "wrong minutes");
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    assert_eq!(resolved, Some(783 * 60));
    let board = monitor.step(&mut service, 48_000).await;
    let incident = &board.facts.incidents[0];
    assert_eq!(incident.title, "Cache is full, rolls are failing");
    assert_eq!(incident.date, Some(start()));
    assert_eq!(incident.resolved_when, Some(at(768 * 60)));
    assert_eq!(incident.managed.recurrences, 1);
    assert_eq!(incident.managed.false_ends, 0);
    assert_eq!(incident.severity.unwrap().word(), "down");
    assert!(longest_silence(incident) <= 60);
    let file = std::fs::read_to_string(folder.path().join(&incident.name)).unwrap();
    golden("outage-2023.md", &file);
}
