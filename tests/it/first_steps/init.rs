//! `critwatch init` against real Redis servers, up to a page that tells an outage.

use std::path::Path;
use std::process::Command;

use crate::promql::series::series;
use crate::promql::world::Prometheus;
use crate::queues::world::Watched;
use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM, files};

/// Sidekiq's layout: two queues, a process that lives, its counters.
pub(super) const SIDEKIQ: &str = r#"
    SADD queues default mail
    LPUSH queue:default {"class":"A","jid":"1","enqueued_at":@-1}
    SADD processes web-1:12:abc
    HSET web-1:12:abc beat @-1 busy 0 quiet false
    SET stat:processed 5
    SET stat:failed 1"#;

/// Laravel's layout: two queues with the prefix of an application, and its cache.
const LARAVEL: &str = r#"
    RPUSH shop_database_queues:default {"uuid":"u","createdAt":@-1}
    ZADD shop_database_queues:mail:reserved @+80 a
    SET shop_cache:user:1 x"#;

/// Runs `init` in a folder; its exit code and all that it said.
pub(super) fn init(place: &Path, more: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let output = Command::new(PROGRAM)
        .arg("init")
        .args(more)
        .current_dir(place)
        .env_remove("REDIS_URL")
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

pub(super) fn settings(place: &Path) -> String {
    std::fs::read_to_string(place.join("alerts.toml")).unwrap()
}

pub(super) fn run(place: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_redis_with_sidekiq_gets_a_page_that_tells_when_its_workers_are_gone() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(SIDEKIQ).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(
        place.path(),
        &["--redis", &redis.url(), "--title", "Shop"],
        &[],
    );
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("sidekiq-no-worker"), "{said}");
    let text = settings(place.path());
    assert!(
        text.contains("system = \"sidekiq\"") && !text.contains("without"),
        "{text}"
    );
    run(place.path(), &["check", "--strict"]);
    let samples = run(place.path(), &["rules", "list"]);
    assert!(samples.contains("sidekiq-late"), "{samples}");
    let monitor = Monitor::serve(place.path(), &[]).await;
    monitor.until_rule_is("sidekiq-no-worker", "quiet").await;
    let page = monitor.get("/").await.1;
    assert!(
        page.contains("Shop") && page.contains("Background jobs"),
        "{page}"
    );
    redis.fill("DEL web-1:12:abc").await;
    until("the incident is written", async || {
        files(&place.path().join("incidents")).into_iter().next()
    })
    .await;
    until("the page tells it", async || {
        let page = monitor.get("/").await.1;
        page.contains("No worker is running for Background jobs")
            .then_some(())
            .ok_or(page)
    })
    .await;
}

#[tokio::test]
async fn a_redis_with_laravel_gets_a_page_that_tells_when_it_is_gone() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(LARAVEL).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "system = \"laravel\"",
        "names = [\"default\", \"mail\"]",
        "prefix = \"shop_database_\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let monitor = Monitor::serve(place.path(), &[]).await;
    monitor.until_rule_is("laravel-late", "quiet").await;
    monitor.until_rule_is("redis-unreachable", "quiet").await;
    redis.end().await;
    until("the incident is written", async || {
        let files = files(&place.path().join("incidents"));
        files
            .iter()
            .any(|(name, _)| name.contains("redis-does-not-answer"))
    })
    .await;
}

#[tokio::test]
async fn a_redis_with_everything_has_each_system_found() {
    let mut redis = Watched::new(&[]).await;
    let script = r#"
        SADD rq:queues rq:queue:default
        SADD resque:queues mail
        RPUSH resque:queue:mail {"class":"A"}
        SADD _kombu.binding.celery x
        SADD _kombu.binding.video x
        HSET bull:paint:meta opts {}
        XGROUP CREATE rolls workers 0 MKSTREAM
        ZADD shop_horizon:masters @-1 m
        RPUSH shop_database_queues:default {"pushedAt":"@-1"}"#;
    redis.fill(script).await;
    redis
        .fill("SELECT 3\nSADD queues a\nLPUSH queue:a {}")
        .await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url(), "--dry-run"], &[]);
    assert_eq!(code, 0, "{said}");
    assert!(!place.path().join("alerts.toml").exists());
    for words in [
        "system = \"rq\"",
        "system = \"resque\"",
        "names = [\"celery\", \"video\"]",
        "system = \"bullmq\"\nname = \"paint\"",
        "system = \"stream\"\nname = \"rolls\"\nkey = \"rolls\"\ngroup = \"workers\"",
        "prefix = \"shop_database_\"\nhorizon_prefix = \"shop_horizon:\"",
        "id = \"stream-late\"",
        // No worker of these lives, which is no outage of today.
        "without = [\"rq-no-worker\"]",
        "redis.sock?db=3\"",
        "use = [\"redis\", \"horizon\", \"rq\", \"celery\", \"resque\", \"bullmq\", \"sidekiq\", \"host\"]",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[tokio::test]
async fn a_password_stays_outside_of_the_settings() {
    let mut redis = Watched::new(&[]).await;
    redis.fill("CONFIG SET requirepass hunter2xyz").await;
    let url = redis.url();
    let with_password = format!("{url}?pass=hunter2xyz");
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &url], &[]);
    assert_eq!(code, 2, "{said}");
    let (code, said) = init(place.path(), &["--redis", &with_password], &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        !said.contains("hunter2xyz") && said.contains("with REDIS_URL in its environment"),
        "{said}"
    );
    let (code, said) = init(
        place.path(),
        &["--config", "own.toml"],
        &[("REDIS_URL", &with_password)],
    );
    assert_eq!(code, 0, "{said}");
    std::fs::write(place.path().join("password"), "hunter2xyz\n").unwrap();
    let by_file = ["--config", "file.toml", "--redis", &url];
    let by_file = [&by_file[..], &["--redis-password-file", "password"]].concat();
    let (code, said) = init(place.path(), &by_file, &[]);
    assert_eq!(code, 0, "{said}");
    for (file, words) in [
        ("alerts.toml", "url = \"${REDIS_URL}\""),
        ("own.toml", "url = \"${REDIS_URL}\""),
        ("file.toml", "password_file = \"password\""),
    ] {
        let text = std::fs::read_to_string(place.path().join(file)).unwrap();
        assert!(
            text.contains(words) && !text.contains("hunter2xyz"),
            "{file}: {text}"
        );
    }
}

/// A host has its usual ports tried: here an address of this machine that nobody uses.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_has_its_usual_ports_tried() {
    const HOST: &str = "127.0.61.79";
    let mut redis = Watched::start(&["--bind", HOST, "--port", "6379"], &[]).await;
    redis.fill(SIDEKIQ).await;
    let metrics = axum::Router::new().route(
        "/metrics",
        axum::routing::get(async || "node_memory_MemTotal_bytes 3\n"),
    );
    let listener = tokio::net::TcpListener::bind((HOST, 9100)).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, metrics).await });
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--host", HOST], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "url = \"redis://127.0.61.79:6379",
        "system = \"sidekiq\"",
        "url = \"http://127.0.61.79:9100/metrics\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prometheus_is_asked_for_what_it_watches() {
    let Some(prometheus) = Prometheus::start(&series()).await else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let url = format!("http://{}", prometheus.address());
    let (code, said) = init(place.path(), &["--prometheus", &url], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    assert!(
        text.contains("type = \"query\"") && text.contains(&url),
        "{text}"
    );
    run(place.path(), &["check", "--live"]);
}

#[tokio::test]
async fn what_is_there_is_not_overwritten_and_what_is_not_there_is_told() {
    let redis = Watched::new(&[]).await;
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), "mine").unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("alerts.toml already exists and was not overwritten"),
        "{said}"
    );
    assert_eq!(settings(place.path()), "mine");
    let arguments = [
        "--config",
        "a.toml",
        "--redis",
        "redis://127.0.0.1:1",
        "--metrics",
        "http://127.0.0.1:1/metrics",
    ];
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--redis redis://127.0.0.1:1: "), "{said}");
    assert!(said.contains("http://127.0.0.1:1/metrics: "), "{said}");
    assert!(!place.path().join("a.toml").exists());
}

/// What is stuck while `init` looks is a fault from the first minute on.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_stuck_raises_no_threshold() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(SIDEKIQ).await;
    redis
        .fill(r#"RPUSH queue:mail {"class":"B","enqueued_at":@-10800}"#)
        .await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("sidekiq-very-late       would open an incident"),
        "{said}"
    );
    let text = settings(place.path());
    assert!(
        text.contains("# A job had waited for 3 h") && !text.contains("sidekiq-late"),
        "{text}"
    );
    let monitor = Monitor::serve(place.path(), &[]).await;
    monitor.until_rule_is("sidekiq-very-late", "pending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_are_above_what_is_usual_and_a_page_and_an_exporter_are_watched() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(SIDEKIQ).await;
    let slow = r#"RPUSH queue:mail {"class":"B","enqueued_at":@-100}"#;
    redis.fill(slow).await;
    let page = axum::Router::new()
        .route("/", axum::routing::get(async || "hello"))
        .route(
            "/metrics",
            axum::routing::get(async || "# TYPE jobs counter\njobs_total 3\nup_since 1\n"),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, page).await });
    let place = tempfile::tempdir().unwrap();
    let (site, metrics) = (
        format!("http://{address}/"),
        format!("http://{address}/metrics"),
    );
    let arguments = [
        "--redis",
        &redis.url(),
        "--page",
        &site,
        "--metrics",
        &metrics,
    ];
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "id = \"sidekiq-late\"",
        "} > 300 unless",
        "A job had waited for 1 min",
        "id = \"website-slow\"",
        "# The page had 2 metrics when this was written.",
        "use = [\"redis\", \"sidekiq\", \"website\", \"prometheus\", \"host\"]",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // A Redis names its queues in one answer and measures them in the next.
    let live = run(place.path(), &["check", "--live"]);
    assert!(!live.contains("nothing matches"), "{live}");
    let tried = run(place.path(), &["try", "redis", "--grep", "queue_jobs"]);
    assert!(tried.contains("queue_jobs{"), "{tried}");
}
