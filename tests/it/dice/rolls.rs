//! Rolls after they were answered: hidden, dropped, cleared, deleted, whispered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::dice::world::World;

struct Table {
    world: World,
    ann: String,
    ben: String,
    room: Value,
}

impl Table {
    async fn new() -> Self {
        let world = World::new().await;
        let (ann, ben) = (world.guest().await, world.guest().await);
        let (_, room) = world.send_as(&ann, Method::POST, "/room", None).await;
        let join = format!(
            "/room/{}/participant",
            room["data"]["slug"].as_str().unwrap()
        );
        let (_, room) = world.send_as(&ben, Method::POST, &join, None).await;
        let room = room["data"].clone();
        Self {
            world,
            ann,
            ben,
            room,
        }
    }

    fn slug(&self) -> &str {
        self.room["slug"].as_str().unwrap()
    }

    async fn roll(&self, key: &str, mut wish: Value) -> Value {
        wish["room"] = self.room["slug"].clone();
        let (status, roll) = self
            .world
            .send_as(key, Method::POST, "/roll", Some(wish))
            .await;
        assert_eq!(status, 200, "{roll}");
        roll["data"].clone()
    }

    async fn read(&self, key: &str, roll: &Value) -> (u16, Value) {
        let path = format!("/roll/{}", roll["uuid"].as_str().unwrap());
        let (status, roll) = self.world.send_as(key, Method::GET, &path, None).await;
        (status, roll["data"].clone())
    }
}

fn six(value: i64) -> Value {
    json!({ "type": "d6", "value": value, "theme": "table-ink", "meta": { "mine": value } })
}

fn assert_complete(roll: &Value) {
    for field in [
        "uuid",
        "equation",
        "direction",
        "velocity",
        "room",
        "user",
        "label",
        "external_id",
        "total_value",
        "values",
        "operator",
        "whisper",
        "created_at",
        "updated_at",
    ] {
        assert!(roll.get(field).is_some(), "{field} is missing in {roll}");
    }
    for field in [
        "uuid",
        "type",
        "theme",
        "value",
        "value_to_display",
        "is_hidden",
        "is_visible",
        "is_user_value",
        "is_cleared",
        "is_dropped",
        "label",
        "meta",
        "created_at",
        "updated_at",
    ] {
        assert!(
            roll["values"][0].get(field).is_some(),
            "{field} is missing in {roll}"
        );
    }
}

#[tokio::test]
async fn a_roll_has_every_field_and_a_dropped_die_counts_no_more() {
    let table = Table::new().await;
    let dice = json!([six(2), six(5), { "type": "mod", "value": 3 }]);
    let wish = json!({ "dice": dice, "operator": { "*": "2" }, "label": "axe" });
    let roll = table.roll(&table.ann, wish).await;
    assert_complete(&roll);
    assert_eq!(roll["room"]["name"], table.room["name"]);
    assert_eq!(roll["total_value"], "20");
    assert_eq!(roll["values"][0]["is_user_value"], true);
    assert_eq!(roll["values"][0]["meta"]["mine"], 2);
    let path = format!("/roll/{}", roll["uuid"].as_str().unwrap());
    let change = json!({ "dice": [
        { "uuid": roll["values"][0]["uuid"], "is_hidden": true },
        { "uuid": roll["values"][1]["uuid"], "is_dropped": true },
    ] });
    let send = async |key: &str, json: Value| {
        table
            .world
            .send_as(key, Method::PATCH, &path, Some(json))
            .await
    };
    assert_eq!(send(&table.ben, change.clone()).await.0, 403);
    let foreign = json!({ "dice": [{ "uuid": roll["uuid"], "is_hidden": true }] });
    assert_eq!(send(&table.ann, foreign).await.0, 422);
    let (status, changed) = send(&table.ann, change).await;
    assert_eq!((status, &changed["type"]), (200, &json!("roll")));
    let changed = &changed["data"];
    assert_eq!(changed["total_value"], "10");
    assert_eq!(changed["values"][0]["is_hidden"], true);
    assert_eq!(changed["values"][0]["is_visible"], false);
    assert_eq!(&table.read(&table.ben, &roll).await.1, changed);
    table.world.stop().await;
}

#[tokio::test]
async fn several_rolls_change_at_once_or_none_of_them() {
    let table = Table::new().await;
    let rolls = [
        table.roll(&table.ann, json!({ "dice": [six(2)] })).await,
        table.roll(&table.ben, json!({ "dice": [six(3)] })).await,
    ];
    let wishes: Vec<Value> = rolls
        .iter()
        .map(|roll| {
            let die = &roll["values"][0]["uuid"];
            json!({ "uuid": roll["uuid"], "dice": [{ "uuid": die, "is_cleared": true }] })
        })
        .collect();
    let bulk = json!({ "rolls": wishes });
    let send = async |key: &str| {
        let bulk = Some(bulk.clone());
        table.world.send_as(key, Method::PATCH, "/roll", bulk).await
    };
    // Ben may change his own roll alone, and who made the room both.
    assert_eq!(send(&table.ben).await.0, 403);
    assert_eq!(
        table.read(&table.ann, &rolls[1]).await.1["values"][0]["is_cleared"],
        false
    );
    let (status, changed) = send(&table.ann).await;
    assert_eq!((status, &changed["type"]), (200, &json!("roll[]")));
    for roll in changed["data"].as_array().unwrap() {
        assert_eq!(roll["values"][0]["is_cleared"], true);
    }
    table.world.stop().await;
}

#[tokio::test]
async fn the_table_is_cleared_and_its_history_deleted() {
    let table = Table::new().await;
    let first = table.roll(&table.ann, json!({ "dice": [six(2)] })).await;
    let second = table.roll(&table.ben, json!({ "dice": [six(3)] })).await;
    let clear = async |key: &str, whose: &str, is_cleared: bool| {
        let path = format!("/room/{}/roll{whose}", table.slug());
        let json = json!({ "dice": { "is_cleared": is_cleared } });
        table
            .world
            .send_as(key, Method::PATCH, &path, Some(json))
            .await
            .0
    };
    let cleared = async || {
        let first = table.read(&table.ann, &first).await.1;
        let second = table.read(&table.ann, &second).await.1;
        [first, second].map(|roll| roll["values"][0]["is_cleared"] == json!(true))
    };
    assert_eq!(clear(&table.ben, "", true).await, 200);
    assert_eq!(cleared().await, [false, true]);
    assert_eq!(clear(&table.ben, "?participant=*", true).await, 403);
    assert_eq!(clear(&table.ann, "?participant=0", true).await, 404);
    assert_eq!(clear(&table.ann, "?participant=*", true).await, 200);
    assert_eq!(cleared().await, [true, true]);
    assert_eq!(clear(&table.ann, "?participant=*", false).await, 200);
    assert_eq!(cleared().await, [false, false]);
    let path = format!("/roll?room={}", table.slug());
    let delete = async |key: &str| {
        let (status, _) = table.world.send_as(key, Method::DELETE, &path, None).await;
        status
    };
    assert_eq!(delete(&table.ben).await, 403);
    assert_eq!(delete(&table.ann).await, 200);
    assert_eq!(table.read(&table.ben, &second).await.0, 404);
    let third = table.roll(&table.ben, json!({ "dice": [six(4)] })).await;
    assert_eq!(table.read(&table.ann, &third).await.0, 200);
    table.world.stop().await;
}

#[tokio::test]
async fn a_whisper_is_read_by_its_receivers_alone() {
    let table = Table::new().await;
    let third = table.world.guest().await;
    let join = format!("/room/{}/participant", table.slug());
    table.world.send_as(&third, Method::POST, &join, None).await;
    let ben = &table.room["participants"][1]["id"];
    let wish = json!({ "dice": [six(2)], "whisper": [ben] });
    let roll = table.roll(&table.ann, wish).await;
    assert_eq!(table.read(&table.ann, &roll).await.0, 200);
    assert_eq!(table.read(&table.ben, &roll).await.0, 200);
    assert_eq!(table.read(&third, &roll).await.0, 403);
    let nobody = json!({ "dice": [six(2)], "whisper": [0], "room": table.slug() });
    let (status, _) = table
        .world
        .send_as(&table.ann, Method::POST, "/roll", Some(nobody))
        .await;
    assert_eq!(status, 422);
    let theme = json!({ "dice": [{ "type": "d6", "theme": "nobodys" }] });
    let (status, _) = table
        .world
        .send_as(&table.ann, Method::POST, "/roll", Some(theme))
        .await;
    assert_eq!(status, 403);
    table.world.stop().await;
}
