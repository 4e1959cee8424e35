//! Redis behind sentinels, and as a cluster: who is asked, and who holds what.

use std::process::Stdio;

use crate::redis::world::{Server, Watcher, free_port};

/// Sentinels that watch a master on a port, and can hand it over at once.
pub(crate) fn sentinels(master: &Server, count: usize) -> Vec<Server> {
    let watch = format!("sentinel monitor dice 127.0.0.1 {} {count}", master.port);
    let lines = [
        &*watch,
        "sentinel down-after-milliseconds dice 1000",
        "sentinel failover-timeout dice 3000",
    ];
    let start = |_| Server::start_in(tempfile::tempdir().unwrap(), "redis-sentinel", &lines);
    (0..count).map(start).collect()
}

pub(crate) fn behind(sentinels: &[Server]) -> String {
    let list: Vec<_> = sentinels
        .iter()
        .map(|one| format!("'127.0.0.1:{}'", one.port))
        .collect();
    format!(
        "sentinels = [{}]\nmaster = 'dice'\ntimeout = '3s'\n",
        list.join(", ")
    )
}

fn run_id(watcher: &Watcher) -> String {
    let info = watcher
        .samples
        .iter()
        .find(|sample| sample.metric.name == "redis_instance_info");
    info.unwrap().metric.labels["run_id"].clone()
}

fn role(server: &Server) -> String {
    let info: String = server.ask(&["INFO", "replication"]);
    let role = info.lines().find_map(|line| line.strip_prefix("role:"));
    role.unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_fail_over_is_followed_to_the_new_master() {
    let master = Server::start(&[]);
    let port = master.port.to_string();
    let mut replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
    replica.until("it has copied all", |replica| {
        let info: String = replica.ask(&["INFO", "replication"]);
        info.contains("master_link_status:up")
    });
    let mut sentinels = sentinels(&master, 2);
    for sentinel in &mut sentinels {
        sentinel.until("it knows the others", |sentinel| {
            let text: String = sentinel.ask(&["INFO", "sentinel"]);
            text.contains("slaves=1,sentinels=2")
        });
    }
    let mut watcher = Watcher::new(&behind(&sentinels));
    watcher.good().await;
    let first = run_id(&watcher);
    let _: String = sentinels[0].ask(&["SENTINEL", "FAILOVER", "dice"]);
    watcher
        .until("the replica is master", |watcher| {
            watcher.failure.is_none() && run_id(watcher) != first && role(&replica) == "master"
        })
        .await;
    let second = run_id(&watcher);
    // Now the new master dies for real, and one of the sentinels with it.
    drop(replica);
    watcher
        .until("it is out of reach", |watcher| {
            watcher.value("redis_up") == Some(0.0)
        })
        .await;
    watcher
        .until("the first one is master again", |watcher| {
            watcher.failure.is_none() && watcher.value("redis_up") == Some(1.0)
        })
        .await;
    assert_eq!((run_id(&watcher), second != first), (first, true));
}

#[tokio::test]
async fn a_master_that_became_a_replica_is_asked_for_anew() {
    let (one, two) = (Server::start(&[]), Server::start(&[]));
    let sentinels = sentinels(&one, 1);
    let mut watcher = Watcher::new(&behind(&sentinels));
    watcher.good().await;
    let first = run_id(&watcher);
    // By hand, without a word to anybody who is connected.
    let port = two.port.to_string();
    let _: String = one.ask(&["REPLICAOF", "127.0.0.1", &port]);
    let _: String = sentinels[0].ask(&["SENTINEL", "REMOVE", "dice"]);
    let _: String = sentinels[0].ask(&["SENTINEL", "MONITOR", "dice", "127.0.0.1", &port, "1"]);
    watcher.good().await;
    watcher.good().await;
    assert_ne!(run_id(&watcher), first);
}

#[tokio::test]
async fn a_master_that_hangs_is_asked_for_anew_after_one_scrape() {
    let (one, two) = (Server::start(&[]), Server::start(&[]));
    let sentinels = sentinels(&one, 1);
    let settings = behind(&sentinels).replace("3s", "500ms");
    let mut watcher = Watcher::new(&settings);
    watcher.good().await;
    let first = run_id(&watcher);
    one.signal("-STOP");
    let port = two.port.to_string();
    let _: String = sentinels[0].ask(&["SENTINEL", "REMOVE", "dice"]);
    let _: String = sentinels[0].ask(&["SENTINEL", "MONITOR", "dice", "127.0.0.1", &port, "1"]);
    watcher.take().await;
    assert_eq!(watcher.value("redis_up"), Some(0.0));
    watcher.good().await;
    assert_ne!(run_id(&watcher), first);
}

#[tokio::test]
async fn a_name_that_no_sentinel_knows_is_told() {
    let master = Server::start(&[]);
    let sentinels = sentinels(&master, 1);
    let settings = behind(&sentinels).replace("'dice'", "'cards'");
    let mut watcher = Watcher::new(&settings);
    watcher.take().await;
    let why = watcher.failure.as_ref().unwrap().to_string();
    assert_eq!(
        why,
        "no sentinel names the master: they know no master of the name `cards`"
    );
    drop(sentinels);
    watcher.take().await;
    let why = watcher.failure.as_ref().unwrap().to_string();
    assert!(why.contains("refused"), "{why}");
}

/// Three masters that share the slots, and know each other.
pub(crate) fn cluster() -> Vec<Server> {
    let node = |_| {
        let settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
        // The port of the cluster's own bus is ten thousand higher.
        let mut port = free_port();
        while port > 55_000 {
            port = free_port();
        }
        let port = port.to_string();
        Server::start(&[&settings[..], &["--port", &port]].concat())
    };
    let mut nodes: Vec<_> = (0..3).map(node).collect();
    let mut create = std::process::Command::new("redis-cli");
    create.args(["--cluster", "create"]);
    for node in &nodes {
        create.arg(format!("127.0.0.1:{}", node.port));
    }
    let status = create
        .arg("--cluster-yes")
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    for node in &mut nodes {
        node.until("the cluster is whole", |node| {
            let info: String = node.ask(&["CLUSTER", "INFO"]);
            info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
        });
    }
    nodes
}

/// Which of the nodes holds a key.
pub(crate) fn holder(nodes: &[Server], key: &str) -> usize {
    let slot: u32 = nodes[0].ask(&["CLUSTER", "KEYSLOT", key]);
    let map: Vec<(u32, u32, (String, u16, String))> = {
        let rows: Vec<redis::Value> = nodes[0].ask(&["CLUSTER", "SLOTS"]);
        rows.into_iter()
            .map(|row| {
                let redis::Value::Array(mut row) = row else {
                    panic!()
                };
                row.truncate(3);
                let redis::Value::Array(node) = &mut row[2] else {
                    panic!()
                };
                node.truncate(3);
                redis::from_redis_value(redis::Value::Array(row)).unwrap()
            })
            .collect()
    };
    let (_, _, (_, port, _)) = map
        .iter()
        .find(|(first, last, _)| (first..=last).contains(&&slot))
        .unwrap();
    nodes.iter().position(|node| node.port == *port).unwrap()
}

/// How many of the nodes are up.
fn up(watcher: &Watcher) -> usize {
    watcher
        .values("redis_up", &[])
        .iter()
        .filter(|up| **up > 0.5)
        .count()
}

/// Moves a queue, with its slot, from the node that holds it to another.
fn move_slot(nodes: &[Server], name: &str, from: usize, to: usize) {
    let slot: u32 = nodes[0].ask(&["CLUSTER", "KEYSLOT", name]);
    let slot = slot.to_string();
    let id = |node: &Server| node.ask::<String>(&["CLUSTER", "MYID"]);
    let (from_id, to_id) = (id(&nodes[from]), id(&nodes[to]));
    let _: String = nodes[to].ask(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id]);
    let _: String = nodes[from].ask(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id]);
    let port = nodes[to].port.to_string();
    let _: String = nodes[from].ask(&["MIGRATE", "127.0.0.1", &port, name, "0", "5000"]);
    for node in nodes {
        let _: redis::Value = node.ask(&["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]);
    }
}

#[tokio::test]
async fn a_cluster_is_asked_node_by_node_and_its_queues_where_they_are() {
    let mut nodes = cluster();
    let names: Vec<_> = (0..12).map(|number| format!("q{number}")).collect();
    let mut settings = format!(
        "url = '{}'\ncluster = true\ntimeout = '3s'\n",
        nodes[0].url()
    );
    for (number, name) in names.iter().enumerate() {
        let holder = &nodes[holder(&nodes, name)];
        let _: String = holder.ask(&["XGROUP", "CREATE", name, "g", "0", "MKSTREAM"]);
        for _ in 0..number {
            let _: String = holder.ask(&["XADD", name, "*", "die", "6"]);
        }
        let queue = format!("[[collector.queue]]\nname = '{name}'\nkey = '{name}'\ngroup = 'g'\n");
        settings.push_str(&queue);
    }
    let mut watcher = Watcher::new(&settings);
    // The first scrape finds out that the streams are there.
    watcher.good().await;
    watcher.good().await;
    for node in &nodes {
        let place = format!("127.0.0.1:{}", node.port);
        let of = [("instance", &*place)];
        assert_eq!(watcher.values("redis_up", &of), [1.0]);
        assert_eq!(watcher.values("redis_cluster_state", &of), [1.0]);
        assert_eq!(watcher.values("redis_memory_used_bytes", &of).len(), 1);
        assert_eq!(node.errors("MOVED"), 0);
    }
    let depth = |watcher: &Watcher, name: &str| {
        watcher.values("queue_jobs", &[("queue", name), ("state", "pending")])
    };
    for (number, name) in names.iter().enumerate() {
        assert_eq!(
            depth(&watcher, name),
            [f64::from(u32::try_from(number).unwrap())],
            "{name}"
        );
    }
    // A slot moves to another node, with its queue: the map is looked at anew.
    let name = &names[7];
    let (from, to) = (holder(&nodes, name), (holder(&nodes, name) + 1) % 3);
    move_slot(&nodes, name, from, to);
    watcher
        .until("the queue is found again", |watcher| {
            depth(watcher, name) == [7.0]
        })
        .await;
    // A node that is gone takes its own with it, and nothing else.
    let gone = nodes.remove(from);
    let place = format!("127.0.0.1:{}", gone.port);
    drop(gone);
    watcher.good().await;
    assert_eq!(watcher.values("redis_up", &[("instance", &place)]), [0.0]);
    assert_eq!(up(&watcher), 2);
    assert_eq!(watcher.value("up"), Some(1.0));
    assert_eq!(watcher.value("scrape_incomplete"), Some(1.0));
    assert_eq!(depth(&watcher, name), [7.0]);
}

#[tokio::test]
async fn a_node_that_hangs_delays_no_other_beyond_the_timeout() {
    let nodes = cluster();
    let settings = format!(
        "url = '{}'\ncluster = true\ntimeout = '1s'\n",
        nodes[0].url()
    );
    let mut watcher = Watcher::new(&settings);
    watcher.good().await;
    nodes[2].signal("-STOP");
    watcher.good().await;
    assert_eq!(up(&watcher), 2);
    nodes[2].signal("-CONT");
    watcher
        .until("all are seen", |watcher| up(watcher) == 3)
        .await;
}

#[tokio::test]
async fn a_lone_server_that_is_called_a_cluster_is_told() {
    let server = Server::start(&[]);
    let mut watcher = Watcher::new(&format!("url = '{}'\ncluster = true", server.url()));
    watcher.take().await;
    let why = watcher.failure.as_ref().unwrap().to_string();
    assert!(why.ends_with("lists no nodes of a cluster"), "{why}");
}
