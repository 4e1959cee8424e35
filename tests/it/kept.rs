//! What is kept by the real program: killed, with a bad disk, asked by others.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use critwatch::history::minutes::table::Minutes;
use critwatch::model::series::selector::SeriesSelector;
use critwatch::store::record::RecordReader;
use jiff::Timestamp;
use tokio::process::{Child, Command};

use crate::keeping::settings;
use crate::world::patience::until;
use crate::world::{self, Monitor};

/// A metrics page whose two values a test sets.
pub(crate) struct Page {
    values: Arc<[AtomicU64; 2]>,
    pub(crate) address: std::net::SocketAddr,
}

impl Page {
    pub(crate) async fn start() -> Self {
        let values = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shown = Arc::clone(&values);
        let page = move || {
            let [bad, count] = [0, 1].map(|place: usize| shown[place].load(Ordering::Relaxed));
            std::future::ready(format!("bad {bad}\ncount_total {count}\nnoise 7\n"))
        };
        let routes = axum::Router::new().route("/metrics", axum::routing::get(page));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { values, address }
    }

    pub(crate) fn set(&self, bad: u64, count: u64) {
        self.values[0].store(bad, Ordering::Relaxed);
        self.values[1].store(count, Ordering::Relaxed);
    }

    /// A folder with settings that watch this page.
    pub(crate) fn place(&self, rules: &[(&str, &str)], more: &str) -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        let collector = format!(
            "[[collector]]\nid = 'page'\ntype = 'prometheus'\nurl = 'http://{}/metrics'\n\
             interval = '200ms'\ntimeout = '2s'\n{more}",
            self.address
        );
        std::fs::write(
            place.path().join("alerts.toml"),
            settings(rules, &collector),
        )
        .unwrap();
        place
    }
}

/// The value of one of the monitor's own metrics, as it is printed.
pub(crate) async fn figure(monitor: &Monitor, series: &str) -> f64 {
    let (_, page) = world::get(&format!("{}/metrics", monitor.ops)).await;
    let line = page.lines().find_map(|line| line.strip_prefix(series));
    line.unwrap_or_else(|| panic!("no {series} in {page}"))
        .trim()
        .parse()
        .unwrap()
}

pub(crate) async fn is(monitor: &Monitor, rule: &str, state: &str) -> bool {
    figure(
        monitor,
        &format!("critwatch_rule_state{{rule=\"{rule}\",state=\"{state}\"}}"),
    )
    .await
        > 0.0
}

fn database(place: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(place.join("state/critwatch.db")).unwrap()
}

pub(crate) fn number(place: &Path, query: &str) -> i64 {
    database(place)
        .query_row(query, [], |row| row.get(0))
        .unwrap_or(0)
}

/// The moment at which the first incident began, as its file says.
pub(crate) fn began(place: &Path) -> Option<Timestamp> {
    let files = std::fs::read_dir(place.join("incidents")).ok()?;
    let began = files.flatten().filter_map(|file| {
        let text = std::fs::read_to_string(file.path()).ok()?;
        let date = text.lines().find_map(|line| line.strip_prefix("date:"))?;
        date.trim().parse().ok()
    });
    began.min()
}

#[tokio::test]
async fn a_monitor_that_is_killed_goes_on_in_the_middle_of_a_for_and_of_a_range() {
    let page = Page::start().await;
    let rules = [
        ("held", "expr = 'bad > 0'\nfor = '6s'"),
        ("risen", "expr = 'increase(count_total[5m]) > 50'"),
    ];
    let place = page.place(&rules, "");
    let place = place.path();
    let mut monitor = Monitor::serve(place, &[]).await;
    until("both rules see", async || {
        is(&monitor, "held", "quiet").await && is(&monitor, "risen", "quiet").await
    })
    .await;
    page.set(1, 100);
    until("one is held and the other fires", async || {
        is(&monitor, "held", "pending").await && is(&monitor, "risen", "firing").await
    })
    .await;
    // What is on the disk is what a kill cannot take.
    until("both are on the disk", async || {
        number(place, "SELECT count(*) FROM run WHERE alerts <> '[]'") == 2
            && number(
                place,
                "SELECT alerts ->> '$[0].fired' FROM run WHERE rule = 'risen'",
            ) == 1
    })
    .await;
    let kept = number(place, "SELECT max(id) FROM scrape");
    monitor.kill().await;
    let killed = Timestamp::now();

    monitor = Monitor::serve(place, &[]).await;
    assert!(is(&monitor, "held", "pending").await || is(&monitor, "held", "unknown").await);
    until("it has measured anew", async || {
        number(place, "SELECT max(id) FROM scrape") > kept + 3
    })
    .await;
    // The rise lies before the kill: only who remembers it still sees it.
    assert!(is(&monitor, "risen", "firing").await);
    until("the rule fires", async || {
        is(&monitor, "held", "firing").await
    })
    .await;
    let fired = Timestamp::now();
    until("it is written", async || began(place).is_some()).await;
    assert!(began(place).unwrap() <= killed);
    let since = number(
        place,
        "SELECT unixepoch(alerts ->> '$[0].since') FROM run WHERE rule = 'held'",
    );
    assert!(since <= killed.as_second(), "bad since before the kill");
    let held = fired.as_second() - since;
    assert!(
        (6..=20).contains(&held),
        "it fires after {held} s, not later for the restart"
    );

    assert!(monitor.stop().await.success());
    counted_once(place);
}

/// Every scrape on the disk is in the minutes once, though one run was killed.
fn counted_once(place: &Path) {
    let minutes = Minutes::new(critwatch::store::open_to_read(&place.join("state")).unwrap());
    let bad = SeriesSelector::parse("bad").unwrap();
    let series = minutes.read(&bad, Timestamp::MIN, Timestamp::MAX).unwrap();
    let samples = series.iter().flat_map(|series| &series.samples);
    let counted: u64 = samples.map(|sample| sample.count).sum();
    let scrapes = number(
        place,
        "SELECT count(*) FROM scrape WHERE collector = 'page'",
    );
    assert_eq!(i64::try_from(counted).unwrap(), scrapes);
}

#[tokio::test]
async fn kept_samples_that_cannot_be_read_hinder_no_start() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("samples are kept", async || {
        number(place, "SELECT count(*) FROM scrape") > 1
    })
    .await;
    assert!(monitor.stop().await.success());
    let changed = database(place)
        .execute("UPDATE scrape SET body = x'63ff'", [])
        .unwrap();
    assert!(changed > 1);
    let monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert!(
        log.contains("cannot read some of the stored samples"),
        "{log}"
    );
}

#[tokio::test]
async fn rules_are_judged_while_the_disk_takes_nothing_and_it_is_told() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("samples are kept", async || {
        number(place, "SELECT count(*) FROM scrape") > 1
    })
    .await;
    let holder = database(place);
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let lost = "critwatch_keep_dropped_total{purpose=\"window\"}";
    until("a batch is given up", async || {
        figure(&monitor, lost).await > 0.0
    })
    .await;
    page.set(1, 0);
    until("the rule fires", async || {
        is(&monitor, "bad", "firing").await
    })
    .await;
    holder.execute_batch("COMMIT").unwrap();
    let before = number(place, "SELECT max(id) FROM scrape");
    until("samples are kept again", async || {
        number(place, "SELECT max(id) FROM scrape") > before
    })
    .await;
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert_eq!(log.matches("cannot write history").count(), 1, "{log}");
    assert!(figure(&monitor, "critwatch_database_bytes").await > 1000.0);
    assert!(figure(&monitor, "critwatch_window_series").await >= 1.0);
    assert!(figure(&monitor, "critwatch_window_samples").await > 1.0);
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_recording_has_everything_that_was_measured() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
    let folder = place.path().join("record");
    let record = [("CRITWATCH_RECORD", folder.to_str().unwrap().to_owned())];
    let monitor = Monitor::serve(place.path(), &record).await;
    until("samples are kept", async || {
        number(place.path(), "SELECT count(*) FROM scrape") > 3
    })
    .await;
    assert!(monitor.stop().await.success());
    let scrapes: Vec<_> = RecordReader::open(&folder).unwrap().collect();
    assert!(scrapes.len() > 3);
    assert!(scrapes.is_sorted_by_key(|scrape| scrape.at));
    let last = scrapes.last().unwrap();
    assert_eq!(last.collector.0, "page");
    for name in ["bad", "noise", "up"] {
        assert!(
            last.samples.iter().any(|sample| sample.metric.name == name),
            "{name}"
        );
    }
}

#[test]
fn a_recording_without_a_proper_limit_is_refused_with_the_way_out() {
    let done = std::process::Command::new(world::PROGRAM)
        .args(["serve", "--record", "there", "--record-limit", "256"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("write it as in"), "{said}");
}

/// A page of which a rule asks for one series, and the settings for another.
async fn federated() -> (Page, tempfile::TempDir, Monitor) {
    let page = Page::start().await;
    page.set(3, 9);
    let keep = "[keep]\nmetrics = ['count_total{job=\"page\"}']\n";
    let place = page.place(&[("bad", "expr = 'bad > 5'")], keep);
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    (page, place, monitor)
}

#[tokio::test]
async fn operators_are_given_what_is_kept_and_the_public_nothing() {
    let (_page, _place, monitor) = federated().await;
    let ask = async |path: &str| world::get(&format!("{}{path}", monitor.ops)).await;
    let (status, text) = ask("/federate?match[]=bad&match[]=count_total&match[]=noise").await;
    assert_eq!(status, 200);
    // What neither a rule nor the settings ask for is not kept.
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines[0].starts_with("bad{job=\"page\"} 3.0 1"), "{text}");
    assert!(
        lines[1].starts_with("count_total{job=\"page\"} 9.0 1"),
        "{text}"
    );
    assert_eq!(lines.len(), 2, "{text}");
    for wrong in [
        "",
        "?match[]=rate(bad[5m])",
        "?match[]={}",
        "?match[]=up[1e30]",
    ] {
        assert_eq!(ask(&format!("/federate{wrong}")).await.0, 400, "{wrong}");
    }
    assert_eq!(monitor.get("/federate?match[]=bad").await.0, 404);
}

/// A Prometheus that takes from the operators' listener, and where it answers.
fn prometheus(place: &Path, ops: &str) -> (Child, std::net::SocketAddr) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let settings = place.join("prometheus.yml");
    let yaml = format!(
        "scrape_configs:\n- job_name: critwatch\n  honor_labels: true\n  scrape_interval: 1s\n  \
         scrape_timeout: 1s\n  metrics_path: /federate\n  params:\n    \
         'match[]': ['{{__name__=~\"bad|count_total\"}}', 'bad']\n  \
         static_configs:\n  - targets: ['{}']\n",
        ops.trim_start_matches("http://")
    );
    std::fs::write(&settings, yaml).unwrap();
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", settings.display()))
        .arg(format!(
            "--storage.tsdb.path={}",
            place.join("tsdb").display()
        ))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    (child, address)
}

#[tokio::test]
async fn a_prometheus_takes_from_us_what_it_asks_for() {
    if Command::new("prometheus")
        .arg("--version")
        .output()
        .await
        .is_err()
    {
        assert!(
            std::env::var_os("CI").is_none(),
            "prometheus is not installed"
        );
        eprintln!("prometheus is not installed: nobody federates");
        return;
    }
    let (_page, place, monitor) = federated().await;
    let (_prometheus, address) = prometheus(place.path(), &monitor.ops);
    let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
    let query = format!("http://{address}/api/v1/query?query=bad%2Bon(job)count_total");
    until("it has both series", async || {
        let Ok(answer) = client.get(&query).send().await else {
            return false;
        };
        let json: serde_json::Value = answer.json().await.unwrap_or_default();
        let found = &json["data"]["result"][0];
        found["metric"]["job"] == "page" && found["value"][1] == "12"
    })
    .await;
}
