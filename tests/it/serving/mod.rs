//! The public listener as browsers, caches and strangers meet it.

pub(crate) mod live;
mod requests;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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
            ("referrer-policy", "same-origin"),
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
        ("gzip, zstd", "gzip"),
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
    assert_eq!(marks.len(), 3, "{marks:?}");
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
