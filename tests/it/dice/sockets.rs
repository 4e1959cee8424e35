//! What open sockets hear, in Pusher's protocol.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::dice::world::World;

/// A client as Laravel Echo is one.
struct Ear {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    id: String,
}

enum Heard {
    Event(Value),
    Closed(u16),
}

impl Ear {
    async fn open(world: &World, path: &str) -> Self {
        let url = format!("ws://{}{path}", world.rig.addresses().api);
        let (socket, _) = connect_async(url).await.unwrap();
        Self {
            socket,
            id: String::new(),
        }
    }

    async fn connect(world: &World) -> Self {
        let mut ear = Self::open(world, "/app/key?protocol=7&client=js&version=8.4.0").await;
        let greeting = ear.event("pusher:connection_established").await;
        greeting["socket_id"]
            .as_str()
            .unwrap()
            .clone_into(&mut ear.id);
        ear
    }

    async fn next(&mut self) -> Heard {
        loop {
            let message = timeout(Duration::from_secs(10), self.socket.next()).await;
            match message.unwrap().unwrap().unwrap() {
                Message::Text(text) => return Heard::Event(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => return Heard::Closed(frame.unwrap().code.into()),
                _ => {}
            }
        }
    }

    /// The data of the next event, which must be this one.
    async fn event(&mut self, name: &str) -> Value {
        let Heard::Event(event) = self.next().await else {
            panic!("closed before {name}");
        };
        assert_eq!(event["event"], name, "{event}");
        match &event["data"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            data => data.clone(),
        }
    }

    async fn say(&mut self, message: &Value) {
        self.socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    async fn auth(&self, world: &World, key: &str, channel: &str) -> (u16, Value) {
        let url = format!("http://{}/broadcasting/auth", world.rig.addresses().api);
        let wish = json!({ "socket_id": self.id, "channel_name": channel });
        let request = world.client.post(url).bearer_auth(key).json(&wish);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn subscribe(&mut self, world: &World, key: &str, channel: &str) -> Value {
        let (status, mut data) = self.auth(world, key, channel).await;
        assert_eq!(status, 200, "{data}");
        data["channel"] = json!(channel);
        self.say(&json!({ "event": "pusher:subscribe", "data": data }))
            .await;
        self.event("pusher_internal:subscription_succeeded").await
    }
}

async fn table(world: &World) -> (String, String, Value) {
    let (ann, ben) = (world.guest().await, world.guest().await);
    let (_, room) = world.send_as(&ann, Method::POST, "/room", None).await;
    let path = format!(
        "/room/{}/participant",
        room["data"]["slug"].as_str().unwrap()
    );
    let (_, room) = world.send_as(&ben, Method::POST, &path, None).await;
    (ann, ben, room["data"].clone())
}

#[tokio::test]
async fn everybody_in_a_room_hears_rolls_and_who_comes_and_goes() {
    let world = World::new().await;
    let (ann, ben, room) = table(&world).await;
    let slug = room["slug"].as_str().unwrap();
    let channel = format!("presence-room.{slug}");
    let mut first = Ear::connect(&world).await;
    let presence = first.subscribe(&world, &ann, &channel).await;
    assert_eq!(presence["presence"]["count"], 1);
    let mut second = Ear::connect(&world).await;
    let presence = second.subscribe(&world, &ben, &channel).await;
    assert_eq!(presence["presence"]["count"], 2);
    let id = room["participants"][1]["id"].to_string();
    assert_eq!(
        presence["presence"]["hash"][&id]["username"],
        room["participants"][1]["username"]
    );
    assert_eq!(
        first.event("pusher_internal:member_added").await["user_id"],
        json!(id)
    );

    let wish = json!({ "dice": [{ "type": "d20" }], "room": slug });
    let (_, roll) = world.send_as(&ann, Method::POST, "/roll", Some(wish)).await;
    let heard = second.event("App\\Events\\RollCreateEvent").await;
    assert_eq!(heard["data"], roll["data"]);
    first.event("App\\Events\\RollCreateEvent").await;
    let die = &roll["data"]["values"][0]["uuid"];
    let change = json!({ "dice": [{ "uuid": die, "is_hidden": true }] });
    let path = format!("/roll/{}", roll["data"]["uuid"].as_str().unwrap());
    world
        .send_as(&ann, Method::PATCH, &path, Some(change))
        .await;
    let heard = second.event("App\\Events\\RollUpdateEvent").await;
    assert_eq!(heard["data"]["values"][0]["is_hidden"], true);

    second
        .say(&json!({ "event": "client-wave", "channel": channel, "data": { "x": 1 } }))
        .await;
    first.event("App\\Events\\RollUpdateEvent").await;
    assert_eq!(first.event("client-wave").await, json!({ "x": 1 }));
    world
        .send_as(&ann, Method::DELETE, &format!("/roll?room={slug}"), None)
        .await;
    first.event("App\\Events\\RollDeleteEvent").await;
    world
        .send_as(
            &ben,
            Method::DELETE,
            &format!("/room/{slug}/participant"),
            None,
        )
        .await;
    assert_eq!(
        first.event("pusher_internal:member_removed").await["user_id"],
        json!(id)
    );
    let left = first.event("App\\Events\\RoomUpdateEvent").await;
    assert_eq!(left["data"]["participants"].as_array().unwrap().len(), 1);
    let (status, _) = second.auth(&world, &ben, &channel).await;
    assert_eq!(status, 403);
    world.stop().await;
}

#[tokio::test]
async fn whispers_and_private_channels_are_heard_by_their_owners_alone() {
    let world = World::new().await;
    let (ann, ben, room) = table(&world).await;
    let slug = room["slug"].as_str().unwrap();
    let uuids = [0, 1].map(|at| room["participants"][at]["user"]["uuid"].as_str().unwrap());
    let private = format!("private-room.{slug}.{}", uuids[1]);
    let mut ear = Ear::connect(&world).await;
    assert_eq!(ear.auth(&world, &ann, &private).await.0, 403);
    assert_eq!(
        ear.auth(&world, &ann, &format!("private-user.{}", uuids[1]))
            .await
            .0,
        403
    );
    assert_eq!(ear.auth(&world, &ann, "presence-room.none").await.0, 404);
    assert_eq!(ear.auth(&world, &"x".repeat(40), &private).await.0, 401);
    let (_, other) = Ear::connect(&world)
        .await
        .auth(&world, &ben, &private)
        .await;
    let stolen = json!({ "channel": private, "auth": other["auth"] });
    ear.say(&json!({ "event": "pusher:subscribe", "data": stolen }))
        .await;
    assert_eq!(ear.event("pusher:subscription_error").await["status"], 403);

    ear.subscribe(&world, &ben, &private).await;
    ear.subscribe(&world, &ben, &format!("private-user.{}", uuids[1]))
        .await;
    let mut all = Ear::connect(&world).await;
    all.subscribe(&world, &ann, &format!("presence-room.{slug}"))
        .await;
    let whisper = [&room["participants"][1]["id"]];
    let secret = json!({ "dice": [{ "type": "d20" }], "room": slug, "whisper": whisper });
    let (_, roll) = world
        .send_as(&ann, Method::POST, "/roll", Some(secret))
        .await;
    let heard = ear.event("App\\Events\\RollCreateEvent").await;
    assert_eq!(heard["data"]["uuid"], roll["data"]["uuid"]);
    let open = json!({ "dice": [{ "type": "d6" }], "room": slug });
    let (_, roll) = world.send_as(&ann, Method::POST, "/roll", Some(open)).await;
    // The whisper came before, and is not what the room hears first.
    let heard = all.event("App\\Events\\RollCreateEvent").await;
    assert_eq!(heard["data"]["uuid"], roll["data"]["uuid"]);
    let gold = json!({ "id": "table-gold" });
    world
        .send_as(&ben, Method::POST, "/dice-box", Some(gold))
        .await;
    let heard = ear.event("App\\Events\\DiceBoxCreateEvent").await;
    assert_eq!(heard["data"]["id"], "table-gold");
    world.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_the_codes_of_the_protocol() {
    let world = World::with("--activity-timeout 1s --sockets-per-address 2", "").await;
    for (path, code) in [
        ("/app/no-key?protocol=7", 4001),
        ("/app/key", 4008),
        ("/app/key?protocol=6", 4007),
    ] {
        let mut ear = Ear::open(&world, path).await;
        assert_eq!(ear.event("pusher:error").await["code"], code, "{path}");
        assert!(matches!(ear.next().await, Heard::Closed(found) if found == code));
    }
    let mut silent = Ear::connect(&world).await;
    let mut ear = Ear::connect(&world).await;
    let mut third = Ear::open(&world, "/app/key?protocol=7").await;
    assert_eq!(third.event("pusher:error").await["code"], 4100);
    for (message, code) in [
        (json!({ "event": "nonsense" }), 4302),
        (
            json!({ "event": "client-x", "channel": "presence-room.abc", "data": {} }),
            4300,
        ),
    ] {
        ear.say(&message).await;
        assert_eq!(ear.event("pusher:error").await["code"], code, "{message}");
    }
    ear.say(&json!({ "event": "pusher:ping", "data": {} }))
        .await;
    ear.event("pusher:pong").await;
    silent.event("pusher:ping").await;
    assert_eq!(silent.event("pusher:error").await["code"], 4201);
    assert!(matches!(silent.next().await, Heard::Closed(4201)));
    world.stop().await;
}
