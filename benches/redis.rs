//! What a scrape of a Redis with a hundred queues costs, beside `redis_exporter`.
//!
//! `cargo bench --bench redis` prints the processor time of one scrape of each,
//! measured in the same run against the same Redis, and their ratio. The
//! exporter is told the same hundred keys by name: lists of which it gives the
//! length, and streams of which it gives the groups as well.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts are small"
)]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use critwatch::collect::Collector;
use critwatch::config;
use tokio::runtime::Runtime;

const QUEUES: usize = 100;
const SCRAPES: u32 = 400;
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(40);

/// Ours is to cost no more than this part of the exporter's.
const LIMIT: f64 = 0.25;

/// What the queues are.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Lists,
    Streams,
}

impl Kind {
    /// The rest of a `[[collector.queue]]`.
    fn settings(self) -> &'static str {
        match self {
            Self::Lists => "system = 'list'\ntake = 'left'",
            Self::Streams => "group = 'g'",
        }
    }

    /// The exporter's option, and a sample that it then gives for each queue.
    fn option(self) -> (&'static str, &'static str) {
        match self {
            Self::Lists => ("check-single-keys", "redis_key_size{"),
            Self::Streams => ("check-single-streams", "redis_stream_length{"),
        }
    }
}

/// A process that ends with the benchmark.
struct Tied(Child);

impl Drop for Tied {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(program: &str, arguments: &[String]) -> Tied {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null());
    Tied(command.stderr(Stdio::null()).spawn().unwrap())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Processor time that a process has used so far, by its `/proc/<id>/stat`.
///
/// The kernel counts there in hundredths of a second: many scrapes are needed.
fn used(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: u64 = rest
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|word| word.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// The same of this process alone, exactly.
fn used_here() -> Duration {
    // Nanoseconds on a processor, of each thread.
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let of = |thread: std::io::Result<std::fs::DirEntry>| -> Option<u64> {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    Duration::from_nanos(threads.filter_map(of).sum())
}

/// How often Redis has read from a connection so far.
fn reads_of(connection: &mut redis::Connection) -> u64 {
    let info: String = redis::cmd("INFO").arg("stats").query(connection).unwrap();
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix("total_reads_processed:"));
    line.map_or(0, |count| count.trim().parse().unwrap())
}

fn fill(connection: &mut redis::Connection, kind: Kind) {
    for number in 0..QUEUES {
        let mut pipe = redis::pipe();
        let key = format!("queue:{number}");
        if matches!(kind, Kind::Streams) {
            pipe.cmd("XGROUP")
                .arg(&["CREATE", &key, "g", "0", "MKSTREAM"]);
        }
        for job in 0..=number {
            let job = format!("{job}d6");
            match kind {
                Kind::Lists => pipe.cmd("RPUSH").arg(&[&key, &job]),
                Kind::Streams => pipe.cmd("XADD").arg(&[&key, "*", "roll", &job]),
            };
        }
        let _: redis::Value = pipe.query(connection).unwrap();
    }
}

fn collector(port: u16, kind: Kind) -> (critwatch::collect::schedule::Schedule, Collector) {
    let rest = kind.settings();
    let queue = |number| {
        format!("[[collector.queue]]\nname = 'q{number}'\nkey = 'queue:{number}'\n{rest}\n")
    };
    let queues: String = (0..QUEUES).map(queue).collect();
    let text = format!(
        "[site]\ntitle = 'D'\n[[collector]]\nid = 'redis'\ntype = 'redis'\n\
         url = 'redis://127.0.0.1:{port}'\n{queues}"
    );
    let config = config::read(&text, "alerts.toml", Path::new("."), [].into(), None).unwrap();
    let (schedule, target) = config.collectors.into_iter().next().unwrap();
    let timeout = Duration::from_secs(9);
    let clients = critwatch::collect::http::clients::HttpClients {
        redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
        direct: critwatch::runtime::client::direct(timeout).unwrap(),
    };
    (schedule, Collector::new(target, &clients).unwrap())
}

fn redis_server(port: u16, kind: Kind) -> (Tied, redis::Connection) {
    let arguments = [
        "--port",
        &port.to_string(),
        "--save",
        "",
        "--bind",
        "127.0.0.1",
    ];
    let server = start("redis-server", &arguments.map(str::to_owned));
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
    let patience = Instant::now();
    loop {
        if let Ok(mut connection) = client.get_connection() {
            fill(&mut connection, kind);
            return (server, connection);
        }
        assert!(patience.elapsed() < PATIENCE, "redis-server is not there");
    }
}

fn exporter(port: u16, listen: &str, kind: Kind) -> Tied {
    let (option, _) = kind.option();
    let keys: Vec<_> = (0..QUEUES)
        .map(|number| format!("db0=queue:{number}"))
        .collect();
    start(
        "prometheus-redis-exporter",
        &[
            format!("-redis.addr=redis://127.0.0.1:{port}"),
            format!("-web.listen-address={listen}"),
            format!("-{option}={}", keys.join(",")),
        ],
    )
}

async fn get(http: &reqwest::Client, page: &str) -> Option<String> {
    http.get(page).send().await.ok()?.text().await.ok()
}

/// Waits for the exporter and makes sure that it looks at every queue.
async fn is_ready(http: &reqwest::Client, page: &str, kind: Kind) {
    let (_, sample) = kind.option();
    let patience = Instant::now();
    loop {
        if let Some(text) = get(http, page).await {
            let keys = text.lines().filter(|line| line.starts_with(sample));
            assert_eq!(keys.count(), QUEUES, "the exporter does not see the queues");
            return;
        }
        assert!(patience.elapsed() < PATIENCE, "the exporter is not there");
    }
}

fn main() {
    for kind in [Kind::Lists, Kind::Streams] {
        compare(kind);
    }
}

fn compare(kind: Kind) {
    let port = free_port();
    let (_redis, mut connection) = redis_server(port, kind);
    let listen = format!("127.0.0.1:{}", free_port());
    let exporter = exporter(port, &listen, kind);
    let id = exporter.0.id().to_string();
    let runtime = Runtime::new().unwrap();
    let http = critwatch::runtime::client::new(Duration::from_secs(9), true).unwrap();
    let page = format!("http://{listen}/metrics");
    runtime.block_on(is_ready(&http, &page, kind));
    let (schedule, mut collector) = collector(port, kind);
    runtime.block_on(collector.take(&schedule));

    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let (before, reads) = (used_here(), reads_of(&mut connection));
        let mut series = 0;
        runtime.block_on(async {
            for _ in 0..SCRAPES {
                let (take, failure) = collector.take(&schedule).await;
                assert!(failure.is_none(), "{failure:?}");
                series = take.samples.len();
            }
        });
        let ours = used_here().saturating_sub(before) / SCRAPES;
        let trips = (reads_of(&mut connection) - reads) as f64 / f64::from(SCRAPES);
        let before = used(&id);
        runtime.block_on(async {
            for _ in 0..SCRAPES {
                get(&http, &page).await.unwrap();
            }
        });
        let theirs = used(&id).saturating_sub(before) / SCRAPES;
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!(
            "{kind:?}: a scrape of {QUEUES} queues: {ours:.2?} for {series} series in {trips:.2} reads of \
             Redis, redis_exporter {theirs:.2?}: {ratio:.2} of it"
        );
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ROUNDS / 2];
    println!(
        "{kind:?}: median {median:.2} of redis_exporter's processor time (to be at most {LIMIT:.2})"
    );
}
