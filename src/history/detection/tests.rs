//! What the monitor remembers of itself, over restarts and behind its back.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::history::minutes::rollup::Chosen;
use crate::history::writer::Writer;
use crate::history::writer::metrics::WriterMetrics;
use crate::history::writer::retention::Retention;
use crate::history::{Announced, History};
use crate::incident::file::document::Document;
use crate::model::board::Sight;
use crate::model::component::{Component, ComponentId, Health};
use crate::model::facts::detection::Honesty;
use crate::model::facts::uptime::Period;
use crate::model::incident::IncidentId;
use crate::model::incidents::list::Incidents;
use crate::model::verdict::RuleState;
use crate::store;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::fixtures::{component, verdict};

/// Some noon.
const NOON: i64 = 1_772_366_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(NOON + second).unwrap()
}

fn api() -> Component {
    component("api", "API")
}

/// The text of an incident of the rule `bad`, over at that second or open.
fn text(from: i64, to: Option<i64>, recurrences: u32) -> String {
    let end = to.map(|to| at(to).to_string()).unwrap_or_default();
    format!(
        "---\nsection: issue\ntitle: Bad\ndate: {}\nresolved: {}\nresolvedWhen: {end}\n\
         severity: down\naffected: [API]\ncritwatch:\n  rules: [bad]\n  recurrences: {recurrences}\n---\n",
        at(from),
        to.is_some(),
    )
}

/// A monitor without a page: what is measured and written comes from the test.
struct Monitor {
    history: History,
    thread: std::thread::JoinHandle<()>,
    registry: prometheus::Registry,
    files: Vec<(String, String)>,
    incidents: Arc<Incidents>,
    /// Incidents whose files have just gone: the folder says so at the next step.
    away: Vec<IncidentId>,
    health: Health,
    sight: bool,
}

impl Monitor {
    fn start(folder: &Path, now: i64) -> Self {
        let registry = prometheus::Registry::new();
        let retention = Retention {
            age: Duration::from_mins(5),
            minutes: Duration::from_hours(1),
            chosen: Chosen::default(),
        };
        let [samples, history] = [0, 1].map(|_| store::open(folder).unwrap());
        let metrics = WriterMetrics::register(&registry).unwrap();
        let (writer, queue) = Writer::open(samples, history, retention, metrics).unwrap();
        let past = (
            writer.read_health(at(now)).unwrap(),
            writer.read_detection().unwrap(),
        );
        Self {
            history: History::new(past, TimeZone::UTC, queue, None),
            thread: std::thread::spawn(|| writer.run()),
            registry,
            files: Vec::new(),
            incidents: Arc::default(),
            away: Vec::new(),
            health: Health::Ok,
            sight: true,
        }
    }

    /// Stops when all is on the disk, and starts again with the same files.
    fn restart(self, folder: &Path, now: i64) -> Self {
        drop(self.history);
        self.thread.join().unwrap();
        Self {
            files: self.files,
            incidents: self.incidents,
            health: self.health,
            ..Self::start(folder, now)
        }
    }

    fn write(&mut self, file: &str, text: &str) {
        self.files.retain(|(name, _)| name != file);
        self.files.push((file.to_owned(), text.to_owned()));
        self.read();
    }

    fn delete(&mut self, file: &str) {
        self.files.retain(|(name, _)| name != file);
        self.read();
    }

    fn read(&mut self) {
        let incidents = self.files.iter().map(|(file, text)| {
            let incident = Document::parse(text.as_str()).unwrap().incident(file);
            Arc::new(incident)
        });
        let before = std::mem::replace(&mut self.incidents, Arc::new(incidents.collect()));
        let gone = before.iter().map(|incident| incident.id.clone());
        let gone = gone.filter(|id| self.incidents.named(&id.0).next().is_none());
        self.away = gone.collect();
    }

    /// A step that is on the page after two seconds; the rule is bad since `since`.
    fn step(&mut self, now: i64, opened: &[&str], since: Option<Timestamp>) -> Arc<Honesty> {
        let sight = if self.sight {
            Sight::Fresh { last: at(now) }
        } else {
            Sight::Blind { since: at(now) }
        };
        let verdicts = since.map(|since| verdict("bad", "api", RuleState::Firing { since }));
        let measured = vec![(ComponentId("api".into()), self.health)];
        self.history.note(measured, sight, at(now));
        let opened: Vec<String> = opened.iter().map(|file| (*file).to_owned()).collect();
        self.history.confirm(
            &Announced {
                components: &[api()],
                incidents: &self.incidents,
                away: &self.away,
                opened: &opened,
                verdicts: verdicts.as_slice(),
                maintenance: &[],
                written: at(now) + Duration::from_millis(500),
            },
            at(now),
        );
        // Until the next step more than two seconds go by.
        self.away.clear();
        self.history.shown(at(now) + Duration::from_secs(2));
        self.history.honesty()
    }

    /// Looks again after a while in which nothing happens.
    fn look(&mut self, now: i64) -> Arc<Honesty> {
        self.step(now, &[], None);
        self.step(now + 61, &[], None)
    }

    fn down(&self) -> u64 {
        let uptime = self.history.uptime(&ComponentId("api".into()));
        uptime.over(Period::Day).down.as_secs()
    }

    /// How many delays of a step were noted, and their sum in milliseconds.
    fn delays(&self, step: &str) -> (u64, f64) {
        let families = self.registry.gather();
        let found = families
            .iter()
            .filter(|family| family.name() == "critwatch_incident_delay_seconds")
            .flat_map(prometheus::proto::MetricFamily::get_metric)
            .find(|metric| metric.get_label().iter().any(|label| label.value() == step));
        found.map_or((0, 0.0), |metric| {
            let histogram = metric.get_histogram();
            let sum = (histogram.get_sample_sum() * 1000.0).round();
            (histogram.get_sample_count(), sum)
        })
    }

    /// Lets an incident begin at 100 s, with its first bad sample 0.25 s later
    /// than the file can say, and end at 400 s.
    fn outage(&mut self) {
        self.step(0, &[], None);
        self.health = Health::Down;
        self.write("a.md", &text(100, None, 0));
        self.step(101, &["a.md"], Some(at(100) + Duration::from_millis(250)));
        self.health = Health::Ok;
        self.step(400, &[], None);
        self.write("a.md", &text(100, Some(400), 0));
        self.step(500, &[], None);
    }
}

#[test]
fn delays_are_measured_from_the_first_bad_sample_and_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    assert_eq!(monitor.delays("file"), (1, 1250.0));
    assert_eq!(monitor.delays("page"), (1, 2750.0));
    for honesty in [
        monitor.look(600),
        monitor.restart(folder.path(), 700).look(700),
    ] {
        assert_eq!(honesty.noticed, 1);
        assert_eq!(honesty.median, Some(Duration::from_millis(2750)));
        assert_eq!(honesty.worst, honesty.median);
        assert_eq!((honesty.withdrawn, honesty.false_clears), (0, 0));
        assert!(honesty.began.is_empty() && honesty.watching);
        assert_eq!(honesty.since, Some(at(0)));
    }
}

#[test]
fn a_notifier_learns_when_an_open_incident_really_began() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    let began = at(100) + Duration::from_millis(250);
    monitor.write("a.md", &text(100, None, 0));
    let honesty = monitor.step(101, &["a.md"], Some(began));
    assert_eq!(honesty.began[&IncidentId("a".into())], began);
    let mut monitor = monitor.restart(folder.path(), 200);
    assert_eq!(monitor.look(200).began[&IncidentId("a".into())], began);
    // A file that was there before, or that a person wrote, began no delay.
    monitor.write("b.md", &text(150, None, 0));
    let honesty = monitor.look(300);
    assert_eq!((honesty.noticed, honesty.began.len()), (2, 1));
    assert_eq!(monitor.delays("file").0, 0);
}

#[test]
fn a_deleted_file_is_withdrawn_until_it_is_back_and_its_time_was_fine() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    assert_eq!(monitor.down(), 300);
    monitor.delete("a.md");
    // For a moment it may only be on its way to another name.
    assert_eq!(monitor.step(601, &[], None).withdrawn, 0);
    assert_eq!(monitor.step(603, &[], None).withdrawn, 1);
    assert_eq!(monitor.down(), 0);
    let mut monitor = monitor.restart(folder.path(), 700);
    assert_eq!(monitor.look(700).withdrawn, 1);
    assert_eq!(monitor.down(), 0);
    monitor.write("a.md", &text(100, Some(400), 0));
    assert_eq!(monitor.look(800).withdrawn, 0);
    assert_eq!(monitor.down(), 300);
}

#[test]
fn a_file_deleted_while_nobody_looked_is_withdrawn_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    monitor.delete("a.md");
    let mut monitor = monitor.restart(folder.path(), 700);
    assert_eq!(monitor.look(700).withdrawn, 1);
    assert_eq!(monitor.down(), 0);
}

#[test]
fn hidden_or_marked_is_withdrawn_and_expired_is_not() {
    let change = |from: &str, to: &str, gone: bool| {
        let folder = tempfile::tempdir().unwrap();
        let mut monitor = Monitor::start(folder.path(), 0);
        monitor.outage();
        monitor.write("a.md", &text(100, Some(400), 0).replace(from, to));
        let honesty = monitor.look(600);
        if !gone {
            return (honesty.withdrawn, monitor.down());
        }
        monitor.delete("a.md");
        (monitor.look(800).withdrawn, monitor.down())
    };
    let section = "section: issue";
    assert_eq!(
        change(section, &format!("draft: true\n{section}"), false),
        (1, 0)
    );
    assert_eq!(
        change("  rules", "  withdrawn: true\n  rules", false),
        (1, 0)
    );
    let expiry = format!("expiryDate: {}\n{section}", at(700));
    assert_eq!(change(section, &expiry, false), (0, 300));
    assert_eq!(change(section, &expiry, true).0, 0);
    assert_eq!(change(section, section, true), (1, 0));
}

#[test]
fn a_renamed_file_is_the_same_incident() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    monitor.delete("a.md");
    monitor.step(600, &[], None);
    monitor.write("b.md", &text(100, Some(400), 0));
    let honesty = monitor.look(601);
    assert_eq!((honesty.noticed, honesty.withdrawn), (1, 0));
    assert_eq!(honesty.median, Some(Duration::from_millis(2750)));
    // The same while nobody looks.
    monitor.delete("b.md");
    monitor.write("c.md", &text(100, Some(400), 0));
    let mut monitor = monitor.restart(folder.path(), 700);
    let honesty = monitor.look(700);
    assert_eq!((honesty.noticed, honesty.withdrawn), (1, 0));
    let honesty = monitor.restart(folder.path(), 900).look(900);
    assert_eq!((honesty.noticed, honesty.withdrawn), (1, 0));
}

#[test]
fn a_second_incident_under_the_name_of_a_withdrawn_one_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    monitor.delete("a.md");
    monitor.look(600);
    monitor.write("a.md", &text(3600, Some(3700), 0));
    monitor.step(3601, &["a.md"], Some(at(3600)));
    let honesty = monitor.look(3800);
    assert_eq!((honesty.noticed, honesty.withdrawn), (2, 1));
    assert_eq!(monitor.down(), 100);
    let honesty = monitor.restart(folder.path(), 4000).look(4000);
    assert_eq!((honesty.noticed, honesty.withdrawn), (2, 1));
}

#[test]
fn an_all_clear_that_came_too_early_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    let mut monitor = monitor.restart(folder.path(), 510);
    monitor.write("a.md", &text(100, None, 1));
    monitor.step(520, &[], Some(at(515)));
    // That it fails once more while it is watched is no all-clear.
    monitor.write("a.md", &text(100, None, 2));
    monitor.step(530, &[], Some(at(515)));
    let mut monitor = monitor.restart(folder.path(), 540);
    monitor.write("a.md", &text(100, Some(535), 2));
    assert_eq!(monitor.look(600).false_clears, 1);
    // A person who opens it again by hand says nothing of rules.
    monitor.write("a.md", &text(100, None, 2));
    assert_eq!(monitor.look(700).false_clears, 1);
}

#[test]
fn time_blind_and_time_away_are_counted_and_survive() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.step(0, &[], None);
    monitor.sight = false;
    monitor.step(100, &[], None);
    monitor.sight = true;
    assert_eq!(monitor.look(160).blind, Duration::from_mins(1));
    // Seen last at 221 s, and back ten minutes later.
    let mut monitor = monitor.restart(folder.path(), 821);
    let honesty = monitor.look(821);
    assert_eq!(honesty.blind, Duration::from_mins(11));
    assert_eq!(honesty.blind_month, honesty.blind);
    let month = 31 * 86_400;
    let honesty = monitor.look(month);
    assert_eq!(honesty.blind, Duration::from_mins(11));
    assert_eq!(honesty.blind_month, Duration::ZERO);
    let honesty = monitor.look(91 * 86_400);
    assert_eq!((honesty.blind, honesty.since), (Duration::ZERO, None));
}

#[test]
fn what_a_person_edits_corrects_the_past_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(folder.path(), 0);
    monitor.outage();
    let plain = text(100, Some(400), 0);
    for (now, (from, to), down) in [
        (510, ("severity: down", "severity: notice"), 0),
        (511, ("affected: [API]", "affected: []"), 0),
        (512, ("affected: [API]", "affected: [API, API]"), 300),
        (513, ("severity: down", "severity: disrupted"), 0),
    ] {
        monitor.write("a.md", &plain.replace(from, to));
        monitor.step(now, &[], None);
        assert_eq!(monitor.down(), down, "{to}");
    }
    monitor.write("a.md", &text(100, Some(200), 0));
    monitor.step(520, &[], None);
    assert_eq!(monitor.down(), 100);
    monitor.write("a.md", &text(50, Some(450), 0));
    monitor.step(521, &[], None);
    assert_eq!(monitor.down(), 400);
    // The clock steps back to the middle of it.
    monitor.step(300, &[], None);
    monitor.step(361, &[], None);
    assert_eq!(monitor.down(), 0, "an end to come is not an end yet");
    monitor.step(600, &[], None);
    monitor.step(661, &[], None);
    assert_eq!(monitor.down(), 400);
}
