//! From a fault in a Redis to the changed public page, beside Prometheus.
//!
//! `cargo bench --bench fault` fills one queue after the other of a real Redis, each at
//! a random moment, and watches the page of critwatch and, in the same run, what
//! Prometheus, `redis_exporter` and Alertmanager send to a webhook; all of them look
//! once a second, and neither rule waits. Then a queue fills up slowly, and critwatch
//! looks every five seconds, with `fast` and without it. `CRITWATCH_FAULTS=10` makes it
//! shorter.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rand::prelude::*;

use crate::site::{Service, at, get, until};

const FAULTS: usize = 100;

/// Jobs in a queue from which on it is a fault.
const LIMIT: usize = 100;

/// What is meant, from a fault to the page: median and p99.
const MEANT: [Duration; 2] = [Duration::from_millis(600), Duration::from_millis(1100)];

/// How long a queue takes to fill up slowly, how often that happens, and how long it is
/// calm in between.
const BUILDS_UP: Duration = Duration::from_secs(10);
const BUILD_UPS: usize = 5;
const CALM: Duration = Duration::from_secs(20);

/// From a fault that builds up to the page, while critwatch looks every five seconds.
const MEANT_FAST: Duration = Duration::from_secs(1);

const TOKEN: &str = "a token of this benchmark";

/// A process that ends with the benchmark.
struct Tied(Child);

impl Tied {
    fn start(place: &Path, program: &str, arguments: &[String]) -> Self {
        let mut command = Command::new(program);
        command.current_dir(place).args(arguments);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        let started = quiet.spawn();
        Self(started.unwrap_or_else(|error| panic!("{program} cannot be run: {error}")))
    }
}

impl Drop for Tied {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A Redis of our own.
struct Redis {
    _server: Tied,
    port: u16,
    connection: redis::Connection,
}

impl Redis {
    fn start(place: &Path) -> Self {
        let port = free_port();
        let arguments = format!("--port {port} --bind 127.0.0.1 --save");
        let mut arguments: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
        arguments.push(String::new());
        let server = Tied::start(place, "redis-server", &arguments);
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
        until("redis-server answers", || client.get_connection().is_ok());
        Self {
            _server: server,
            port,
            connection: client.get_connection().unwrap(),
        }
    }

    /// Puts so many jobs into a queue.
    fn push(&mut self, queue: usize, jobs: usize) {
        let mut command = redis::cmd("RPUSH");
        command.arg(format!("queue:{queue}")).arg(vec!["2d6"; jobs]);
        let _: usize = command.query(&mut self.connection).unwrap();
    }

    fn empty(&mut self, queue: usize) {
        let mut command = redis::cmd("DEL");
        let _: usize = command
            .arg(format!("queue:{queue}"))
            .query(&mut self.connection)
            .unwrap();
    }
}

/// critwatch with a rule for each queue, each of a component of its own.
fn critwatch(folder: &Path, redis: u16, queues: usize, pace: &str) -> Service {
    let mut settings = format!(
        "[site]\ntitle = 'Dice'\nhold = '1s'\n[[collector]]\nid = 'redis'\ntype = 'redis'\n\
         url = 'redis://127.0.0.1:{redis}'\n{pace}\n[ops]\ntoken = '{TOKEN}'\n"
    );
    for queue in 0..queues {
        let table = format!(
            "[[collector.queue]]\nsystem = 'list'\ntake = 'left'\nname = 'q{queue}'\n\
             key = 'queue:{queue}'\n"
        );
        settings.push_str(&table);
    }
    for queue in 0..queues {
        let rule = format!(
            "[[component]]\nid = 'c{queue}'\nname = 'Component {queue}'\n[[rule]]\nid = 'r{queue}'\n\
             expr = 'queue_jobs{{queue=\"q{queue}\"}} > {LIMIT}'\nseverity = 'down'\n\
             components = ['c{queue}']\ntitle = 'Too many wait at {queue}.'\ntext = 't'\n"
        );
        settings.push_str(&rule);
    }
    std::fs::create_dir_all(folder.join("incidents")).unwrap();
    std::fs::write(folder.join("alerts.toml"), settings).unwrap();
    Service::start(folder, 2)
}

/// Whether the public page tells that a queue is full.
fn tells(service: &Service, queue: usize) -> bool {
    let (_, page) = get(&service.page, "/", "");
    String::from_utf8_lossy(&page).contains(&format!("Too many wait at {queue}."))
}

/// Prometheus, `redis_exporter` and Alertmanager with the same rules, and what reaches
/// their webhook, each with its moment.
struct Peer {
    _parts: [Tied; 3],
    told: mpsc::Receiver<(String, Instant)>,
}

impl Peer {
    fn start(place: &Path, redis: u16, queues: usize) -> Self {
        let [exporter, prometheus, alertmanager] = [(); 3].map(|()| free_port());
        let webhook = TcpListener::bind("127.0.0.1:0").unwrap();
        let hook = webhook.local_addr().unwrap();
        let (sender, told) = mpsc::channel();
        std::thread::spawn(move || listen(&webhook, &sender));
        write_settings(place, (exporter, alertmanager), queues, &hook.to_string());
        let keys: Vec<_> = (0..queues)
            .map(|queue| format!("db0=queue:{queue}"))
            .collect();
        let exporter = [
            format!("-redis.addr=redis://127.0.0.1:{redis}"),
            format!("-web.listen-address=127.0.0.1:{exporter}"),
            format!("-check-single-keys={}", keys.join(",")),
        ];
        let prometheus_arguments = [
            "--config.file=prometheus.yml".to_owned(),
            "--storage.tsdb.path=data".to_owned(),
            format!("--web.listen-address=127.0.0.1:{prometheus}"),
        ];
        let alertmanager_arguments = [
            "--config.file=alertmanager.yml".to_owned(),
            "--storage.path=alerts".to_owned(),
            "--cluster.listen-address=".to_owned(),
            format!("--web.listen-address=127.0.0.1:{alertmanager}"),
        ];
        let parts = [
            Tied::start(place, "prometheus-redis-exporter", &exporter),
            Tied::start(place, "prometheus-alertmanager", &alertmanager_arguments),
            Tied::start(place, "prometheus", &prometheus_arguments),
        ];
        until("Prometheus scrapes", || {
            TcpStream::connect(("127.0.0.1", prometheus)).is_ok() && {
                let query = "/api/v1/query?query=redis_up";
                let (_, body) = get(&format!("127.0.0.1:{prometheus}"), query, "");
                String::from_utf8_lossy(&body).contains("\"1\"")
            }
        });
        Self {
            _parts: parts,
            told,
        }
    }

    /// When it was told that a queue is full.
    fn told(&self, queue: usize) -> Instant {
        let name = format!("queue-{queue}-is-full");
        loop {
            let (body, at) = self.told.recv_timeout(Duration::from_mins(1)).unwrap();
            if body.contains(&name) && body.contains("\"status\":\"firing\"") {
                return at;
            }
        }
    }
}

/// The settings of Prometheus, with a rule for each queue, and of Alertmanager.
fn write_settings(place: &Path, (exporter, alertmanager): (u16, u16), queues: usize, hook: &str) {
    let write = |name: &str, text: String| std::fs::write(place.join(name), text).unwrap();
    let mut rules = "groups:\n- name: queues\n  rules:\n".to_owned();
    for queue in 0..queues {
        let rule = format!(
            "  - alert: queue-{queue}-is-full\n    \
             expr: redis_key_size{{key=\"queue:{queue}\"}} > {LIMIT}\n"
        );
        rules.push_str(&rule);
    }
    write("rules.yml", rules);
    write(
        "prometheus.yml",
        format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n\
             rule_files: [rules.yml]\n\
             alerting:\n  alertmanagers:\n  - static_configs:\n    \
             - targets: ['127.0.0.1:{alertmanager}']\n\
             scrape_configs:\n- job_name: redis\n  static_configs:\n  \
             - targets: ['127.0.0.1:{exporter}']\n"
        ),
    );
    write(
        "alertmanager.yml",
        format!(
            "route: {{ receiver: hook, group_by: [alertname], group_wait: 0s }}\n\
             receivers:\n- name: hook\n  webhook_configs:\n  - url: 'http://{hook}/'\n"
        ),
    );
}

/// Takes what is posted, one request for each connection.
fn listen(listener: &TcpListener, told: &mpsc::Sender<(String, Instant)>) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut request = Vec::new();
        let mut part = [0; 8192];
        let whole = |request: &[u8]| {
            let text = String::from_utf8_lossy(request).into_owned();
            let (head, body) = text.split_once("\r\n\r\n")?;
            let head = head.to_ascii_lowercase();
            let (_, length) = head.split_once("content-length: ")?;
            let length: usize = length.lines().next()?.trim().parse().ok()?;
            (body.len() >= length).then(|| body.to_owned())
        };
        let body = loop {
            let read = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..read]);
            match whole(&request) {
                Some(body) => break body,
                None => assert!(read > 0, "the webhook was cut off"),
            }
        };
        let _ = told.send((body, Instant::now()));
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = stream.write_all(answer.as_bytes());
    }
}

/// Whether it tells so of an outage that goes on.
fn still_tells(service: &Service, queue: usize) -> bool {
    let (_, open) = get(&service.page, "/api/v2/incidents/unresolved.json", "");
    String::from_utf8_lossy(&open).contains(&format!("Too many wait at {queue}."))
}

/// Faults at random moments, each told by both.
fn sudden(faults: usize) {
    let [ours, theirs, other] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut redis = Redis::start(other.path());
    let peer = Peer::start(theirs.path(), redis.port, faults);
    let service = critwatch(ours.path(), redis.port, faults, "interval = '1s'");
    until("the page is there", || {
        !get(&service.page, "/", "").1.is_empty()
    });
    let mut random = StdRng::seed_from_u64(16);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for queue in 0..faults {
        std::thread::sleep(Duration::from_millis(random.random_range(1000..2000)));
        let begun = Instant::now();
        redis.push(queue, 2 * LIMIT);
        ours.push(until("the page tells it", || tells(&service, queue)));
        theirs.push(peer.told(queue).saturating_duration_since(begun));
        redis.empty(queue);
        until("the page is calm", || !still_tells(&service, queue));
    }
    let [ours, theirs] = [&mut ours, &mut theirs].map(|times| [50, 99].map(|part| at(times, part)));
    println!(
        "fault in a Redis to the changed page, {faults} times: median {:.2?} (meant {:.2?}), \
         p99 {:.2?} ({:.2?})",
        ours[0], MEANT[0], ours[1], MEANT[1]
    );
    println!(
        "the same to a webhook of Prometheus and Alertmanager: median {:.2?}, p99 {:.2?}; ours is \
         {:.2} of the median",
        theirs[0],
        theirs[1],
        ours[0].as_secs_f64() / theirs[0].as_secs_f64()
    );
}

/// How often critwatch asked a Redis so far.
fn scrapes(service: &Service) -> f64 {
    let token = format!("Authorization: Bearer {TOKEN}\r\n");
    let (_, metrics) = get(&service.ops, "/metrics", &token);
    let metrics = String::from_utf8_lossy(&metrics).into_owned();
    let mut lines = metrics.lines();
    let count = lines.find_map(|line| {
        let rest = line.strip_prefix("critwatch_collector_scrapes_total{collector=\"redis\"} ")?;
        rest.parse().ok()
    });
    // There is none before the first.
    count.unwrap_or(0.0)
}

/// Queues that fill up slowly: how long after the limit the page tells it, and how many
/// looks a minute it took while all was calm, and altogether.
fn slow(pace: &str) -> (Duration, [f64; 2]) {
    let [ours, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut redis = Redis::start(other.path());
    let service = critwatch(ours.path(), redis.port, BUILD_UPS, pace);
    until("it has asked", || scrapes(&service) >= 1.0);
    let mut random = StdRng::seed_from_u64(16);
    let (begun, before) = (Instant::now(), scrapes(&service));
    let (mut times, mut calm, mut calm_looks) = (Vec::new(), Duration::ZERO, 0.0);
    for queue in 0..BUILD_UPS {
        let (quiet, looked) = (Instant::now(), scrapes(&service));
        std::thread::sleep(CALM + Duration::from_millis(random.random_range(0..5000)));
        calm += quiet.elapsed();
        calm_looks += scrapes(&service) - looked;
        for _ in 0..LIMIT {
            redis.push(queue, 1);
            std::thread::sleep(BUILDS_UP / u32::try_from(LIMIT).unwrap());
        }
        redis.push(queue, 1);
        times.push(until("the page tells it", || tells(&service, queue)));
        redis.empty(queue);
        until("the page is calm", || !still_tells(&service, queue));
    }
    let minutes = |time: Duration| time.as_secs_f64() / 60.0;
    let looks = scrapes(&service) - before;
    let rates = [calm_looks / minutes(calm), looks / minutes(begun.elapsed())];
    (at(&mut times, 50), rates)
}

fn main() {
    let faults = std::env::var("CRITWATCH_FAULTS").ok();
    let faults = faults.and_then(|text| text.parse().ok()).unwrap_or(FAULTS);
    sudden(faults);
    let paces = [
        ("every 5 s", "interval = '5s'"),
        (
            "every 5 s, fast = '250ms'",
            "interval = '5s'\nfast = '250ms'",
        ),
    ];
    for (what, pace) in paces {
        let (median, [calm, all]) = slow(pace);
        println!(
            "a queue that fills up in {BUILDS_UP:?}, looked at {what}: told after {median:.2?} \
             (meant {MEANT_FAST:?}); {calm:.0} looks a minute while it is calm, {all:.0} altogether"
        );
    }
}
