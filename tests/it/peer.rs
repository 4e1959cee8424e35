//! A real Prometheus beside us, with our rules and our samples: it fires when
//! we do, and what it tells us as an Alertmanager opens and closes incidents.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use critwatch::dice::fault::switches::FaultSwitch;
use serde_json::Value;

use crate::world::patience::until;
use crate::world::peer::Prometheus;
use crate::world::{Monitor, PROGRAM, World};

/// How often Prometheus evaluates the rules, in seconds.
const INTERVAL: f64 = 1.0;

/// How often it scrapes us, and how fine the comparison is, in seconds.
const STEP: f64 = 0.25;

/// A monitor that measures nothing: its rules fire with the alerts that
/// Prometheus sends under their names.
const ALERTED: &str = "source = 'prometheus'
[site]
title = 'D'
hold = '2s'
[[component]]
id = 'cache'
name = 'Cache'
[[collector]]
id = 'prometheus'
type = 'alerts'
interval = '1s'
[[rule]]
id = 'redis-oom-replies'
severity = 'down'
components = ['cache']
title = 'Cache is full'
text = 'The cache refuses new data.'
";

/// When a rule fired, in Unix seconds: from the first to the last step.
type Runs = Vec<(f64, f64)>;

#[tokio::test]
async fn a_prometheus_with_the_exported_rules_fires_and_resolves_when_we_do() {
    if !Prometheus::is_here() {
        return;
    }
    let mut world = World::new("3s").await;
    let folder = tempfile::tempdir().unwrap();
    export(&world.place.path().join("alerts.toml"), folder.path());
    let alerted = alerted(folder.path()).await;
    let prometheus = Prometheus::start(folder.path(), &settings(&world, &alerted)).await;
    let firing = "query?query=ALERTS%7Balertstate%3D%22firing%22%7D";
    let fires = async || {
        let data = prometheus.ask(firing).await;
        !data["result"].as_array().unwrap().is_empty()
    };
    until(
        "Prometheus has seen as much as the rules ask for",
        async || {
            let seen = "query?query=count_over_time(redis_up%5B1m%5D)%20%3E%208";
            let data = prometheus.ask(seen).await;
            !data["result"].as_array().unwrap().is_empty()
        },
    )
    .await;
    let began = jiff::Timestamp::now();
    each_fault(&mut world, fires).await;
    until("Prometheus agrees that all is well", async || {
        !fires().await
    })
    .await;
    let ended = jiff::Timestamp::now();
    compare(&prometheus, began, ended).await;

    // The fault that fills the cache opened an incident there, too.
    until("the incident from the alert is over", async || {
        incidents(folder.path()).contains("\nresolved: true\n")
    })
    .await;
    let text = incidents(folder.path());
    assert_eq!(
        text.matches("title: \"Cache is full\"").count(),
        1,
        "{text}"
    );
    assert!(alerted.stop().await.success());
    world.rig.stop().await;
}

/// Applies each fault until both see it, and takes it back until all is well.
async fn each_fault(world: &mut World, fires: impl AsyncFn() -> bool) {
    for fault in [
        FaultSwitch::FillRedis,
        FaultSwitch::StopWorker,
        FaultSwitch::SlowJobs,
        FaultSwitch::HangRedis,
    ] {
        world.rig.apply(fault).await.unwrap();
        until("an incident is open", async || {
            world.summary().await != "ok"
        })
        .await;
        until("Prometheus sees it, too", async || fires().await).await;
        world.rig.clear().await.unwrap();
        until("all is well again", async || world.summary().await == "ok").await;
    }
}

/// Compares when each rule fired here and there.
async fn compare(prometheus: &Prometheus, began: jiff::Timestamp, ended: jiff::Timestamp) {
    let range = format!(
        "start={}&end={}&step={STEP}",
        began.as_second(),
        ended.as_second()
    );
    let theirs = "ALERTS%7Balertstate%3D%22firing%22%7D";
    let theirs = runs(prometheus, theirs, &range, "alertname").await;
    let ours = "critwatch_rule_state%7Bstate%3D%22firing%22%7D%20%3D%3D%201";
    let ours = runs(prometheus, ours, &range, "rule").await;
    assert!(ours.len() > 3, "{ours:?}");
    let within = INTERVAL + 2.0 * STEP + lag(prometheus, &range).await;
    let kept = kept(prometheus).await;
    let differences: Vec<_> = ours
        .keys()
        .chain(theirs.keys())
        .filter(|rule| {
            let (ours, theirs) = (ours.get(*rule), theirs.get(*rule));
            !alike(ours, theirs, within, kept[*rule])
        })
        .map(|rule| {
            format!(
                "{rule}: {:?} here, {:?} there",
                ours.get(rule),
                theirs.get(rule)
            )
        })
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Starts the monitor that takes the alerts of Prometheus.
async fn alerted(folder: &Path) -> Monitor {
    std::fs::write(folder.join("alerts.toml"), ALERTED).unwrap();
    std::fs::create_dir(folder.join("incidents")).unwrap();
    Monitor::serve(folder, &[]).await
}

/// Everything that is written in the incidents folder.
fn incidents(folder: &Path) -> String {
    std::fs::read_dir(folder.join("incidents"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect()
}

/// Writes the rules of the settings into the folder as Prometheus reads them.
fn export(alerts: &Path, folder: &Path) {
    let rules = folder.join("rules.yml");
    let exported = Command::new(PROGRAM)
        .args(["rules", "export", "--config"])
        .arg(alerts)
        .arg("--out")
        .arg(&rules)
        .env("WEBHOOK", "http://127.0.0.1:9/")
        .output()
        .unwrap();
    assert!(exported.status.success(), "{exported:?}");
    let checked = Command::new("promtool")
        .args(["check", "rules"])
        .arg(&rules)
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
}

fn settings(world: &World, alerted: &Monitor) -> String {
    let alerted = alerted.ops.trim_start_matches("http://");
    let ops = world.monitor.ops.trim_start_matches("http://");
    format!(
        "global:\n  scrape_interval: {STEP}s\n  scrape_timeout: {STEP}s\n  evaluation_interval: {INTERVAL}s\n\
         rule_files: [rules.yml]\n\
         alerting:\n  alertmanagers:\n  - static_configs: [{{targets: ['{alerted}']}}]\n\
         scrape_configs:\n\
         - job_name: samples\n  honor_labels: true\n\
         \x20 metrics_path: /federate\n  params: {{'match[]': ['{{__name__=~\".+\"}}']}}\n\
         \x20 static_configs: [{{targets: ['{ops}']}}]\n\
         - job_name: critwatch\n  static_configs: [{{targets: ['{ops}']}}]\n"
    )
    .replace("0.25s", "250ms")
}

/// The runs of each series of a query, by the value of a label.
async fn runs(
    prometheus: &Prometheus,
    query: &str,
    range: &str,
    label: &str,
) -> BTreeMap<String, Runs> {
    let data = prometheus
        .ask(&format!("query_range?query={query}&{range}"))
        .await;
    let mut runs = BTreeMap::<String, Vec<f64>>::new();
    for series in data["result"].as_array().unwrap() {
        let rule = series["metric"][label].as_str().unwrap().to_owned();
        let values = series["values"].as_array().unwrap();
        let moments = values
            .iter()
            .map(|value: &Value| value[0].as_f64().unwrap());
        runs.entry(rule).or_default().extend(moments);
    }
    runs.into_iter()
        .map(|(rule, moments)| (rule, together(moments)))
        .collect()
}

/// Moments that follow each other within the interval are one run.
fn together(mut moments: Vec<f64>) -> Runs {
    moments.sort_by(f64::total_cmp);
    let mut runs = Runs::new();
    for at in moments {
        match runs.last_mut() {
            Some((_, end)) if at - *end <= INTERVAL + STEP => *end = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

/// Whether two rules fired and resolved at the same times, as exactly as Prometheus
/// looked. A condition that held for no longer than that beyond `for` may fall
/// between two looks: its run is that long and `kept`, its `keep_firing_for`.
fn alike(ours: Option<&Runs>, theirs: Option<&Runs>, within: f64, kept: f64) -> bool {
    let none = Runs::new();
    let (ours, theirs) = (ours.unwrap_or(&none), theirs.unwrap_or(&none));
    let near = |one: f64, other: f64| (one - other).abs() <= within;
    let known = |runs: &Runs, others: &Runs| {
        let mut long = runs
            .iter()
            .filter(|(start, end)| end - start > within + kept);
        long.all(|(start, end)| {
            let mut others = others.iter();
            others.any(|other| near(*start, other.0) && near(*end, other.1))
        })
    };
    known(ours, theirs) && known(theirs, ours)
}

/// The `keep_firing_for` of each rule, in seconds, as Prometheus has it.
async fn kept(prometheus: &Prometheus) -> BTreeMap<String, f64> {
    let data = prometheus.ask("rules?type=alert").await;
    let groups = data["groups"].as_array().unwrap().iter();
    groups
        .flat_map(|group| group["rules"].as_array().unwrap())
        .map(|rule| {
            let name = rule["name"].as_str().unwrap().to_owned();
            (name, rule["keepFiringFor"].as_f64().unwrap())
        })
        .collect()
}

/// How late Prometheus was at worst, with a scrape or an evaluation: on a busy
/// machine it leaves some out.
async fn lag(prometheus: &Prometheus, range: &str) -> f64 {
    let age = "max(time()-(timestamp(up%7Bjob%3D%22critwatch%22%7D)%20or%20timestamp(ALERTS)))";
    let data = prometheus
        .ask(&format!("query_range?query={age}&{range}"))
        .await;
    let values = data["result"][0]["values"].as_array().unwrap().iter();
    let ages = values.map(|value| value[1].as_str().unwrap().parse().unwrap());
    ages.fold(0.0, f64::max)
}
