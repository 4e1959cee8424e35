//! The reference service for tests: real processes in a folder of their own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use critwatch::dice::fault::harness::Rig;
use critwatch::dice::fault::settings::RigSettings;
use critwatch::dice::link::RedisUrl;
use reqwest::{Client, Method, Response, StatusCode};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::world::patience::until;

pub(crate) struct World {
    pub(crate) dir: TempDir,
    pub(crate) rig: Rig,
    pub(crate) client: Client,
    pub(crate) token: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with("", "").await
    }

    /// Starts the service with further arguments of its API and its worker.
    pub(crate) async fn with(api: &str, worker: &str) -> Self {
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let dir = tempfile::tempdir().unwrap();
        let mut settings = RigSettings::new(dir.path().join("demo"), program());
        let given = |usual: &[(&str, &str)], more: &str| {
            let mut all = words(more);
            for (option, value) in usual {
                if !all.iter().any(|word| word == option) {
                    all.extend([*option, *value].map(str::to_owned));
                }
            }
            all
        };
        settings.api_arguments = given(&[("--answer-within", "1s")], api);
        let usual = [
            ("--claim-after", "1s"),
            ("--children-min", "2"),
            ("--grace", "5s"),
        ];
        settings.worker_arguments = given(&usual, worker);
        let rig = Rig::start(settings).await.unwrap();
        let client = Client::builder()
            .timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        let mut world = Self {
            dir,
            rig,
            client,
            token: String::new(),
        };
        world.log_in().await;
        world
    }

    pub(crate) async fn log_in(&mut self) {
        let user = self.send(Method::POST, "/user", None).await;
        body(user).await["data"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

    /// Opens a session as the page does, and returns its cookie.
    pub(crate) async fn session(&self) -> String {
        let url = format!("http://{}/api/1.0/session", self.rig.addresses().api);
        let response = self.client.post(url).send().await.unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Asks who one is by the cookie of a session.
    pub(crate) async fn user_of(&self, cookie: &str) -> Response {
        let url = format!("http://{}/api/1.0/user", self.rig.addresses().api);
        let request = self.client.get(url).header("cookie", cookie);
        request.send().await.unwrap()
    }

    /// Sends as somebody else than the one who is logged in.
    pub(crate) async fn send_as(
        &self,
        key: &str,
        method: Method,
        path: &str,
        json: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("http://{}/api/1.0{path}", self.rig.addresses().api);
        let mut request = self.client.request(method, url).bearer_auth(key);
        if let Some(json) = json {
            request = request.json(&json);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), body(response).await)
    }

    /// Makes a guest and returns the key.
    pub(crate) async fn guest(&self) -> String {
        let (status, body) = self.send_as("", Method::POST, "/user", None).await;
        assert_eq!(status, 200);
        body["data"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, json: Option<Value>) -> Response {
        let url = format!("http://{}/api/1.0{path}", self.rig.addresses().api);
        let request = self.client.request(method, url).bearer_auth(&self.token);
        let request = match json {
            Some(json) => request.body(json.to_string()),
            None => request.header("content-type", "application/x-www-form-urlencoded"),
        };
        request.send().await.unwrap()
    }

    pub(crate) async fn roll(&self) -> Response {
        self.send(Method::POST, "/roll", Some(json!({ "equation": "3d6+2" })))
            .await
    }

    /// Rolls, and returns the uuid when the roll was taken, answered or not.
    pub(crate) async fn roll_taken(&self) -> Option<String> {
        let body = body(self.roll().await).await;
        Some(body["data"]["uuid"].as_str()?.to_owned())
    }

    pub(crate) async fn answered(&self, uuid: &str) -> Value {
        until("the roll is answered", async || {
            let response = self.send(Method::GET, &format!("/roll/{uuid}"), None).await;
            let found = response.status() == StatusCode::OK;
            if found {
                Some(body(response).await)
            } else {
                None
            }
        })
        .await
    }

    /// Sends a roll mode as an operator does, and returns the status.
    pub(crate) async fn set_mode(&self, mode: &'static str) -> StatusCode {
        let url = format!("http://{}/-/roll-mode", self.rig.addresses().api);
        let request = self.client.put(url).body(mode);
        request.send().await.unwrap().status()
    }

    /// Rolls so often at once; the uuids of those that were taken.
    pub(crate) async fn rolls_taken(&self, count: usize) -> Vec<String> {
        let rolls = (0..count).map(|_| self.roll_taken());
        let taken = futures_util::future::join_all(rolls).await;
        taken.into_iter().flatten().collect()
    }

    /// Counts the errors of a kind that Redis has answered with.
    pub(crate) async fn redis_errors(&self, kind: &str) -> u64 {
        let mut info = redis::cmd("INFO");
        info.arg("errorstats");
        let info: String = info.query_async(&mut self.redis()).await.unwrap();
        let name = format!("errorstat_{kind}:count=");
        let line = info.lines().find_map(|line| line.strip_prefix(&*name));
        line.map_or(0, |count| count.trim().parse().unwrap())
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.path().join("demo/dice.db")
    }

    pub(crate) fn redis(&self) -> redis::aio::ConnectionManager {
        self.url().link(Duration::from_secs(5)).unwrap()
    }

    pub(crate) fn url(&self) -> RedisUrl {
        RedisUrl::new(self.rig.addresses().redis_url.clone()).unwrap()
    }

    pub(crate) async fn page(&self, worker: bool) -> String {
        let addresses = self.rig.addresses();
        let address = if worker {
            addresses.worker
        } else {
            addresses.api
        };
        let url = format!("http://{address}/metrics");
        self.client
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// Reads a metric that counts.
    pub(crate) async fn count(&self, worker: bool, name: &str) -> u64 {
        self.value(worker, name).await.parse().unwrap()
    }

    pub(crate) async fn sample(&self, worker: bool, name: &str) -> f64 {
        self.value(worker, name).await.parse().unwrap()
    }

    async fn value(&self, worker: bool, name: &str) -> String {
        let page = self.page(worker).await;
        let line = page
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{name} is not in\n{page}"))
            .to_owned()
    }

    pub(crate) fn processes(&self, word: &str) -> Vec<Pid> {
        processes(self.dir.path(), word)
    }

    pub(crate) async fn stop(self) {
        self.rig.stop().await;
        assert_eq!(processes(self.dir.path(), ""), []);
    }
}

pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_critwatch"))
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

pub(crate) async fn body(response: Response) -> Value {
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

/// Finds the processes of one rig by the Redis in their environment, zombies left out; a Redis
/// itself writes its title over its environment and is found by its socket.
pub(crate) fn processes(dir: &Path, word: &str) -> Vec<Pid> {
    let mark = format!("DICE_REDIS=unix://{}/", dir.display());
    let socket = format!("unixsocket:{}/", dir.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        let read = |name| {
            let bytes = std::fs::read(entry.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).replace('\0', " ")
        };
        let line = read("cmdline");
        let is_ours = read("environ").contains(&mark) || line.contains(&socket);
        if is_ours && line.contains(word) {
            found.extend(Pid::from_raw(id));
        }
    }
    found
}

pub(crate) fn kill(pids: &[Pid]) {
    assert_ne!(pids, [], "there is nothing to kill");
    for pid in pids {
        kill_process(*pid, Signal::KILL).unwrap();
    }
}
