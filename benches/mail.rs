//! Ten thousand recipients, one incident, and a relay that takes 50 ms for a mail.
//!
//! `cargo bench --bench mail` hands all mails over, once to a relay that takes each
//! and once to one that refuses every third, and prints the time and the memory beside
//! their limits. It needs aiosmtpd (`python3-aiosmtpd`), which `scripts/test` installs.
//! `CRITWATCH_RECIPIENTS=200` makes it shorter.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::{Service, fill, get, text};

const RECIPIENTS: usize = 10_000;

/// All of them must be handed over within this time, by law of our decisions.
const LIMIT: Duration = Duration::from_mins(1);

/// Memory may grow by so many MiB while it works.
const GROWTH: f64 = 32.0;

/// The relay; dropping it ends it.
struct Relay(Child, u16);

impl Relay {
    /// Starts it; every so many recipients are refused, or none if that is 0.
    fn start(refuse: usize) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mails/relay.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .env("DELAY", "0.05")
            .env("QUIET", "1")
            .env("REFUSE", refuse.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut port).unwrap();
        Self(child, port.trim().parse().unwrap())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How many mails ended in a way.
fn count(service: &Service, outcome: &str) -> usize {
    let (_, page) = get(&service.ops, "/metrics", "");
    let name = format!("critwatch_mails_total{{notifier=\"all\",outcome=\"{outcome}\"}} ");
    let page = String::from_utf8(page).unwrap();
    let mut values = page.lines().filter_map(|line| line.strip_prefix(&name));
    values.next().map_or(0, |value| value.parse().unwrap())
}

fn run(what: &str, recipients: usize, refuse: usize) -> bool {
    let relay = Relay::start(refuse);
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 2, 0, 0);
    let path = place.path().join("alerts.toml");
    let mut settings = std::fs::read_to_string(&path).unwrap();
    let to: Vec<_> = (0..recipients)
        .map(|number| format!("'reader-{number}@example.net'"))
        .collect();
    write!(
        settings,
        "[mail]\nrelay = 'localhost'\nport = {}\ntls = 'none'\nfrom = 'status@example.org'\n\
         [ops]\nhosts = ['x']\n[[notifier]]\nid = 'all'\ntype = 'email'\nto = [{}]\n",
        relay.1,
        to.join(", ")
    )
    .unwrap();
    std::fs::write(&path, settings).unwrap();
    let service = Service::start(place.path(), 2);
    let before = service.memory();
    let begun = Instant::now();
    let incident = text(1, "Rolls fail", true);
    std::fs::write(place.path().join("incidents/2020-01-01-rolls.md"), incident).unwrap();
    let (mut most, mut slowest) = (before, Duration::ZERO);
    let mut ended = 0;
    while ended < recipients && begun.elapsed() < LIMIT * 3 {
        std::thread::sleep(Duration::from_millis(200));
        most = most.max(service.memory());
        let asked = Instant::now();
        get(&service.page, "/", "");
        slowest = slowest.max(asked.elapsed());
        ended = count(&service, "delivered") + count(&service, "never");
    }
    let took = begun.elapsed();
    let refused = count(&service, "never");
    println!(
        "{what}: {ended} of {recipients} mails ({refused} refused) in {:.1} s (limit {} s)",
        took.as_secs_f64(),
        LIMIT.as_secs()
    );
    println!(
        "  memory {before:.0} MiB, at most {most:.0} MiB (limit +{GROWTH:.0}); slowest page {:.0} ms",
        slowest.as_secs_f64() * 1000.0
    );
    ended == recipients && took <= LIMIT && most - before <= GROWTH
}

fn main() {
    let recipients = std::env::var("CRITWATCH_RECIPIENTS");
    let recipients = recipients.map_or(RECIPIENTS, |number| number.parse().unwrap());
    let taken = run("each is taken", recipients, 0);
    let refused = run("every third is refused", recipients, 3);
    assert!(taken && refused, "a limit is broken");
}
