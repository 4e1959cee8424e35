//! A collector asks faster while one of its rules may turn, and no longer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::routing::get;
use critwatch::config;

use crate::world::Monitor;
use crate::world::patience::until;

/// A metrics page with one value, and how often it was asked for.
async fn page(level: Arc<AtomicI64>, asked: Arc<AtomicI64>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = async move || {
        asked.fetch_add(1, Ordering::Relaxed);
        let level = level.load(Ordering::Relaxed);
        ([("content-type", "text/plain")], format!("level {level}\n"))
    };
    let routes = Router::new().route("/metrics", get(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test]
async fn what_builds_up_is_looked_at_closely_and_what_is_calm_is_not() {
    let (level, asked) = (Arc::new(AtomicI64::new(10)), Arc::new(AtomicI64::new(0)));
    let address = page(Arc::clone(&level), Arc::clone(&asked)).await;
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let settings = format!(
        "[site]\ntitle = 'T'\nhold = '1s'\n[[component]]\nid = 'c'\nname = 'C'\n\
        [[collector]]\nid = 'app'\ntype = 'prometheus'\nurl = 'http://{address}/metrics'\n\
        interval = '2s'\nfast = '100ms'\n\
        [[rule]]\nid = 'full'\nexpr = 'level > 90'\nseverity = 'down'\n\
        components = ['c']\ntitle = 'It is full'\ntext = 'It is full.'\n"
    );
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let interval = async || {
        let (_, metrics) = crate::world::get(&format!("{}/metrics", monitor.ops)).await;
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix("critwatch_collector_interval_seconds{"));
        line.and_then(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
    };
    until("it asks as the settings say", async || {
        interval().await == Some(2.0)
    })
    .await;
    // Not bad yet, but near: nothing opens, and it is looked at more often.
    level.store(80, Ordering::Relaxed);
    until("it asks faster", async || interval().await == Some(0.1)).await;
    assert_eq!(
        monitor
            .get("/index.json")
            .await
            .1
            .matches("It is full")
            .count(),
        0
    );
    level.store(95, Ordering::Relaxed);
    until("the page tells it", async || {
        monitor.get("/index.json").await.1.contains("\"down\"")
    })
    .await;
    // Far above, it may stay for long, and is asked as usual.
    level.store(500, Ordering::Relaxed);
    until("it asks as usual again", async || {
        interval().await == Some(2.0)
    })
    .await;
    level.store(10, Ordering::Relaxed);
    until("the page is calm", async || {
        !monitor.get("/index.json").await.1.contains("\"down\"")
    })
    .await;
    until("and so is the pace", async || interval().await == Some(2.0)).await;
    assert!(asked.load(Ordering::Relaxed) > 5);
}

#[test]
fn a_faster_pace_that_makes_no_sense_is_a_fault() {
    for (kind, fast, fault) in [
        (
            "type = 'host'",
            "5s",
            "must be shorter than the interval, which is 5s",
        ),
        ("type = 'host'", "50ms", "more often than each 100ms"),
        (
            "type = 'heartbeat'\nnames = ['a']",
            "1s",
            "nothing is asked here",
        ),
        ("type = 'host'", "soon", "is not a duration"),
    ] {
        let text = format!(
            "[site]\ntitle = 'T'\n[[collector]]\nid = 'it'\n{kind}\ninterval = '5s'\nfast = '{fast}'\n"
        );
        let read = config::read(&text, "alerts.toml", Path::new("."), [].into(), None);
        let error = read.unwrap_err().to_string();
        assert!(
            error.contains(fault) && error.contains("fast = "),
            "{error}"
        );
    }
}
