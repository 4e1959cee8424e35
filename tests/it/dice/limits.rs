//! Who sends too many requests has to wait.

use critwatch::dice::fault::switches::FaultSwitch;
use reqwest::{Method, Response, StatusCode};

use crate::dice::world::World;

fn number(response: &Response, name: &str) -> u64 {
    let value = response.headers().get(name);
    let value = value
        .unwrap_or_else(|| panic!("{name} is missing"))
        .to_str();
    value.unwrap().parse().unwrap()
}

/// Sends until it is refused, and returns how often it was not.
async fn until_refused(world: &World, path: &str, method: &Method) -> u64 {
    for sent in 0..100 {
        let response = world.send(method.clone(), path, None).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!((1..=60).contains(&number(&response, "retry-after")));
            assert_eq!(number(&response, "x-ratelimit-remaining"), 0);
            return sent;
        }
        assert!(response.status().is_success());
        assert!(
            number(&response, "x-ratelimit-remaining") < number(&response, "x-ratelimit-limit")
        );
    }
    panic!("nothing was refused");
}

#[tokio::test]
async fn one_account_is_limited_and_others_are_not() {
    let mut world = World::with("--account-limit 10", "").await;
    // A window may end in between; it then allows the same once more.
    assert!((10..=20).contains(&until_refused(&world, "/user", &Method::GET).await));
    world.token = world.guest().await;
    let other = world.send(Method::GET, "/user", None).await;
    assert_eq!(other.status(), StatusCode::OK);
    assert_eq!(number(&other, "x-ratelimit-limit"), 10);
    assert!(
        world
            .sample(false, "dice_requests_throttled_total{limit=\"account\"}")
            .await
            >= 1.0
    );
    world.stop().await;
}

#[tokio::test]
async fn one_address_makes_so_many_guests_and_no_more() {
    let world = World::with("--guest-limit 5", "").await;
    assert!(until_refused(&world, "/user", &Method::POST).await <= 10);
    world.stop().await;
}

#[tokio::test]
async fn limits_hold_while_redis_hangs() {
    let mut world = World::with("--address-limit 20", "").await;
    world.rig.apply(FaultSwitch::HangRedis).await.unwrap();
    assert!((20..=60).contains(&until_refused(&world, "/user", &Method::GET).await));
    world.stop().await;
}
