//! The guest keeps its promises while its Redis and its processes fail.

mod activation;
mod assets;
mod conservation;
mod limits;
mod looks;
mod modes;
mod notation;
mod page;
mod processes;
mod rolls;
mod rooms;
mod sdk;
mod sockets;
mod sweeping;
mod themes;
mod worker;
pub(crate) mod world;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use critwatch::dice::fault::switches::{self, FaultSwitch};
use redis::AsyncCommands as _;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::dice::world::{World, body, kill};
use crate::world::patience::until;

#[tokio::test]
async fn a_roll_goes_through_api_and_worker() {
    let world = World::new().await;
    let room = body(world.send(Method::POST, "/room", None).await).await;
    let slug = room["data"]["slug"].as_str().unwrap().to_owned();
    let request = json!({
        "dice": [{ "type": "d20" }, { "type": "d20" }, { "type": "mod", "value": 5 }],
        "operator": { "k": { "h1": [0, 1] } },
        "room": slug,
        "external_id": "mine",
    });
    let response = world
        .send(Method::POST, "/roll", Some(request.clone()))
        .await;
    assert_eq!(response.status(), StatusCode::OK);
    let roll = body(response).await;
    assert_eq!(roll["type"], "roll");
    assert_eq!(roll["data"]["equation"], "2d20kh1+5");
    assert_eq!(roll["data"]["external_id"], "mine");
    assert_eq!(roll["data"]["values"].as_array().unwrap().len(), 3);
    assert_eq!(
        world.answered(roll["data"]["uuid"].as_str().unwrap()).await,
        roll
    );
    world.stop().await;
}

#[tokio::test]
async fn requests_that_cannot_be_met_say_why() {
    let mut world = World::new().await;
    let room = body(world.send(Method::POST, "/room", None).await).await;
    let slug = room["data"]["slug"].as_str().unwrap().to_owned();
    let request = json!({ "dice": [{ "type": "d20" }], "room": slug });
    world.log_in().await;
    let path = format!("/room/{slug}");
    let join = format!("/room/{slug}/participant");
    for (method, path, json, status) in [
        (Method::GET, path.as_str(), None, 403),
        (Method::POST, "/roll", Some(request), 403),
        (Method::POST, &join, None, 200),
        (Method::POST, &join, None, 409),
        (Method::GET, &path, None, 200),
        (Method::GET, "/room", None, 200),
        (Method::GET, "/room/nowhere", None, 404),
        (
            Method::GET,
            "/roll/1b4e28ba-2fa1-11d2-883f-0016d3cca427",
            None,
            404,
        ),
        (Method::POST, "/roll", Some(json!({ "dice": [] })), 422),
        (
            Method::POST,
            "/roll",
            Some(json!({ "equation": "101d6" })),
            422,
        ),
        (
            Method::POST,
            "/roll",
            Some(json!({ "label": "x".repeat(17000) })),
            413,
        ),
        (Method::DELETE, "/roll", None, 422),
        (Method::PUT, "/roll", None, 405),
        (Method::GET, "/nowhere", None, 404),
    ] {
        let response = world.send(method, path, json).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(
            status == 200 || body(response).await["data"]["message"].is_string(),
            "{path}"
        );
    }
    world.token = "x".repeat(40);
    let response = world.send(Method::GET, "/user", None).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    world.stop().await;
}

#[tokio::test]
async fn metrics_pages_have_no_fault() {
    let world = World::new().await;
    world.roll_taken().await.unwrap();
    for worker in [false, true] {
        let page = world.dir.path().join("page");
        std::fs::write(&page, world.page(worker).await).unwrap();
        let checked = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(std::fs::File::open(&page).unwrap())
            .output()
            .unwrap();
        let said = [checked.stdout, checked.stderr].concat();
        assert_eq!(String::from_utf8_lossy(&said), "");
        assert!(checked.status.success());
    }
    assert!(world.sample(false, "dice_jobs_offered_total").await >= 1.0);
    assert!(world.sample(true, "dice_worker_children").await >= 2.0);
    world.stop().await;
}

#[tokio::test]
async fn a_full_redis_refuses_rolls_and_loses_none() {
    let mut world = World::new().await;
    let mut taken = vec![world.roll_taken().await.unwrap()];
    let cookie = world.session().await;
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    for _ in 0..20 {
        let response = world.roll().await;
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            assert!(response.headers().contains_key("retry-after"));
        }
        taken.extend(
            body(response).await["data"]["uuid"]
                .as_str()
                .map(str::to_owned),
        );
    }
    until("a roll is refused", async || {
        let refused = world.sample(false, "dice_jobs_refused_total").await > 0.0;
        world.roll().await;
        refused.then_some(())
    })
    .await;
    assert_eq!(world.user_of(&cookie).await.status(), StatusCode::OK);
    assert!(
        world
            .sample(false, "dice_session_refresh_refused_total")
            .await
            > 0.0
    );
    assert!(matches!(
        switches::slow_down(&world.url(), switches::SLOW_BY).await,
        Err(switches::FaultError::Redis(_))
    ));
    world.rig.clear().await.unwrap();
    until("a roll is answered again", async || {
        (world.roll().await.status() == StatusCode::OK).then_some(())
    })
    .await;
    for uuid in taken {
        world.answered(&uuid).await;
    }
    world.stop().await;
}

#[tokio::test]
async fn an_answer_that_a_full_redis_refuses_is_stored_later() {
    let mut world = World::new().await;
    let url = world.url();
    switches::slow_down(&url, Duration::from_millis(1500))
        .await
        .unwrap();
    let uuid = world.roll_taken().await.unwrap();
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    // Longer than five claims: waiting for room must not count as delivered too often.
    let full_since = Instant::now();
    until("redis was full for a while", async || {
        let response = world
            .send(Method::GET, &format!("/roll/{uuid}"), None)
            .await;
        assert!(response.status().is_success());
        (full_since.elapsed() > Duration::from_secs(8)).then_some(())
    })
    .await;
    world.rig.clear().await.unwrap();
    switches::speed_up(&url).await.unwrap();
    world.answered(&uuid).await;
    world.stop().await;
}

#[tokio::test]
async fn a_child_killed_in_mid_job_loses_no_job() {
    let world = World::new().await;
    let url = world.url();
    switches::slow_down(&url, Duration::from_secs(3))
        .await
        .unwrap();
    let response = world.roll().await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key("retry-after"));
    let place = response.headers()["location"].to_str().unwrap().to_owned();
    let uuid = body(response).await["data"]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(place, format!("/api/1.0/roll/{uuid}"));
    let waiting = world
        .send(Method::GET, &format!("/roll/{uuid}"), None)
        .await;
    assert_eq!(waiting.status(), StatusCode::ACCEPTED);
    kill(&world.processes("dice child"));
    switches::speed_up(&url).await.unwrap();
    let first = world.answered(&uuid).await;
    assert!(
        world
            .sample(true, "dice_worker_restarts_total{reason=\"killed\"}")
            .await
            >= 1.0
    );
    assert_eq!(world.answered(&uuid).await, first);
    world.stop().await;
}

#[tokio::test]
async fn a_malformed_job_is_put_aside() {
    let world = World::new().await;
    let mut redis = world.redis();
    let _: String = redis
        .xadd("dice:rolls", "*", &[("job", "{\"uuid\":1")])
        .await
        .unwrap();
    until("the job is put aside", async || {
        let count: u64 = redis.clone().xlen("dice:rolls:failed").await.unwrap();
        (count == 1).then_some(())
    })
    .await;
    until("the failure is counted", async || {
        (world.sample(true, "dice_jobs_failed_total").await > 0.0).then_some(())
    })
    .await;
    world.stop().await;
}

#[tokio::test]
async fn a_hanging_redis_delays_nobody_for_long() {
    let mut world = World::new().await;
    world.rig.apply(FaultSwitch::HangRedis).await.unwrap();
    let began = Instant::now();
    let answers = futures_util::future::join_all((0..50).map(|_| world.roll())).await;
    assert!(
        began.elapsed() < Duration::from_millis(2500),
        "{:?}",
        began.elapsed()
    );
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key("retry-after"));
    }
    world.rig.clear().await.unwrap();
    until("a roll is answered again", async || {
        (world.roll().await.status() == StatusCode::OK).then_some(())
    })
    .await;
    world.stop().await;
}

#[tokio::test]
async fn a_redis_that_comes_back_empty_works_again() {
    let world = World::new().await;
    world.roll_taken().await.unwrap();
    let cookie = world.session().await;
    assert_eq!(world.user_of(&cookie).await.status(), StatusCode::OK);
    kill(&world.processes("redis-server"));
    let socket = world.rig.addresses().redis_socket.clone();
    until("requests are refused", async || {
        (world.roll().await.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(())
    })
    .await;
    std::fs::remove_file(&socket).ok();
    let mut again = tokio::process::Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(&socket)
        .current_dir(world.dir.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let status = until("redis is back", async || {
        let status = world.user_of(&cookie).await.status();
        (status != StatusCode::SERVICE_UNAVAILABLE).then_some(status)
    })
    .await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "the session went with the old redis"
    );
    assert!(world.sample(false, "dice_session_missing_total").await > 0.0);
    let user = world.send(Method::GET, "/user", None).await;
    assert_eq!(user.status(), StatusCode::OK, "keys are in the database");
    let uuid = world.roll_taken().await.unwrap();
    world.answered(&uuid).await;
    again.kill().await.unwrap();
    world.stop().await;
}
