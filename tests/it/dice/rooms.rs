//! Rooms and who is in them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::dice::world::World;

const FIELDS: &str = "id slug custom_slug name is_public passcode bg_file_path participants user \
                      settings created_at updated_at";

#[tokio::test]
async fn a_room_opens_with_its_passcode_and_is_changed_by_who_made_it() {
    let world = World::new().await;
    let (ann, ben) = (world.guest().await, world.guest().await);
    let wish = json!({ "name": "Friday", "passcode": "owl" });
    let (_, room) = world.send_as(&ann, Method::POST, "/room", Some(wish)).await;
    let room = &room["data"];
    for field in FIELDS.split_whitespace() {
        assert!(room.get(field).is_some(), "{field} is missing in {room}");
    }
    assert_eq!(room["participants"][0]["user"], room["user"]);
    let path = format!("/room/{}", room["slug"].as_str().unwrap());
    let long = json!({ "name": "x".repeat(101) });
    let open = json!({ "passcode": null, "is_public": true });
    let (get, post, change) = (Method::GET, Method::POST, Method::PATCH);
    let steps = [
        (&ben, &get, "", None, 403),
        (&ben, &get, "?passcode=cat", None, 403),
        (&ben, &get, "?passcode=owl", None, 200),
        (&ben, &post, "/participant", None, 403),
        (
            &ben,
            &post,
            "/participant",
            Some(json!({ "passcode": "cat" })),
            403,
        ),
        (&ben, &post, "/participant?passcode=owl", None, 200),
        (&ben, &post, "/participant?passcode=owl", None, 409),
        (&ben, &change, "", Some(json!({ "name": "Mine" })), 403),
        (&ann, &change, "", Some(long), 422),
        (&ann, &change, "", Some(json!({ "name": "Saturday" })), 200),
        (&ann, &change, "", Some(open), 200),
    ];
    for (key, method, rest, json, status) in steps {
        let case = format!("{method} {rest} {json:?}");
        let path = format!("{path}{rest}");
        let (found, body) = world.send_as(key, method.clone(), &path, json).await;
        assert_eq!(found, status, "{case}: {body}");
    }
    let third = world.guest().await;
    let (_, seen) = world.send_as(&third, Method::GET, &path, None).await;
    assert_eq!(seen["data"]["name"], "Saturday");
    assert_eq!(seen["data"]["passcode"], Value::Null);
    assert_eq!(seen["data"]["participants"].as_array().unwrap().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn participants_change_how_they_look_and_leave() {
    let world = World::new().await;
    let (ann, ben) = (world.guest().await, world.guest().await);
    let (_, room) = world.send_as(&ann, Method::POST, "/room", None).await;
    let join = format!(
        "/room/{}/participant",
        room["data"]["slug"].as_str().unwrap()
    );
    let (_, room) = world.send_as(&ben, Method::POST, &join, None).await;
    let colors = [0, 1].map(|at| &room["data"]["participants"][at]["color"]);
    assert_ne!(
        colors[0], colors[1],
        "the second cannot be told from the first"
    );
    let ids: Vec<String> = room["data"]["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].to_string())
        .collect();
    let look = json!({
        "username": "Ben", "color": "#102030", "position": 7,
        "dice_tray": [[{ "dieType": "d20", "theme": "dddice-bees" }]],
    });
    let own = format!("{join}/{}", ids[1]);
    for (key, json, status) in [
        (&ben, look.clone(), 200),
        (&ben, json!({ "color": "red" }), 422),
        (&ben, json!({ "username": " " }), 422),
        (&ben, json!({ "dice_tray": "none" }), 422),
        (&ann, json!({ "position": 2 }), 200),
    ] {
        let (found, body) = world.send_as(key, Method::PATCH, &own, Some(json)).await;
        assert_eq!(found, status, "{body}");
    }
    let other = format!("{join}/{}", ids[0]);
    let (status, _) = world
        .send_as(&ben, Method::PATCH, &other, Some(look.clone()))
        .await;
    assert_eq!(status, 403);
    let (_, mine) = world.send_as(&ben, Method::GET, "/room", None).await;
    let seen = &mine["data"][0]["participants"][1];
    assert_eq!(seen["username"], "Ben");
    assert_eq!(seen["position"], 2);
    assert_eq!(seen["dice_tray"], look["dice_tray"]);
    let (status, _) = world.send_as(&ben, Method::DELETE, &other, None).await;
    assert_eq!(status, 403);
    // The SDK writes this where it is given no id.
    let (status, left) = world
        .send_as(&ben, Method::DELETE, &format!("{join}/undefined"), None)
        .await;
    assert_eq!(status, 200);
    assert_eq!(left["data"]["participants"].as_array().unwrap().len(), 1);
    world.send_as(&ben, Method::POST, &join, None).await;
    let (status, _) = world.send_as(&ben, Method::DELETE, &join, None).await;
    assert_eq!(status, 200);
    let (_, mine) = world.send_as(&ben, Method::GET, "/room", None).await;
    assert_eq!(mine["data"], json!([]));
    world.stop().await;
}

#[tokio::test]
async fn rooms_are_listed_in_pages_and_the_next_one_is_a_whole_address() {
    let world = World::new().await;
    let key = world.guest().await;
    for _ in 0..21 {
        let (status, _) = world.send_as(&key, Method::POST, "/room", None).await;
        assert_eq!(status, 200);
    }
    let (_, first) = world.send_as(&key, Method::GET, "/room", None).await;
    assert_eq!(first["data"].as_array().unwrap().len(), 20);
    let next = first["links"]["next"].as_str().unwrap();
    let response = world
        .client
        .get(next)
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    let second: Value = crate::dice::world::body(response).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert_eq!(second["links"]["next"], Value::Null);
    world.stop().await;
}
