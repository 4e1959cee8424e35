//! Each accepted roll is answered once, whatever fails; what is lost is told by number.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use critwatch::dice::fault::switches::FaultSwitch;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::dice::world::{World, body, kill, program};
use crate::world::patience::until;

const FAULTS: [FaultSwitch; 4] = [
    FaultSwitch::FillRedis,
    FaultSwitch::StopWorker,
    FaultSwitch::SlowJobs,
    FaultSwitch::HangRedis,
];

/// Rolls of several people at once.
#[derive(Default)]
struct Rolling {
    over: AtomicBool,
    /// How many were accepted.
    accepted: watch::Sender<usize>,
}

/// Rolls until stopped; the uuids of what was accepted: answered, or told to be in the queue.
async fn roll_until(world: &World, rolling: &Rolling) -> Vec<String> {
    let mut accepted = Vec::new();
    while !rolling.over.load(Ordering::Relaxed) {
        let url = format!("http://{}/api/1.0/roll", world.rig.addresses().api);
        let request = world.client.post(url).bearer_auth(&world.token);
        let request = request.body(json!({ "equation": "2d20" }).to_string());
        let Ok(response) = request.send().await else {
            // Nothing listens, or the process was killed in the middle of its answer.
            tokio::task::yield_now().await;
            continue;
        };
        let Ok(text) = response.text().await else {
            continue;
        };
        let answer: Value = serde_json::from_str(&text).unwrap();
        let message = answer["data"]["message"].as_str().unwrap_or_default();
        let is_accepted = answer["type"] == "roll" || message.starts_with("the roll was taken");
        if is_accepted {
            let uuid = answer["data"]["uuid"].as_str().unwrap().to_owned();
            accepted.push(uuid);
            rolling.accepted.send_modify(|count| *count += 1);
        }
    }
    accepted
}

/// Waits until each has an answer, and sees that it does not change.
async fn all_answered(world: &World, uuids: &[String]) {
    let first = join_all(uuids.iter().map(|uuid| world.answered(uuid))).await;
    until("the queue is empty", async || {
        let mut redis = world.redis();
        let left: u64 = redis::AsyncCommands::hlen(&mut redis, "dice:rolls:waiting")
            .await
            .unwrap();
        left == 0
    })
    .await;
    let second = join_all(uuids.iter().map(|uuid| world.answered(uuid))).await;
    assert_eq!(first, second);
    assert_eq!(world.count(false, "dice_rolls_lost_total").await, 0);
}

#[tokio::test]
async fn over_every_fault_each_accepted_roll_is_answered_once() {
    let mut world = World::with("--answer-within 300ms --lost-after 2s", "").await;
    let mut accepted = Vec::new();
    for fault in FAULTS {
        accepted.extend(world.rolls_taken(5).await);
        world.rig.apply(fault).await.unwrap();
        let rolls = (0..15).map(|_| world.roll());
        for response in join_all(rolls).await {
            let answer = body(response).await;
            let message = answer["data"]["message"].as_str().unwrap_or_default();
            if answer["type"] == "roll" || message.starts_with("the roll was taken") {
                accepted.push(answer["data"]["uuid"].as_str().unwrap().to_owned());
            }
        }
        world.rig.clear().await.unwrap();
        until("rolls are answered again", async || {
            world.roll().await.status() == StatusCode::OK
        })
        .await;
    }
    assert!(accepted.len() > 40, "{}", accepted.len());
    all_answered(&world, &accepted).await;
    world.stop().await;
}

#[tokio::test]
async fn kills_of_children_main_process_and_api_lose_no_roll() {
    let worker = "--claim-after 500ms --restart-pause 100ms --children-min 3";
    let mut world = World::with("--answer-within 300ms --lost-after 3s", worker).await;
    let mut chance = StdRng::seed_from_u64(14);
    let mut accepted = Vec::new();
    let mut apis = Vec::new();
    for _ in 0..8 {
        let rolling = Rolling::default();
        let enough = chance.random_range(5..60);
        let victim = chance.random_range(0..3);
        let killing = async {
            let mut accepted = rolling.accepted.subscribe();
            accepted.wait_for(|count| *count >= enough).await.unwrap();
            match victim {
                0 => {
                    // One may just be dying of a kill before this one.
                    let children = world.processes("dice child");
                    children.first().into_iter().for_each(|pid| kill(&[*pid]));
                }
                1 => kill(&world.processes("dice worker")),
                _ => kill(&world.processes("dice api")),
            }
            rolling.over.store(true, Ordering::Relaxed);
        };
        let people = (0..4).map(|_| roll_until(&world, &rolling));
        let ((), rolled) = tokio::join!(killing, join_all(people));
        accepted.extend(rolled.into_iter().flatten());
        match victim {
            0 => {}
            1 => {
                world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
                world.rig.clear().await.unwrap();
            }
            _ => apis.push(api(&world).await),
        }
    }
    assert!(accepted.len() > 100, "{}", accepted.len());
    all_answered(&world, &accepted).await;
    for mut api in apis {
        api.kill().await.unwrap();
    }
    world.stop().await;
}

/// Starts an API where the killed one was.
async fn api(world: &World) -> tokio::process::Child {
    let addresses = world.rig.addresses();
    let mut api = tokio::process::Command::new(program());
    api.args(["dice", "api", "--answer-within", "300ms", "--lost-after"])
        .args(["3s", "--listen", &addresses.api.to_string()])
        .env("DICE_REDIS", &addresses.redis_url)
        .env("DICE_DATABASE", world.database())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let api = api.spawn().unwrap();
    until("the API answers again", async || {
        let url = format!("http://{}/healthz", addresses.api);
        world.client.get(url).send().await.is_ok()
    })
    .await;
    api
}

#[tokio::test]
async fn with_redis_flushed_exactly_the_rolls_that_were_in_it_are_told_as_lost() {
    let mut world = World::with("--answer-within 300ms --lost-after 1s", "").await;
    let answered = world.rolls_taken(10).await;
    for uuid in &answered {
        world.answered(uuid).await;
    }
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    let waiting = world.rolls_taken(25).await;
    assert_eq!(waiting.len(), 25);
    let flush = redis::cmd("FLUSHALL");
    flush.exec_async(&mut world.redis()).await.unwrap();
    world.log_in().await;
    world.rig.clear().await.unwrap();
    until("the losses are counted", async || {
        world.count(false, "dice_rolls_lost_total").await >= 25
    })
    .await;
    for uuid in &waiting {
        let path = format!("/roll/{uuid}");
        let response = world.send(Method::GET, &path, None).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let message = body(response).await["data"]["message"].clone();
        assert_eq!(
            message,
            "the roll failed: it was accepted, and the queue has lost it; roll again"
        );
    }
    for uuid in answered {
        world.answered(&uuid).await;
    }
    let after = world.roll_taken().await.unwrap();
    world.answered(&after).await;
    assert_eq!(world.count(false, "dice_rolls_lost_total").await, 25);
    world.stop().await;
}
