//! The monitor under load and faults for a while: memory, descriptors, threads and the
//! database must not grow.
//!
//! `cargo bench --bench soak` runs for twenty minutes; `CRITWATCH_SOAK_MINUTES=3` makes it
//! shorter. A real Redis is filled, hung, killed and started again by turns, a queue gets
//! stuck, visitors come by a hundred ways, people edit incidents, and the settings are read
//! again. It prints each figure of each quarter, and fails if the last one is larger than
//! the second by more than its limit. It needs `redis-server`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rand::prelude::*;

use crate::site::{Service, get, until};

/// Minutes, if nothing else is said.
const MINUTES: u64 = 20;

/// How often it is measured.
const LOOK: Duration = Duration::from_secs(2);

/// A fault lasts so long, and the calm after it.
const FAULT: Duration = Duration::from_secs(7);
const CALM: Duration = Duration::from_secs(13);

/// Visitors at a time.
const VISITORS: usize = 4;

/// A part of the largest figure of the second quarter by which the last may be larger.
const MEMORY_MAY_GROW: f64 = 0.10;
const DATABASE_MAY_GROW: f64 = 0.10;

/// Descriptors by which the last quarter may be larger.
const DESCRIPTORS_MAY_GROW: f64 = 8.0;

const TOKEN: &str = "a token of this benchmark";

/// What visitors and programs ask for, and what nobody should.
const PATHS: [&str; 14] = [
    "/",
    "/index.json",
    "/issues/",
    "/issues/?q=seen",
    "/index.xml",
    "/affected/cache/",
    "/issues/2020-01-01-incident-7/",
    "/history/2026/",
    "/api/v2/summary.json",
    "/metrics",
    "/nothing/here",
    "/../../etc/passwd",
    "/?zone=Europe/Berlin",
    "/sitemap.xml",
];

/// The Redis; dropping it ends it.
struct Redis {
    child: Child,
    socket: PathBuf,
}

impl Redis {
    fn start(place: &Path) -> Self {
        let socket = place.join("redis.sock");
        let child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--unixsocket"])
            .arg(&socket)
            .args(["--dir".as_ref(), place.as_os_str()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let redis = Self { child, socket };
        until("Redis answers", || redis.try_do(&["PING"]).is_ok());
        redis
    }

    fn try_do(&self, words: &[&str]) -> redis::RedisResult<redis::Value> {
        let client = redis::Client::open(format!("unix://{}", self.socket.display()))?;
        let mut connection = client.get_connection_with_timeout(Duration::from_secs(2))?;
        redis::cmd(words[0]).arg(&words[1..]).query(&mut connection)
    }

    fn act(&self, words: &[&str]) {
        self.try_do(words).unwrap();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with rules that fire soon and incidents that end soon.
fn fill(place: &Path, socket: &Path) {
    site::fill(place, 20, 20, 500);
    let settings = format!(
        "use = ['redis', 'sidekiq']\n[site]\ntitle = 'Dice'\nhold = '5s'\nreports = true\n\
         [keep]\nminutes = '2m'\n[ops]\ntoken = '{TOKEN}'\n\
         [[component]]\nid = 'cache'\nname = 'Cache'\n\
         [[component]]\nid = 'jobs'\nname = 'Jobs'\n\
         [preset.redis]\ncomponents = ['cache']\n[preset.sidekiq]\ncomponents = ['jobs']\n\
         [[collector]]\nid = 'redis'\ntype = 'redis'\nurl = 'unix://{}'\ninterval = '500ms'\n\
         timeout = '400ms'\n[[collector.queue]]\nsystem = 'sidekiq'\n",
        socket.display()
    );
    std::fs::write(place.join("alerts.toml"), settings).unwrap();
}

/// Makes one fault after the other, and people's work between them, until told to stop.
fn trouble(place: &Path, ops: &str, over: &AtomicBool) {
    let mut redis = Redis::start(place);
    let mut random = StdRng::seed_from_u64(16);
    let wait = |time: Duration| {
        let begun = Instant::now();
        while begun.elapsed() < time && !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let mut round = 0;
    while !over.load(Ordering::Relaxed) {
        match random.random_range(0..4) {
            0 => redis.act(&["CONFIG", "SET", "maxmemory", "1"]),
            1 => redis.act(&["LPUSH", "queue:mail", r#"{"class":"A","enqueued_at":1}"#]),
            2 => redis.act(&["CLIENT", "PAUSE", "5000"]),
            _ => drop(redis.child.kill()),
        }
        wait(FAULT);
        if redis.child.try_wait().unwrap().is_some() {
            redis = Redis::start(place);
        }
        redis.act(&["CONFIG", "SET", "maxmemory", "0"]);
        redis.act(&["DEL", "queue:mail"]);
        edit(place, round);
        if round % 3 == 0 {
            reload(ops);
        }
        wait(CALM);
        round += 1;
    }
}

/// A person writes into a file, and another one.
fn edit(place: &Path, round: usize) {
    let number = round % 500;
    let file = place.join(format!("incidents/2020-01-01-incident-{number}.md"));
    let title = format!("Incident {number}, seen again {round}");
    std::fs::write(file, site::text(number, &title, false)).unwrap();
}

fn reload(ops: &str) {
    let mut stream = TcpStream::connect(ops).unwrap();
    let head = format!(
        "POST /-/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: Bearer {TOKEN}\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Visitors who ask for one thing after the other; how many answers they got.
fn visit(page: &str, over: &Arc<AtomicBool>, answers: &Arc<AtomicU64>) -> Vec<JoinHandle<()>> {
    let visitors = 0..VISITORS;
    let begin = visitors.map(|number| {
        let (page, over, answers) = (page.to_owned(), Arc::clone(over), Arc::clone(answers));
        std::thread::spawn(move || {
            let mut random = StdRng::seed_from_u64(u64::try_from(number).unwrap());
            while !over.load(Ordering::Relaxed) {
                let path = PATHS[random.random_range(0..PATHS.len())];
                let address = format!("X-Forwarded-For: 192.0.2.{}\r\n", random.random::<u8>());
                let _ = get(&page, path, &address);
                answers.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        })
    });
    begin.collect()
}

/// What is measured at a moment.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    memory: f64,
    descriptors: f64,
    threads: f64,
    database: f64,
}

impl Figures {
    fn of(service: &Service, place: &Path) -> Self {
        let process = PathBuf::from(format!("/proc/{}", service.process()));
        let count = |folder: &str| {
            let entries = std::fs::read_dir(process.join(folder)).unwrap().count();
            f64::from(u32::try_from(entries).unwrap())
        };
        let size = |name: &str| {
            let file = std::fs::metadata(place.join("state").join(name));
            let bytes = file.map_or(0, |file| file.len());
            f64::from(u32::try_from(bytes / 1024).unwrap()) / 1024.0
        };
        Self {
            memory: service.memory(),
            descriptors: count("fd"),
            threads: count("task"),
            database: size("critwatch.db") + size("critwatch.db-wal"),
        }
    }

    fn most(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            descriptors: self.descriptors.max(other.descriptors),
            threads: self.threads.max(other.threads),
            database: self.database.max(other.database),
        }
    }
}

fn main() {
    let minutes = std::env::var("CRITWATCH_SOAK_MINUTES").ok();
    let minutes = minutes
        .and_then(|text| text.parse().ok())
        .unwrap_or(MINUTES);
    let length = Duration::from_mins(minutes);
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), &place.path().join("redis.sock"));
    let service = Service::start(place.path(), 2);
    let (over, answers) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let visitors = visit(&service.page, &over, &answers);
    let troubled = {
        let (place, ops) = (place.path().to_owned(), service.ops.clone());
        let over = Arc::clone(&over);
        std::thread::spawn(move || trouble(&place, &ops, &over))
    };
    let (begun, mut quarters) = (Instant::now(), [Figures::default(); 4]);
    while begun.elapsed() < length {
        std::thread::sleep(LOOK);
        let quarter = begun.elapsed().as_secs() * 4 / length.as_secs();
        let quarter = usize::try_from(quarter.min(3)).unwrap();
        quarters[quarter] = quarters[quarter].most(Figures::of(&service, place.path()));
    }
    over.store(true, Ordering::Relaxed);
    troubled.join().unwrap();
    for visitor in visitors {
        visitor.join().unwrap();
    }
    tell(
        &quarters,
        minutes,
        answers.load(Ordering::Relaxed),
        place.path(),
    );
}

fn tell(quarters: &[Figures; 4], minutes: u64, answers: u64, place: &Path) {
    let written = std::fs::read_dir(place.join("incidents")).unwrap().count() - 500;
    println!(
        "{minutes} minutes, {answers} answers, {written} incidents of its own; most in each quarter:"
    );
    let row = |what: &str, of: fn(&Figures) -> f64| {
        let [first, second, third, last] = quarters.each_ref().map(of);
        println!("{what:<22} {first:>8.1} {second:>8.1} {third:>8.1} {last:>8.1}");
        (second, last)
    };
    let memory = row("resident memory, MiB", |one| one.memory);
    let descriptors = row("descriptors", |one| one.descriptors);
    let threads = row("threads", |one| one.threads);
    let database = row("database, MiB", |one| one.database);
    assert!(written > 0, "no fault was told");
    let grew = |(before, after): (f64, f64), part: f64| after > before * (1.0 + part);
    assert!(!grew(memory, MEMORY_MAY_GROW), "memory grows");
    // Before that, it holds less than is kept.
    if minutes >= MINUTES {
        assert!(!grew(database, DATABASE_MAY_GROW), "the database grows");
    }
    for (before, after) in [descriptors, threads] {
        assert!(
            after <= before + DESCRIPTORS_MAY_GROW,
            "descriptors or threads grow"
        );
    }
}
