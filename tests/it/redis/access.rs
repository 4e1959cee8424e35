//! Who may ask what: the least that we need, what it denies, and what is told
//! when something is refused; passwords, certificates and servers not ready.

use std::path::Path;
use std::process::{Command, Stdio};

use redis::{IntoConnectionInfo as _, RedisResult};

use crate::redis::world::{Server, Watcher, let_in};

/// Settings of somebody with the documentation's password.
fn as_user(server: &Server, user: &str) -> String {
    format!(
        "url = 'redis://{user}:a-long-password@127.0.0.1:{}'",
        server.port
    )
}

const QUEUE: &str = "[[collector.queue]]\nname = 'rolls'\nkey = 'queue:rolls'\ngroup = 'workers'\n";

fn with_queue() -> Server {
    let server = Server::start(&["--enable-debug-command", "yes"]);
    let _: String = server.ask(&["SET", "session:1", "secret", "EX", "1000"]);
    let _: u32 = server.ask(&["RPUSH", "list", "1"]);
    let _: String = server.ask(&[
        "XGROUP",
        "CREATE",
        "queue:rolls",
        "workers",
        "0",
        "MKSTREAM",
    ]);
    let _: String = server.ask(&["XADD", "queue:rolls", "*", "die", "6"]);
    server
}

#[tokio::test]
async fn the_documented_access_list_is_enough_for_everything() {
    let server = with_queue();
    let mut watcher = Watcher::new(&format!("url = '{}'\n{QUEUE}", let_in(&server)));
    for _ in 0..3 {
        watcher.good().await;
        assert_eq!(watcher.missing(), Vec::<&str>::new());
    }
    for name in [
        "redis_memory_used_bytes",
        "redis_slowlog_length",
        "redis_start_time_seconds",
    ] {
        assert!(watcher.value(name).is_some(), "{name}");
    }
    assert_eq!(watcher.values("queue_jobs", &[("state", "pending")]), [1.0]);
    assert_eq!(server.errors("NOPERM"), 0);
}

/// What somebody with the documented access list is denied.
const DENIED: [&str; 47] = [
    "GET session:1",
    "GETDEL session:1",
    "SET session:1 x",
    "DEL session:1",
    "UNLINK list",
    "EXPIRE session:1 1",
    "DUMP session:1",
    "XLEN session:1",
    "XADD queue:rolls * a b",
    "XACK queue:rolls workers 1-1",
    "XREADGROUP GROUP workers me STREAMS queue:rolls >",
    "LRANGE list 0 -1",
    "LPOP list",
    "RPUSH list 2",
    "KEYS *",
    "SCAN 0",
    "RANDOMKEY",
    "FLUSHALL",
    "FLUSHDB",
    "SWAPDB 0 1",
    "EVAL return(1) 0",
    "FCALL f 0",
    "CONFIG GET *",
    "CONFIG SET maxmemory 1",
    "CONFIG RESETSTAT",
    "SLOWLOG RESET",
    "LATENCY RESET",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "CLIENT PAUSE 1",
    "ACL LIST",
    "ACL WHOAMI",
    "MONITOR",
    "DEBUG SLEEP 0",
    "SHUTDOWN NOSAVE",
    "SAVE",
    "BGSAVE",
    "REPLICAOF NO ONE",
    "MODULE LIST",
    "PUBLISH a b",
    "SUBSCRIBE a",
    "MEMORY USAGE session:1",
    "OBJECT FREQ list",
    "SYNC",
    "FAILOVER",
    "CLUSTER RESET",
    "MIGRATE h 1 list 0 1",
];

#[test]
fn the_documented_access_list_denies_all_else() {
    let server = with_queue();
    let url = let_in(&server);
    let info = url.into_connection_info().unwrap();
    let settings = info.redis_settings().clone().set_skip_set_lib_name();
    let client = redis::Client::open(info.set_redis_settings(settings)).unwrap();
    let mut connection = client.get_connection().unwrap();
    for denied in DENIED {
        let words: Vec<_> = denied.split(' ').collect();
        let answer: RedisResult<redis::Value> =
            redis::cmd(words[0]).arg(&words[1..]).query(&mut connection);
        let code = answer.as_ref().err().and_then(|error| error.code());
        assert_eq!(code, Some("NOPERM"), "{denied}: {answer:?}");
    }
}

#[tokio::test]
async fn what_is_refused_is_missing_and_not_asked_again_at_each_scrape() {
    let server = with_queue();
    let _: String = server.ask(&["ACL", "SETUSER", "poor", "on", ">a-long-password", "+info"]);
    let mut watcher = Watcher::new(&as_user(&server, "poor"));
    watcher.good().await;
    assert_eq!(watcher.missing(), ["latency", "slowlog", "time"]);
    assert_eq!(watcher.value("redis_up"), Some(1.0));
    assert_eq!(watcher.value("redis_slowlog_length"), None);
    // The clock is in INFO as well.
    assert!(watcher.value("redis_start_time_seconds").is_some());
    // What there is from 7.0 on is asked for once the version is known.
    watcher.good().await;
    let errors = server.errors("NOPERM");
    for _ in 0..10 {
        watcher.good().await;
        let missing = ["histogram", "latency", "slowlog", "time"];
        assert_eq!(watcher.missing(), missing);
    }
    assert_eq!(server.errors("NOPERM"), errors);
    // On a new connection it is asked again, and may be allowed by now.
    let _: String = server.ask(&[
        "ACL",
        "SETUSER",
        "poor",
        "+slowlog|len",
        "+slowlog|get",
        "+time",
    ]);
    let _: u32 = server.ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    watcher.good().await;
    watcher.good().await;
    assert_eq!(watcher.missing(), ["histogram", "latency"]);
    assert_eq!(watcher.value("redis_slowlog_length"), Some(0.0));
}

#[tokio::test]
async fn a_server_that_hides_info_is_not_up_but_gives_what_it_can() {
    let server = Server::start(&[
        "--rename-command",
        "INFO",
        "",
        "--rename-command",
        "LATENCY",
        "",
    ]);
    let _: String = server.ask(&[
        "XGROUP",
        "CREATE",
        "queue:rolls",
        "workers",
        "0",
        "MKSTREAM",
    ]);
    let mut watcher = Watcher::new(&format!("url = '{}'\n{QUEUE}", server.url()));
    watcher.good().await;
    assert_eq!(watcher.missing(), ["info", "latency"]);
    assert_eq!(watcher.value("redis_up"), Some(0.0));
    assert_eq!(watcher.value("up"), Some(1.0));
    assert_eq!(watcher.value("redis_slowlog_length"), Some(0.0));
    assert_eq!(watcher.values("queue_jobs", &[("state", "pending")]), [0.0]);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_shown_nowhere() {
    let server = Server::start(&["--requirepass", "right-and-long"]);
    let settings = format!(
        "url = 'redis://:wrong-and-hidden@127.0.0.1:{}'",
        server.port
    );
    let mut watcher = Watcher::new(&settings);
    watcher.take().await;
    let why = watcher.failure.as_ref().unwrap();
    assert!(why.to_string().contains("WRONGPASS"), "{why}");
    assert!(
        !format!("{why} {why:?}").contains("wrong-and-hidden"),
        "{why:?}"
    );
    assert_eq!(watcher.value("redis_up"), Some(0.0));
    // Without a password the server is asked nothing but to let us in.
    let mut stranger = Watcher::new(&format!("url = 'redis://127.0.0.1:{}'", server.port));
    stranger.take().await;
    let before = server.errors("NOAUTH");
    stranger.take().await;
    assert!(
        stranger
            .failure
            .as_ref()
            .unwrap()
            .to_string()
            .contains("NOAUTH")
    );
    assert_eq!(server.errors("NOAUTH"), before + 1);
    Watcher::of(&server).good().await;
}

#[tokio::test]
async fn a_server_that_reads_its_data_from_disk_is_up_and_says_so() {
    let server = Server::start(&["--enable-debug-command", "yes"]);
    let _: redis::Value = server.ask(&["DEBUG", "POPULATE", "30000", "key", "200"]);
    let _: String = server.ask(&[
        "XGROUP",
        "CREATE",
        "queue:rolls",
        "workers",
        "0",
        "MKSTREAM",
    ]);
    let _: String = server.ask(&["SAVE"]);
    let place = server.kill();
    // Each key takes its time, so that the loading is long enough to be seen.
    let slow = [
        "--key-load-delay",
        "1000",
        "--loading-process-events-interval-bytes",
        "1024",
    ];
    let server = Server::start_in(place, "redis-server", &slow);
    let mut watcher = Watcher::new(&format!("url = '{}'\n{QUEUE}", server.url()));
    watcher.good().await;
    assert_eq!(watcher.value("redis_loading_dump_file"), Some(1.0));
    assert_eq!(watcher.value("redis_up"), Some(1.0));
    assert!(watcher.values("queue_jobs", &[]).is_empty());
    let errors = server.errors("LOADING");
    for _ in 0..3 {
        watcher.good().await;
    }
    assert_eq!(watcher.value("redis_loading_dump_file"), Some(1.0));
    assert_eq!(server.errors("LOADING"), errors);
    let _: String = server.ask(&["CONFIG", "SET", "key-load-delay", "0"]);
    watcher
        .until("the queue is seen", |watcher| {
            watcher.values("queue_jobs", &[("state", "pending")]) == [0.0]
        })
        .await;
}

#[tokio::test]
async fn a_replica_without_its_master_tells_of_itself_and_not_of_queues() {
    let nobody = crate::redis::world::free_port().to_string();
    let server = Server::start(&["--replica-serve-stale-data", "no"]);
    let mut watcher = Watcher::new(&format!("url = '{}'\n{QUEUE}", server.url()));
    watcher.good().await;
    assert_eq!(watcher.values("queue_jobs", &[]).len(), 2);
    let _: String = server.ask(&["REPLICAOF", "127.0.0.1", &nobody]);
    watcher.good().await;
    assert_eq!(
        watcher.values("redis_master_link_up", &[("master_port", &*nobody)]),
        [0.0]
    );
    assert!(watcher.values("queue_jobs", &[]).is_empty());
    // Its queues were not seen, which is not the same as gone.
    assert_eq!(watcher.value("scrape_incomplete"), Some(1.0));
    let errors = server.errors("MASTERDOWN");
    for _ in 0..3 {
        watcher.good().await;
    }
    assert_eq!(server.errors("MASTERDOWN"), errors);
    let _: String = server.ask(&["REPLICAOF", "NO", "ONE"]);
    watcher.good().await;
    watcher.good().await;
    assert_eq!(watcher.values("queue_jobs", &[]).len(), 2);
    assert_eq!(watcher.value("scrape_incomplete"), None);
}

/// Makes an authority, and a certificate of each name that it vouches for.
fn certificates(folder: &Path, names: &[&str]) {
    let openssl = |arguments: &str| {
        let status = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "openssl {arguments}");
    };
    let new = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!(
        "{new} -x509 -days 2 -subj /CN=ca -keyout ca.key -out ca.pem"
    ));
    for name in names {
        std::fs::write(
            folder.join("san"),
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        )
        .unwrap();
        openssl(&format!(
            "{new} -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
             -extfile san -out {name}.pem"
        ));
    }
}

#[tokio::test]
async fn over_tls_the_server_proves_its_name_and_we_prove_ours() {
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path(), &["server", "client"]);
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let tls = crate::redis::world::free_port().to_string();
    let server = Server::start(&[
        "--tls-port",
        &tls,
        "--tls-cert-file",
        &file("server.pem"),
        "--tls-key-file",
        &file("server.key"),
        "--tls-ca-cert-file",
        &file("ca.pem"),
        "--tls-auth-clients",
        "optional",
    ]);
    let ours = "ca_file = 'ca.pem'";
    let proof = "cert_file = 'client.pem'\nkey_file = 'client.key'";
    let watch = |settings: &str, host: &str| {
        let settings = format!("url = 'rediss://{host}:{tls}/2'\n{settings}");
        Watcher::in_folder(&settings, folder.path())
    };
    for host in ["localhost", "127.0.0.1"] {
        let mut good = watch(ours, host);
        good.good().await;
        assert_eq!(good.good().await.value("redis_up"), Some(1.0));
    }
    // Nobody that we know vouches for it.
    let mut stranger = watch("", "localhost");
    let why = stranger.take().await.failure.as_ref().unwrap().to_string();
    assert!(why.contains("no trusted authority signed"), "{why}");
    let _: String = server.ask(&["CONFIG", "SET", "tls-auth-clients", "yes"]);
    assert!(watch(ours, "localhost").take().await.failure.is_some());
    watch(&format!("{ours}\n{proof}"), "localhost").good().await;
    // Without TLS on the other side there is no conversation.
    let plain = format!("url = 'rediss://localhost:{}'\n{ours}", server.port);
    let mut plain = Watcher::in_folder(&plain, folder.path());
    assert!(plain.take().await.failure.is_some());
}

#[tokio::test]
async fn a_socket_and_a_database_are_parts_of_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("redis.sock");
    let server = Server::start(&["--unixsocket", socket.to_str().unwrap()]);
    let settings = format!("url = 'unix://{}?db=3'\n{QUEUE}", socket.display());
    let mut watcher = Watcher::new(&settings);
    watcher.good().await;
    assert_eq!(watcher.values("queue_jobs", &[("state", "pending")]), [0.0]);
    let clients: String = server.ask(&["CLIENT", "LIST"]);
    let ours = clients
        .lines()
        .find(|line| line.contains("name=critwatch"))
        .unwrap();
    assert!(ours.contains(" db=3 "), "{ours}");
}
