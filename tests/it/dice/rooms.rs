//! Rooms and who is in them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::dice::world::World;

#[tokio::test]
async fn a_room_opens_with_its_passcode_and_is_changed_by_who_made_it() {
    let world = World::new().await;
    let (ann, ben) = (world.guest().await, world.guest().await);
    let wish = json!({ "name": "Friday", "passcode": "owl" });
    let (_, room) = world.send_as(&ann, Method::POST, "/room", Some(wish)).await;
    let room = &room["data"];
    let path = format!("/room/{}", room["slug"].as_str().unwrap());
    for field in [
        "id", "slug", "custom_slug", "name", "is_public", "passcode", "bg_file_path",
        "participants", "user", "settings", "created_at", "updated_at",
    ] {
        assert!(room.get(field).is_some(), "{field} is missing in {room}");
    }
    assert_eq!(room["participants"][0]["user"], room["user"]);
    let join = format!("{path}/participant");
    let steps: [(&str, Method, &str, Option<Value>, u16); 11] = [
        (&ben, Method::GET, &path, None, 403),
        (&ben, Method::GET, &format!("{path}?passcode=cat"), None, 403),
        (&ben, Method::GET, &format!("{path}?passcode=owl"), None, 200),
        (&ben, Method::POST, &join, None, 403),
        (&ben, Method::POST, &join, Some(json!({ "passcode": "cat" })), 403),
        (&ben, Method::POST, &format!("{join}?passcode=owl"), None, 200),
        (&ben, Method::POST, &format!("{join}?passcode=owl"), None, 409),
        (&ben, Method::PATCH, &path, Some(json!({ "name": "Mine" })), 403),
        (&ann, Method::PATCH, &path, Some(json!({ "name": "x".repeat(101) })), 422),
        (&ann, Method::PATCH, &path, Some(json!({ "name": "Saturday" })), 200),
        (&ann, Method::PATCH, &path, Some(json!({ "passcode": null, "is_public": true })), 200),
    ];
    for (key, method, path, json, status) in steps {
        let case = format!("{method} {path} {json:?}");
        let (found, body) = world.send_as(key, method, path, json).await;
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
    let join = format!("/room/{}/participant", room["data"]["slug"].as_str().unwrap());
    let (_, room) = world.send_as(&ben, Method::POST, &join, None).await;
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
    let (status, _) = world.send_as(&ben, Method::PATCH, &other, Some(look.clone())).await;
    assert_eq!(status, 403);
    let (_, mine) = world.send_as(&ben, Method::GET, "/room", None).await;
    let seen = &mine["data"][0]["participants"][1];
    assert_eq!(seen["username"], "Ben");
    assert_eq!(seen["position"], 2);
    assert_eq!(seen["dice_tray"], look["dice_tray"]);
    let (status, _) = world.send_as(&ben, Method::DELETE, &other, None).await;
    assert_eq!(status, 403);
    // The SDK writes this where it is given no id.
    let (status, left) =
        world.send_as(&ben, Method::DELETE, &format!("{join}/undefined"), None).await;
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
    let response = world.client.get(next).bearer_auth(&key).send().await.unwrap();
    let second: Value = crate::dice::world::body(response).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert_eq!(second["links"]["next"], Value::Null);
    world.stop().await;
}
