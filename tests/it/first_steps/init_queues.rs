//! `critwatch init` and queues whose names are not in their own keys: idle ones, and
//! those in several databases of one Redis.

use crate::first_steps::init::{init, run, settings};
use crate::queues::world::Watched;

/// A healthy Horizon: it works, and nothing waits.
const HORIZON: &str = r#"
    ZADD shop_horizon:masters @+20 web-1
    HSET shop_horizon:master:web-1 name web-1 status running
    ZADD shop_horizon:supervisors @+20 web-1:one
    HSET shop_horizon:supervisor:web-1:one processes {"redis:default":3,"redis:mail,slow":2} options {"queue":"default,mail,slow,video"}
    SADD shop_horizon:measured_queues queue:default queue:rare
    HSET shop_horizon:queue:default throughput 12"#;

#[tokio::test]
async fn an_idle_horizon_has_its_queues_watched() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(HORIZON).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "names = [\"default\", \"mail\", \"rare\", \"slow\", \"video\"]",
        "prefix = \"shop_database_\"\nhorizon_prefix = \"shop_horizon:\"",
        "# No job waited when this was written, so `prefix` is a guess",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("without"), "{text}");
    assert!(said.contains("so `prefix` is a guess"), "{said}");
    run(place.path(), &["check", "--strict"]);
    // Other keys of the application show its prefix.
    redis.fill("SET shop-database-shop-cache-x 1").await;
    let (_, said) = init(place.path(), &["--redis", &redis.url(), "--dry-run"], &[]);
    assert!(
        said.contains("\nprefix = \"shop-database-\"") && !said.contains("guess"),
        "{said}"
    );
}

#[tokio::test]
async fn a_horizon_that_names_no_queue_is_not_watched_in_silence() {
    let mut redis = Watched::new(&[]).await;
    redis.fill("ZADD shop_horizon:masters @-1 web-1").await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let words = "it names no queue, so no queue is watched";
    assert!(
        said.contains(&format!("critwatch: Horizon is here, but {words}")),
        "{said}"
    );
    let text = settings(place.path());
    assert!(text.contains(words), "{text}");
}

#[tokio::test]
async fn dramatiq_and_arq_are_found_also_while_they_are_idle() {
    let mut redis = Watched::new(&[]).await;
    let script = "
        SET arq:queue:health-check x
        SELECT 1
        ZADD dramatiq:__heartbeats__ @-1ms w1
        SELECT 2
        ZADD dramatiq:__heartbeats__ @-1ms w1
        RPUSH dramatiq:default a
        HSET dramatiq:default.msgs a {}
        SELECT 3
        SET x y";
    redis.fill(script).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    for words in [
        "use = [\"redis\", \"arq\", \"dramatiq\", \"host\"]",
        "name = \"arq jobs\"",
        "system = \"arq\"\nname = \"arq:queue\"",
        "system = \"dramatiq\"\npattern = \"*\"",
        "system = \"dramatiq\"\nname = \"default\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let nothing = "database 3: 1 key scanned: no queues that `init` recognizes";
    assert!(said.contains(nothing), "{said}");
    run(place.path(), &["check", "--live"]);
}

/// Messages of Celery contain no time: how long `init` looked is no usual wait.
#[tokio::test]
async fn an_age_by_identity_is_not_taken_for_a_wait() {
    let mut redis = Watched::new(&[]).await;
    let script = "SADD _kombu.binding.celery x\nLPUSH celery {}";
    redis.fill(script).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    let words = "# The usual wait could not be measured: `usual` is an assumption.\n[[backlog]]";
    assert!(
        text.contains(words) && text.contains("usual = \"30s\""),
        "{text}"
    );
}

/// Databases share the memory and the fate of their server.
#[tokio::test]
async fn a_server_with_several_databases_is_judged_once() {
    let mut redis = Watched::new(&[]).await;
    let script = "SADD queues a\nLPUSH queue:a {}\nSELECT 2\nSADD rq:queues rq:queue:a\n\
        SELECT 5\nSADD resque:queues a";
    redis.fill(script).await;
    let place = tempfile::tempdir().unwrap();
    let (code, said) = init(place.path(), &["--redis", &redis.url()], &[]);
    assert_eq!(code, 0, "{said}");
    let text = settings(place.path());
    let count = |words: &str| text.matches(words).count();
    assert_eq!(
        count("# This Redis has no `maxmemory`; the memory rules need one.\n"),
        1
    );
    assert_eq!(count("type = \"redis\""), 3);
    assert_eq!(count("server = false\n"), 2);
    let found = run(place.path(), &["try", "--grep", "redis_up"]);
    let is_up = |line: &&str| line.starts_with("redis_up{") || line.starts_with("redis_up ");
    assert_eq!(found.lines().filter(is_up).count(), 1, "{found}");
    for system in ["sidekiq", "rq", "resque"] {
        assert!(text.contains(&format!("[preset.{system}]")), "{text}");
    }
}

/// The user of the document may do all that `init` does, and nothing is refused.
#[tokio::test]
async fn the_access_list_of_the_document_is_enough() {
    let document = include_str!("../../../docs/init.md");
    let list = document
        .lines()
        .find(|line| line.starts_with("ACL SETUSER "));
    let list = list.unwrap();
    let mut redis = Watched::new(&[]).await;
    redis.fill(list).await;
    redis.fill(HORIZON).await;
    let script = "XGROUP CREATE rolls workers 0 MKSTREAM\nSADD queues a\nLPUSH queue:a {}\n\
        SET stat:processed 5\nSADD rq:queues rq:queue:a\nHSET bull:mail:meta opts {}\n\
        SADD resque:queues a\nSADD _kombu.binding.celery x\nZADD arq:queue 1 a\n\
        RPUSH dramatiq:a x\nHSET dramatiq:a.msgs x {}\nRPUSH app_database_queues:b {}";
    redis.fill(script).await;
    let place = tempfile::tempdir().unwrap();
    let url = format!("{}?user=critwatch-init&pass=a-long-password", redis.url());
    let before = redis.errors().await;
    let (code, said) = init(place.path(), &["--redis", &url], &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(redis.errors().await, before, "{said}");
    assert!(!said.contains("has no permission"), "{said}");
    let text = settings(place.path());
    for system in [
        "stream", "sidekiq", "rq", "bullmq", "resque", "celery", "arq", "dramatiq", "laravel",
        "horizon",
    ] {
        assert!(
            text.contains(&format!("system = \"{system}\"")),
            "{system}: {text}"
        );
    }
    // Who may see names alone is told so.
    redis.fill("ACL SETUSER critwatch-init -type -xinfo").await;
    let (code, said) = init(place.path(), &["--redis", &url, "--dry-run"], &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("The user has no permission to inspect "),
        "{said}"
    );
}
