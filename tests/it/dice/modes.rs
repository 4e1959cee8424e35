//! Rolls are made by the worker, by the API, or by whichever can; the queue may be closed.

use critwatch::dice::fault::switches::FaultSwitch;
use redis::AsyncCommands as _;
use reqwest::{Method, StatusCode};

use crate::dice::world::{World, body};
use crate::world::patience::until;

#[tokio::test]
async fn an_immediate_roll_needs_no_room_in_redis_and_no_worker() {
    let mut world = World::new().await;
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    assert_eq!(world.roll().await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let offered = world.count(false, "dice_jobs_offered_total").await;
    assert_eq!(world.set_mode("immediate").await, StatusCode::OK);
    for _ in 0..5 {
        let response = world.roll().await;
        assert_eq!(response.status(), StatusCode::OK);
        let roll = body(response).await;
        let uuid = roll["data"]["uuid"].as_str().unwrap();
        assert_eq!(world.answered(uuid).await, roll);
    }
    let page = world.page(false).await;
    assert!(page.contains("dice_roll_mode{mode=\"immediate\"} 1"));
    assert_eq!(world.count(false, "dice_jobs_offered_total").await, offered);
    assert_eq!(world.count(false, "dice_rolls_immediate_total").await, 5);
    assert_eq!(world.set_mode("queued").await, StatusCode::OK);
    assert_eq!(world.roll().await.status(), StatusCode::SERVICE_UNAVAILABLE);
    world.stop().await;
}

#[tokio::test]
async fn auto_makes_a_roll_that_the_queue_refuses_or_leaves_lying_and_answers_it_once() {
    let mut world = World::with("--roll-mode auto --answer-within 500ms", "").await;
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    let late = body(world.roll().await).await;
    assert_eq!(late["type"], "roll");
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    assert_eq!(world.roll().await.status(), StatusCode::OK);
    world.rig.clear().await.unwrap();
    let queue = world.redis();
    until("the worker has seen the late roll", async || {
        queue.clone().xlen::<_, u64>("dice:rolls").await.unwrap() == 0
    })
    .await;
    let uuid = late["data"]["uuid"].as_str().unwrap();
    assert_eq!(world.answered(uuid).await, late);
    until("rolls go through the queue again", async || {
        let before = world.count(true, "dice_jobs_completed_total").await;
        world.roll().await;
        world.count(true, "dice_jobs_completed_total").await > before
    })
    .await;
    world.stop().await;
}

#[tokio::test]
async fn visitors_do_not_see_what_operators_change() {
    let world = World::new().await;
    let url = format!("http://{}/-/roll-mode", world.rig.addresses().api);
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("origin", "https://example.com"),
        ("sec-fetch-site", "same-origin"),
    ] {
        let request = world.client.put(&url).body("immediate");
        let response = request.header(name, value).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
    }
    assert_eq!(
        world.set_mode("fast").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mode = body(world.client.get(&url).send().await.unwrap()).await;
    assert_eq!(mode["data"], "queued");
    world.stop().await;
}

#[tokio::test]
async fn a_queue_that_is_late_or_nearly_full_takes_no_more_until_it_is_better() {
    let mut world = World::with("--admit-age 1s --answer-within 100ms", "").await;
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    let taken = world.rolls_taken(5).await;
    assert_eq!(taken.len(), 5);
    let response = until("the queue is closed", async || {
        let response = world.roll().await;
        let closed = world.count(false, "dice_admission_refused_total").await > 0;
        closed.then_some(response)
    })
    .await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key("retry-after"));
    let message = body(response).await["data"]["message"].clone();
    assert_eq!(
        message,
        "the roll was not taken: the queue is too long, try again later"
    );
    let before: u64 = world.redis().xlen("dice:rolls").await.unwrap();
    assert_eq!(world.rolls_taken(20).await, Vec::<String>::new());
    let after: u64 = world.redis().xlen("dice:rolls").await.unwrap();
    assert_eq!(before, after);
    world.rig.clear().await.unwrap();
    for uuid in &taken {
        world.answered(uuid).await;
    }
    until("the queue is open again", async || {
        world.roll().await.status() == StatusCode::OK
    })
    .await;
    let refused = world.redis_errors("OOM").await;
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    until("the queue is closed again", async || {
        let message = body(world.roll().await).await["data"]["message"].clone();
        message == "the roll was not taken: the queue is nearly full, try again later"
    })
    .await;
    assert!(world.redis_errors("OOM").await > refused);
    world.stop().await;
}

#[tokio::test]
async fn the_last_rolls_of_a_room_are_rendered_again_only_while_redis_keeps_nothing() {
    let mut world = World::new().await;
    let room = body(world.send(Method::POST, "/room", None).await).await;
    let slug = room["data"]["slug"].as_str().unwrap().to_owned();
    let roll = serde_json::json!({ "equation": "2d6+41", "room": slug });
    let rolled = world.send(Method::POST, "/roll", Some(roll)).await;
    assert_eq!(rolled.status(), StatusCode::OK);
    let url = format!(
        "http://{}/fragment/room/{slug}/rolls",
        world.rig.addresses().api
    );
    let fragment = async |world: &World| {
        let request = world.client.get(&url).bearer_auth(&world.token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    let rendered = async |world: &World| world.count(false, "dice_fragments_rendered_total").await;
    for _ in 0..5 {
        let page = fragment(&world).await;
        assert!(page.contains("<b>Guest</b> 2d6+41 = "), "{page}");
    }
    // What is whispered to some is not in what all may see.
    let whisper = room["data"]["participants"][0]["id"].clone();
    let whispered = serde_json::json!({ "equation": "1d4+77", "room": slug, "whisper": [whisper] });
    let answer = world.send(Method::POST, "/roll", Some(whispered)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    // Five within the life of one; a slow machine may see a second life.
    assert!(rendered(&world).await <= 2);
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    until("the kept fragment is gone", async || {
        let before = rendered(&world).await;
        fragment(&world).await;
        rendered(&world).await > before
    })
    .await;
    let before = rendered(&world).await;
    for _ in 0..3 {
        let page = fragment(&world).await;
        assert!(
            page.contains("2d6+41") && !page.contains("1d4+77"),
            "{page}"
        );
    }
    assert_eq!(rendered(&world).await, before + 3);
    world.stop().await;
}
