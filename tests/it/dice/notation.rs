//! Formulas as people write them, and dice that clients have dropped already.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::dice::world::{World, body};

async fn roll(world: &World, wish: Value) -> Value {
    let response = world.send(Method::POST, "/roll", Some(wish)).await;
    let status = response.status();
    let roll = body(response).await;
    assert_eq!(status, StatusCode::OK, "{roll}");
    roll["data"].clone()
}

fn values(roll: &Value, is_dropped: bool) -> Vec<i64> {
    let values = roll["values"].as_array().unwrap().iter();
    values
        .filter(|value| value["is_dropped"] == json!(is_dropped))
        .map(|value| value["value"].as_i64().unwrap())
        .collect()
}

fn total(roll: &Value) -> i64 {
    roll["total_value"].as_str().unwrap().parse().unwrap()
}

/// In every mode, the worker and the API make the same of a formula.
#[tokio::test]
async fn exploded_and_rerolled_dice_are_values_of_the_roll() {
    let world = World::new().await;
    for mode in ["queued", "immediate"] {
        assert_eq!(world.set_mode(mode).await, StatusCode::OK);
        let exploded = roll(&world, json!({ "equation": "40d2!" })).await;
        assert_eq!(exploded["equation"], "40d2!");
        let found = values(&exploded, false);
        assert!(found.len() > 40 && found.iter().filter(|value| **value == 1).count() == 40);
        assert_eq!(total(&exploded), found.iter().sum::<i64>());
        let rerolled = roll(&world, json!({ "equation": "40d6r1" })).await;
        assert!(values(&rerolled, true).iter().all(|value| *value == 1));
        let found = values(&rerolled, false);
        assert!(found.len() == 40 && found.iter().all(|value| *value > 1));
        let product = roll(&world, json!({ "equation": "2d6*(1d4 + 1)/2" })).await;
        let found = values(&product, false);
        assert_eq!(product["terms"], json!([2, 1, 1]));
        assert_eq!(product["operator"], json!({}));
        assert_eq!(total(&product), (found[0] + found[1]) * (found[2] + 1) / 2);
        // What is dropped afterwards counts no more, by the formula.
        let die = json!({ "uuid": product["values"][0]["uuid"], "is_dropped": true });
        let path = format!("/roll/{}", product["uuid"].as_str().unwrap());
        let change = Some(json!({ "dice": [die] }));
        let changed = body(world.send(Method::PATCH, &path, change).await).await;
        assert_eq!(total(&changed["data"]), found[1] * (found[2] + 1) / 2);
    }
    let fate = roll(&world, json!({ "equation": "4dF+1" })).await;
    assert_eq!(fate["values"][0]["type"], "df");
    assert_eq!(fate["values"][4]["type"], "mod");
    assert_eq!(fate["values"][4]["theme"], Value::Null);
    let response = world.send(
        Method::POST,
        "/roll",
        Some(json!({ "equation": "3d6 + 2x" })),
    );
    let response = response.await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let message = body(response).await["data"]["message"].clone();
    assert_eq!(message, "expected an operator or the end at character 8");
    world.stop().await;
}

/// As plugins send rolls that another program has made.
#[tokio::test]
async fn a_die_that_came_as_dropped_does_not_count() {
    let world = World::new().await;
    for mode in ["queued", "immediate"] {
        assert_eq!(world.set_mode(mode).await, StatusCode::OK);
        let dice = json!([
            { "type": "d20", "value": 18, "is_dropped": true },
            { "type": "d20", "value": 7 },
            { "type": "mod", "value": 3 },
        ]);
        let rolled = roll(&world, json!({ "dice": dice })).await;
        assert_eq!((total(&rolled), values(&rolled, true)), (10, vec![18]));
        // Whether a die was thrown here or there, keeping passes over it.
        let kept = roll(&world, json!({ "dice": dice, "operator": { "k": "h1" } })).await;
        assert_eq!((total(&kept), values(&kept, true)), (10, vec![18]));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_seed_makes_the_same_dice_in_any_order_and_process() {
    let mut found = Vec::new();
    for (mode, order) in [("queued", [1, 2, 3]), ("immediate", [3, 1, 2])] {
        let arguments = format!("--seed 7 --roll-mode {mode}");
        let world = World::with(&arguments, "--seed 7").await;
        let mut rolls: Vec<(i64, Vec<i64>)> = Vec::new();
        for number in order {
            let wish = json!({ "equation": "9d20", "external_id": format!("load-{number}") });
            rolls.push((number, values(&roll(&world, wish).await, false)));
        }
        rolls.sort();
        found.push(rolls);
        let log = std::fs::read_to_string(world.dir.path().join("demo/api.log")).unwrap();
        assert!(log.contains("are not random: for drills only"), "{log}");
        world.stop().await;
    }
    assert_eq!(found[0], found[1]);
    assert_ne!(found[0][0].1, found[0][1].1);
}

#[tokio::test]
async fn a_seed_is_refused_where_others_could_roll_its_dice() {
    for part in ["api", "worker"] {
        let mut command = tokio::process::Command::new(crate::dice::world::program());
        command.args(["dice", part, "--seed", "7", "--listen", "0.0.0.0:0"]);
        command.args(["--database", "/nowhere/dice.db"]);
        let output = command.output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.contains("--seed is for drills on this machine"),
            "{said}"
        );
    }
}
