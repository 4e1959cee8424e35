//! What a roll costs in each mode, beside the same commands without a service, and under a spike.
//!
//! `cargo bench --bench dice` starts the reference service, has clients roll as fast as they are
//! answered, and lets redis-benchmark send the commands of a queued roll to the same Redis in the
//! same run. Then it offers more rolls than the worker can do, as on the evening of the outage,
//! to the queue and to the API itself. It takes about two minutes.

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

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use critwatch::dice::fault::harness::Rig;
use critwatch::dice::fault::settings::RigSettings;
use critwatch::dice::fault::switches;
use critwatch::dice::link::RedisUrl;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// So many clients roll at once, and for how long in each mode.
const CLIENTS: usize = 32;
const LASTING: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
/// A roll as it is sent, and a job as it lies in the queue.
const ROLL: &str = r#"{"equation":"2d20kh1+5"}"#;
const JOB_BYTES: usize = 500;
/// So often redis-benchmark sends each command; all jobs of it fit into the Redis of the rig.
const COMMANDS: usize = 10_000;

/// The queued mode is to reach at least this part of what Redis alone could do.
const QUEUED_LIMIT: f64 = 0.02;

/// The spike: rolls offered each second, while a child needs so long for each.
const OFFERED: u32 = 400;
const SLOW: Duration = Duration::from_millis(25);
const SPIKE: Duration = Duration::from_secs(12);
/// Under the spike, the API itself is to answer so many of a hundred rolls, so soon.
const IMMEDIATE_SHARE: f64 = 0.999;
const IMMEDIATE_P99: Duration = Duration::from_millis(100);

/// The service, a client of it and its session.
struct Service {
    rig: Rig,
    client: Client,
    token: String,
    _dir: tempfile::TempDir,
}

impl Service {
    async fn start(api: &[&str], worker: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_critwatch"));
        let mut settings = RigSettings::new(dir.path().join("rig"), program);
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        // All clients are one user at one address.
        let free = ["--account-limit", "0", "--address-limit", "0"];
        settings.api_arguments = owned(&[api, &free].concat());
        settings.worker_arguments = owned(&[worker, &["--grace", "2s"]].concat());
        let rig = Rig::start(settings).await.unwrap();
        let client = critwatch::runtime::client::new(Duration::from_secs(10), true).unwrap();
        let url = format!("http://{}/api/1.0/user", rig.addresses().api);
        let answer = client.post(url).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let token = answer["data"].as_str().unwrap().to_owned();
        Self {
            rig,
            client,
            token,
            _dir: dir,
        }
    }

    async fn set_mode(&self, mode: &'static str) {
        let url = format!("http://{}/-/roll-mode", self.rig.addresses().api);
        let answer = self.client.put(url).body(mode).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }

    fn roller(&self) -> Roller {
        Roller {
            client: self.client.clone(),
            url: format!("http://{}/api/1.0/roll", self.rig.addresses().api),
            token: self.token.clone(),
        }
    }
}

/// What a client needs to roll.
#[derive(Clone)]
struct Roller {
    client: Client,
    url: String,
    token: String,
}

impl Roller {
    /// Rolls once; how long that took, and whether it was answered.
    async fn roll(&self) -> (Duration, bool) {
        let began = Instant::now();
        let request = self.client.post(&self.url).bearer_auth(&self.token);
        let answer = request.body(ROLL).send().await;
        let is_answered = match answer {
            Ok(answer) => answer.status() == StatusCode::OK && answer.bytes().await.is_ok(),
            Err(_) => false,
        };
        (began.elapsed(), is_answered)
    }
}

/// Rolls and the time that each took.
#[derive(Default)]
struct Rolls {
    answered: Vec<Duration>,
    not_answered: usize,
}

impl Rolls {
    fn add(&mut self, (took, is_answered): (Duration, bool)) {
        if is_answered {
            self.answered.push(took);
        } else {
            self.not_answered += 1;
        }
    }

    fn share(&self) -> f64 {
        let all = self.answered.len() + self.not_answered;
        self.answered.len() as f64 / all.max(1) as f64
    }

    /// The time within which so many of a hundred were answered.
    fn within(&mut self, percent: usize) -> Duration {
        self.answered.sort_unstable();
        let last = self.answered.len().saturating_sub(1);
        let found = self.answered.get(last * percent / 100);
        found.copied().unwrap_or_default()
    }
}

/// Each client rolls again as soon as it has its answer.
async fn closed_loop(service: &Service) -> Rolls {
    let end = Instant::now() + LASTING;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let roller = service.roller();
        clients.spawn(async move {
            let mut rolls = Rolls::default();
            while Instant::now() < end {
                rolls.add(roller.roll().await);
            }
            rolls
        });
    }
    let mut all = Rolls::default();
    for rolls in clients.join_all().await {
        all.answered.extend(rolls.answered);
        all.not_answered += rolls.not_answered;
    }
    all
}

/// Rolls come at their own rate, whether those before have their answers or not.
async fn open_loop(service: &Service) -> Rolls {
    let roller = Arc::new(service.roller());
    let mut due = interval(Duration::from_secs(1) / OFFERED);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let end = Instant::now() + SPIKE;
    let mut rolling = JoinSet::new();
    while Instant::now() < end {
        due.tick().await;
        let roller = Arc::clone(&roller);
        rolling.spawn(async move { roller.roll().await });
    }
    let mut all = Rolls::default();
    for roll in rolling.join_all().await {
        all.add(roll);
    }
    all
}

/// Commands each second of one kind, by redis-benchmark.
async fn commands(socket: &std::path::Path, command: &[&str]) -> f64 {
    let mut benchmark = Command::new("redis-benchmark");
    benchmark.arg("-s").arg(socket);
    let (clients, count) = (CLIENTS.to_string(), COMMANDS.to_string());
    benchmark.args(["-c", &clients, "-n", &count, "-r", "1000"]);
    let output = benchmark.arg("--csv").args(command).output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    let output = String::from_utf8(output.stdout).unwrap();
    let line = output.lines().last().unwrap();
    // The first column names the command, the second is its rate.
    let rate = line.split("\",\"").nth(1);
    let rate: Option<f64> = rate.and_then(|rate| rate.trim_matches('"').parse().ok());
    rate.unwrap_or_else(|| panic!("{command:?}: {output}{errors}"))
}

/// Sends one command, which must work.
async fn redis_cli(socket: &std::path::Path, command: &str) {
    let mut cli = Command::new("redis-cli");
    let output = cli.arg("-s").arg(socket).args(command.split(' ')).output();
    assert!(output.await.unwrap().status.success(), "{command}");
}

/// How many queued rolls each second Redis alone could do: each is these commands.
async fn bare_redis(service: &Service) -> f64 {
    let socket = &service.rig.addresses().redis_socket;
    let job = "x".repeat(JOB_BYTES);
    redis_cli(socket, "XGROUP CREATE bench g 0 MKSTREAM").await;
    let offer = ["XADD bench * job JOB", "HSET bench:waiting __rand_int__ x"];
    let take = [
        "XREADGROUP GROUP g one COUNT 1 STREAMS bench >",
        "GET bench:slow",
    ];
    let finish = [
        "XDEL bench 1-1",
        "XACK bench g 1-1",
        "HDEL bench:waiting __rand_int__",
    ];
    let announce = ["PUBLISH bench x"];
    let all = [&offer[..], &take, &finish, &announce].concat();
    let mut seconds = 0.0;
    for command in all {
        let word = |word| if word == "JOB" { job.as_str() } else { word };
        let words: Vec<&str> = command.split(' ').map(word).collect();
        seconds += 1.0 / commands(socket, &words).await;
    }
    redis_cli(socket, "DEL bench bench:waiting").await;
    1.0 / seconds
}

async fn modes() {
    let worker = ["--children-min", "3"];
    let service = Service::start(&["--admission", "off"], &worker).await;
    for round in 1..=ROUNDS {
        let bare = bare_redis(&service).await;
        println!("round {round}: the commands of a queued roll, by redis-benchmark: {bare:.0}/s");
        for mode in ["queued", "immediate", "auto"] {
            service.set_mode(mode).await;
            let mut rolls = closed_loop(&service).await;
            let rate = rolls.answered.len() as f64 / LASTING.as_secs_f64();
            println!(
                "  {mode}: {rate:.0} rolls/s, {:.2} of that (queued: to be at least \
                 {QUEUED_LIMIT}), p50 {:.1?}, p99 {:.1?}, {} not answered",
                rate / bare,
                rolls.within(50),
                rolls.within(99),
                rolls.not_answered,
            );
        }
    }
    service.rig.stop().await;
}

/// The evening of the outage: records of each job, more rolls than the worker can do.
async fn spike(mode: &'static str) {
    let api = ["--admission", "off", "--bookkeeping", "--roll-mode", mode];
    let worker = ["--children-min", "3", "--bookkeeping"];
    let service = Service::start(&api, &worker).await;
    let url = RedisUrl::new(service.rig.addresses().redis_url.clone()).unwrap();
    switches::slow_down(&url, SLOW).await.unwrap();
    let mut rolls = open_loop(&service).await;
    println!(
        "spike of {OFFERED}/s, {mode}: {:.1} % answered (immediate: to be at least {:.1}), \
         p50 {:.1?}, p99 {:.1?} (immediate: to be at most {IMMEDIATE_P99:.0?})",
        rolls.share() * 100.0,
        IMMEDIATE_SHARE * 100.0,
        rolls.within(50),
        rolls.within(99),
    );
    service.rig.stop().await;
}

fn main() {
    // The rig's processes end with the thread that starts them, which is this one.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        modes().await;
        for mode in ["queued", "immediate", "auto"] {
            spike(mode).await;
        }
    });
}
