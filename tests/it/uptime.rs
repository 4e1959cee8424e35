//! Uptime and honesty, as a visitor and an operator see them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use critwatch::config;
use critwatch::history::writer::Writer;
use critwatch::history::writer::metrics::WriterMetrics;
use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::model::board::Board;
use critwatch::model::component::Health;
use critwatch::model::facts::uptime::Period;
use critwatch::model::sample::{CollectorId, Sample, Take};
use critwatch::model::time::duration::elapsed;
use critwatch::pipeline::stages::Pipeline;
use critwatch::web::pages::status;
use critwatch::web::site::{Names, View};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::keeping::{begin_with, settings};
use crate::kept::{Page, figure, is};
use crate::world::patience::until;
use crate::world::{self, Monitor};

const UPTIME: &str = "critwatch_component_uptime_ratio{component=\"c\",period=\"24h\"}";

const WITHDRAWN: &str = "critwatch_incidents_withdrawn";

const NOTIFIER: &str = "[[notifier]]\nid = 'log'\ntype = 'console'\n";

/// How many delays of a step were measured, and whether all were short.
async fn delays(monitor: &Monitor, step: &str, notifier: &str) -> (f64, bool) {
    let labels = format!("{{notifier=\"{notifier}\",step=\"{step}\"}}");
    let of = async |part: &str| {
        let name = format!("critwatch_incident_delay_seconds_{part}{labels}");
        figure(monitor, &name).await
    };
    let (count, sum) = (of("count").await, of("sum").await);
    (count, (0.0..60.0 * count).contains(&sum))
}

fn file(place: &Path) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(place.join("incidents")).ok()?.flatten();
    files.find_map(|file| Some(file.path()).filter(|path| path.extension().is_some()))
}

#[tokio::test]
async fn the_page_says_how_soon_it_noticed_and_that_it_was_wrong() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], NOTIFIER);
    let place = place.path();
    let mut monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    let says = async |monitor: &Monitor, words: &str| monitor.get("/").await.1.contains(words);
    until("nothing was noticed", async || {
        says(&monitor, "this page detected no incidents").await
    })
    .await;
    page.set(1, 0);
    until("it is said in the foot", async || {
        says(&monitor, "detected one incident, within").await
    })
    .await;
    until("it is told", async || {
        delays(&monitor, "notifier", "log").await.0 > 0.0
    })
    .await;
    for (step, notifier) in [("file", ""), ("page", ""), ("notifier", "log")] {
        let measured = delays(&monitor, step, notifier).await;
        assert_eq!(measured, (1.0, true), "{step}");
    }
    page.set(0, 0);
    until("the outage is summed up", async || {
        is(&monitor, "bad", "quiet").await && figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    let (_, component) = monitor.get("/affected/c/").await;
    // Before a day is counted, the only span is that since the first measurement.
    assert!(!component.contains("<th scope=\"row\">365 days</th>"));
    assert!(component.contains("<td><b>since "), "{component}");

    // A person says that it never was.
    std::fs::remove_file(file(place).unwrap()).unwrap();
    until("it is withdrawn", async || {
        figure(&monitor, WITHDRAWN).await > 0.0
    })
    .await;
    until("its time was fine", async || {
        (figure(&monitor, UPTIME).await - 1.0).abs() < f64::EPSILON
    })
    .await;
    assert!(says(&monitor, "one incident was withdrawn").await);
    assert!(monitor.stop().await.success());

    monitor = Monitor::serve(place, &[]).await;
    until("it is known after the restart", async || {
        figure(&monitor, WITHDRAWN).await > 0.0
    })
    .await;
    assert!(figure(&monitor, "critwatch_incidents_noticed").await > 0.0);
    assert!(figure(&monitor, "critwatch_false_all_clears").await < 1.0);
    until("the time away is known", async || {
        figure(&monitor, "critwatch_blind_seconds").await > 0.0
    })
    .await;
    let (_, page) = world::get(&format!("{}/metrics", monitor.ops)).await;
    assert!(page.contains("critwatch_component_uptime_ratio"), "{page}");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_person_who_edits_a_file_corrects_the_uptime_at_once() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    page.set(1, 0);
    until("it is written", async || file(place).is_some()).await;
    page.set(0, 0);
    until("the outage is summed up", async || {
        is(&monitor, "bad", "quiet").await && figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    let path = file(place).unwrap();
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    };
    edit("\nseverity: down", "\nseverity: notice");
    until("a notice lessens nothing", async || {
        figure(&monitor, UPTIME).await >= 1.0
    })
    .await;
    edit("\nseverity: notice", "\nseverity: down");
    until("and down does again", async || {
        figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    assert!(monitor.stop().await.success());
}

/// A monitor without collectors and without waiting: its moments are the test's.
struct Stepped {
    pipeline: Pipeline,
    names: Names,
    now: Timestamp,
    _folder: tempfile::TempDir,
    _keeper: Writer,
}

impl Stepped {
    fn begin(rules: &[(&str, &str)], now: Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = settings(rules, "");
        let config = config::read(&text, "alerts.toml", folder.path(), [].into(), None).unwrap();
        let (evaluator, history, keeper) = begin_with(&text, folder.path(), now);
        std::fs::create_dir(folder.path().join("incidents")).unwrap();
        let journal = Journal::new(JournalSettings {
            hold: Duration::from_secs(20),
            ..JournalSettings::new(folder.path().join("incidents"))
        });
        let figures = WriterMetrics::register(&prometheus::Registry::new()).unwrap();
        Self {
            pipeline: Pipeline::new(
                config.components,
                evaluator,
                history,
                journal,
                watch::channel(Arc::default()).1,
                figures,
            ),
            names: config.names,
            now,
            _folder: folder,
            _keeper: keeper,
        }
    }

    /// A second passes, and both collectors answer.
    async fn second(&mut self, bad: f64) -> Board {
        self.now += Duration::from_secs(1);
        for job in ["a", "b"] {
            let mut samples = vec![Sample::new("up", [("job", job)], 1.0)];
            if job == "a" {
                samples.push(Sample::new("bad", [("job", job)], bad));
            }
            let take = Take {
                collector: CollectorId(job.into()),
                good_for: Duration::from_secs(5),
                samples,
                related: Vec::new(),
            };
            self.pipeline.ingest(take, self.now);
        }
        self.pipeline.step(self.now).await
    }

    fn page(&self, board: &Board) -> String {
        status::page(&View::new(&self.names, board, self.now)).unwrap()
    }
}

#[tokio::test]
async fn a_flapping_series_begins_and_ends_at_the_same_moments_everywhere() {
    let begin: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
    let mut monitor = Stepped::begin(&[("bad", "expr = 'bad > 0'")], begin);
    for _ in 0..120 {
        monitor.second(0.0).await;
    }
    let first_bad = monitor.now + Duration::from_secs(1);
    // Bad for 40 s and good for 10 s, three times: never good for the hold.
    for _ in 0..3 {
        for second in 0..40 {
            let board = monitor.second(1.0).await;
            assert_eq!(board.health, Health::Down);
            // The file is opened in the first second.
            if second > 0 {
                let open: Vec<_> = board.active().map(|one| one.date).collect();
                assert_eq!(open, [Some(first_bad)], "second {second}");
            }
        }
        for _ in 0..10 {
            monitor.second(0.0).await;
        }
    }
    let page = monitor.second(1.0).await;
    let shown = monitor.page(&page);
    let since = first_bad.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert!(shown.contains(&since), "the page says another beginning");
    let first_good = monitor.now + Duration::from_secs(1);
    let mut board = page;
    for _ in 0..60 {
        board = monitor.second(0.0).await;
    }
    let over = board.facts.incidents.iter().next().unwrap();
    assert_eq!((over.date, over.resolved), (Some(first_bad), Some(true)));
    assert_eq!(over.resolved_when, Some(first_good));
    let lasted = elapsed(first_bad, first_good);
    let uptime = &board.components[0].uptime;
    assert_eq!(uptime.over(Period::Day).down, lasted);
    assert_eq!(uptime.days.last().unwrap().tally.down, lasted);
    // 2 min 31 s, in words and in the year's figures of the day.
    let shown = monitor.page(&board).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(shown.contains("down for 2 min 31 s"), "{lasted:?}: {shown}");
}
