//! Who works queues off, and whether they are told not to: only what lives counts.

use crate::queues::world::Watched;

#[tokio::test]
async fn a_killed_rq_worker_does_not_count_though_it_stays_in_the_sets() {
    let mut redis = Watched::new(&["system = 'rq'"]).await;
    let script = "
        SADD rq:queues rq:queue:default rq:queue:mail rq:queue:idle
        SADD rq:workers rq:worker:one rq:worker:two rq:worker:killed
        SADD rq:workers:default rq:worker:one rq:worker:two rq:worker:killed
        SADD rq:workers:mail rq:worker:two
        HSET rq:worker:one last_heartbeat @-15iso queues default
        HSET rq:worker:two last_heartbeat @-15iso queues default,mail";
    redis.fill(script).await;
    // Before all of them were looked at nothing is said.
    let expected = "queue_workers{queue=default,system=rq} none";
    redis.scrape().await.check(expected);
    let expected = "
        queue_workers{queue=default,system=rq} 2
        queue_workers{queue=mail,system=rq} 1
        queue_workers{queue=idle,system=rq} 0
        queue_worker_heartbeat_age_seconds{system=rq,worker=killed} none";
    redis.scrape().await.check(expected);
    // Its hash runs out, and nobody cleans the sets.
    redis.fill("DEL rq:worker:one rq:worker:two").await;
    let expected = "
        queue_workers{queue=default,system=rq} 0
        queue_workers{queue=mail,system=rq} 0";
    redis.scrape().await.check(expected);
    // It was heard of again, so it lives; what it takes from was known before.
    redis.fill("HSET rq:worker:two last_heartbeat @-1iso").await;
    let expected = "
        queue_workers{queue=default,system=rq} 1
        queue_workers{queue=mail,system=rq} 1";
    redis.scrape().await.check(expected);
    // One of which that is not known makes the number unknown, not too small.
    redis
        .fill("SADD rq:workers rq:worker:odd\nHSET rq:worker:odd last_heartbeat @-1iso")
        .await;
    let expected = "queue_workers{queue=default,system=rq} none";
    redis.scrapes(2).await.check(expected);
}

#[tokio::test]
async fn rq_workers_that_may_not_be_looked_at_are_unknown_and_never_none() {
    let mut redis = Watched::new(&[]).await;
    let script = "
        SADD rq:queues rq:queue:default
        SADD rq:workers rq:worker:one
        HSET rq:worker:one last_heartbeat @-1iso queues default
        ACL SETUSER critwatch on nopass -@all +info +time +sscan +llen ~*";
    redis.fill(script).await;
    redis.watch_as("critwatch", &["system = 'rq'"]);
    let expected = "
        queue_jobs{queue=default,state=pending,system=rq} 0
        queue_paused{queue=default,system=rq} none
        queue_workers{queue=default,system=rq} none";
    redis.scrapes(4).await.check(expected);
}

#[tokio::test]
async fn a_killed_resque_worker_counts_until_resque_itself_takes_it_for_dead() {
    let mut redis = Watched::new(&["system = 'resque'"]).await;
    let script = r#"
        SADD resque:queues default
        SADD resque:workers vm:1:* vm:2:default vm:3:default,mail
        HSET resque:workers:heartbeat vm:1:* @-12iso vm:2:default @-301iso
        SET resque:worker:ping:vm:3 {"time":@-4,"name":"vm:3","queues":"default,mail"}"#;
    redis.fill(script).await;
    let expected = "
        queue_workers{system=resque} 2
        queue_worker_heartbeat_age_seconds{system=resque,worker=vm:2:default} about 301
        queue_worker_heartbeat_age_seconds{system=resque,worker=vm:3:default,mail} about 3.5";
    redis.scrapes(3).await.check(expected);
    // Old clients that are never heard of may live or not.
    redis.fill("SADD resque:workers vm:4:old").await;
    let expected = "queue_workers{system=resque} none";
    redis.scrapes(2).await.check(expected);
}

#[tokio::test]
async fn a_job_in_the_hands_of_node_resque_has_an_age() {
    let mut redis = Watched::new(&["system = 'resque'"]).await;
    let now = redis.now().await;
    let date = jiff::Timestamp::from_second(now - 90).unwrap();
    let date = date.in_tz("America/New_York").unwrap();
    let run_at = date.strftime("%a %b %d %Y %H:%M:%S GMT%z (Eastern Time)");
    let work = format!(r#"{{"run_at":"{run_at}","queue":"mail","worker":"vm:1","payload":{{}}}}"#);
    redis
        .fill("SADD resque:queues mail odd\nSADD resque:workers vm:1:mail vm:2:odd")
        .await;
    redis
        .run(&[b"SET", b"resque:worker:vm:1:mail", work.as_bytes()])
        .await;
    redis
        .fill(r#"SET resque:worker:vm:2:odd {"queue":"odd","run_at":"yesterday"}"#)
        .await;
    // What cannot be read ages from its first sight.
    let expected = "
        queue_jobs{queue=mail,state=reserved,system=resque} 1
        queue_jobs{queue=odd,state=reserved,system=resque} 1
        queue_oldest_job_age_seconds{queue=odd,state=reserved,system=resque} about 0
        queue_oldest_job_age_seconds{queue=mail,state=reserved,system=resque} about 90";
    redis.scrapes(3).await.check(expected);
}

#[tokio::test]
async fn sidekiq_tells_what_is_in_work_as_each_version_and_client_keeps_it() {
    let mut redis = Watched::new(&["system = 'sidekiq'"]).await;
    // Up to 6.4 the jobs are in `:workers`, later in `:work`, and some clients
    // keep neither.
    let script = "
        SADD queues default
        SADD processes vm:1:old vm:2:new vm:3:bare vm:4:killed
        HSET vm:1:old busy 2 beat @-8 quiet false
        HSET vm:1:old:workers t1 {} t2 {}
        HSET vm:2:new busy 1 beat @-8 quiet true
        HSET vm:2:new:work t1 {}
        HSET vm:3:bare busy 4 beat @-8 quiet false";
    redis.fill(script).await;
    let expected = "
        queue_workers{system=sidekiq} 3
        queue_paused{queue=default,system=sidekiq} 0
        queue_jobs{state=reserved,system=sidekiq} 7";
    redis.scrapes(2).await.check(expected);
    // A process that does not say it makes it unknown, and not less.
    redis.fill("HDEL vm:3:bare busy").await;
    let expected = "
        queue_workers{system=sidekiq} 3
        queue_jobs{state=reserved,system=sidekiq} none";
    redis.scrape().await.check(expected);
    redis
        .fill("SREM processes vm:3:bare\nDEL vm:3:bare\nHSET vm:1:old quiet true")
        .await;
    let expected = "
        queue_workers{system=sidekiq} 2
        queue_paused{queue=default,system=sidekiq} 1
        queue_jobs{state=reserved,system=sidekiq} 3";
    redis.scrapes(2).await.check(expected);
}

#[tokio::test]
async fn more_sidekiq_processes_than_are_told_by_name_are_all_counted() {
    let mut redis = Watched::new(&["system = 'sidekiq'"]).await;
    let add = async |redis: &mut Watched, from: usize, to: usize| {
        for number in from..to {
            let script = format!("SADD processes p:{number}\nHSET p:{number} busy 1 beat @-1");
            redis.fill(&script).await;
        }
    };
    add(&mut redis, 0, 300).await;
    let seen = redis.scrapes(10).await;
    seen.check("queue_workers{system=sidekiq} 300\nqueue_jobs{state=reserved,system=sidekiq} 300");
    assert_eq!(seen.count("queue_worker_heartbeat_age_seconds"), 100);
    // Too many to look at: then nothing is said, rather than too little.
    add(&mut redis, 300, 520).await;
    let expected = "
        queue_workers{system=sidekiq} none
        queue_jobs{state=reserved,system=sidekiq} none";
    redis.scrapes(12).await.check(expected);
}

#[tokio::test]
async fn a_horizon_supervisor_of_which_nothing_is_known_makes_the_sum_unknown() {
    let mut redis =
        Watched::new(&["system = 'horizon'\nname = 'default'\nhorizon_prefix = 'h:'"]).await;
    let script = r#"
        ZADD h:masters @-3 vm-1 @-3 vm-2
        HSET h:master:vm-1 status paused
        HSET h:master:vm-2 status running
        ZADD h:supervisors @-3 one
        HSET h:supervisor:one processes {"redis:default":3}"#;
    redis.fill(script).await;
    let expected = "
        queue_workers{system=horizon} 3
        horizon_status{system=horizon} 0
        queue_paused{queue=default,system=horizon} 0";
    redis.scrapes(2).await.check(expected);
    let script = r#"
        ZADD h:supervisors @-2 two
        HSET h:supervisor:two processes {"redis:default":5}
        HSET h:master:vm-2 status paused"#;
    redis.fill(script).await;
    let expected = "
        queue_workers{system=horizon} none
        queue_paused{queue=default,system=horizon} 1";
    redis.scrape().await.check(expected);
    redis
        .scrape()
        .await
        .check("queue_workers{system=horizon} 8");
}

#[tokio::test]
async fn consumers_that_a_stream_lists_are_no_workers_until_that_is_known() {
    let table = "key = 'rolls'\ngroup = 'workers'";
    let mut redis = Watched::new(&[table]).await;
    let script = "
        XGROUP CREATE rolls workers 0 MKSTREAM
        XGROUP CREATECONSUMER rolls workers gone
        XGROUP CREATECONSUMER rolls workers here";
    redis.fill(script).await;
    // Nobody cleans the list of consumers, so it says nothing of workers, unless
    // the server notes when each asked last.
    let expected = "
        redis_stream_group_consumers{group=workers,stream=rolls} 2
        queue_workers{queue=rolls,system=stream} none";
    redis.scrapes(3).await.check(expected);
    redis.fill("ACL SETUSER critwatch on nopass +@all ~*").await;
    redis.watch_as("critwatch", &[&format!("{table}\nworker_timeout = '1h'")]);
    let found = redis
        .run(&[b"XINFO", b"CONSUMERS", b"rolls", b"workers"])
        .await;
    let noted = format!("{found:?}").contains(&format!(
        "{:?}",
        redis::Value::BulkString(b"inactive".to_vec())
    ));
    let workers = if noted { "2" } else { "none" };
    let expected = format!("queue_workers{{queue=rolls,system=stream}} {workers}");
    redis.scrapes(3).await.check(&expected);
}

#[tokio::test]
async fn a_pause_is_told_so_that_it_is_no_stall() {
    let bull = "system = 'bullmq'\nnames = ['mail', 'old', 'busy']";
    let mut redis = Watched::new(&[bull, "system = 'rq'\nname = 'default'"]).await;
    let script = "
        LPUSH bull:mail:paused 1
        HSET bull:mail:meta paused 1 version bullmq:5.1.0
        LPUSH bull:old:paused 1
        SET bull:old:meta-paused 1
        LPUSH bull:busy:wait 1
        HSET bull:busy:meta version bullmq:6.0.0
        SET rq:suspended 1";
    redis.fill(script).await;
    let expected = "
        queue_paused{queue=mail,system=bullmq} 1
        queue_jobs{queue=mail,state=pending,system=bullmq} 1
        queue_paused{queue=old,system=bullmq} 1
        queue_paused{queue=busy,system=bullmq} 0
        queue_paused{queue=default,system=rq} 1";
    redis.scrape().await.check(expected);
    redis
        .fill("HDEL bull:mail:meta paused\nDEL bull:old:meta-paused rq:suspended")
        .await;
    let expected = "
        queue_paused{queue=mail,system=bullmq} 0
        queue_paused{queue=old,system=bullmq} 0
        queue_paused{queue=default,system=rq} 0";
    redis.scrape().await.check(expected);
}
