//! What is no job is not counted, and no job's age is a guess that nobody is told of.

use crate::queues::world::Watched;

#[tokio::test]
async fn a_marker_of_bullmq_is_no_job_and_has_no_age() {
    let mut redis = Watched::new(&["system = 'bullmq'\nname = 'mail'"]).await;
    // As versions 3 and 4 write it: a job that is due in an hour, and the marker.
    let script = "
        LPUSH bull:mail:wait 0:@+3600ms
        ZADD bull:mail:delayed @+3600bull 1
        LPUSH bull:mail:active 0:@+3600ms";
    redis.fill(script).await;
    let nothing_waits = "
        queue_jobs{queue=mail,state=pending,system=bullmq} 0
        queue_jobs{queue=mail,state=delayed,system=bullmq} 1
        queue_jobs{queue=mail,state=reserved,system=bullmq} 0
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} 0
        queue_oldest_job_age_seconds{queue=mail,state=reserved,system=bullmq} 0
        queue_age_source_info{queue=mail,source=identity,system=bullmq} none";
    for _ in 0..3 {
        redis.scrape().await.check(nothing_waits);
    }
    // Jobs that came after it stand behind it.
    let script = "
        LPUSH bull:mail:wait 2 3
        HSET bull:mail:2 timestamp @-40ms delay 0 opts {}
        HSET bull:mail:3 timestamp @-5ms delay 0 opts {}";
    redis.fill(script).await;
    redis.scrapes(2).await;
    let expected = "
        queue_jobs{queue=mail,state=pending,system=bullmq} 2
        queue_age_source_info{queue=mail,source=timestamp,system=bullmq} 1
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} about 40";
    for _ in 0..3 {
        redis.scrape().await.check(expected);
    }
    // A worker takes the marker away.
    redis.fill("RPOP bull:mail:wait").await;
    for _ in 0..3 {
        redis.scrape().await.check(expected);
    }
}

#[tokio::test]
async fn a_paused_bullmq_queue_takes_its_marker_along() {
    let mut redis = Watched::new(&["system = 'bullmq'\nname = 'mail'"]).await;
    let script = "
        LPUSH bull:mail:paused 0:0 1
        HSET bull:mail:1 timestamp @-60ms delay 0 opts {}
        HSET bull:mail:meta paused 1";
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=mail,state=pending,system=bullmq} 1
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} about 60";
    redis.scrapes(3).await.check(expected);
}

#[tokio::test]
async fn acknowledged_jobs_that_stay_in_a_stream_do_not_wait() {
    let one = "name = 'one'\nkey = 'rolls'\ngroup = 'one'";
    let two = "name = 'two'\nkey = 'rolls'\ngroup = 'two'";
    let mut redis = Watched::new(&[one, two]).await;
    let script = "
        XGROUP CREATE rolls one 0 MKSTREAM
        XGROUP CREATE rolls two 0 MKSTREAM
        XADD rolls @-90ms-0 job x
        XADD rolls @-60ms-0 job x
        XADD rolls @-30ms-0 job x
        XREADGROUP GROUP one c COUNT 3 STREAMS rolls >
        XREADGROUP GROUP two c COUNT 1 STREAMS rolls >";
    let now = redis.fill(script).await;
    for ago in [90, 60, 30] {
        redis
            .fill(&format!("XACK rolls one {}000-0", now - ago))
            .await;
    }
    let expected = "
        redis_stream_length{stream=rolls} 3
        queue_jobs{queue=one,state=pending,system=stream} 0
        queue_jobs{queue=one,state=reserved,system=stream} 0
        queue_oldest_job_age_seconds{queue=one,state=pending,system=stream} 0
        queue_jobs{queue=two,state=pending,system=stream} 2
        queue_jobs{queue=two,state=reserved,system=stream} 1
        queue_oldest_job_age_seconds{queue=two,state=pending,system=stream} about 60";
    redis.scrapes(3).await.check(expected);
}

#[tokio::test]
async fn a_long_stream_that_is_never_emptied_counts_by_the_groups_lag() {
    let mut redis = Watched::new(&["key = 'rolls'\ngroup = 'g'"]).await;
    redis.fill("XGROUP CREATE rolls g 0 MKSTREAM").await;
    for _ in 0..300 {
        redis.fill("XADD rolls * job x").await;
    }
    let read = "XREADGROUP GROUP g c COUNT 200 NOACK STREAMS rolls >";
    redis.fill(read).await;
    let pending = "queue_jobs{queue=rolls,state=pending,system=stream}";
    redis.scrapes(3).await.check(&format!("{pending} 100"));
    // A deleted job makes Redis unsure of the lag for as long as a job waits behind it.
    let last = redis
        .run(&[b"XREVRANGE", b"rolls", b"+", b"-", b"COUNT", b"2"])
        .await;
    let entries: Vec<(String, Vec<String>)> = redis::from_redis_value(last).unwrap();
    redis.fill(&format!("XDEL rolls {}", entries[1].0)).await;
    let seen = redis.scrape().await;
    seen.check("redis_stream_group_lag{group=g,stream=rolls} none");
    // What is known then is that no more wait than are in the stream.
    seen.check(&format!("{pending} 299"));
    redis
        .fill("XREADGROUP GROUP g c COUNT 80 NOACK STREAMS rolls >")
        .await;
    redis.scrapes(2).await.check(&format!("{pending} 19"));
    redis.fill(read).await;
    redis.scrapes(2).await.check(&format!("{pending} 0"));
}

#[tokio::test]
async fn jobs_from_the_future_age_from_their_first_sight() {
    let mut redis = Watched::new(&[
        "system = 'list'\nname = 'list'\nkey = 'l'\ntake = 'left'\ntime_field = 't'",
        "system = 'laravel'\nname = 'default'",
        "system = 'sidekiq'",
        "key = 's'\ngroup = 'g'\nname = 'stream'",
        "system = 'sorted-set'\nname = 'due'\nkey = 'due'\nscore = 'due'",
    ])
    .await;
    let script = r#"
        RPUSH l {"t":@+900000}
        RPUSH queues:default {"createdAt":@+3600}
        ZADD queues:default:reserved @+7200 a
        SADD queues default
        LPUSH queue:default {"enqueued_at":@+60}
        XADD s @+600ms-0 job x
        XGROUP CREATE s g 0
        ZADD due @+600 a"#;
    redis.fill(script).await;
    redis.scrapes(2).await;
    let ages = [
        "{queue=list,state=pending,system=list}",
        "{queue=default,state=pending,system=laravel}",
        "{queue=default,state=reserved,system=laravel}",
        "{queue=default,state=pending,system=sidekiq}",
        "{queue=stream,state=pending,system=stream}",
    ]
    .map(|labels| format!("queue_oldest_job_age_seconds{labels}"));
    let grown = |seen: &crate::queues::world::Seen| {
        ages.iter()
            .all(|age| seen.get(age).is_some_and(|age| age > 0.0))
    };
    let seen = loop {
        let seen = redis.scrape().await;
        if grown(&seen) {
            break seen;
        }
    };
    let expected = "
        queue_age_source_info{queue=list,source=identity,system=list} 1
        queue_age_source_info{queue=default,source=identity,system=laravel} 1
        queue_age_source_info{queue=default,source=identity,system=sidekiq} 1
        queue_age_source_info{queue=stream,source=identity,system=stream} 1
        queue_age_source_info{queue=due,source=timestamp,system=sorted-set} 1
        queue_jobs{queue=due,state=delayed,system=sorted-set} 1
        queue_oldest_job_age_seconds{queue=due,state=pending,system=sorted-set} 0";
    seen.check(expected);
}
