//! Queues under rough conditions: full, huge, wrong, forbidden, and very many.

use crate::queues::world::Watched;

const DOC: &str = include_str!("../../../docs/queues.md");

/// The sections of the document that have settings to copy and permissions.
fn sections() -> Vec<(&'static str, &'static str, &'static str)> {
    let within = |section: &'static str, from: &str| {
        let (_, rest) = section.split_once(from)?;
        Some(rest.split_once("\n```").unwrap().0)
    };
    DOC.split("\n## ")
        .filter_map(|section| {
            let table = within(section, "```toml\n[[collector.queue]]\n")?;
            let permissions = within(section, "```\nACL SETUSER critwatch ")?;
            Some((section.lines().next().unwrap(), table, permissions))
        })
        .collect()
}

/// Jobs and workers of every system, so that all there is to ask is asked.
const FULL: &str = "
    RPUSH shop_database_queues:default {}
    ZADD shop_horizon:masters 99999999999 vm
    HSET shop_horizon:master:vm status running
    ZADD shop_horizon:supervisors 99999999999 vm:one
    HSET shop_horizon:supervisor:vm:one processes {}
    SADD queues default
    LPUSH queue:default {}
    SADD processes vm:1:ab
    HSET vm:1:ab beat 1
    LPUSH celery {}
    SADD rq:queues rq:queue:default
    RPUSH rq:queue:default a
    HSET rq:job:a enqueued_at 0
    ZADD rq:wip:default 1 a:b
    SADD rq:workers rq:worker:one
    HSET rq:worker:one last_heartbeat 0
    LPUSH bull:mail:wait 1
    LPUSH bull:mail:active 2
    SADD resque:queues default
    RPUSH resque:queue:default {}
    SADD resque:workers vm:1:default
    XGROUP CREATE dice:rolls workers 0 MKSTREAM
    XADD dice:rolls * job x
    XREADGROUP GROUP workers one STREAMS dice:rolls >
    RPUSH jobs:mail {}
    ZADD jobs:reminders 1 a
    RPUSH dramatiq:default a
    HSET dramatiq:default.msgs a {}
    ZADD arq:queue 1 a
    LPUSH huey.redis.mail a
    LPUSH bq:mail:waiting 1
    LPUSH bq:mail:active 2
    RPUSH saq:default:queued a
    XGROUP CREATE taskiq taskiq 0 MKSTREAM
    XADD taskiq * job x
    XREADGROUP GROUP taskiq one STREAMS taskiq >";

#[tokio::test]
async fn the_documented_permissions_are_enough_and_the_documented_settings_are_good() {
    assert_eq!(sections().len(), 16);
    for (title, table, permissions) in sections() {
        let mut redis = Watched::new(&[table]).await;
        redis.fill(FULL).await;
        let base = "on nopass -@all +info +time +slowlog|len +slowlog|get +latency|latest \
            +latency|histogram +client|setname +select";
        let user = format!("ACL SETUSER critwatch {base} {permissions}");
        redis.fill(&user).await;
        redis.watch_as("critwatch", &[table]);
        let before = redis.errors().await;
        let seen = redis.scrapes(4).await;
        assert_eq!(redis.errors().await, before, "{title}");
        assert!(seen.count("queue_jobs") > 0, "{title}: {}", seen.list());
        assert!(seen.count("queue_oldest_job_age_seconds") > 0, "{title}");
    }
}

#[tokio::test]
async fn a_key_of_a_wrong_type_is_unknown_and_raises_its_errors_once() {
    let mut redis = Watched::new(&[
        "system = 'list'\nkey = 'wrong'\ntake = 'left'",
        "system = 'list'\nkey = 'right'\ntake = 'left'",
        "system = 'rq'\nname = 'default'",
        "key = 'wrong'\ngroup = 'workers'",
    ])
    .await;
    let script = "
        SET wrong text
        RPUSH right a
        SET rq:wip:default text
        RPUSH rq:queue:default a b c";
    redis.fill(script).await;
    let first = redis.scrape().await;
    // LLEN and LINDEX, XLEN and XRANGE, ZCARD and ZRANGE.
    assert_eq!(redis.errors().await, 6);
    let later = redis.scrapes(10).await;
    assert_eq!(redis.errors().await, 6);
    let expected = "
        queue_jobs{queue=wrong,state=pending,system=list} none
        queue_oldest_job_age_seconds{queue=wrong,state=pending,system=list} none
        queue_jobs{queue=wrong,state=pending,system=stream} none
        queue_jobs{queue=right,state=pending,system=list} 1
        queue_jobs{queue=default,state=pending,system=rq} 3
        queue_jobs{queue=default,state=reserved,system=rq} none
        queue_jobs{queue=default,state=delayed,system=rq} 0";
    first.check(expected);
    later.check(expected);
}

#[tokio::test]
async fn what_is_forbidden_is_unknown_and_raises_its_errors_once() {
    let mut redis = Watched::new(&[]).await;
    let script = "
        RPUSH right a
        ACL SETUSER critwatch on nopass -@all +info +time +client|setname +llen ~right";
    redis.fill(script).await;
    let list = "system = 'list'\nkey = 'right'\ntake = 'left'";
    redis.watch_as("critwatch", &[list, "system = 'sidekiq'"]);
    // What is overdue is asked from the second scrape on.
    let seen = redis.scrapes(2).await;
    let errors = redis.errors().await;
    assert!(errors > 0);
    redis.scrapes(10).await;
    assert_eq!(redis.errors().await, errors);
    let expected = "
        queue_jobs{queue=right,state=pending,system=list} 1
        queue_oldest_job_age_seconds{queue=right,state=pending,system=list} none
        queue_workers{system=sidekiq} none
        queue_jobs{state=dead,system=sidekiq} none";
    seen.check(expected);
}

#[tokio::test]
async fn a_full_redis_is_read_as_well_as_any() {
    let limit = ["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"];
    let laravel = "system = 'laravel'\nname = 'default'";
    let bullmq = "system = 'bullmq'\nname = 'mail'";
    let mut redis = Watched::start(&limit, &[laravel, bullmq]).await;
    let now = redis.now().await;
    let data = "x".repeat(9000);
    let job = format!("{{\"createdAt\":{},\"data\":\"{data}\"}}", now - 5);
    let mut jobs = 0;
    let mut push = redis::cmd("RPUSH");
    push.arg("queues:default").arg(&job);
    while redis.try_run(&push).await.is_ok() {
        jobs += 1;
    }
    assert!(jobs > 10);
    let refused = redis.errors().await;
    let expected = format!(
        "
        queue_jobs{{queue=default,state=pending,system=laravel}} {jobs}
        queue_jobs{{queue=mail,state=pending,system=bullmq}} 0
        queue_oldest_job_age_seconds{{queue=default,state=pending,system=laravel}} about 5"
    );
    redis.scrapes(3).await.check(&expected);
    assert_eq!(redis.errors().await, refused);
}

#[tokio::test]
async fn a_huge_job_is_looked_at_rarely_and_its_age_goes_on() {
    let mut redis = Watched::new(&["system = 'laravel'\nname = 'default'"]).await;
    let data = "x".repeat(5 << 20);
    let job = format!("RPUSH queues:default {{\"data\":\"{data}\",\"createdAt\":@-60}}");
    redis.fill(&job).await;
    let expected = "
        queue_jobs{queue=default,state=pending,system=laravel} 1
        queue_age_source_info{queue=default,source=timestamp,system=laravel} 1
        queue_oldest_job_age_seconds{queue=default,state=pending,system=laravel} about 60";
    for _ in 0..6 {
        redis.scrape().await.check(expected);
    }
    let looks = redis.info("cmdstat_lindex").await;
    assert!(
        looks.starts_with("calls=1,") || looks.starts_with("calls=2,"),
        "{looks}"
    );
}

#[tokio::test]
async fn a_job_whose_hash_is_huge_keeps_its_age_while_it_is_not_asked_for() {
    let mut redis = Watched::new(&["system = 'bullmq'\nname = 'mail'"]).await;
    let options = format!("{{\"delay\":0,\"x\":\"{}\"}}", "x".repeat(1 << 20));
    let script =
        format!("LPUSH bull:mail:wait 1\nHSET bull:mail:1 timestamp @-60ms delay 0 opts {options}");
    redis.fill(&script).await;
    redis.scrape().await;
    let expected = "
        queue_age_source_info{queue=mail,source=timestamp,system=bullmq} 1
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} about 60";
    for _ in 0..6 {
        redis.scrape().await.check(expected);
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_aged_by_identity() {
    let keys = [
        ("laravel", "queues:default"),
        ("sidekiq", "queue:default"),
        ("rq", "rq:queue:default"),
        ("bullmq", "bull:default:wait"),
        ("resque", "resque:queue:default"),
    ];
    let tables = keys.map(|(system, _)| format!("system = '{system}'\nname = 'default'"));
    let mut redis = Watched::new(&tables.each_ref().map(|table| &**table)).await;
    let garbage: &[u8] = b"\x00\xff{\"createdAt\":[[[\xc3";
    for (_, key) in keys {
        redis.run(&[b"RPUSH", key.as_bytes(), garbage]).await;
    }
    let reserved = b"queues:default:reserved";
    redis.run(&[b"ZADD", reserved, b"-inf", garbage]).await;
    let hash = [b"rq:job:", garbage].concat();
    redis.run(&[b"HSET", &hash, b"enqueued_at", garbage]).await;
    let seen = redis.scrapes(3).await;
    for (system, _) in keys {
        let expected = format!(
            "
            queue_jobs{{queue=default,state=pending,system={system}}} 1
            queue_age_source_info{{queue=default,source=identity,system={system}}} 1
            queue_oldest_job_age_seconds{{queue=default,state=pending,system={system}}} about 0"
        );
        seen.check(&expected);
    }
}

#[tokio::test]
async fn names_that_are_no_text_are_found_and_told_apart() {
    let found = "system = 'list'\npattern = 'raw:*'\ntake = 'left'";
    let mut redis = Watched::new(&["system = 'sidekiq'", found]).await;
    for name in [b"a\xff", b"a\xfe"] {
        redis.run(&[b"SADD", b"queues", name]).await;
        for before in [&b"queue:"[..], b"raw:"] {
            let key = [before, name].concat();
            redis.run(&[b"LPUSH", &key, b"{}"]).await;
        }
    }
    redis.fill("SET raw:text x").await;
    let expected = r"
        queue_jobs{queue=a\xff,state=pending,system=sidekiq} 1
        queue_jobs{queue=a\xfe,state=pending,system=sidekiq} 1
        queue_jobs{queue=raw:a\xff,state=pending,system=list} 1
        queue_jobs{queue=raw:text,state=pending,system=list} none
        queue_found_beyond_limit{pattern=raw:*,system=list} 0";
    redis.scrapes(3).await.check(expected);
    assert_eq!(redis.errors().await, 0);
}

#[tokio::test]
async fn a_hundred_queues_are_read_at_once_and_too_many_are_counted() {
    let names: Vec<_> = (0..100).map(|number| format!("'q{number}'")).collect();
    let laravel = format!("system = 'laravel'\nnames = [{}]", names.join(", "));
    let mut redis = Watched::new(&[&laravel, "system = 'resque'"]).await;
    for number in 0..600 {
        let script = format!("SADD resque:queues r{number}\nRPUSH queues:q{number} {{}}");
        redis.fill(&script).await;
    }
    let seen = redis.scrapes(10).await;
    assert_eq!(seen.count("queue_age_source_info"), 100 + 500);
    let expected = "
        queue_jobs{queue=q99,state=pending,system=laravel} 1
        queue_found_beyond_limit{system=resque} 100";
    seen.check(expected);
}

#[tokio::test]
async fn a_stream_without_the_group_is_unknown_until_the_group_is_there() {
    let here = "key = 'rolls'\ngroup = 'workers'";
    let others = "name = 'others'\nkey = 'rolls'\ngroup = 'others'";
    let mut redis = Watched::new(&[here, others]).await;
    redis
        .fill("XGROUP CREATE rolls others 0 MKSTREAM\nXADD rolls * job x")
        .await;
    let expected = "
        queue_jobs{queue=rolls,state=pending,system=stream} none
        queue_jobs{queue=others,state=pending,system=stream} 1";
    redis.scrapes(3).await.check(expected);
    redis.fill("XGROUP CREATE rolls workers 0").await;
    let expected = "
        queue_jobs{queue=rolls,state=pending,system=stream} 1
        redis_stream_groups{stream=rolls} 2";
    redis.scrapes(2).await.check(expected);
    assert_eq!(redis.errors().await, 0);
}

#[tokio::test]
async fn many_dead_consumers_are_counted_and_not_listed() {
    let mut redis = Watched::new(&["key = 'rolls'\ngroup = 'workers'"]).await;
    redis.fill("XGROUP CREATE rolls workers 0 MKSTREAM").await;
    for number in 0..101 {
        let command = format!("XGROUP CREATECONSUMER rolls workers c{number}");
        redis.fill(&command).await;
    }
    let seen = redis.scrapes(4).await;
    seen.check("redis_stream_group_consumers{group=workers,stream=rolls} 101");
    assert_eq!(seen.count("redis_stream_group_consumer_idle_seconds"), 0);
    redis.fill("XGROUP DELCONSUMER rolls workers c0").await;
    let seen = redis.scrapes(2).await;
    assert_eq!(seen.count("redis_stream_group_consumer_idle_seconds"), 100);
}
