//! What nobody uses is deleted when its time is over, and nothing else.
//!
//! A second API serves the same database with its clock set ahead.

use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::dice::world::{World, program};
use crate::world::patience::until;

/// An API whose clock is ahead.
struct LaterApi {
    process: Child,
    /// Kept open, so that a late line does not end the process.
    _output: Lines<BufReader<ChildStdout>>,
    base: String,
    client: reqwest::Client,
}

impl LaterApi {
    async fn start(world: &World, ahead: &str, sweep_every: &str) -> Self {
        let addresses = world.rig.addresses();
        let mut process = Command::new(program())
            .args([
                "dice",
                "api",
                "--listen",
                "127.0.0.1:0",
                "--roll-mode",
                "immediate",
            ])
            .args(["--clock-ahead", ahead, "--sweep-every", sweep_every])
            .env("DICE_REDIS", &addresses.redis_url)
            .env("DICE_DATABASE", world.database())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = output.next_line().await.unwrap().unwrap();
        let at = line.rsplit_once("http://").unwrap().1;
        Self {
            process,
            _output: output,
            base: format!("http://{at}/api/1.0"),
            client: world.client.clone(),
        }
    }

    async fn status(&self, key: &str, path: &str) -> u16 {
        let url = format!("{}{path}", self.base);
        let request = self.client.get(url).bearer_auth(key);
        request.send().await.unwrap().status().as_u16()
    }

    async fn stop(mut self) {
        self.process.kill().await.unwrap();
    }
}

async fn room(world: &World, key: &str) -> String {
    let (status, room) = world.send_as(key, Method::POST, "/room", None).await;
    assert_eq!(status, 200);
    room["data"]["slug"].as_str().unwrap().to_owned()
}

async fn roll(world: &World, key: &str, room: &str) -> Value {
    let wish = json!({ "equation": "1d20", "room": room });
    let (status, roll) = world.send_as(key, Method::POST, "/roll", Some(wish)).await;
    assert_eq!(status, 200, "{roll}");
    roll["data"].clone()
}

/// Counts rows in the file of the database.
fn rows(world: &World, table: &str) -> u32 {
    let database = rusqlite::Connection::open(world.database()).unwrap();
    let query = format!("SELECT count(*) FROM {table}");
    database.query_row(&query, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn rolls_go_first_and_rooms_and_guests_once_nobody_uses_them() {
    let world = World::new().await;
    let [ann, ben, cleo] = [
        world.guest().await,
        world.guest().await,
        world.guest().await,
    ];
    let (old, used) = (room(&world, &ben).await, room(&world, &ann).await);
    let rolled = roll(&world, &ben, &old).await;
    let path = format!("/roll/{}", rolled["uuid"].as_str().unwrap());
    let hide = json!({ "dice": [{ "uuid": rolled["values"][0]["uuid"], "is_hidden": true }] });
    let (status, _) = world.send_as(&ben, Method::PATCH, &path, Some(hide)).await;
    assert_eq!(status, 200);
    let clear = json!({ "dice": { "is_cleared": true } });
    let table = format!("/room/{old}/roll");
    let (status, _) = world
        .send_as(&ben, Method::PATCH, &table, Some(clear))
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        (rows(&world, "roll_change"), rows(&world, "clearing")),
        (1, 1)
    );

    let later = LaterApi::start(&world, "31d", "200ms").await;
    until("the roll is swept", async || {
        (later.status(&ben, &path).await == 404).then_some(())
    })
    .await;
    until("what was done to it is swept", async || {
        let rows = [rows(&world, "roll_change"), rows(&world, "clearing")];
        (rows == [0, 0]).then_some(())
    })
    .await;
    assert_eq!(later.status(&ben, &format!("/room/{old}")).await, 200);
    later.stop().await;

    // Two months later Ann looks into her room again; nobody else comes.
    let later = LaterApi::start(&world, "60d", "200ms").await;
    assert_eq!(later.status(&ann, &format!("/room/{used}")).await, 200);
    let noted = "room WHERE used_at > 1000 * (unixepoch() + 59 * 86400)";
    until("the use is written down", async || {
        (rows(&world, noted) == 1).then_some(())
    })
    .await;
    later.stop().await;

    // Ben was last seen after a month, so he and his room go after four.
    let later = LaterApi::start(&world, "122d", "200ms").await;
    until("the room and the others are swept", async || {
        let rows = [rows(&world, "room"), rows(&world, "user")];
        (rows == [1, 1]).then_some(())
    })
    .await;
    assert_eq!(rows(&world, "bearer_key"), 1);
    assert_eq!(later.status(&ben, "/user").await, 401);
    assert_eq!(later.status(&cleo, "/user").await, 401);
    assert_eq!(later.status(&ann, &format!("/room/{old}")).await, 404);
    assert_eq!(later.status(&ann, &format!("/room/{used}")).await, 200);
    later.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_guest_whose_room_others_use_stays() {
    let world = World::new().await;
    let (ann, ben) = (world.guest().await, world.guest().await);
    let used = room(&world, &ann).await;
    let join = format!("/room/{used}/participant");
    assert_eq!(world.send_as(&ben, Method::POST, &join, None).await.0, 200);
    let later = LaterApi::start(&world, "80d", "200ms").await;
    assert_eq!(later.status(&ben, &format!("/room/{used}")).await, 200);
    let noted = "room WHERE used_at > 1000 * (unixepoch() + 79 * 86400)";
    until("the use is written down", async || {
        (rows(&world, noted) == 1).then_some(())
    })
    .await;
    later.stop().await;
    let later = LaterApi::start(&world, "91d", "200ms").await;
    until("who used nothing is swept", async || {
        (rows(&world, "user") == 2).then_some(())
    })
    .await;
    assert_eq!(later.status(&ben, &format!("/room/{used}")).await, 200);
    assert_eq!(later.status(&ann, "/user").await, 200);
    later.stop().await;
    world.stop().await;
}
