//! What the page costs: beside nginx, in memory, and until a change is seen.
//!
//! `cargo bench --bench page` prints each figure beside the limit that it is to
//! keep. nginx gives the exported files of the same site, with the same headers;
//! each has one thread, and they take turns in the same run.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::{PROGRAM, Service, at, fill, get, text, until};

const ROUNDS: usize = 5;
const INCIDENTS: usize = 10_000;
const EDITS: usize = 60;

/// After load the allocator gives back within this time what nobody uses.
const REST: Duration = Duration::from_secs(30);

/// One measurement of wrk.
struct Load {
    rate: f64,
    p99: String,
    /// Microseconds of the processor for a request: other programs on the
    /// machine make it hardly longer.
    cost: f64,
}

/// Seconds of the processor that a process took so far.
fn taken(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // After the name: 11 and 12 are its own and the system's time in hundredths.
    let ticks = [fields[11], fields[12]].map(|field| field.parse::<f64>().unwrap());
    ticks.iter().sum::<f64>() / 100.0
}

/// Asks for `/` for some seconds over connections that are kept.
fn load(server: &str, process: u32) -> Load {
    let before = taken(process);
    let output = Command::new("wrk")
        .args([
            "-t1",
            "-c32",
            "-d3s",
            "--latency",
            "-H",
            "Accept-Encoding: gzip",
        ])
        .arg(format!("http://{server}/"))
        .output()
        .unwrap_or_else(|error| panic!("wrk, which makes the load, cannot be run: {error}"));
    let text = String::from_utf8(output.stdout).unwrap();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {text}"))
            .trim()
            .to_owned()
    };
    assert!(
        !text.contains("Non-2xx") && !text.contains("Socket errors"),
        "{text}"
    );
    let line = text
        .lines()
        .find(|line| line.contains(" requests in "))
        .unwrap();
    let requests: f64 = line.split_whitespace().next().unwrap().parse().unwrap();
    Load {
        rate: value("Requests/sec:").parse().unwrap(),
        p99: value("99%"),
        cost: (taken(process) - before) / requests * 1e6,
    }
}

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker when it is told to stop, not when it is killed.
        let id = self.0.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.0.wait();
    }
}

fn nginx(place: &Path) -> (Nginx, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap().to_string();
    drop(listener);
    let (root, place) = (place.join("public"), place.join("nginx"));
    std::fs::create_dir_all(&place).unwrap();
    let settings = format!(
        "daemon off; master_process off; worker_processes 1; pid {place}/pid; error_log {place}/log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n\
         client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};\n\
         uwsgi_temp_path {place}; scgi_temp_path {place};\n\
         open_file_cache max=1000; open_file_cache_valid 60s; server_tokens off;\n\
         server {{ listen {server}; root {root}; include {root}/headers.conf; }} }}\n",
        place = place.display(),
        root = root.display(),
    );
    std::fs::write(place.join("nginx.conf"), settings).unwrap();
    let child = Command::new("nginx")
        .arg("-c")
        .arg(place.join("nginx.conf"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("nginx listens", || {
        std::net::TcpStream::connect(&server).is_ok()
    });
    (Nginx(child), server)
}

fn export(place: &Path) {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(place)
        .args(["export", "--out", "public"]);
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

/// A page without the number of the revision that it shows.
fn timeless(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let Some((before, rest)) = page.split_once(" data-revision=\"") else {
        return page.into_owned();
    };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{after}")
}

fn beside_nginx() {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 9, 0, 12);
    export(place.path());
    let service = Service::start(place.path(), 1);
    let (nginx, server) = nginx(place.path());
    let gzip = "Accept-Encoding: gzip\r\n";
    // A served page says which revision it shows; a file does not.
    until("both give the same page", || {
        timeless(&get(&service.page, "/", "").1) == timeless(&get(&server, "/", "").1)
    });
    let (ours, theirs) = (get(&service.page, "/", gzip), get(&server, "/", gzip));
    println!(
        "`/`, gzip: {} bytes; head {} bytes here, {} there",
        ours.1.len(),
        ours.0.len(),
        theirs.0.len()
    );
    let pairs: Vec<(Load, Load)> = (0..ROUNDS)
        .map(|_| {
            (
                load(&service.page, service.process()),
                load(&server, nginx.0.id()),
            )
        })
        .collect();
    for (ours, theirs) in &pairs {
        println!(
            "  here {:.0}/s, p99 {}, {:.1} µs each; nginx {:.0}/s, p99 {}, {:.1} µs each",
            ours.rate, ours.p99, ours.cost, theirs.rate, theirs.p99, theirs.cost
        );
    }
    let median = |ratio: fn(&(Load, Load)) -> f64| {
        let mut ratios: Vec<f64> = pairs.iter().map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    };
    println!(
        "requests per second, of nginx': median {:.2} (at least 1.10)",
        median(|(ours, theirs)| ours.rate / theirs.rate)
    );
    println!(
        "requests per second of the processor, of nginx': median {:.2} (at least 1.10)",
        median(|(ours, theirs)| theirs.cost / ours.cost)
    );
}

fn small() {
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let demo = std::fs::read_to_string(root.join("alerts.toml")).unwrap();
    let socket = place.path().join("redis.sock");
    let mut redis = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(&socket)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("Redis listens", || socket.exists());
    let url = format!("unix://{}", socket.display());
    let demo = demo.replace("${REDIS_URL:-redis://127.0.0.1:6379}", &url);
    std::fs::write(place.path().join("alerts.toml"), demo).unwrap();
    let service = Service::start(place.path(), 2);
    let load = load(&service.page, service.process());
    std::thread::sleep(REST);
    let memory = service.memory();
    redis.kill().unwrap();
    redis.wait().unwrap();
    println!(
        "memory with the demo's settings, after {:.0} requests/s: {memory:.0} MiB (at most 30)",
        load.rate
    );
}

fn large() {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 500, 500, INCIDENTS);
    let begun = Instant::now();
    let service = Service::start(place.path(), 2);
    assert!(get(&service.page, "/", "").0.contains("200 OK"));
    let cold = begun.elapsed();
    println!("from the start to the first page, {INCIDENTS} incidents: {cold:.0?} (at most 1 s)");
    drop(service);

    let service = Service::start(place.path(), 2);
    for number in 0..2_000 {
        let path = format!("/issues/2020-01-01-incident-{}/", number * 5);
        assert!(
            get(&service.page, &path, "Accept-Encoding: br\r\n")
                .0
                .contains("200 OK")
        );
    }
    get(&service.page, "/issues/", "Accept-Encoding: br\r\n");
    let busy = service.memory();
    std::thread::sleep(REST);
    println!(
        "memory with 500 components, 500 rules, {INCIDENTS} incidents, half a minute after 2,000 of \
         their pages: {:.0} MiB (at most 120); at the end of these requests {busy:.0}",
        service.memory()
    );

    edits(&service, place.path());
}

/// How long edits take until the page shows them.
fn edits(service: &Service, place: &Path) {
    let (mut seen, mut rendered) = (Vec::new(), Vec::new());
    for edit in 0..EDITS {
        let title = format!("Edited {edit}");
        let number = edit * 37 % INCIDENTS;
        let beside = place.join("incidents/.beside");
        std::fs::write(&beside, text(number, &title, true)).unwrap();
        let file = place.join(format!("incidents/2020-01-01-incident-{number}.md"));
        std::fs::rename(&beside, &file).unwrap();
        let wanted = title.as_bytes();
        let mut last = Duration::ZERO;
        let taken = until("the page shows an edit", || {
            let asked = Instant::now();
            let page = get(&service.page, "/", "").1;
            last = asked.elapsed();
            page.windows(wanted.len()).any(|some| some == wanted)
        });
        seen.push(taken);
        rendered.push(last);
        std::fs::write(&beside, text(number, &title, false)).unwrap();
        std::fs::rename(&beside, &file).unwrap();
        std::thread::sleep(Duration::from_millis(30));
    }
    let mut readings = [(); 5].map(|()| reading(&place.join("incidents")));
    let (median, reading) = (at(&mut seen, 50), at(&mut readings, 50));
    println!(
        "from a saved file to the page, {INCIDENTS} incidents: median {median:.1?}, p99 {:.1?} (at most 50 ms)",
        at(&mut seen, 99),
    );
    println!(
        "that is {:.2} of the time in which this machine reads these files, {reading:.0?} (at most 0.50)",
        median.as_secs_f64() / reading.as_secs_f64()
    );
    println!(
        "a page of a new board, asked for and served: median {:.1?}, p99 {:.1?}",
        at(&mut rendered, 50),
        at(&mut rendered, 99),
    );
}

/// How long it takes to read the bytes of all files in a folder, without looking at
/// them: how fast a machine is at present.
fn reading(folder: &Path) -> Duration {
    let begun = Instant::now();
    let files = std::fs::read_dir(folder).unwrap();
    let bytes: usize = files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap().len())
        .sum();
    assert!(bytes > 0);
    begun.elapsed()
}

fn main() {
    large();
    small();
    beside_nginx();
}
