//! Why a Redis could not be asked, in words that lead to the way out.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::http::StatusCode;
use redis::IntoConnectionInfo as _;

use crate::redis::many::{behind, cluster, holder, sentinels};
use crate::redis::world::{Server, Watcher, free_port};
use crate::world::Monitor;
use crate::world::patience::until;

async fn failure(watcher: &mut Watcher) -> String {
    let failure = &watcher.take().await.failure;
    failure
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[tokio::test]
async fn a_server_that_takes_no_more_clients_says_so() {
    let told = "redis: ERR max number of clients reached; the server accepts no more \
        connections; raise its `maxclients`, or see in `CLIENT LIST` who holds them";
    let password = "long-enough";
    for settings in [
        &["--maxclients", "3"][..],
        &["--maxclients", "3", "--requirepass", password],
    ] {
        let server = Server::start(settings);
        let info = server.url().into_connection_info().unwrap();
        let client = redis::Client::open(info).unwrap();
        let mut held = Vec::new();
        while let Ok(connection) = client.get_connection() {
            held.push(connection);
        }
        let mut watcher = Watcher::of(&server);
        for _ in 0..5 {
            assert_eq!(failure(&mut watcher).await, told);
        }
        assert_eq!(watcher.value("redis_up"), Some(0.0));
        drop(held);
        watcher
            .until("there is room again", |watcher| watcher.failure.is_none())
            .await;
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let status = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "openssl {arguments}");
}

#[tokio::test]
async fn a_certificate_that_is_signed_by_itself_is_called_so() {
    for (more, words, helps) in [
        ("", "self-signed as an authority (CA:TRUE)", false),
        (
            " -addext basicConstraints=critical,CA:FALSE",
            "self-signed; set it as the trusted `ca_file`",
            true,
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        openssl(
            folder.path(),
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=own \
                 -keyout own.key -out own.pem -addext subjectAltName=DNS:localhost{more}"
            ),
        );
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let tls = free_port().to_string();
        let _server = Server::start(&[
            "--tls-port",
            &tls,
            "--tls-cert-file",
            &file("own.pem"),
            "--tls-key-file",
            &file("own.key"),
            "--tls-ca-cert-file",
            &file("own.pem"),
            "--tls-auth-clients",
            "no",
        ]);
        let url = format!("url = 'rediss://localhost:{tls}'");
        let why = failure(&mut Watcher::new(&url)).await;
        assert!(why.contains(words), "{why}");
        let trusted = format!("{url}\nca_file = 'own.pem'");
        let why = failure(&mut Watcher::in_folder(&trusted, folder.path())).await;
        assert_eq!(why.is_empty(), helps, "{why}");
        // A probe says the same.
        let probe = format!("'tcp'\naddress = 'localhost:{tls}'\ntls = true");
        let why = failure(&mut Watcher::of_type(&probe, folder.path())).await;
        assert!(
            why.starts_with("no TLS: the server's certificate is"),
            "{why}"
        );
        assert!(why.contains(words), "{why}");
        // And so does who speaks HTTP there.
        let page = format!("'prometheus'\nurl = 'https://localhost:{tls}/'");
        let why = failure(&mut Watcher::of_type(&page, folder.path())).await;
        assert!(why.contains("self-signed"), "{why}");
    }
}

#[tokio::test]
async fn a_password_of_any_letters_has_a_key_of_its_own() {
    let password = "a/b#c?d%40e@f";
    let server = Server::start(&[]);
    let _: String = server.ask(&[
        "ACL",
        "SETUSER",
        "crit",
        "on",
        &format!(">{password}"),
        "+@all",
        "~*",
    ]);
    let address = format!("127.0.0.1:{}", server.port);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), format!("{password}\n")).unwrap();
    for settings in [
        format!("url = 'redis://{address}'\nusername = 'crit'\npassword = '{password}'"),
        format!("url = 'redis://{address}/1'\nusername = 'crit'\npassword_file = 'secret'"),
        format!("url = 'redis://crit@{address}'\npassword = '{password}'"),
        format!("url = 'redis://crit:a%2Fb%23c%3Fd%2540e%40f@{address}'"),
    ] {
        Watcher::in_folder(&settings, folder.path()).good().await;
    }
    // The code of an address is not the letter.
    let _: String = server.ask(&["ACL", "SETUSER", "crit", "resetpass", ">x%40y"]);
    let settings = format!("url = 'redis://crit:x%40y@{address}'");
    let why = failure(&mut Watcher::new(&settings)).await;
    assert!(
        why.contains("WRONGPASS") && why.contains("write `%25`"),
        "{why}"
    );
    assert!(!why.contains("x%40y") && !why.contains("x@y"), "{why}");
}

/// What `serve` logged.
fn log(place: &Path) -> String {
    std::fs::read_to_string(place.join("monitor.log")).unwrap()
}

fn place(collector: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let text = format!(
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'it'\n\
         interval = '200ms'\n{collector}\n"
    );
    std::fs::write(place.path().join("alerts.toml"), text).unwrap();
    place
}

#[tokio::test]
async fn a_reason_that_changes_is_logged_and_one_that_alternates_is_not_forever() {
    let status = Arc::new(AtomicU16::new(500));
    let shown = Arc::clone(&status);
    let answer = move || {
        let status = shown.load(Ordering::Relaxed);
        // From 900 on it is another one each time.
        let status = if status == 900 {
            shown.store(901, Ordering::Relaxed);
            502
        } else if status == 901 {
            shown.store(900, Ordering::Relaxed);
            503
        } else {
            status
        };
        std::future::ready(StatusCode::from_u16(status).unwrap())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = axum::Router::new().fallback(axum::routing::get(answer));
    let served = tokio::spawn(async move { axum::serve(listener, routes).await });
    let place = place(&format!("type = 'http'\nurl = 'http://{address}/'\n"));
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("it is told", async || {
        log(place.path()).contains("collector fails")
    })
    .await;
    status.store(404, Ordering::Relaxed);
    let other = "collector fails for another reason";
    until("the other reason is told", async || {
        log(place.path()).contains(other)
    })
    .await;
    status.store(900, Ordering::Relaxed);
    until("it alternates", async || {
        log(place.path()).contains("only some changes are logged")
    })
    .await;
    served.abort();
    assert!(monitor.stop().await.success());
    let lines = log(place.path());
    assert!(lines.matches("for another reason").count() <= 4, "{lines}");
}

#[tokio::test]
async fn sentinels_that_are_too_few_are_told_by_samples_and_in_the_log() {
    let master = Server::start(&[]);
    let mut three = sentinels(&master, 3);
    for sentinel in &mut three {
        sentinel.until("it knows the others", |sentinel| {
            let text: String = sentinel.ask(&["INFO", "sentinel"]);
            text.contains("sentinels=3")
        });
    }
    let place = place(&format!("type = 'redis'\n{}", behind(&three)));
    let monitor = Monitor::serve(place.path(), &[]).await;
    let mut watcher = Watcher::new(&behind(&three));
    let up = |watcher: &Watcher| watcher.values("redis_sentinel_up", &[]).iter().sum::<f64>();
    watcher
        .until("all are up", |watcher| up(watcher) > 2.5)
        .await;
    let dead: Vec<_> = three.drain(1..).map(|one| one.port).collect();
    watcher
        .until("two of them are down", |watcher| {
            let instance = format!("127.0.0.1:{}", dead[0]);
            let of = [("instance", &*instance)];
            watcher.values("redis_sentinel_up", &of) == [0.0] && up(watcher) < 1.5
        })
        .await;
    // The master is as well as ever, and the one that is left sees what is wrong.
    assert_eq!(watcher.value("redis_up"), Some(1.0));
    watcher
        .until("no fail-over is possible", |watcher| {
            watcher.values(
                "redis_sentinel_master_ckquorum_status",
                &[("master_name", "dice")],
            ) == [0.0]
                && watcher.values("redis_sentinel_master_ok_sentinels", &[]) == [1.0]
        })
        .await;
    until("the log tells it", async || {
        log(place.path()).contains("too few answer to begin a failover")
    })
    .await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_cluster_that_lost_slots_says_why_it_answers_for_no_queue() {
    let mut nodes = cluster();
    let gone = holder(&nodes, "q");
    let left = usize::from(gone == 0);
    let other = (0..100).map(|number| format!("k{number}"));
    let other = other
        .into_iter()
        .find(|key| holder(&nodes, key) == left)
        .unwrap();
    let place = place(&format!(
        "type = 'redis'\nurl = '{}'\ncluster = true\ntimeout = '3s'\n\
         [[collector.queue]]\nname = 'q'\nkey = '{other}'\ngroup = 'g'\n",
        nodes[left].url()
    ));
    let _: String = nodes[left].ask(&["XGROUP", "CREATE", &other, "g", "0", "MKSTREAM"]);
    let monitor = Monitor::serve(place.path(), &[]).await;
    drop(nodes.remove(gone));
    until("the log tells it", async || {
        log(place.path()).contains("CLUSTERDOWN The cluster is down; some slots have no master")
    })
    .await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_database_that_was_emptied_while_we_were_down_counts_zero() {
    let server = Server::start(&[]);
    let set = |database: &str, words: &[&str]| {
        let info = format!("{}/{database}", server.url());
        let client = redis::Client::open(info).unwrap();
        let mut connection = client.get_connection().unwrap();
        redis::cmd(words[0])
            .arg(&words[1..])
            .query::<()>(&mut connection)
            .unwrap();
    };
    set("1", &["SET", "a", "1"]);
    let place = place(&format!("type = 'redis'\nurl = '{}'", server.url()));
    let file = place.path().join("alerts.toml");
    let rule = "[[rule]]\nid = 'full'\nexpr = 'redis_db_keys{db=\"db1\"} > 0'\nseverity = 'down'\n\
        components = ['c']\ntitle = 'T'\ntext = 't'\n";
    let settings = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{settings}{rule}")).unwrap();
    let mut monitor = Monitor::serve(place.path(), &[]).await;
    until("it fires", async || {
        crate::kept::is(&monitor, "full", "firing").await
    })
    .await;
    let written = "SELECT count(*) FROM series WHERE name = 'redis_db_keys'";
    until("the series is on the disk", async || {
        crate::kept::number(place.path(), written) > 0
    })
    .await;
    monitor.kill().await;
    set("1", &["DEL", "a"]);
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("it is quiet", async || {
        crate::kept::is(&monitor, "full", "quiet").await
    })
    .await;
    // Other settings are another collector, which knows it as well.
    let url = format!("{}/-/reload", monitor.ops);
    let client = reqwest::Client::new();
    assert!(client.post(url).send().await.unwrap().status().is_success());
    until("it is still quiet", async || {
        crate::kept::is(&monitor, "full", "quiet").await
    })
    .await;
    let state = async || {
        crate::kept::figure(
            &monitor,
            "critwatch_rule_state{rule=\"full\",state=\"unknown\"}",
        )
        .await
    };
    assert!(state().await < 0.5);
    assert!(monitor.stop().await.success());
}
