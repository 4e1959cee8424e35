//! A sentinel that is watched for itself, and sizes of keys, as `redis_exporter`
//! tells them.

use crate::redis::figures::{compare, exported, ours};
use crate::redis::many::sentinels;
use crate::redis::world::{Server, Watcher};

#[tokio::test]
async fn a_sentinel_tells_what_redis_exporter_tells_and_is_asked_for_no_more() {
    let master = Server::start(&[]);
    let mut three = sentinels(&master, 3);
    for sentinel in &mut three {
        sentinel.until("it knows the others", |sentinel| {
            let text: String = sentinel.ask(&["INFO", "sentinel"]);
            text.contains("sentinels=3")
        });
    }
    let mut watcher = Watcher::of(&three[0]);
    // The first look finds out that it is one, the second whom it watches.
    watcher.good().await;
    let mut theirs = exported(&three[0], &[]).await;
    // The exporter raises some itself after it looked.
    theirs.retain(|(name, _), _| name != "redis_total_error_replies");
    watcher.good().await;
    assert_eq!(watcher.missing(), Vec::<&str>::new());
    let (only_theirs, only_ours) = compare(&theirs, &ours(&watcher));
    let sentinel = theirs
        .keys()
        .filter(|(name, _)| name.starts_with("redis_sentinel_"));
    assert_eq!(sentinel.count(), 11);
    // A sentinel has no databases, and these are the exporter's own.
    let left_out = [
        "redis_db_keys",
        "redis_db_keys_expiring",
        "redis_last_key_groups_scrape_duration_milliseconds",
        "redis_target_scrape_request_errors_total",
    ];
    assert_eq!(only_theirs, left_out, "ours alone: {only_ours:?}");
    for name in [
        "redis_sentinel_master_ok_sentinels",
        "redis_sentinel_master_ckquorum_status",
    ] {
        let series = theirs.iter().find(|((found, _), _)| found == name).unwrap();
        assert_eq!(ours(&watcher).get(series.0), Some(series.1), "{name}");
    }
    let errors = |server: &Server| {
        let info: String = server.ask(&["INFO", "stats"]);
        let count = info
            .lines()
            .find_map(|line| line.strip_prefix("total_error_replies:"));
        count.unwrap().trim().to_owned()
    };
    let before = errors(&three[0]);
    watcher.good().await;
    assert_eq!(errors(&three[0]), before);
}

#[tokio::test]
async fn sizes_of_named_keys_are_those_of_redis_exporter() {
    let server = Server::start(&[]);
    for command in [
        "SET s abc",
        "RPUSH l 1 2 3",
        "SADD st a b",
        "ZADD z 1 a",
        "HSET h a b c d",
        "XADD x * a b",
    ] {
        let _: redis::Value = server.ask(&command.split(' ').collect::<Vec<_>>());
    }
    let keys = ["s", "l", "st", "z", "h", "x", "gone"];
    let list = keys.map(|key| format!("db0={key}")).join(",");
    let theirs = exported(&server, &["-check-single-keys", &list]).await;
    let settings = format!("url = '{}'\nkeys = {keys:?}", server.url());
    let mut watcher = Watcher::new(&settings);
    watcher.good().await;
    watcher.good().await;
    let sizes = theirs
        .iter()
        .filter(|((name, _), _)| name == "redis_key_size");
    let ours = ours(&watcher);
    for (series, size) in sizes.clone() {
        assert_eq!(ours.get(series), Some(size), "{series:?}");
    }
    assert_eq!(sizes.count(), keys.len());
    // A key that becomes another kind costs no more than one error.
    let before = server.errors("WRONGTYPE");
    let _: u32 = server.ask(&["DEL", "l"]);
    let _: u32 = server.ask(&["SADD", "l", "1"]);
    watcher.good().await;
    assert!(watcher.values("redis_key_size", &[("key", "l")]).is_empty());
    watcher.good().await;
    assert_eq!(watcher.values("redis_key_size", &[("key", "l")]), [1.0]);
    assert_eq!(server.errors("WRONGTYPE"), before + 1);
}

#[tokio::test]
async fn histograms_of_commands_count_every_call() {
    let server = Server::start(&[]);
    for _ in 0..7 {
        let _: String = server.ask(&["SET", "a", "1"]);
    }
    let mut watcher = Watcher::of(&server);
    watcher.good().await;
    watcher.good().await;
    let set = [("cmd", "set")];
    let count = watcher.values("redis_commands_latencies_usec_count", &set);
    assert_eq!(count, [7.0]);
    let of =
        |labels: &[(&str, &str)]| watcher.values("redis_commands_latencies_usec_bucket", labels);
    assert_eq!(of(&[("cmd", "set"), ("le", "+Inf")]), [7.0]);
    let buckets = of(&set);
    assert!(buckets.is_sorted() && buckets.len() >= 2, "{buckets:?}");
    let sum = watcher.values("redis_commands_latencies_usec_sum", &set);
    assert_eq!(
        sum,
        watcher.values("redis_latency_percentiles_usec_sum", &set)
    );
    assert_eq!(watcher.value("redis_config_io_threads"), Some(1.0));
    // Who has an access list of its own is not asked for what shows passwords.
    let user = crate::redis::world::let_in(&server);
    let mut watcher = Watcher::new(&format!("url = '{user}'"));
    watcher.good().await;
    assert_eq!(watcher.value("redis_config_io_threads"), None);
    assert_eq!(server.errors("NOPERM"), 0);
}
