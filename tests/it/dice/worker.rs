//! The worker: retries, recycling, heartbeats, and what jobs weigh in Redis.

use std::time::Duration;

use critwatch::dice::fault::switches::{self, FaultSwitch};
use redis::AsyncCommands as _;
use redis::streams::StreamRangeReply;
use reqwest::{Method, StatusCode};

use crate::dice::world::{World, body, processes};
use crate::world::patience::until;

#[tokio::test]
async fn work_that_fails_is_done_again_and_then_put_aside_with_its_reason() {
    let world = World::with("--answer-within 100ms", "--job-timeout 100ms").await;
    switches::slow_down(&world.url(), Duration::from_secs(30))
        .await
        .unwrap();
    let uuid = world.roll_taken().await.unwrap();
    let failed = until("the roll is given up", async || {
        let path = format!("/roll/{uuid}");
        let response = world.send(Method::GET, &path, None).await;
        (response.status() != StatusCode::ACCEPTED).then_some(response)
    })
    .await;
    assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let message = body(failed).await["data"]["message"].clone();
    assert_eq!(message, "the roll failed: the job took too long");
    until("the tries are counted", async || {
        world.count(true, "dice_jobs_retried_total").await == 4
            && world.count(true, "dice_jobs_failed_total").await == 1
    })
    .await;
    let mut redis = world.redis();
    let dead: StreamRangeReply = redis.xrange_all("dice:rolls:failed").await.unwrap();
    let [letter] = dead.ids.as_slice() else {
        panic!("{dead:?}")
    };
    assert_eq!(letter.get::<u64>("deliveries"), Some(5));
    assert_eq!(
        letter.get::<String>("reason").as_deref(),
        Some("the job took too long")
    );

    // A fault that passes in time costs no roll.
    let uuid = world.roll_taken().await.unwrap();
    until("it is tried again", async || {
        world.count(true, "dice_jobs_retried_total").await >= 5
    })
    .await;
    switches::speed_up(&world.url()).await.unwrap();
    world.answered(&uuid).await;
    world.stop().await;
}

#[tokio::test]
async fn a_child_that_has_done_its_part_is_followed_by_another_and_is_no_failure() {
    let world = World::with("", "--max-jobs 3 --children-max 2").await;
    let before = world.processes("dice child");
    for _ in 0..5 {
        for uuid in world.rolls_taken(5).await {
            world.answered(&uuid).await;
        }
    }
    until("children were recycled", async || {
        world.count(true, "dice_worker_recycled_total").await >= 7
    })
    .await;
    until("others follow them", async || {
        let now = world.processes("dice child");
        now.len() == 2 && now.iter().all(|pid| !before.contains(pid))
    })
    .await;
    let page = world.page(true).await;
    for reason in ["memory", "error", "killed", "other"] {
        assert!(page.contains(&format!(
            "dice_worker_restarts_total{{reason=\"{reason}\"}} 0"
        )));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_full_redis_takes_the_heartbeat_and_the_worker_says_so_by_http() {
    let mut world = World::with("", "--heartbeat-ttl 1s").await;
    let redis = world.redis();
    let beating = async || {
        let keys: Vec<String> = redis.clone().keys("dice:worker:*").await.unwrap();
        keys.len() == 1
    };
    until("the heart beats", beating).await;
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    until("the heartbeat is gone", async || !beating().await).await;
    until("it is counted", async || {
        let name = "dice_worker_heartbeat_refused_total";
        world.count(true, name).await > 0
    })
    .await;
    let health = format!("http://{}/healthz", world.rig.addresses().worker);
    let health = world.client.get(health).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert!(!processes(world.dir.path(), "dice worker").is_empty());
    let beat_at = "dice_worker_heartbeat_timestamp_seconds";
    assert!(world.count(true, beat_at).await > 0);
    world.rig.clear().await.unwrap();
    until("the heart beats again", beating).await;
    world.stop().await;
}

/// What the outage's jobs weighed, queued and done, in bytes.
const QUEUED: f64 = 4051.0;
const DONE: f64 = 2894.0;
const JOBS: usize = 1200;

#[tokio::test]
async fn with_bookkeeping_jobs_weigh_what_they_weighed_in_the_outage() {
    let api = "--bookkeeping --keep-records 60s --answer-within 100ms";
    let mut world = World::with(api, "--bookkeeping --keep-records 60s").await;
    // With its first use, each command gets a histogram.
    for uuid in world.rolls_taken(5).await {
        world.answered(&uuid).await;
    }
    let weight = async |world: &World| {
        let info: redis::InfoDict = redis::cmd("INFO")
            .arg("memory")
            .query_async(&mut world.redis())
            .await
            .unwrap();
        // Without the buffers of connections, which shrink when they like.
        info.get::<f64>("used_memory_dataset").unwrap()
    };
    let before = weight(&world).await;
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    let mut taken = Vec::new();
    while taken.len() < JOBS {
        taken.extend(world.rolls_taken(100).await);
    }
    let count = f64::from(u32::try_from(taken.len()).unwrap());
    let compare = async |world: &World, expected: f64| {
        let found = (weight(world).await - before) / count;
        if (found / expected - 1.0).abs() < 0.1 {
            Ok(())
        } else {
            Err(found)
        }
    };
    // Redis takes some seconds until it lets go of the buffers of connections.
    until("a queued job has its weight", async || {
        compare(&world, QUEUED).await
    })
    .await;
    world.rig.clear().await.unwrap();
    until("all are done", async || {
        let waiting: u64 = world.redis().hlen("dice:rolls:waiting").await.unwrap();
        waiting == 0
    })
    .await;
    until("a job that is done has its weight", async || {
        compare(&world, DONE).await
    })
    .await;
    for uuid in taken.iter().take(10) {
        let key = format!("dice:record:{uuid}");
        let lives: i64 = world.redis().ttl(key).await.unwrap();
        assert!((1..=60).contains(&lives), "{lives}");
    }
    world.stop().await;
}
