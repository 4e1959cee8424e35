//! What goes over the wire: one burst out, one burst back, and never too much.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::redis::world::{Server, Watcher};
use crate::world::foul::{Foul, KINDS};

/// What passed the proxy, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passed {
    Question,
    Answer,
}

/// A proxy before a Redis that notes each piece before it hands it on.
async fn proxy(port: u16) -> (SocketAddr, mpsc::UnboundedReceiver<Passed>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, passed) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let mut redis = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let mut piece = (vec![0; 1 << 20], vec![0; 1 << 20]);
            loop {
                // What the caller sent before an answer came is seen before it.
                tokio::select! {
                    biased;
                    Ok(size) = caller.read(&mut piece.0) => {
                        if size == 0 { break; }
                        sender.send(Passed::Question).unwrap();
                        redis.write_all(&piece.0[..size]).await.unwrap();
                    }
                    Ok(size) = redis.read(&mut piece.1) => {
                        if size == 0 { break; }
                        sender.send(Passed::Answer).unwrap();
                        caller.write_all(&piece.1[..size]).await.unwrap();
                    }
                    else => break,
                }
            }
        }
    });
    (address, passed)
}

fn hundred_queues(url: &str) -> String {
    let queue = |number| {
        format!("[[collector.queue]]\nname = 'q{number}'\nkey = 'queue:{number}'\ngroup = 'g'\n")
    };
    let queues: String = (0..100).map(queue).collect();
    format!("url = '{url}'\ninterval = '5s'\ntimeout = '4s'\n{queues}")
}

#[tokio::test]
async fn a_scrape_of_a_hundred_queues_is_one_round_trip() {
    let server = Server::start(&[]);
    for number in 0..100 {
        let key = format!("queue:{number}");
        let _: String = server.ask(&["XGROUP", "CREATE", &key, "g", "0", "MKSTREAM"]);
        let _: String = server.ask(&["XADD", &key, "*", "die", "6"]);
    }
    let (address, mut passed) = proxy(server.port).await;
    let mut watcher = Watcher::new(&hundred_queues(&format!("redis://{address}")));
    let mut round_trips = Vec::new();
    // The first scrape finds out that the streams are there.
    for seen in [0, 100, 100, 100] {
        watcher.good().await;
        let pending = [("state", "pending")];
        assert_eq!(watcher.values("queue_jobs", &pending).len(), seen);
        let mut pieces = Vec::new();
        while let Ok(piece) = passed.try_recv() {
            pieces.push(piece);
        }
        pieces.dedup();
        assert!(
            pieces
                .chunks(2)
                .all(|pair| pair == [Passed::Question, Passed::Answer])
        );
        round_trips.push(pieces.len() / 2);
    }
    // The first one says who we are.
    assert_eq!(round_trips, [2, 1, 1, 1]);
    let commands: String = server.ask(&["INFO", "commandstats"]);
    for command in [
        "keys",
        "scan",
        "lrange",
        "smembers",
        "hgetall",
        "client|list",
    ] {
        assert!(
            !commands.contains(&format!("cmdstat_{command}:")),
            "{command}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_no_outage() {
    let server = Server::start(&[]);
    let mut watcher = Watcher::of(&server);
    watcher.good().await;
    let ended: u32 = server.ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    assert_eq!(ended, 1);
    watcher.good().await;
    assert_eq!(watcher.value("redis_up"), Some(1.0));
    assert_eq!(server.errors("ERR"), 0);
}

#[tokio::test]
async fn a_server_that_is_stopped_is_unreachable_until_it_goes_on() {
    let server = Server::start(&[]);
    let mut watcher = Watcher::new(&format!("url = '{}'\ntimeout = '300ms'", server.url()));
    watcher.good().await;
    server.signal("-STOP");
    watcher.take().await;
    assert_eq!(watcher.value("redis_up"), Some(0.0));
    assert_eq!(
        watcher.failure.as_ref().unwrap().to_string(),
        "no answer in time"
    );
    server.signal("-CONT");
    watcher
        .until("it answers again", |watcher| {
            watcher.value("redis_up") == Some(1.0)
        })
        .await;
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off_and_held_in_bounds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let endless = tokio::spawn(async move {
        let (mut caller, _) = listener.accept().await.unwrap();
        let (mut asked, mut sent) = ([0; 4096], 0);
        // It greets well, and then counts a list that it never ends.
        let _ = caller.read(&mut asked).await.unwrap();
        caller.write_all(b"+OK\r\n").await.unwrap();
        let _ = caller.read(&mut asked).await.unwrap();
        caller.write_all(b"*9000000\r\n").await.unwrap();
        let items = b":1\r\n".repeat(100_000);
        while caller.write_all(&items).await.is_ok() {
            sent += items.len();
        }
        sent
    });
    let mut watcher = Watcher::new(&format!("url = 'redis://{address}'\ntimeout = '30s'"));
    watcher.take().await;
    let why = watcher.failure.as_ref().unwrap().to_string();
    assert!(
        why.contains("the answer has more than 500000 values"),
        "{why}"
    );
    let sent = endless.await.unwrap();
    assert!(sent < 64 * 1024 * 1024, "{sent}");
}

/// A server that greets well and then repeats some bytes for as long as it can.
async fn endless(begin: &'static [u8], piece: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = caller.read(&mut asked).await;
                let _ = caller.write_all(b"+OK\r\n").await;
                let _ = caller.read(&mut asked).await;
                let _ = caller.write_all(begin).await;
                let pieces = piece.repeat(64 * 1024 / piece.len());
                while caller.write_all(&pieces).await.is_ok() {}
            });
        }
    });
    address
}

#[tokio::test]
async fn no_answer_holds_us_longer_than_its_time() {
    for (begin, piece, words) in [
        (
            &b""[..],
            &b"*1\r\n"[..],
            "the answer is nested deeper than 16 lists",
        ),
        (b"*1\r\n*1\r\n", b"*0\r\n", "more was answered than asked"),
        (b"$30000000\r\n", b"x", "this is not the language of Redis"),
        (
            b"*400000\r\n",
            b"*1\r\n:1\r\n",
            "the answer has more than 500000 values",
        ),
    ] {
        let address = endless(begin, piece).await;
        let timeout = Duration::from_millis(1500);
        let mut watcher = Watcher::new(&format!("url = 'redis://{address}'\ntimeout = '1500ms'"));
        // Somebody else has things to do on the same thread.
        let mut beats = tokio::time::interval(Duration::from_millis(10));
        let mut longest = Duration::ZERO;
        let start = Instant::now();
        {
            let take = watcher.take();
            tokio::pin!(take);
            let mut last = Instant::now();
            loop {
                tokio::select! {
                    biased;
                    _ = beats.tick() => {
                        longest = longest.max(last.elapsed());
                        last = Instant::now();
                    }
                    _ = &mut take => break,
                }
            }
        }
        let why = watcher.failure.as_ref().unwrap().to_string();
        assert!(why.contains(words) || why == "no answer in time", "{why}");
        assert!(
            start.elapsed() < 2 * timeout,
            "{:?}: {why}",
            start.elapsed()
        );
        assert!(longest < Duration::from_secs(1), "{longest:?}: {why}");
    }
}

#[tokio::test]
async fn bad_servers_are_told_by_samples_and_delay_nobody() {
    for kind in KINDS {
        let server = Foul::start(kind).await;
        for settings in [
            format!("url = 'redis://{}'", server.address),
            format!("url = 'redis://{}'\ncluster = true", server.address),
            format!("url = 'rediss://{}'", server.address),
            format!("sentinels = ['{}']\nmaster = 'm'", server.address),
        ] {
            let mut watcher = Watcher::new(&format!("{settings}\ntimeout = '200ms'"));
            let start = Instant::now();
            watcher.take().await;
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{kind:?}, {settings}"
            );
            assert!(watcher.failure.is_some(), "{kind:?}, {settings}");
            assert_eq!(watcher.value("redis_up"), Some(0.0), "{kind:?}, {settings}");
            assert_eq!(watcher.value("up"), Some(0.0), "{kind:?}, {settings}");
        }
    }
}
