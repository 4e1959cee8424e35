//! Whoever holds every connection that there is locks nobody out.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::world::Monitor;

/// File handles of the monitor; a quarter of them are for visitors.
const HANDLES: usize = 256;

/// More than the seats that there are for them.
const MANY: usize = HANDLES / 4 + 40;

/// Who waits for time-outs of others waits longer than that.
const PATIENCE: Duration = Duration::from_secs(8);

const GET: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Ways to hold a connection: what is sent, and whether an answer is awaited.
const WAYS: [(&str, &str, bool); 6] = [
    ("silent", "", false),
    (
        "slow head",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-a: ",
        false,
    ),
    (
        "second head",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
        true,
    ),
    (
        "slow body",
        "POST /report HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\nwhat=",
        false,
    ),
    ("kept", GET, true),
    (
        "slow body of alerts",
        "POST /api/v2/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n[",
        false,
    ),
];

async fn monitor(place: &Path) -> Monitor {
    std::fs::create_dir(place.join("incidents")).unwrap();
    let settings = "[site]\ntitle = 'Dice'\nreports = true\n\
        [[collector]]\nid = 'alerts'\ntype = 'alerts'\n";
    std::fs::write(place.join("alerts.toml"), settings).unwrap();
    let few = format!("ulimit -n {HANDLES}; exec \"$0\" \"$@\"");
    Monitor::serve_by(&["sh", "-c", &few], place).await
}

/// Opens a connection from one of twenty addresses, and says something.
async fn hold(server: &str, number: usize, said: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    let last = u8::try_from(2 + number % 20).unwrap();
    socket
        .bind((Ipv4Addr::new(127, 0, 0, last), 0).into())
        .unwrap();
    let mut stream = socket.connect(server.parse().unwrap()).await.unwrap();
    // Who is sent away at once may not have been heard.
    let _ = stream.write_all(said.as_bytes()).await;
    stream
}

/// Whether an honest visitor is answered.
async fn visit(server: &str, path: &str) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(server).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // What counts is that the answer came, not how the connection ended.
        let _ = stream.read_to_end(&mut answer).await;
        answer.starts_with(b"HTTP/1.1 200 ")
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or(false)
}

#[tokio::test]
async fn who_holds_all_connections_locks_no_visitor_out() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    for (server, path) in [(&monitor.page, "/"), (&monitor.ops, "/metrics")] {
        let server = server.trim_start_matches("http://");
        for (way, said, answered) in WAYS {
            let mut held = Vec::new();
            for number in 0..MANY {
                let mut stream = hold(server, number, said).await;
                if answered {
                    // It may have been sent away meanwhile.
                    let _ = stream.read(&mut [0; 64]).await;
                }
                held.push(stream);
            }
            for _ in 0..3 {
                assert!(visit(server, path).await, "{server} {way}");
            }
        }
    }
}

/// Who does not read what was asked for is in nobody's way.
#[tokio::test]
async fn who_never_reads_locks_no_visitor_out() {
    let place = tempfile::tempdir().unwrap();
    let monitor = monitor(place.path()).await;
    let server = monitor.page.trim_start_matches("http://");
    let mut held = Vec::new();
    for number in 0..MANY {
        held.push(hold(server, number, &GET.repeat(200)).await);
    }
    for _ in 0..3 {
        assert!(visit(server, "/").await);
    }
}
