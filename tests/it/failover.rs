//! Two monitors on machines of their own, with one lease and one repository: either is
//! killed at any moment, and everything is announced once.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use rand::prelude::*;
use tokio::sync::watch;

use crate::git::remote::{Remote, settings, table};
use crate::kept::Page;
use crate::redis::world::Server;
use crate::world::patience::until;
use crate::world::{self, Monitor};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What arrived: the name of each message, with its kind and its incident.
type Arrived = BTreeMap<String, (String, String)>;

/// A receiver as the standard asks for: it knows a repeated message by its name.
struct Receiver {
    url: String,
    arrived: watch::Receiver<Arrived>,
}

impl Receiver {
    async fn start() -> Self {
        let (sender, arrived) = watch::channel(Arrived::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let take = async |State(arrived): State<watch::Sender<Arrived>>,
                          headers: HeaderMap,
                          body: Bytes| {
            let event: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let kind = event["type"].as_str().unwrap().to_owned();
            let about = event["data"]["id"].as_str().unwrap_or_default().to_owned();
            let name = headers["webhook-id"].to_str().unwrap().to_owned();
            arrived.send_modify(|all| drop(all.insert(name, (kind, about))));
        };
        let routes = axum::Router::new()
            .route("/hook", axum::routing::post(take))
            .with_state(sender);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, arrived }
    }

    /// How often each kind of message arrived of each incident.
    fn counts(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for message in self.arrived.borrow().values() {
            *counts.entry(message.clone()).or_default() += 1;
        }
        counts
    }
}

/// A machine with its own folders.
struct Machine {
    place: tempfile::TempDir,
    monitor: Option<Monitor>,
}

impl Machine {
    fn new(text: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("alerts.toml"), text).unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        Self {
            place,
            monitor: None,
        }
    }

    async fn start(&mut self) {
        self.monitor = Some(Monitor::serve(self.place.path(), &[]).await);
    }

    async fn kill(&mut self) {
        self.monitor.as_mut().unwrap().kill().await;
    }

    fn files(&self) -> Vec<(String, String)> {
        world::files(&self.place.path().join("incidents"))
    }
}

#[tokio::test]
async fn whichever_monitor_is_killed_everything_is_announced_once() {
    let seed = std::env::var("CRITWATCH_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut random = StdRng::seed_from_u64(seed.unwrap_or(15));
    let (page, receiver) = (Page::start().await, Receiver::start().await);
    let (remote, lease) = (Remote::new(&[("README.md", "x")]), Server::start(&[]));
    let more = format!(
        "[[notifier]]\nid = 'hook'\ntype = 'webhook'\nurl = '{}'\nsecret = '{SECRET}'\n\
         [lease]\nredis = '{}'\nttl = '1s'\n{}",
        receiver.url,
        lease.url(),
        table(&remote, "path = 'content'"),
    );
    let text = settings(&page, &more);
    let mut machines = [Machine::new(&text), Machine::new(&text)];
    for machine in &mut machines {
        machine.start().await;
    }
    let mut opened = BTreeSet::new();
    for round in 1..=3_u64 {
        let which = random.random_range(0..2);
        page.set(round, 0);
        if random.random() {
            // Otherwise it dies while the incident begins.
            let name = format!("part-{round}-fails");
            until("it is announced", async || is_announced(&receiver, &name)).await;
        }
        machines[which].kill().await;
        let name = format!("part-{round}-fails");
        until("the other one goes on", async || {
            is_announced(&receiver, &name)
        })
        .await;
        opened.insert(name);
        machines[which].start().await;
    }
    page.set(0, 0);
    until("all is resolved and told", async || {
        let counts = receiver.counts();
        let ends = counts.keys().filter(|(kind, _)| kind.ends_with("resolved"));
        (ends.count() == 3).then_some(()).ok_or(counts)
    })
    .await;
    let counts = receiver.counts();
    for ((kind, about), count) in &counts {
        let is_once =
            kind.ends_with("opened") || kind.ends_with("created") || kind.ends_with("resolved");
        assert!(
            !is_once || *count == 1,
            "{kind} of {about} came {count} times: {counts:#?}"
        );
    }
    until("both have the same files", async || {
        let [one, other] = [machines[0].files(), machines[1].files()];
        (one == other && incidents(&one) == 3)
            .then_some(())
            .ok_or((one, other))
    })
    .await;
}

/// The incidents among files; pictures are none.
fn incidents(files: &[(String, String)]) -> usize {
    let pages = files.iter().filter(|(_, text)| text.starts_with("---"));
    pages.count()
}

fn is_announced(receiver: &Receiver, name: &str) -> Result<(), BTreeMap<(String, String), usize>> {
    let counts = receiver.counts();
    let told = counts.keys().any(|(_, about)| about.contains(name));
    told.then_some(()).ok_or(counts)
}

#[tokio::test]
async fn without_the_redis_of_the_lease_nobody_writes_and_the_page_goes_on() {
    let page = Page::start().await;
    let lease = Server::start(&[]);
    let more = format!("[lease]\nredis = '{}'\nttl = '1s'\n", lease.url());
    let mut machine = Machine::new(&settings(&page, &more));
    machine.start().await;
    let monitor = machine.monitor.as_ref().unwrap();
    page.set(1, 0);
    until("it writes", async || machine.files().len() == 1).await;
    lease.kill();
    until("it only reads", async || {
        let log = std::fs::read_to_string(machine.place.path().join(world::LOG)).unwrap();
        log.contains("the lease could not be renewed")
    })
    .await;
    page.set(2, 0);
    monitor.until_rule_is("r2", "firing").await;
    assert_eq!(machine.files().len(), 1);
    assert_eq!(monitor.get("/").await.0, 200);
}
