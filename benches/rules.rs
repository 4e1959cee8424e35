//! How long 1,000 rules over 10,000 series take, beside a real Prometheus.
//!
//! `cargo bench --bench rules` serves the series to a Prometheus of its own,
//! which scrapes them each second and evaluates the same rules as one group;
//! we ingest the same scrapes. Printed are medians: our evaluation, its own
//! figure of the same, an ingested scrape, and the memory of a sample.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use critwatch::evaluate::Evaluator;
use critwatch::evaluate::promql::Expression;
use critwatch::evaluate::rules::rule::Rule;
use critwatch::evaluate::rules::settings::RuleSettings;
use critwatch::evaluate::window::Window;
use critwatch::evaluate::window::limits::WindowLimits;
use critwatch::model::component::{ComponentId, Severity};
use critwatch::model::sample::{CollectorId, Metric, Sample, Scrape};
use critwatch::model::verdict::{Publish, RuleId};
use jiff::Timestamp;
use tokio::process::{Child, Command};

const NAMES: [&str; 10] = [
    "redis_memory_used_bytes",
    "redis_memory_max_bytes",
    "queue_depth",
    "queue_oldest_age_seconds",
    "jobs_total",
    "jobs_failed_total",
    "latency_seconds",
    "connected_clients",
    "replication_lag_seconds",
    "disk_free_bytes",
];
const HOSTS: usize = 100;
const QUEUES: usize = 10;
const RULES: usize = 1000;

/// Scrapes before the first evaluation that counts, one each second.
const SCRAPES: u32 = 30;

/// Evaluations of Prometheus that are looked at.
const ROUNDS: usize = 7;

/// Our time is to be at most this part of that of Prometheus.
const LIMIT: f64 = 0.25;

const LIMITS: WindowLimits = WindowLimits {
    age: Duration::from_hours(2),
    series: 50_000,
    samples: 10_000,
    total: 4_000_000,
};

fn samples(step: u32) -> Vec<Sample> {
    let mut samples = Vec::with_capacity(NAMES.len() * HOSTS * QUEUES);
    for (kind, name) in (1..).zip(NAMES) {
        for host in 0..HOSTS {
            for queue in 0..QUEUES {
                let (host, queue) = (format!("h{host}"), format!("q{queue}"));
                let labels = [("host", &*host), ("queue", &*queue), ("job", "bench")];
                let mut metric = Metric::new(name, labels);
                metric.labels.insert("instance".into(), "here".into());
                let value = f64::from(step * kind + step % 7);
                samples.push(Sample { metric, value });
            }
        }
    }
    samples
}

fn page(samples: &[Sample]) -> String {
    let mut text = String::new();
    for Sample { metric, value } in samples {
        let labels = &metric.labels;
        writeln!(
            text,
            "{}{{host=\"{}\",queue=\"{}\"}} {value}",
            metric.name, labels["host"], labels["queue"]
        )
        .unwrap();
    }
    text
}

/// Rules that look and find nothing, as on a good day.
fn expressions() -> Vec<String> {
    let rule = |number: usize| {
        let host = number % HOSTS;
        match number % 8 {
            0 => format!("queue_depth{{host=\"h{host}\"}} > 1e9"),
            1 => format!("sum by (queue) (rate(jobs_total{{host=\"h{host}\"}}[20s])) > 1e9"),
            2 => format!(
                "redis_memory_used_bytes{{host=\"h{host}\"}} / on (host, queue) \
                 redis_memory_max_bytes{{host=\"h{host}\"}} > 2"
            ),
            3 => format!(
                "max_over_time(latency_seconds{{host=\"h{host}\",queue=~\"q[0-4]\"}}[20s]) > 1e9"
            ),
            4 => format!(
                "avg by (host) (latency_seconds{{queue=\"q{}\"}}) > 1e9",
                number % 10
            ),
            5 => format!("absent(connected_clients{{host=\"h{host}\"}})"),
            6 => format!(
                "increase(jobs_failed_total{{host=\"h{host}\"}}[20s]) \
                 / increase(jobs_total{{host=\"h{host}\"}}[20s]) > 1e9"
            ),
            _ if number % 200 == 7 => "count(queue_depth > 1e9) > 1".to_owned(),
            _ => format!(
                "predict_linear(disk_free_bytes{{host=\"h{host}\"}}[20s], 3600) < -1e9 \
                 and on (host) replication_lag_seconds{{host=\"h{host}\"}} > 1e9"
            ),
        }
    };
    (0..RULES).map(rule).collect()
}

fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|left, right| left.partial_cmp(right).unwrap());
    values[values.len() / 2]
}

/// Evaluates with Prometheus and gives the medians of the seconds that a round
/// took it: as a group, and as the sum of its rules.
async fn prometheus(place: &Path) -> (f64, f64) {
    let step = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let serve = move || {
        let step = step.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { page(&samples(step)) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap();
    let server = Router::new().route("/metrics", get(serve));
    let serving = axum::serve(listener, server);
    let settings = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
         rule_files: [rules.yml]\n\
         scrape_configs:\n\
         - job_name: bench\n  static_configs: [{{targets: ['{target}']}}]\n"
    );
    let mut rules = String::from("groups:\n- name: all\n  rules:\n");
    for (number, expression) in expressions().iter().enumerate() {
        writeln!(rules, "  - alert: r{number}\n    expr: '{expression}'").unwrap();
    }
    std::fs::write(place.join("prometheus.yml"), settings).unwrap();
    std::fs::write(place.join("rules.yml"), rules).unwrap();
    tokio::select! {
        _ = serving.into_future() => unreachable!("the pages are served until the end"),
        figures = figures(place) => figures,
    }
}

async fn figures(place: &Path) -> (f64, f64) {
    let (url, _child) = start(place);
    let client = critwatch::runtime::client::new(Duration::from_secs(10), true).unwrap();
    let (mut groups, mut sums) = (Vec::new(), Vec::new());
    let mut last = (0.0, 0.0);
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    while groups.len() < ROUNDS {
        seconds.tick().await;
        let Ok(answer) = client.get(format!("{url}/metrics")).send().await else {
            continue;
        };
        let metrics = answer.text().await.unwrap();
        let figure = |name: &str| {
            let line = metrics.lines().find(|line| line.starts_with(name));
            line.map_or(0.0, |line| {
                line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()
            })
        };
        let rounds = figure("prometheus_rule_group_iterations_total");
        let spent = figure("prometheus_rule_evaluation_duration_seconds_sum");
        if rounds > f64::from(SCRAPES) && rounds > last.0 {
            groups.push(figure("prometheus_rule_group_last_duration_seconds"));
            sums.push((spent - last.1) / (rounds - last.0));
        }
        last = (rounds, spent);
    }
    (median(groups), median(sums))
}

fn start(place: &Path) -> (String, Child) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let child = Command::new("prometheus")
        .current_dir(place)
        .args(["--config.file=prometheus.yml", "--storage.tsdb.path=tsdb"])
        .arg(format!("--web.listen-address={address}"))
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    (format!("http://{address}"), child)
}

fn scrape(start: Timestamp, step: u32) -> Scrape {
    let at = start + Duration::from_secs(step.into());
    Scrape {
        collector: CollectorId("bench".into()),
        at,
        good_until: at + Duration::from_secs(10),
        samples: samples(step),
    }
}

/// Evaluates with ours and gives the median seconds of a round.
fn ours() -> f64 {
    let rules = expressions().into_iter().zip(0..).map(|(expr, number)| {
        let expression = Expression::parse(&expr).unwrap();
        let settings = RuleSettings {
            alert: None,
            id: RuleId(format!("r{number}")),
            expr,
            hold: Duration::ZERO,
            keep_firing_for: Duration::ZERO,
            severity: Severity::Down,
            components: vec![ComponentId("c".into())],
            title: "T".into(),
            text: "t".into(),
            publish: Publish::Auto,
            clear: None,
            source: None,
        };
        Rule::new(settings, expression)
    });
    let begun = Timestamp::from_second(1_700_000_000).unwrap();
    let mut evaluator = Evaluator::new(rules.collect(), LIMITS, begun, []);
    let mut times = Vec::new();
    for step in 0..SCRAPES + 20 {
        let scrape = scrape(begun, step);
        let now = scrape.at;
        evaluator.ingest(scrape);
        if step >= SCRAPES {
            let start = Instant::now();
            let verdicts = evaluator.judge(now);
            times.push(start.elapsed().as_secs_f64());
            let quiet = verdicts.iter().filter(|one| one.state.word() == "quiet");
            assert_eq!(quiet.count(), RULES);
        }
    }
    median(times)
}

/// Ingests 100 scrapes and tells the median of one, and the memory.
fn ingest() {
    let begun = Timestamp::from_second(1_700_000_000).unwrap();
    // What a scrape itself takes is given back, but stays with the process.
    drop(scrape(begun, 0));
    let before = resident();
    let mut window = Window::new(LIMITS);
    let mut times = Vec::new();
    for step in 0..100 {
        let scrape = scrape(begun, step);
        let start = Instant::now();
        window.ingest(&scrape);
        times.push(start.elapsed());
    }
    let first = times.remove(0);
    println!(
        "ingesting a scrape of {} series: the first {first:.2?}, then median {:.2?}",
        window.series(),
        median(times),
    );
    let held = resident() - before;
    println!(
        "{} samples of {} series: {:.1} MB resident, {} bytes a sample",
        window.samples(),
        window.series(),
        f64::from(u32::try_from(held).unwrap()) / 1e6,
        held / window.samples(),
    );
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

fn main() {
    ingest();
    let ours = ours();
    let place = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (group, rules) = runtime.block_on(prometheus(place.path()));
    let ms = |seconds: f64| format!("{:.1} ms", seconds * 1e3);
    println!(
        "{RULES} rules over {} series: ours {}, Prometheus {} as a group ({} as the sum of its rules)",
        NAMES.len() * HOSTS * QUEUES,
        ms(ours),
        ms(group),
        ms(rules),
    );
    println!(
        "ours is {:.3} of Prometheus (the limit is {LIMIT})",
        ours / group
    );
}
