//! Every queue system's real layout in a real Redis: counts and ages are right.

mod jobs;
mod libraries;
mod living;
mod rough;
pub(crate) mod world;

use crate::queues::world::Watched;

#[tokio::test]
async fn laravel_queues_are_counted_and_their_oldest_job_is_aged() {
    let table = "system = 'laravel'\nnames = ['default', 'mail', 'idle']\nprefix = 'shop_database_'\nretry_after = '60s'";
    let mut redis = Watched::new(&[table]).await;
    // The reserved ones were taken 30 s and 10 s ago.
    let script = r#"
        RPUSH shop_database_queues:default {"uuid":"u","createdAt":@-100} {"uuid":"v","createdAt":@-50}
        RPUSH shop_database_queues:mail {"pushedAt":"@-20.25","createdAt":1}
        ZADD shop_database_queues:default:reserved @+30 a @+50 b
        ZADD shop_database_queues:default:delayed @-40 c @+500 d"#;
    redis.fill(script).await;
    let first = "queue_overdue_jobs{queue=default,system=laravel} none";
    redis.scrape().await.check(first);
    let expected = "
        queue_jobs{queue=default,state=pending,system=laravel} 2
        queue_jobs{queue=default,state=reserved,system=laravel} 2
        queue_jobs{queue=default,state=delayed,system=laravel} 2
        queue_jobs{queue=default,state=failed,system=laravel} none
        queue_overdue_jobs{queue=default,system=laravel} 1
        queue_jobs{queue=mail,state=pending,system=laravel} 1
        queue_jobs{queue=mail,state=reserved,system=laravel} 0
        queue_jobs{queue=idle,state=pending,system=laravel} 0
        queue_oldest_job_age_seconds{queue=idle,state=pending,system=laravel} 0
        queue_oldest_job_age_seconds{queue=idle,state=reserved,system=laravel} 0
        queue_age_source_info{queue=default,source=timestamp,system=laravel} 1
        queue_oldest_job_age_seconds{queue=default,state=pending,system=laravel} about 100
        queue_oldest_job_age_seconds{queue=default,state=reserved,system=laravel} about 30
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=laravel} about 19.75";
    redis.scrape().await.check(expected);
    redis.fill("LPOP shop_database_queues:default").await;
    let expected =
        "queue_oldest_job_age_seconds{queue=default,state=pending,system=laravel} about 50";
    redis.scrape().await.check(expected);
}

#[tokio::test]
async fn laravel_queues_of_a_cluster_and_those_of_a_pattern_have_their_plain_names() {
    let cluster = "system = 'laravel'\nname = '{default}'\napp = 'a'";
    let found = "system = 'laravel'\npattern = '*'\nprefix = 'b:'\napp = 'b'";
    let mut redis = Watched::new(&[cluster, found]).await;
    let script = "
        RPUSH queues:{default} {}
        RPUSH b:queues:mail {}
        RPUSH b:queues:x:notify 1
        ZADD b:queues:mail:delayed 1 a";
    redis.fill(script).await;
    let expected = "
        queue_jobs{app=a,queue=default,state=pending,system=laravel} 1
        queue_jobs{app=b,queue=mail,state=pending,system=laravel} 1
        queue_jobs{app=b,queue=mail,state=delayed,system=laravel} 1
        queue_jobs{app=b,queue=x:notify,state=pending,system=laravel} none
        queue_found_beyond_limit{app=b,pattern=*,system=laravel} 0";
    redis.scrapes(3).await.check(expected);
    // Its key goes with its last job, and it is known all the same.
    redis.fill("DEL b:queues:mail").await;
    let expected = "queue_jobs{app=b,queue=mail,state=pending,system=laravel} 0";
    redis.scrapes(3).await.check(expected);
}

#[tokio::test]
async fn horizon_tells_its_masters_processes_failures_and_throughput() {
    let table = "system = 'horizon'\nnames = ['default']\nhorizon_prefix = 'shop_horizon:'";
    let mut redis = Watched::new(&[table]).await;
    let inactive = "
        horizon_status{system=horizon} -1
        horizon_master_supervisors{system=horizon} 0
        queue_workers{system=horizon} 0
        queue_jobs{state=failed,system=horizon} 0";
    redis.scrapes(2).await.check(inactive);
    let script = r#"
        ZADD shop_horizon:masters @-3 vm-1 @-60 vm-gone
        HSET shop_horizon:master:vm-1 name vm-1 status running pid 7
        ZADD shop_horizon:supervisors @-3 vm-1:one @-2 vm-1:two @-300 old
        HSET shop_horizon:supervisor:vm-1:one processes {"redis:default":3,"redis:mail,slow":2}
        HSET shop_horizon:supervisor:vm-1:two processes {"redis:default":4}
        ZADD shop_horizon:failed_jobs -@-10 a -@-7200 b
        ZADD shop_horizon:recent_failed_jobs -@-10 a
        ZADD shop_horizon:recent_jobs -@-10 a -@-5 c
        HSET shop_horizon:queue:default throughput 42 runtime 12.5
        RPUSH queues:default {"pushedAt":"@-30.5"}"#;
    redis.fill(script).await;
    let expected = "
        horizon_status{system=horizon} 1
        horizon_master_supervisors{system=horizon} 1
        horizon_current_processes{queue=default,system=horizon} 7
        horizon_current_processes{queue=mail,slow,system=horizon} 2
        queue_workers{system=horizon} 9
        queue_jobs{state=failed,system=horizon} 2
        horizon_failed_jobs_per_hour{system=horizon} 1
        horizon_failed_recent_jobs{system=horizon} 1
        horizon_recent_jobs{system=horizon} 2
        queue_completed_total{queue=default,system=horizon} 42
        queue_jobs{queue=default,state=pending,system=horizon} 1
        queue_worker_heartbeat_age_seconds{system=horizon,worker=vm-1} about 3
        queue_oldest_job_age_seconds{queue=default,state=pending,system=horizon} about 29.5";
    redis.scrapes(2).await.check(expected);
    let pause = "HSET shop_horizon:master:vm-1 status paused";
    redis.fill(pause).await;
    let expected = "horizon_status{system=horizon} 0";
    redis.scrape().await.check(expected);
}

#[tokio::test]
async fn sidekiq_finds_its_queues_and_tells_its_processes() {
    let mut redis = Watched::new(&["system = 'sidekiq'"]).await;
    // Version 8 writes milliseconds, those before it seconds.
    let script = r#"
        SADD queues default mail
        LPUSH queue:default {"jid":"a","enqueued_at":@-40ms} {"jid":"b","enqueued_at":@-10ms}
        LPUSH queue:mail {"jid":"c","enqueued_at":@-70.125}
        ZADD schedule @-50 a @+50 b @+60 c
        ZADD retry @+50 a
        ZADD dead @-50 a @-60 b
        SADD processes vm:1:ab vm:2:gone
        HSET vm:1:ab busy 2 beat @-8.5 quiet false rss 1000
        HSET vm:1:ab:work t1 {} t2 {}
        SET stat:processed 100
        SET stat:failed 7"#;
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=default,state=pending,system=sidekiq} 2
        queue_jobs{queue=mail,state=pending,system=sidekiq} 1
        queue_jobs{state=delayed,system=sidekiq} 3
        queue_jobs{state=failed,system=sidekiq} 1
        queue_jobs{state=dead,system=sidekiq} 2
        queue_jobs{state=reserved,system=sidekiq} 2
        queue_workers{system=sidekiq} 1
        queue_completed_total{system=sidekiq} 93
        queue_failed_total{system=sidekiq} 7
        queue_found_beyond_limit{system=sidekiq} 0
        queue_overdue_jobs{system=sidekiq} 1
        queue_oldest_job_age_seconds{queue=default,state=pending,system=sidekiq} about 40
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=sidekiq} about 69.5
        queue_worker_heartbeat_age_seconds{system=sidekiq,worker=vm:1:ab} about 7.5";
    redis.scrapes(2).await.check(expected);
    redis
        .fill("RPOP queue:default\nSREM queues mail\nDEL processes")
        .await;
    let expected =
        "queue_oldest_job_age_seconds{queue=default,state=pending,system=sidekiq} about 10";
    redis.scrape().await.check(expected);
    let expected = "
        queue_jobs{queue=mail,state=pending,system=sidekiq} none
        queue_workers{system=sidekiq} 0
        queue_jobs{state=reserved,system=sidekiq} 0";
    redis.scrape().await.check(expected);
}

#[tokio::test]
async fn celery_queues_are_summed_over_priorities_and_aged_by_identity() {
    let mut redis = Watched::new(&["system = 'celery'\nnames = ['celery', 'mail']"]).await;
    let script = "
        LPUSH celery {\"body\":\"1\"} {\"body\":\"2\"}
        LPUSH celery\u{6}\u{16}6 {\"body\":\"3\"}
        HSET unacked t1 x t2 y t3 z
        ZADD unacked_index @-33.5 t1 @-2 t2 @-1 t3";
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=celery,state=pending,system=celery} 3
        queue_jobs{queue=mail,state=pending,system=celery} 0
        queue_jobs{state=reserved,system=celery} 3
        queue_oldest_job_age_seconds{queue=celery,state=pending,system=celery} 0
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=celery} 0
        queue_age_source_info{queue=celery,source=identity,system=celery} 1
        queue_oldest_job_age_seconds{state=reserved,system=celery} about 32.5";
    redis.scrape().await.check(expected);
    // It ages while it stays, and not before the clock has moved on.
    let age = "queue_oldest_job_age_seconds{queue=celery,state=pending,system=celery}";
    let mut grown = 0.0;
    while grown == 0.0 {
        grown = redis.scrape().await.get(age).unwrap();
    }
    redis.fill("RPOP celery\nRPOP celery\u{6}\u{16}6").await;
    let expected = format!("{age} 0\nqueue_jobs{{queue=celery,state=pending,system=celery}} 1");
    redis.scrape().await.check(&expected);
}

#[tokio::test]
async fn rq_jobs_are_aged_by_their_own_hashes_one_scrape_later() {
    let mut redis = Watched::new(&["system = 'rq'"]).await;
    let script = "
        SADD rq:queues rq:queue:default
        RPUSH rq:queue:default a b
        HSET rq:job:a status queued enqueued_at @-60iso
        HSET rq:job:b status queued enqueued_at @-20iso
        HSET rq:job:w enqueued_at @-90iso started_at @-45iso
        ZADD rq:wip:default @+100 w:0a1b
        ZADD rq:scheduled:default @-5 s @+50 t
        ZADD rq:deferred:default 1 d
        ZADD rq:failed:default 1 x 2 y
        SADD rq:workers rq:worker:one rq:worker:dead
        SADD rq:workers:default rq:worker:one
        HSET rq:worker:one last_heartbeat @-15iso successful_job_count 12 queues default";
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=default,state=pending,system=rq} 2
        queue_jobs{queue=default,state=reserved,system=rq} 1
        queue_jobs{queue=default,state=delayed,system=rq} 3
        queue_jobs{queue=default,state=failed,system=rq} 2
        queue_overdue_jobs{queue=default,system=rq} 1
        queue_workers{queue=default,system=rq} 1
        queue_completed_total{system=rq,worker=one} 12
        queue_failed_total{system=rq,worker=one} 0
        queue_age_source_info{queue=default,source=timestamp,system=rq} 1
        queue_worker_heartbeat_age_seconds{system=rq,worker=dead} none
        queue_oldest_job_age_seconds{queue=default,state=pending,system=rq} about 60
        queue_oldest_job_age_seconds{queue=default,state=reserved,system=rq} about 45
        queue_worker_heartbeat_age_seconds{system=rq,worker=one} about 15";
    redis.scrapes(3).await.check(expected);
    let age = "queue_oldest_job_age_seconds{queue=default,state=pending,system=rq}";
    redis.fill("LPOP rq:queue:default").await;
    redis.scrapes(2).await.check(&format!("{age} about 20"));
    redis.fill("DEL rq:queue:default").await;
    redis.scrape().await.check(&format!("{age} 0"));
}

#[tokio::test]
async fn bullmq_jobs_are_aged_from_the_end_of_their_delay() {
    let mut redis = Watched::new(&["system = 'bullmq'\nnames = ['mail', 'hold']"]).await;
    let script = r#"
        LPUSH bull:mail:wait 1 2
        HSET bull:mail:1 timestamp @-100ms delay 0 opts {"delay":30000}
        HSET bull:mail:2 timestamp @-5ms delay 0 opts {}
        ZADD bull:mail:prioritized 21474836481 3
        HSET bull:mail:3 timestamp @-80ms delay 0 opts {}
        LPUSH bull:mail:active 4
        HSET bull:mail:4 timestamp @-500ms processedOn @-25ms
        ZADD bull:mail:delayed @-9bull 5 @+60bull 6
        ZADD bull:mail:failed 1 7 2 8
        HSET bull:mail:metrics:completed count 33
        LPUSH bull:hold:paused 1
        HSET bull:hold:1 timestamp @-200ms"#;
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=mail,state=pending,system=bullmq} 3
        queue_jobs{queue=mail,state=reserved,system=bullmq} 1
        queue_jobs{queue=mail,state=delayed,system=bullmq} 2
        queue_jobs{queue=mail,state=failed,system=bullmq} 2
        queue_overdue_jobs{queue=mail,system=bullmq} 1
        queue_completed_total{queue=mail,system=bullmq} 33
        queue_failed_total{queue=mail,system=bullmq} none
        queue_jobs{queue=hold,state=pending,system=bullmq} 1
        queue_age_source_info{queue=mail,source=timestamp,system=bullmq} 1
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} about 80
        queue_oldest_job_age_seconds{queue=hold,state=pending,system=bullmq} about 200
        queue_oldest_job_age_seconds{queue=mail,state=reserved,system=bullmq} about 25";
    redis.scrapes(2).await.check(expected);
    redis.fill("DEL bull:mail:prioritized").await;
    let expected = "queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq} about 70";
    redis.scrape().await.check(expected);
}

#[tokio::test]
async fn a_busy_bullmq_queue_that_deletes_its_jobs_still_has_an_age() {
    let mut redis = Watched::new(&["system = 'bullmq'\nname = 'mail'"]).await;
    for id in 0..200 {
        let job = format!(
            "LPUSH bull:mail:wait {id}\nHSET bull:mail:{id} timestamp @-{}ms",
            1000 - id
        );
        redis.fill(&job).await;
    }
    redis.scrape().await;
    let age = "queue_oldest_job_age_seconds{queue=mail,state=pending,system=bullmq}";
    let mut ages = Vec::new();
    // Ten jobs are done and deleted between two scrapes.
    for round in 0..8 {
        for id in round * 10..round * 10 + 10 {
            let done = format!("RPOP bull:mail:wait\nDEL bull:mail:{id}");
            redis.fill(&done).await;
        }
        ages.push(redis.scrape().await.get(age).unwrap());
    }
    // The oldest that waits was queued 920 s ago at the end; its age is read from
    // a job a little behind it.
    let last = ages.last().unwrap();
    assert!((880.0..=940.0).contains(last), "{ages:?}");
}

#[tokio::test]
async fn resque_tells_queues_workers_and_what_they_have_in_hand() {
    let mut redis = Watched::new(&["system = 'resque'"]).await;
    let script = r#"
        SADD resque:queues default mail
        RPUSH resque:queue:default {"class":"A","args":[1]} {"class":"B","args":[]}
        RPUSH resque:failed {} {} {}
        SET resque:stat:processed 50
        SET resque:stat:failed 3
        SADD resque:workers vm:1:* vm:2:mail
        SET resque:worker:vm:1:* {"queue":"default","run_at":"@-33iso","payload":{"class":"A"}}
        HSET resque:workers:heartbeat vm:1:* @-12iso vm:2:mail @-300iso
        ZADD resque:delayed_queue_schedule @-90 a @+90 b"#;
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=default,state=pending,system=resque} 2
        queue_jobs{queue=default,state=reserved,system=resque} 1
        queue_jobs{queue=mail,state=reserved,system=resque} 0
        queue_jobs{state=failed,system=resque} 3
        queue_jobs{state=delayed,system=resque} none
        queue_overdue_jobs{system=resque} 1
        queue_completed_total{system=resque} 47
        queue_failed_total{system=resque} 3
        queue_workers{system=resque} 1
        queue_age_source_info{queue=default,source=identity,system=resque} 1
        queue_oldest_job_age_seconds{queue=mail,state=pending,system=resque} 0
        queue_oldest_job_age_seconds{queue=default,state=reserved,system=resque} about 33
        queue_worker_heartbeat_age_seconds{system=resque,worker=vm:2:mail} about 300";
    redis.scrapes(2).await.check(expected);
    redis.fill("DEL resque:worker:vm:1:*").await;
    let expected = "
        queue_jobs{queue=default,state=reserved,system=resque} 0
        queue_oldest_job_age_seconds{queue=default,state=reserved,system=resque} 0";
    redis.scrape().await.check(expected);
}

#[tokio::test]
async fn plain_lists_and_sorted_sets_are_read_as_their_settings_say() {
    let mut redis = Watched::new(&[
        "system = 'list'\nname = 'left'\nkey = 'jobs:l'\ntake = 'left'\ntime_field = 'at'",
        "system = 'list'\nkey = 'jobs:r'\ntake = 'right'\ntime_field = 'at'",
        "system = 'sorted-set'\nname = 'due'\nkey = 'due'\nscore = 'due'",
        "system = 'sorted-set'\nname = 'added'\nkey = 'added'\nscore = 'added'\nunit = 'ms'",
    ])
    .await;
    let script = r#"
        RPUSH jobs:l {"at":@-70} {"at":@-30}
        RPUSH jobs:r {"at":@-70} {"at":@-30}
        ZADD due @-20 a @-10 b @+99 c
        ZADD added @-50ms a @-40ms b"#;
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=left,state=pending,system=list} 2
        queue_jobs{queue=due,state=pending,system=sorted-set} 2
        queue_jobs{queue=due,state=delayed,system=sorted-set} 1
        queue_overdue_jobs{queue=due,system=sorted-set} 2
        queue_jobs{queue=added,state=pending,system=sorted-set} 2
        queue_oldest_job_age_seconds{queue=left,state=pending,system=list} about 70
        queue_oldest_job_age_seconds{queue=jobs:r,state=pending,system=list} about 30
        queue_oldest_job_age_seconds{queue=due,state=pending,system=sorted-set} about 20
        queue_oldest_job_age_seconds{queue=added,state=pending,system=sorted-set} about 50";
    redis.scrapes(2).await.check(expected);
}

#[tokio::test]
async fn a_stream_tells_what_waits_what_is_in_work_and_who_is_gone() {
    let mut redis = Watched::new(&["name = 'rolls'\nkey = 'rolls'\ngroup = 'workers'"]).await;
    let empty = "
        queue_jobs{queue=rolls,state=pending,system=stream} 0
        queue_oldest_job_age_seconds{queue=rolls,state=pending,system=stream} 0";
    redis.scrape().await.check(empty);
    let script = "
        XGROUP CREATE rolls workers 0 MKSTREAM
        XADD rolls @-90ms-0 job x
        XADD rolls @-60ms-0 job x
        XADD rolls @-30ms-0 job x
        XREADGROUP GROUP workers one COUNT 1 STREAMS rolls >";
    let oldest = redis.fill(script).await - 90;
    let expected = "
        queue_jobs{queue=rolls,state=pending,system=stream} 2
        queue_jobs{queue=rolls,state=reserved,system=stream} 1
        queue_enqueued_total{queue=rolls,system=stream} 3
        queue_completed_total{queue=rolls,system=stream} 0
        redis_stream_length{stream=rolls} 3
        redis_stream_groups{stream=rolls} 1
        redis_stream_group_lag{group=workers,stream=rolls} 2
        redis_stream_group_messages_pending{group=workers,stream=rolls} 1
        redis_stream_group_consumer_messages_pending{consumer=one,group=workers,stream=rolls} 1
        redis_stream_group_consumer_idle_seconds{consumer=one,group=workers,stream=rolls} about 0
        queue_oldest_job_age_seconds{queue=rolls,state=pending,system=stream} about 60
        queue_oldest_job_age_seconds{queue=rolls,state=reserved,system=stream} about 0";
    redis.scrapes(3).await.check(expected);
    let script = format!(
        "XACK rolls workers {oldest}000-0\nXDEL rolls {oldest}000-0\n\
        XREADGROUP GROUP workers one COUNT 1 STREAMS rolls >"
    );
    redis.fill(&script).await;
    let expected = "
        queue_jobs{queue=rolls,state=pending,system=stream} 1
        queue_completed_total{queue=rolls,system=stream} 1
        queue_oldest_job_age_seconds{queue=rolls,state=pending,system=stream} about 30";
    redis.scrape().await.check(expected);
    // Gone: that is known, and the three questions that were under way are not
    // asked again.
    redis.fill("DEL rolls").await;
    redis.scrapes(4).await.check(empty);
    assert!(redis.errors().await <= 3);
}
