//! A site of many incidents, and the service on it, for benchmarks of the page.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_critwatch");

/// A file of an incident that is over.
pub(crate) fn text(number: usize, title: &str, open: bool) -> String {
    let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 2000 + number % 26);
    let end = if open {
        "resolved: false\n".to_owned()
    } else {
        format!("resolved: true\nresolvedWhen: {year}-{month:02}-{day:02}T12:40:00Z\n")
    };
    format!(
        "---\nsection: issue\ntitle: \"{title}\"\ndate: {year}-{month:02}-{day:02}T12:00:00Z\n\
         {end}severity: down\naffected:\n  - Part 0\n  - Part 1\n---\n\
         *Resolved* - Rolls work again. {{{{< track \"{year}-{month:02}-{day:02} 12:40:00\" >}}}}\n\n\
         *Investigating* - {}\n",
        "Rolls fail and you may be logged out. ".repeat(number % 20 + 1),
    )
}

/// Fills a folder with settings and incidents.
pub(crate) fn fill(place: &Path, components: usize, rules: usize, incidents: usize) {
    let mut alerts = "[site]\ntitle = 'Dice'\ntrusted_proxies = ['127.0.0.1']\n\
                     reports = true\n"
        .to_owned();
    for number in 0..components {
        let component = format!("[[component]]\nid = 'part-{number}'\nname = 'Part {number}'\n");
        alerts.push_str(&component);
    }
    for number in 0..rules {
        let part = number % components.max(1);
        let rule = format!(
            "[[rule]]\nid = 'rule-{number}'\nexpr = 'up{{job=\"j{number}\"}} == 0'\n\
             severity = 'down'\ncomponents = ['part-{part}']\ntitle = 'Part {part} fails'\n\
             text = 'It fails.'\n"
        );
        alerts.push_str(&rule);
    }
    if rules > 0 {
        // It is refused: the rules are judged all the same.
        alerts += "[[collector]]\nid = 'j0'\ntype = 'prometheus'\ninterval = '1s'\n\
                   url = 'http://127.0.0.1:9/metrics'\n";
    }
    std::fs::write(place.join("alerts.toml"), alerts).unwrap();
    let folder = place.join("incidents");
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..incidents {
        let name = format!("2020-01-01-incident-{number}.md");
        let title = format!("Incident {number}");
        std::fs::write(folder.join(name), text(number, &title, false)).unwrap();
    }
}

/// The running service; it ends with the benchmark.
pub(crate) struct Service {
    child: Child,
    /// Read no further, and not closed: it may say more.
    _lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    /// Where the page answers: `127.0.0.1:4711`.
    pub(crate) page: String,
    /// Where operators are answered.
    pub(crate) ops: String,
}

impl Service {
    /// Starts it on a folder, with so many threads that answer.
    pub(crate) fn start(place: &Path, threads: usize) -> Self {
        let mut child = Command::new(PROGRAM)
            .current_dir(place)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--ops-listen",
                "127.0.0.1:0",
            ])
            .env("TOKIO_WORKER_THREADS", threads.to_string())
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = || {
            let line = lines.next().unwrap().unwrap();
            line.rsplit('/').next().unwrap().to_owned()
        };
        let (page, ops) = (address(), address());
        Self {
            child,
            _lines: lines,
            page,
            ops,
        }
    }

    /// Its number.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Its memory that is not on the disk, in MiB.
    pub(crate) fn memory(&self) -> f64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks an address once; its head and its body.
pub(crate) fn get(server: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(server).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = answer.split_off(end.unwrap() + 4);
    (String::from_utf8_lossy(&answer).into_owned(), body)
}

/// The value at a share of sorted times.
pub(crate) fn at(times: &mut [Duration], share: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * share).div_ceil(100).saturating_sub(1)]
}

/// Waits until something is so, and says how long that took.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "waited in vain until {what}"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    begun.elapsed()
}
