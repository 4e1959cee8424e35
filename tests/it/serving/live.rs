//! Open pages, which are told of changes.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::serving::{INCIDENT, monitor};
use crate::world::Monitor;
use crate::world::patience::PATIENCE;

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
    current.until("event: beat").await;
    assert_eq!(current.until("id:").await, changed);
    let data: serde_json::Value = serde_json::from_str(&current.until("data:").await).unwrap();
    assert_eq!(data["revision"].to_string(), changed);
    // The page names the revision that it shows.
    let page = monitor.get("/").await.1;
    assert!(page.contains(&format!(" data-revision=\"{changed}\"")));

    let listening = async {
        for listener in [&mut first, &mut late, &mut loaded, &mut current] {
            listener.end().await;
        }
    };
    let (status, ()) = tokio::join!(monitor.stop(), listening);
    assert!(status.success());
}
