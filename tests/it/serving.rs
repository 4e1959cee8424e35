//! The public listener as browsers, caches and strangers meet it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::world::Monitor;
use crate::world::patience::PATIENCE;

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as it was before it was compressed.
    pub(crate) fn plain(&self) -> Vec<u8> {
        plain(self.header("content-encoding"), &self.body)
    }
}

/// Undoes a compression, by its name in headers or at the end of files.
pub(crate) fn plain(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "" => plain.extend_from_slice(body),
        "br" => brotli::BrotliDecompress(&mut &*body, &mut plain).unwrap(),
        "gzip" | "gz" => {
            let mut reader = flate2::read::GzDecoder::new(body);
            reader.read_to_end(&mut plain).unwrap();
        }
        "zstd" | "zst" => plain = zstd::stream::decode_all(body).unwrap(),
        other => panic!("unknown coding {other}"),
    }
    plain
}

/// Sends a head and reads everything that comes back.
async fn raw(page: &str, head: &str) -> Vec<u8> {
    let address = page.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    // A connection that is reset after its answer gave its answer.
    let _ = tokio::time::timeout(PATIENCE, read).await.unwrap();
    bytes
}

pub(crate) async fn ask(monitor: &Monitor, method: &str, path: &str, headers: &str) -> Answer {
    ask_server(&monitor.page, method, path, headers).await
}

pub(crate) async fn ask_server(server: &str, method: &str, path: &str, headers: &str) -> Answer {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    let mut bytes = raw(server, &head).await;
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap()[9..12].parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status,
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body,
    }
}

const INCIDENT: &str = "---\nsection: issue\ntitle: Rolls failed\ndate: 2023-01-19T04:02:00Z\n\
    resolved: true\nresolvedWhen: 2023-01-19T17:00:00Z\nseverity: down\naffected: [API]\n---\nOver.\n";

/// A monitor without anything to watch.
async fn monitor(place: &Path) -> Monitor {
    monitor_with(place, "").await
}

/// The same with further settings of its site.
async fn monitor_with(place: &Path, site: &str) -> Monitor {
    write(place, site);
    Monitor::serve(place, &[]).await
}

fn write(place: &Path, site: &str) {
    std::fs::create_dir(place.join("incidents")).unwrap();
    std::fs::write(place.join("incidents/2023-01-19-rolls.md"), INCIDENT).unwrap();
    std::fs::write(
        place.join("alerts.toml"),
        format!(
            "[site]\ntitle = 'Dice'\nurl = 'https://status.example.org'\n{site}\
             [[component]]\nid = 'api'\nname = 'API'\n"
        ),
    )
    .unwrap();
}

/// What is asked, and the code of the answer.
const ASKED: [(&str, &str, u16); 27] = [
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/issues/", 200),
    ("GET", "/issues/2023-01-19-rolls/", 200),
    ("GET", "/issues/2023-01-19-rolls", 308),
    ("GET", "/issues", 308),
    ("GET", "/issues/nope/", 404),
    ("GET", "/issues/nope", 404),
    ("GET", "/../../etc/passwd", 404),
    ("GET", "//example.org/", 404),
    ("GET", "/style.css", 200),
    ("GET", "/404.html", 404),
    ("POST", "/", 405),
    ("DELETE", "/issues/", 405),
    ("POST", "/nope", 404),
    // What other sites may read.
    ("GET", "/index.json", 200),
    ("GET", "/favicon.svg", 200),
    ("OPTIONS", "/index.json", 204),
    ("DELETE", "/index.json", 405),
    ("GET", "/feed.atom", 200),
    ("GET", "/embed.js", 200),
    ("GET", "/affected/api/index.svg", 200),
    ("GET", "/affected/nothing/index.json", 404),
    ("GET", "/api/v2/summary.json", 200),
    ("HEAD", "/live", 200),
    ("OPTIONS", "/live", 204),
    ("POST", "/live", 405),
];

/// How many of them, at the end, other sites may read.
const OPEN: usize = 12;

#[tokio::test]
async fn every_answer_is_guarded_and_says_nothing_of_what_made_it() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    for (number, (method, path, status)) in ASKED.into_iter().enumerate() {
        let answer = ask(&monitor, method, path, "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
            ("server", ""),
            ("x-powered-by", ""),
        ] {
            assert_eq!(answer.header(name), value, "{method} {path}: {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(!answer.header("permissions-policy").is_empty());
        assert!(
            !answer.header("cache-control").is_empty(),
            "{method} {path}"
        );
        let open = number >= ASKED.len() - OPEN;
        let (origin, sharing) = if open {
            ("*", "cross-origin")
        } else {
            ("", "same-origin")
        };
        assert_eq!(
            answer.header("access-control-allow-origin"),
            origin,
            "{method} {path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            sharing,
            "{method} {path}"
        );
        let allowed = matches!(status, 204 | 405);
        assert_eq!(
            answer.header("allow") == "GET, HEAD, OPTIONS",
            allowed,
            "{path}"
        );
    }
    let moved = ask(&monitor, "GET", "/issues?a=b", "").await;
    assert_eq!(moved.header("location"), "/issues/?a=b");
}

#[tokio::test]
async fn each_visitor_gets_the_smallest_body_that_is_understood_with_a_mark_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let mut marks = Vec::new();
    let page = ask(&monitor, "GET", "/", "").await;
    for (accept, coding) in [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
    ] {
        let accept = format!("Accept-Encoding: {accept}\r\n");
        let answer = ask(&monitor, "GET", "/", &accept).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.header("vary"), "accept-encoding, accept-language");
        assert_eq!(answer.plain(), page.body);
        let mark = answer.header("etag").to_owned();
        assert!(mark.starts_with('"'), "{mark}");

        // The head alone is the same, and who has the body already gets none.
        let head = ask(&monitor, "HEAD", "/", &accept).await;
        assert_eq!(head.header("content-length"), answer.body.len().to_string());
        assert!(head.body.is_empty() && head.header("etag") == mark);
        for known in [mark.clone(), format!("\"x\", W/{mark}"), "*".to_owned()] {
            let asked = format!("{accept}If-None-Match: {known}\r\n");
            let same = ask(&monitor, "GET", "/", &asked).await;
            assert_eq!((same.status, same.body.len()), (304, 0), "{known}");
            assert_eq!(same.header("etag"), mark);
            assert_eq!(same.header("cache-control"), answer.header("cache-control"));
            assert_eq!(same.header("content-encoding"), coding);
        }
        marks.push(mark);
    }
    marks.dedup();
    assert_eq!(marks.len(), 4, "{marks:?}");
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_good_by_its_mark_and_pictures_are_given_in_parts() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let page = String::from_utf8(ask(&monitor, "GET", "/", "").await.body).unwrap();
    let at = page.find("/style.css?").unwrap();
    let address = &page[at..at + "/style.css?".len() + 16];
    let kept = ask(&monitor, "GET", address, "").await;
    assert!(kept.header("cache-control").contains("immutable"));
    let stale = ask(&monitor, "GET", "/style.css?0000000000000000", "").await;
    assert!(!stale.header("cache-control").contains("immutable"));

    let whole = ask(&monitor, "GET", "/favicon.svg", "").await;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let part = ask(&monitor, "GET", "/favicon.svg", "Range: bytes=1-4\r\n").await;
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[1..5]));
    let length = whole.body.len();
    assert_eq!(part.header("content-range"), format!("bytes 1-4/{length}"));
    let beyond = ask(&monitor, "GET", "/favicon.svg", "Range: bytes=9999-\r\n").await;
    assert_eq!(beyond.status, 416);
    let other = "Range: bytes=1-4\r\nIf-Range: \"other\"\r\n";
    assert_eq!(
        ask(&monitor, "GET", "/favicon.svg", other).await.status,
        200
    );
    // A page is wanted whole.
    let page = ask(&monitor, "GET", "/", "Range: bytes=1-4\r\n").await;
    assert_eq!((page.status, page.header("accept-ranges")), (200, ""));
}

#[tokio::test]
async fn a_head_that_is_too_long_or_no_http_is_refused_and_harms_nobody() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let many = (0..100).fold(String::new(), |all, number| {
        format!("{all}X-{number}: y\r\n")
    });
    let long = format!("X: {}\r\n", "y".repeat(100_000));
    for headers in [many, long] {
        let head = format!("GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let answer = raw(&monitor.page, &head).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        // Who still sends may find the line closed.
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
    }
    let answer = raw(&monitor.page, "\u{1}\u{2}\u{3}\r\n\r\n").await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 400"));
    let large = format!("Content-Length: 100000\r\n\r\n{}", "x".repeat(100_000));
    assert_eq!(ask(&monitor, "POST", "/nope", &large).await.status, 413);
    assert_eq!(ask(&monitor, "GET", "/", "").await.status, 200);
}

#[tokio::test]
async fn a_request_that_names_no_host_or_two_or_none_that_could_be_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    for server in [&monitor.page, &monitor.ops] {
        for (version, hosts, status) in [
            ("1.1", "Host: localhost\r\n", 200),
            ("1.1", "Host:\r\n", 200),
            ("1.0", "", 200),
            ("1.1", "", 400),
            ("1.1", "Host: localhost\r\nHost: localhost\r\n", 400),
            ("1.0", "Host: localhost\r\nHost: evil.example\r\n", 400),
            ("1.1", "Host: a b<script>\r\n", 400),
            ("1.1", "Host: a/../b\r\n", 400),
            ("1.1", "Host: me@localhost\r\n", 400),
        ] {
            let path = if *server == monitor.page {
                "/"
            } else {
                "/metrics"
            };
            let head = format!("GET {path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
            let answer = String::from_utf8(raw(server, &head).await).unwrap();
            let expected = format!("HTTP/{version} {status} ");
            assert!(answer.starts_with(&expected), "{hosts}: {answer}");
            assert!(
                answer.contains("x-content-type-options: nosniff"),
                "{answer}"
            );
            if status == 400 {
                assert!(
                    answer.contains("`Host`") && !answer.contains("evil"),
                    "{answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_can_be_done_at_an_address_is_told_and_nothing_else_can() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor_with(place.path(), "reports = true\n").await;
    let reading = "GET, HEAD, OPTIONS";
    let reporting = "GET, HEAD, OPTIONS, POST";
    for (path, allowed, open) in [
        ("/", reading, false),
        ("/issues/", reading, false),
        ("/issues", reading, false),
        ("/affected/", reading, false),
        ("/report", reporting, false),
        ("/live", reading, true),
        ("/live?since=1", reading, true),
        ("/index.json", reading, true),
        ("/api/v2/summary.json", reading, true),
    ] {
        for (method, status) in [
            ("OPTIONS", 204),
            ("PUT", 405),
            ("DELETE", 405),
            ("PATCH", 405),
            ("POST", 405),
            ("ODD", 405),
        ] {
            if allowed.contains(method) && status == 405 {
                continue;
            }
            let answer = ask(&monitor, method, path, "Content-Length: 0\r\n").await;
            assert_eq!(answer.status, status, "{method} {path}");
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let origin = answer.header("access-control-allow-origin");
            assert_eq!(origin == "*", open, "{method} {path}");
            let told = answer.header("access-control-allow-methods");
            assert_eq!(told == allowed, open && status == 204, "{method} {path}");
        }
        let head = ask(&monitor, "HEAD", path, "").await;
        assert!(head.status < 400 && head.body.is_empty(), "{path}");
    }
    assert_eq!(ask(&monitor, "OPTIONS", "*", "").await.status, 204);
    assert_eq!(ask(&monitor, "OPTIONS", "/nope", "").await.status, 404);
    assert_eq!(ask(&monitor, "POST", "/nope.json", "").await.status, 404);
}

#[tokio::test]
async fn where_nobody_reports_the_form_is_not_there_for_any_method() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor_with(place.path(), "reports = false\n").await;
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT"] {
        let answer = ask(&monitor, method, "/report", "Content-Length: 0\r\n").await;
        assert_eq!(answer.status, 404, "{method}");
    }
}

#[tokio::test]
async fn answers_to_operators_are_guarded_as_well() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    for (method, path, status) in [
        ("GET", "/metrics", 200),
        ("HEAD", "/metrics", 200),
        ("GET", "/-/ready", 200),
        ("POST", "/metrics", 405),
        ("GET", "/api/v1/events", 403),
        ("GET", "/api/v2/alerts", 200),
        ("GET", "/nothing", 404),
    ] {
        let address = monitor.ops.trim_start_matches("http://");
        let host = format!("Host: {address}\r\nConnection: close\r\n");
        let head = format!("{method} {path} HTTP/1.1\r\n{host}\r\n");
        let answer = String::from_utf8(raw(&monitor.ops, &head).await).unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{path}: {answer}"
        );
        for line in [
            "x-content-type-options: nosniff",
            "cross-origin-resource-policy: same-origin",
            "x-frame-options: DENY",
            "cache-control: no-store",
        ] {
            assert!(answer.contains(line), "{method} {path}: {line}: {answer}");
        }
    }
}

/// An open page that listens.
pub(crate) struct Listener {
    lines: tokio::io::Lines<BufReader<TcpStream>>,
}

impl Listener {
    pub(crate) async fn open(monitor: &Monitor, path: &str, headers: &str) -> Self {
        let address = monitor.page.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(stream).lines();
        assert!(lines.next_line().await.unwrap().unwrap().contains("200 OK"));
        let mut listener = Self { lines };
        while listener.line().await.is_some_and(|line| !line.is_empty()) {}
        listener
    }

    /// The next line of what is said; `None` at the end.
    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line());
        line.await.unwrap().unwrap()
    }

    /// The next line that opens like this; what is left of it.
    pub(crate) async fn until(&mut self, opening: &str) -> String {
        loop {
            let line = self.line().await.unwrap();
            if let Some(rest) = line.strip_prefix(opening) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Waits for the end.
    async fn end(&mut self) {
        while self.line().await.is_some() {}
    }
}

#[tokio::test]
async fn an_open_page_is_told_of_a_change_resumes_where_it_was_and_ends_in_order() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let mut first = Listener::open(&monitor, "/live", "").await;
    let known = first.until("id:").await;
    let open = INCIDENT.replace("resolved: true", "resolved: false");
    std::fs::write(place.path().join("incidents/2026-03-01-open.md"), open).unwrap();
    first.until("event: board").await;
    let changed = first.until("id:").await;
    assert!(changed.parse::<i64>().unwrap() > known.parse().unwrap());
    let data: serde_json::Value = serde_json::from_str(&first.until("data:").await).unwrap();
    assert_eq!(
        (&data["health"], data["revision"].to_string()),
        (&"down".into(), changed.clone())
    );
    // By then the page shows it.
    assert!(monitor.get("/").await.1.contains("Rolls failed"));

    // Who missed it is told at once, however it says what it knows; who knows
    // it is only told which one it is.
    let mut late = Listener::open(&monitor, "/live", &format!("Last-Event-ID: {known}\r\n")).await;
    late.until("event: board").await;
    let mut loaded = Listener::open(&monitor, &format!("/live?since={known}"), "").await;
    loaded.until("event: board").await;
    let since = format!("Last-Event-ID: {changed}\r\n");
    let mut current = Listener::open(&monitor, "/live", &since).await;
    assert_eq!(current.until("id:").await, changed);
    current.until(":").await;

    let listening = async {
        for listener in [&mut first, &mut late, &mut loaded, &mut current] {
            listener.end().await;
        }
    };
    let (status, ()) = tokio::join!(monitor.stop(), listening);
    assert!(status.success());
}
