//! Fifty kills of either of two monitors that share a lease.
//!
//! `cargo bench --bench failover` kills the one that writes at a random moment, or the
//! one that follows, and prints how long the takeover took, as median and p99, beside
//! its limit. It needs `redis-server`. `CRITWATCH_KILLS=5` makes it shorter.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::prelude::*;

use crate::site::{Service, at, get, until};

const KILLS: usize = 50;

/// The median must not be longer, by law of our decisions.
const LIMIT: Duration = Duration::from_secs(3);

const TOKEN: &str = "a token of this benchmark";

/// The Redis of the lease; dropping it ends it.
struct Lease(Child, u16);

impl Lease {
    fn start(place: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let child = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
            ])
            .arg(place)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child, port)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder of a monitor that looks at its lease each tenth of a second.
fn fill(place: &Path, lease: u16) {
    let settings = format!(
        "[site]\ntitle = 'Dice'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'j'\n\
         type = 'tcp'\naddress = '127.0.0.1:{lease}'\ninterval = '100ms'\ntimeout = '100ms'\n\
         [[rule]]\nid = 'r'\nexpr = 'up == 0'\nseverity = 'down'\ncomponents = ['c']\n\
         title = 'It fails'\ntext = 't'\n[ops]\ntoken = '{TOKEN}'\n\
         [lease]\nredis = 'redis://127.0.0.1:{lease}'\n"
    );
    std::fs::create_dir_all(place.join("incidents")).unwrap();
    std::fs::write(place.join("alerts.toml"), settings).unwrap();
}

/// Whether a monitor writes.
fn writes(service: &Service) -> bool {
    let (_, body) = get(
        &service.ops,
        "/api/v1/state",
        &format!("Authorization: Bearer {TOKEN}\r\n"),
    );
    let state: serde_json::Value = serde_json::from_slice(&body).unwrap();
    state["reader"] == false
}

fn main() {
    let kills = std::env::var("CRITWATCH_KILLS").ok();
    let kills = kills.and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let places = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let redis = tempfile::tempdir().unwrap();
    let lease = Lease::start(redis.path());
    let mut random = StdRng::seed_from_u64(15);
    let start = |place: &tempfile::TempDir| {
        fill(place.path(), lease.1);
        Service::start(place.path(), 2)
    };
    let mut services = places.each_ref().map(|place| Some(start(place)));
    let writer = |services: &[Option<Service>]| {
        let is_writing = |service: &Option<Service>| service.as_ref().is_some_and(writes);
        services.iter().position(is_writing)
    };
    let mut times = Vec::new();
    for _ in 0..kills {
        until("one of them writes", || writer(&services).is_some());
        // Any moment between two renewals.
        std::thread::sleep(Duration::from_millis(random.random_range(0..2000)));
        let first = writer(&services).unwrap();
        let killed = if random.random() { first } else { 1 - first };
        // A service that is dropped is killed.
        services[killed] = None;
        let took = until("the other one writes", || writer(&services).is_some());
        if killed == first {
            times.push(took);
        }
        services[killed] = Some(start(&places[killed]));
    }
    let (median, p99) = (at(&mut times, 50), at(&mut times, 99));
    println!(
        "takeover after kill -9 of the writer, {} times: median {:.2} s (limit {} s), p99 {:.2} s",
        times.len(),
        median.as_secs_f64(),
        LIMIT.as_secs(),
        p99.as_secs_f64(),
    );
    assert!(median <= LIMIT, "a takeover takes too long");
}
