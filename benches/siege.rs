//! What an honest visitor gets while others do harm, and what memory that leaves.
//!
//! `cargo bench --bench siege` has twenty addresses hold as many connections as they
//! get, in each way in which that can be done, and counts the answers of visitors of
//! whom one comes every 50 ms, whether the others have theirs yet or not: who waits
//! longer makes nobody come later. It prints each figure beside the limit that it is
//! to keep.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::site::{Service, at, fill, get};

const ADDRESSES: u8 = 20;
const EACH: u8 = 120;
const INCIDENTS: usize = 3_000;

/// How often an honest visitor comes, and how many of them.
const EVERY: Duration = Duration::from_millis(50);
const VISITORS: u32 = 160;

/// A byte comes so seldom, and who was cut comes again so soon.
const DRIP: Duration = Duration::from_millis(700);
const AGAIN: Duration = Duration::from_millis(20);

/// An answer that takes longer is none: who repeats a lost greeting waits for a second.
const PATIENCE: Duration = Duration::from_millis(900);

/// How long memory may take to be given back.
const SETTLES: Duration = Duration::from_secs(30);

/// A way to hold a connection.
#[derive(Clone, Copy, Debug)]
enum Way {
    SlowHead,
    SlowBody,
    Silent,
    Kept,
    NeverReads,
    HalfClosed,
    Listens,
    Searches,
}

impl Way {
    const ALL: [Self; 8] = [
        Self::SlowHead,
        Self::SlowBody,
        Self::Silent,
        Self::Kept,
        Self::NeverReads,
        Self::HalfClosed,
        Self::Listens,
        Self::Searches,
    ];

    /// What is sent at once.
    fn opening(self) -> String {
        let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        match self {
            Self::SlowHead | Self::HalfClosed => "GET / HTTP/1.1\r\nHost: x\r\nX-a: ".to_owned(),
            Self::SlowBody => "POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\nwhat="
                .to_owned(),
            Self::Silent => String::new(),
            Self::Kept => get("/robots.txt"),
            Self::NeverReads => get("/issues/").repeat(100),
            Self::Listens => get("/live"),
            Self::Searches => get("/issues/?q=fail+rolls+nothing"),
        }
    }
}

/// Holds one connection after the other until it fails.
async fn hold(
    server: SocketAddr,
    address: Ipv4Addr,
    way: Way,
    opened: &AtomicU64,
) -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((address, 0).into())?;
    let mut stream = socket.connect(server).await?;
    opened.fetch_add(1, Ordering::Relaxed);
    stream.write_all(way.opening().as_bytes()).await?;
    match way {
        Way::SlowHead | Way::SlowBody => loop {
            tokio::time::sleep(DRIP).await;
            stream.write_all(b"a").await?;
        },
        Way::HalfClosed => {
            stream.shutdown().await?;
            read_all(&mut stream).await
        }
        Way::NeverReads => loop {
            // It fails once the other side has gone.
            tokio::time::sleep(DRIP).await;
            stream.try_write(b"\r\n")?;
        },
        Way::Searches => {
            let mut part = vec![0; 1 << 16];
            let read = stream.read(&mut part).await?;
            assert!(read == 0 || part.starts_with(b"HTTP/1.1 "));
            Ok(())
        }
        Way::Silent | Way::Kept | Way::Listens => read_all(&mut stream).await,
    }
}

async fn read_all(stream: &mut TcpStream) -> io::Result<()> {
    let mut part = [0; 4096];
    while stream.read(&mut part).await? > 0 {}
    Ok(())
}

/// All who do harm; they stop when it is dropped.
struct Siege {
    runtime: tokio::runtime::Runtime,
    opened: Arc<AtomicU64>,
}

impl Siege {
    fn begin(server: &str, way: Way) -> Self {
        let server = server.parse().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let opened = Arc::new(AtomicU64::new(0));
        let mut all = JoinSet::new();
        for last in 0..ADDRESSES {
            for _ in 0..EACH {
                let opened = Arc::clone(&opened);
                let address = Ipv4Addr::new(127, 0, 0, 2 + last);
                let holding = async move {
                    loop {
                        let _ = hold(server, address, way, &opened).await;
                        tokio::time::sleep(AGAIN).await;
                    }
                };
                all.spawn_on(holding, runtime.handle());
            }
        }
        all.detach_all();
        Self { runtime, opened }
    }

    /// Stops; says how many connections were opened.
    fn end(self) -> u64 {
        self.runtime.shutdown_background();
        self.opened.load(Ordering::Relaxed)
    }
}

/// Asks once over a new connection, as who has never been here.
fn visit(server: &str, path: &str) -> io::Result<Duration> {
    let begun = Instant::now();
    let mut stream = std::net::TcpStream::connect_timeout(&server.parse().unwrap(), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let whole = answer.starts_with(b"HTTP/1.1 200 ") && begun.elapsed() < PATIENCE;
    let taken = whole.then(|| begun.elapsed());
    taken.ok_or_else(|| io::Error::other("no answer"))
}

/// How long the answers took that visitors got.
fn visits(server: &str, path: &str) -> Vec<Duration> {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let visits: Vec<_> = (0..VISITORS)
            .map(|number| {
                let comes = begun + EVERY * number;
                std::thread::sleep(comes.saturating_duration_since(Instant::now()));
                scope.spawn(|| visit(server, path).ok())
            })
            .collect();
        let times = visits.into_iter().map(|visit| visit.join().unwrap());
        times.flatten().collect()
    })
}

fn besiege(service: &Service, server: &str, path: &str, way: Way) {
    let quiet = visits(server, path).len();
    let siege = Siege::begin(server, way);
    std::thread::sleep(Duration::from_secs(2));
    let mut times = visits(server, path);
    let peak = service.memory();
    let opened = siege.end();
    let share = times.len() * 100 / quiet;
    println!(
        "{path} while {ADDRESSES} addresses hold {} connections ({way:?}, {opened} opened): {} of {quiet} \
         answers, {share} % (at least 90), median {:.1?}, p99 {:.1?}; {peak:.0} MiB meanwhile",
        u32::from(ADDRESSES) * u32::from(EACH),
        times.len(),
        at(&mut times, 50),
        at(&mut times, 99),
    );
}

/// Asks for every page there is in every form.
fn bust(server: &str) {
    let askers: Vec<_> = (0..8)
        .map(|asker| {
            let server = server.to_owned();
            std::thread::spawn(move || {
                for number in (asker..INCIDENTS).step_by(8) {
                    for coding in ["br", "gzip", "identity"] {
                        let path = format!("/issues/2020-01-01-incident-{number}/");
                        let language = ["en", "de", "fr", "ja"][number % 4];
                        let headers =
                            format!("Accept-Encoding: {coding}\r\nAccept-Language: {language}\r\n");
                        assert!(get(&server, &path, &headers).0.contains("200 OK"));
                    }
                }
            })
        })
        .collect();
    for asker in askers {
        asker.join().unwrap();
    }
}

/// The least memory within some time.
fn settled(service: &Service) -> f64 {
    let end = Instant::now() + SETTLES;
    let mut least = f64::INFINITY;
    while Instant::now() < end {
        least = least.min(service.memory());
        std::thread::sleep(Duration::from_millis(500));
    }
    least
}

fn main() {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 9, 0, INCIDENTS);
    let service = Service::start(place.path(), 2);
    for _ in 0..20 {
        visit(&service.page, "/").unwrap();
    }
    let before = settled(&service);
    println!("memory at first: {before:.0} MiB");
    for way in Way::ALL {
        besiege(&service, &service.page, "/", way);
    }
    for way in [Way::SlowHead, Way::Silent, Way::NeverReads] {
        besiege(&service, &service.ops, "/metrics", way);
    }
    let (held, after) = (service.memory(), settled(&service));
    println!("memory after all of that: {held:.0} MiB, soon {after:.0} MiB");
    for _ in 0..3 {
        bust(&service.page);
        let (held, after) = (service.memory(), settled(&service));
        println!(
            "memory after every page in every form: {held:.0} MiB, soon {after:.0} MiB, \
             {:.0} above the first (at most 64)",
            after - before
        );
    }
}
