//! Two thousand open pages and five thousand requests a second, together.
//!
//! `cargo bench --bench live` lets them listen and ask for a minute while
//! incidents open and close, and fails with the first wrong answer.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::site::{Service, at, fill, text};

const LISTENERS: usize = 2_000;
const LINES: usize = 50;
const RATE: usize = 5_000;
const LASTS: Duration = Duration::from_mins(1);

/// How often an incident opens, or closes.
const EVERY: Duration = Duration::from_secs(3);

/// No page may be older.
const OLDEST: Duration = Duration::from_secs(1);

/// The newest of all, which is on the first page also when it is over.
const CHANGING: usize = 25;

/// What is written in the only incident that changes, and since when.
#[derive(Clone, Debug)]
struct Truth {
    title: String,
    /// What may be shown as well: it is being written.
    next: String,
    since: Instant,
}

#[derive(Default)]
struct Counts {
    answers: AtomicU64,
    events: AtomicU64,
    beats: AtomicU64,
}

fn write(place: &Path, title: &str, open: bool) {
    let beside = place.join("incidents/.beside");
    std::fs::write(&beside, text(CHANGING, title, open)).unwrap();
    std::fs::rename(&beside, place.join("incidents/2020-01-01-incident-25.md")).unwrap();
}

/// Listens until the end; no connection may be cut.
async fn listen(server: String, counts: Arc<Counts>, mut told: watch::Receiver<bool>) {
    let mut stream = TcpStream::connect(&server).await.unwrap();
    stream
        .write_all(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut lines = BufReader::with_capacity(512, stream).lines();
    assert!(lines.next_line().await.unwrap().unwrap().contains("200 OK"));
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line.unwrap().unwrap(),
            _ = told.changed() => return,
        };
        if line.starts_with("event: board") {
            counts.events.fetch_add(1, Ordering::Relaxed);
        } else if line.starts_with(':') {
            counts.beats.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Asks for the page over one kept connection; gives back how long each took.
async fn ask(
    server: String,
    truth: watch::Receiver<Truth>,
    counts: Arc<Counts>,
    end: Instant,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(&server).await.unwrap();
    let mut pace = tokio::time::interval(
        Duration::from_secs(1) * u32::try_from(LINES).unwrap() / u32::try_from(RATE).unwrap(),
    );
    let mut times = Vec::new();
    let mut answer = vec![0_u8; 256 * 1024];
    while Instant::now() < end {
        pace.tick().await;
        let asked = Instant::now();
        let known = truth.borrow().clone();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut length = 0;
        let body = loop {
            let read = stream.read(&mut answer[length..]).await.unwrap();
            assert!(read > 0, "a connection was cut off");
            length += read;
            if let Some(body) = whole(&answer[..length]) {
                break body;
            }
        };
        times.push(asked.elapsed());
        assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
        counts.answers.fetch_add(1, Ordering::Relaxed);
        if asked.duration_since(known.since) > OLDEST {
            let shown = std::str::from_utf8(&answer[body..length]).unwrap();
            // What was written meanwhile may be shown, too.
            let newer = truth.borrow().next.clone();
            assert!(
                [&known.title, &known.next, &newer]
                    .into_iter()
                    .any(|title| shown.contains(title)),
                "a page is older than a second: {} is not on it",
                known.title
            );
        }
    }
    times
}

/// Where the body begins, once all of it is there.
fn whole(answer: &[u8]) -> Option<usize> {
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..body]).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    (answer.len() >= body + length.unwrap().parse::<usize>().unwrap()).then_some(body)
}

/// Opens and closes an incident until the end; says how often.
async fn change(place: &Path, truths: &watch::Sender<Truth>, end: Instant) -> u32 {
    let mut changes = 1;
    while Instant::now() + EVERY < end {
        tokio::time::sleep(EVERY).await;
        let open = changes % 2 == 0;
        let title = format!("{} {changes}", if open { "Opened" } else { "Closed" });
        truths.send_modify(|truth| truth.next.clone_from(&title));
        write(place, &title, open);
        truths.send_replace(Truth {
            next: title.clone(),
            title,
            since: Instant::now(),
        });
        changes += 1;
    }
    changes
}

async fn run(place: &Path, service: &Service) {
    let before = service.memory();
    let counts = Arc::new(Counts::default());
    let (stop, told) = watch::channel(false);
    let mut listeners = JoinSet::new();
    for _ in 0..LISTENERS {
        listeners.spawn(listen(
            service.page.clone(),
            Arc::clone(&counts),
            told.clone(),
        ));
    }
    let first = Truth {
        title: "Opened 0".to_owned(),
        next: "Opened 0".to_owned(),
        since: Instant::now(),
    };
    write(place, &first.title, true);
    let (truths, truth) = watch::channel(first);
    let end = Instant::now() + LASTS;
    let mut askers = JoinSet::new();
    for _ in 0..LINES {
        askers.spawn(ask(
            service.page.clone(),
            truth.clone(),
            Arc::clone(&counts),
            end,
        ));
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let each = (service.memory() - before) * 1024.0 / f64::from(u32::try_from(LISTENERS).unwrap());
    let changes = change(place, &truths, end).await;
    let mut times: Vec<Duration> = askers.join_all().await.into_iter().flatten().collect();
    stop.send_replace(true);
    listeners.join_all().await;
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
    println!(
        "{LISTENERS} listeners, {} answers in {LASTS:?} ({} wanted), {changes} changes: no error, no \
         page older than {OLDEST:?}",
        count(&counts.answers),
        RATE * usize::try_from(LASTS.as_secs()).unwrap(),
    );
    println!(
        "an answer: median {:.2?}, p99 {:.2?}; told of changes {} times, {} beats",
        at(&mut times, 50),
        at(&mut times, 99),
        count(&counts.events),
        count(&counts.beats),
    );
    println!("memory of a listener: {each:.1} KiB");
}

fn main() {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 9, 0, 50);
    let service = Service::start(place.path(), 2);
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(run(place.path(), &service));
}
