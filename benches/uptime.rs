//! How long the uptime of 500 components takes with 10,000 incidents.
//!
//! `cargo bench --bench uptime` prints medians and worst values beside the
//! limits that they are to keep.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use critwatch::history::minutes::rollup::Chosen;
use critwatch::history::writer::Writer;
use critwatch::history::writer::metrics::WriterMetrics;
use critwatch::history::writer::retention::Retention;
use critwatch::history::{Announced, History};
use critwatch::incident::file::document::Document;
use critwatch::model::board::Sight;
use critwatch::model::component::{Component, ComponentId, Health};
use critwatch::model::incident::Incident;
use critwatch::model::incidents::list::Incidents;
use critwatch::store;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const COMPONENTS: usize = 500;
const INCIDENTS: usize = 10_000;

/// Changes of health of each component: one every two days, back and forth.
const CHANGES: usize = 180;

/// Steps of the measured minutes, two a second.
const STEPS: usize = 360;

/// A step in which nothing happens, be it that sums grow old.
const STEP_LIMIT: Duration = Duration::from_millis(5);

/// A step after one of the files was edited.
const EDIT_LIMIT: Duration = Duration::from_millis(25);

/// All sums from nothing, at the start.
const START_LIMIT: Duration = Duration::from_millis(500);

fn at(second: usize) -> Timestamp {
    let second = i64::try_from(second).unwrap();
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn components() -> Vec<Component> {
    let component = |number| Component {
        id: ComponentId(format!("component-{number:03}")),
        name: format!("Component {number}"),
        ..Component::default()
    };
    (0..COMPONENTS).map(component).collect()
}

/// Incidents over the last year, each with two components.
fn incidents() -> Arc<Incidents> {
    let year = 365 * 86_400;
    let incident = |number: usize| {
        let begin = number * (year / INCIDENTS);
        let end = begin + 600 + number % 3600;
        let [begin, end] = [begin, end].map(|second| at(second) - Duration::from_hours(8760));
        let (one, other) = (number % COMPONENTS, number * 7 % COMPONENTS);
        let text = format!(
            "---\nsection: issue\ntitle: Bad\ndate: {begin}\nresolved: true\nresolvedWhen: {end}\n\
             severity: down\naffected: [Component {one}, Component {other}]\n\
             critwatch:\n  rules: [rule-{one}]\n---\n",
        );
        let document = Document::parse(text).unwrap();
        Arc::new(document.incident(&format!("incident-{number}.md")))
    };
    Arc::new((0..INCIDENTS).map(incident).collect())
}

/// One file of them changed, as the journal shows it.
fn edited(incidents: &Arc<Incidents>, number: usize, now: Timestamp) -> Arc<Incidents> {
    let mut changed = incidents.to_vec();
    let mut incident = Incident::clone(&changed[number]);
    incident.resolved_when = Some(now - Duration::from_mins(1));
    changed[number] = Arc::new(incident);
    Arc::new(Incidents::new(changed))
}

fn report(what: &str, mut times: Vec<Duration>, limit: Duration) {
    times.sort_unstable();
    let of_limit = |time: Duration| time.as_secs_f64() / limit.as_secs_f64();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{what}: median {median:.2?} ({:.2} of {limit:?}), worst {worst:.2?} ({:.2})",
        of_limit(median),
        of_limit(worst),
    );
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let [samples, ledger] = [0, 1].map(|_| store::open(folder.path()).unwrap());
    let figures = WriterMetrics::register(&prometheus::Registry::new()).unwrap();
    let keeping = Retention {
        age: Duration::from_mins(5),
        minutes: Duration::from_hours(1),
        chosen: Chosen::default(),
    };
    let (keeper, queue) = Writer::open(samples, ledger, keeping, figures).unwrap();
    let past = (
        keeper.read_health(at(0)).unwrap(),
        keeper.read_detection().unwrap(),
    );
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let mut history = History::new(past, berlin, queue, None);
    let keeping = std::thread::spawn(|| keeper.run());

    let components = components();
    let healths = |down: bool| -> Vec<_> {
        let health = if down { Health::Down } else { Health::Ok };
        components
            .iter()
            .map(|component| (component.id.clone(), health))
            .collect()
    };
    let sight = Sight::Fresh { last: at(0) };
    for change in 0..CHANGES {
        let back = Duration::from_hours(48) * u32::try_from(CHANGES - change).unwrap();
        history.note(healths(change % 2 == 1), sight, at(0) - back);
    }
    let mut incidents = incidents();
    let mut step = |incidents: &Arc<Incidents>, now: Timestamp| {
        history.note(healths(false), sight, now);
        let begun = Instant::now();
        history.confirm(
            &Announced {
                components: &components,
                incidents,
                away: &[],
                opened: &[],
                verdicts: &[],
                maintenance: &[],
                written: now,
            },
            now,
        );
        begun.elapsed()
    };
    let starting = vec![step(&incidents, at(0))];
    report("all sums at the start", starting, START_LIMIT);
    let calm = (1..STEPS).map(|half| step(&incidents, at(half / 2)));
    report("a step of a calm minute", calm.collect(), STEP_LIMIT);
    let mut edits = Vec::new();
    for edit in 0..100 {
        let now = at(STEPS / 2 + edit);
        incidents = edited(&incidents, INCIDENTS - 1 - edit, now);
        edits.push(step(&incidents, now));
    }
    report("a step after an edit among 10,000", edits, EDIT_LIMIT);
    drop(history);
    keeping.join().unwrap();
}
