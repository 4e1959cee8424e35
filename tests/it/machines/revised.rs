//! What changed without a word in its file is known by comparing, over restarts.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use critwatch::history::History;
use critwatch::history::minutes::rollup::Chosen;
use critwatch::history::writer::Writer;
use critwatch::history::writer::metrics::WriterMetrics;
use critwatch::history::writer::retention::Retention;
use critwatch::model::board::Board;
use critwatch::store;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use crate::machines::{FILES, board, names, now, shown};

/// A monitor that notes what boards show, on a disk.
struct Monitor {
    history: History,
    keeping: JoinHandle<()>,
}

impl Monitor {
    fn start(folder: &Path) -> Self {
        let keeping = Retention {
            age: Duration::from_mins(5),
            minutes: Duration::from_hours(1),
            chosen: Chosen::default(),
        };
        let [samples, ledger] = [0, 1].map(|_| store::open(folder).unwrap());
        let figures = WriterMetrics::register(&prometheus::Registry::new()).unwrap();
        let (keeper, queue) = Writer::open(samples, ledger, keeping, figures).unwrap();
        let past = (
            keeper.read_health(now()).unwrap(),
            keeper.read_detection().unwrap(),
        );
        let revisions = keeper.read_revisions().unwrap();
        Self {
            history: History::new(past, TimeZone::UTC, queue, None).with_revisions(revisions),
            keeping: std::thread::spawn(|| keeper.run()),
        }
    }

    fn restart(self, folder: &Path) -> Self {
        drop(self.history);
        self.keeping.join().unwrap();
        Self::start(folder)
    }

    fn shows(&mut self, files: &[(&str, &str)], at: Timestamp) -> Board {
        let board = board(files, at);
        Board {
            revised: self.history.revised(&board),
            ..board
        }
    }
}

fn minutes(after: i64) -> Timestamp {
    now().checked_add(after.minutes()).unwrap()
}

/// SEQUENCE, DTSTAMP and LAST-MODIFIED of the only event.
fn event(board: &Board) -> (i64, String, String) {
    let text = shown(board, &names(), "/calendar.ics");
    let value = |name: &str| {
        let mut lines = text.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name}: {text}"))
            .to_owned()
    };
    (
        value("SEQUENCE").parse().unwrap(),
        value("DTSTAMP"),
        value("LAST-MODIFIED"),
    )
}

#[test]
fn a_moved_date_counts_on_in_the_calendar_whichever_way_it_moved() {
    let place = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(place.path());
    let (file, text) = FILES[0];
    let first = event(&monitor.shows(&[(file, text)], now()));
    // What the file dates itself is told by the file, whenever we look.
    assert_eq!(first.1, "20260228T120000Z");
    let mut last = first.clone();
    for (minute, from, to) in [
        (1, "date: 2026-03-09T02", "date: 2026-03-10T02"),
        (2, "date: 2026-03-09T02", "date: 2026-03-08T02"),
        (
            3,
            "resolvedWhen: 2026-03-09T04",
            "resolvedWhen: 2026-03-09T05",
        ),
        (4, "New disks; faster", "New disks; slower"),
        (5, "affected: [Cache, API]", "affected: [Cache]"),
        (6, "It takes an hour longer.", "It takes an hour less."),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        let next = event(&monitor.shows(&[(file, &changed)], minutes(minute)));
        assert!(next.0 > last.0, "{to}: {next:?} after {last:?}");
        assert!(
            next.1 > last.1 && next.1 == next.2,
            "{to}: {next:?} after {last:?}"
        );
        // Looked at later, or by the next run, it is the same.
        assert_eq!(
            event(&monitor.shows(&[(file, &changed)], minutes(minute + 60))),
            next
        );
        monitor = monitor.restart(place.path());
        assert_eq!(
            event(&monitor.shows(&[(file, &changed)], minutes(minute + 60))),
            next
        );
        last = next;
    }
    // Twice within a second.
    let at = minutes(200);
    let one = event(&monitor.shows(&[(file, text)], at));
    let other = event(&monitor.shows(&[(file, &text.replace("T02", "T01"))], at));
    assert!(other.0 > one.0, "{other:?} after {one:?}");
}

/// `updated_at` and `created_at` of a component.
fn updated(board: &Board, name: &str) -> [Timestamp; 2] {
    let components = shown(board, &names(), "/api/v2/components.json");
    let components: Value = serde_json::from_str(&components).unwrap();
    let mut all = components["components"].as_array().unwrap().iter();
    let one = all.find(|one| one["name"] == name).unwrap();
    ["updated_at", "created_at"].map(|key| one[key].as_str().unwrap().parse().unwrap())
}

#[test]
fn a_component_is_updated_when_its_state_is_and_never_in_1970() {
    /// Without anything that was measured of it.
    fn unmeasured(monitor: &mut Monitor, files: &[(&str, &str)], at: Timestamp) -> Board {
        let mut board = board(files, at);
        for state in &mut board.components {
            state.uptime = Arc::default();
        }
        let revised = monitor.history.revised(&board);
        Board { revised, ..board }
    }
    const OPEN: &str = "---\nsection: issue\ntitle: Slow\ndate: 2026-03-01T18:00:00Z\nresolved: false\n\
        severity: disrupted\naffected: [API]\n---\n";
    let place = tempfile::tempdir().unwrap();
    let mut monitor = Monitor::start(place.path());
    let quiet = unmeasured(&mut monitor, &[], now());
    assert_eq!(updated(&quiet, "API"), [now(), now()]);
    // Even of a board that nobody compared.
    let alone = Board {
        revised: Arc::default(),
        ..quiet
    };
    assert_eq!(updated(&alone, "API"), [now(), now()]);
    let open = unmeasured(&mut monitor, &[("a.md", OPEN)], minutes(1));
    assert_eq!(updated(&open, "API")[0], minutes(1));
    assert_eq!(updated(&open, "Cache")[0], now());
    let worse = OPEN.replace("disrupted", "down");
    let worse = unmeasured(&mut monitor, &[("a.md", &worse)], minutes(2));
    assert_eq!(updated(&worse, "API")[0], minutes(2));
    monitor = monitor.restart(place.path());
    // Taken away without a trace in any file.
    let gone = unmeasured(&mut monitor, &[], minutes(3));
    assert_eq!(updated(&gone, "API")[0], minutes(3));
    let later = unmeasured(&mut monitor, &[], minutes(4));
    assert_eq!(updated(&later, "API")[0], minutes(3));
    // The group of it moves with it.
    assert_eq!(updated(&later, "Rolling")[0], minutes(3));
}
