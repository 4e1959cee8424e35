//! The session canary in a real Redis: kept, flushed, evicted, refused.

use crate::redis::world::{Server, Watcher, let_in};

const CANARY: &str = "[collector.canary]\nkey = 'critwatch:canary'\nttl = '10m'\n";

fn watch(server: &Server) -> Watcher {
    Watcher::new(&format!("url = '{}'\n{CANARY}", server.url()))
}

fn said(watcher: &Watcher) -> [Option<f64>; 3] {
    ["present", "write_ok", "lost_total"]
        .map(|name| watcher.value(&format!("session_canary_{name}")))
}

/// Fills a Redis until it refuses to take more.
fn fill(server: &Server) {
    let word = "x".repeat(10_000);
    for number in 0..10_000 {
        let key = format!("ballast:{number}");
        let script = "return redis.call('SET', KEYS[1], ARGV[1])";
        let set: redis::RedisResult<String> = server.try_ask(&["EVAL", script, "1", &key, &word]);
        if set.is_err() {
            return;
        }
    }
    panic!("it takes everything");
}

#[tokio::test]
async fn a_session_that_is_kept_is_present_and_grows_old() {
    let server = Server::start(&[]);
    let mut watcher = watch(&server);
    // Before it was written, its absence means nothing.
    assert_eq!(said(watcher.good().await), [None, Some(1.0), Some(0.0)]);
    watcher.good().await;
    assert_eq!(
        said(watcher.good().await),
        [Some(1.0), Some(1.0), Some(0.0)]
    );
    assert!(watcher.value("session_canary_age_seconds").unwrap() < 60.0);
    let left: i64 = server.ask(&["TTL", "critwatch:canary"]);
    assert!((500..=600).contains(&left), "{left}");
    // Another run of ours finds it as it is.
    let mut another = watch(&server);
    assert_eq!(
        said(another.good().await),
        [Some(1.0), Some(1.0), Some(0.0)]
    );
    let keys: u32 = server.ask(&["DBSIZE"]);
    assert_eq!(keys, 2);
}

#[tokio::test]
async fn a_flush_is_a_lost_session() {
    let server = Server::start(&[]);
    let mut watcher = watch(&server);
    for _ in 0..3 {
        watcher.good().await;
    }
    let _: String = server.ask(&["FLUSHALL"]);
    assert_eq!(
        said(watcher.good().await),
        [Some(0.0), Some(1.0), Some(1.0)]
    );
    watcher.good().await;
    assert_eq!(
        said(watcher.good().await),
        [Some(1.0), Some(1.0), Some(1.0)]
    );
}

#[tokio::test]
async fn a_full_redis_refuses_the_write_and_keeps_the_session() {
    let server = Server::start(&[]);
    let mut watcher = watch(&server);
    for _ in 0..3 {
        watcher.good().await;
    }
    let _: String = server.ask(&["CONFIG", "SET", "maxmemory", "1"]);
    assert_eq!(
        said(watcher.good().await),
        [Some(1.0), Some(0.0), Some(0.0)]
    );
    let _: String = server.ask(&["CONFIG", "SET", "maxmemory", "100mb"]);
    assert_eq!(
        said(watcher.good().await),
        [Some(1.0), Some(1.0), Some(0.0)]
    );
}

#[tokio::test]
async fn an_idle_session_that_is_evicted_is_lost_though_it_is_looked_at() {
    let settings = [
        "--maxmemory",
        "8mb",
        "--maxmemory-policy",
        "volatile-lru",
        "--hz",
        "100",
    ];
    let server = Server::start(&settings);
    let mut watcher = watch(&server);
    for _ in 0..3 {
        watcher.good().await;
    }
    fill(&server);
    watcher.good().await;
    assert_eq!(said(&watcher)[0], Some(0.0));
}

#[tokio::test]
async fn a_canary_that_may_not_write_is_missing_and_asked_for_rarely() {
    let server = Server::start(&[]);
    let rules = [
        "ACL",
        "SETUSER",
        "reader",
        "on",
        ">a-long-password",
        "+@all",
        "-set",
        "~*",
    ];
    let _: String = server.ask(&rules);
    let url = format!("redis://reader:a-long-password@127.0.0.1:{}", server.port);
    let mut watcher = Watcher::new(&format!("url = '{url}'\n{CANARY}"));
    watcher.good().await;
    assert_eq!(watcher.missing(), ["canary"]);
    let errors = server.errors("NOPERM");
    for _ in 0..5 {
        watcher.good().await;
    }
    assert_eq!(server.errors("NOPERM"), errors);
    assert_eq!(said(&watcher), [None, None, None]);
}

#[tokio::test]
async fn the_documented_access_list_lets_the_canary_live() {
    let server = Server::start(&[]);
    let url = let_in(&server);
    let mut watcher = Watcher::new(&format!("url = '{url}'\n{CANARY}"));
    for _ in 0..3 {
        watcher.good().await;
    }
    assert_eq!(said(&watcher), [Some(1.0), Some(1.0), Some(0.0)]);
}
