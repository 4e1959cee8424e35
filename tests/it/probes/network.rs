//! A target is blamed only while our own network is up.

use std::net::SocketAddr;
use std::time::Duration;

use critwatch::collect::probe::network::Network;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Probing, dead, serve};
use crate::world::patience::until;
use crate::world::{self, Monitor};

fn network(references: Vec<SocketAddr>) -> Network {
    let (network, referee) = Network::new(references).unwrap();
    tokio::spawn(referee.run(CancellationToken::new()));
    network
}

fn every_way(address: SocketAddr) -> [String; 4] {
    [
        format!("type = 'http'\nurl = 'http://{address}/'"),
        format!("type = 'tcp'\naddress = '{address}'"),
        format!("type = 'websocket'\nurl = 'ws://{address}/'"),
        format!("type = 'steps'\nurl = 'http://{address}'\nstep = [{{ name = 'ask' }}]"),
    ]
    .map(|rest| format!("reference = true\ntimeout = '300ms'\n{rest}"))
}

#[tokio::test]
async fn a_dead_target_is_bad_only_if_a_reference_answers() {
    let alive = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (up, down) = (
        network(vec![dead().await, alive.local_addr().unwrap()]),
        network(vec![dead().await, dead().await]),
    );
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = silent.local_addr().unwrap();
    for rest in every_way(dead().await).into_iter().chain(every_way(silent)) {
        // Who only opens a line is answered by a silent server.
        let is_answered = rest.contains("'tcp'") && rest.contains(&silent.to_string());
        let seen = Probing::with_network(&rest, &up).take().await;
        let success = f64::from(u8::from(is_answered));
        seen.says(&[
            ("probe_success", success),
            ("probe_network_up", 1.0),
            ("up", success),
        ]);

        let seen = Probing::with_network(&rest, &down).take().await;
        if is_answered {
            seen.says(&[("probe_success", 1.0), ("probe_network_up", 1.0)]);
            continue;
        }
        assert!(!seen.has("probe_success"), "{rest}: {seen:#?}");
        assert!(!seen.has("probe_http_status_code"), "{rest}: {seen:#?}");
        seen.says(&[("probe_network_up", 0.0), ("up", 0.0)]);
        assert_eq!(
            seen.failure(),
            "our own network is down: no reference address answers"
        );
    }
}

#[tokio::test]
async fn any_answer_proves_that_the_network_is_up() {
    let address = serve(axum::Router::new()).await;
    let down = network(vec![dead().await]);
    let rest = format!("type = 'http'\nurl = 'http://{address}/gone'\nreference = true");
    let seen = Probing::with_network(&rest, &down).take().await;
    seen.says(&[
        ("probe_success", 0.0),
        ("probe_network_up", 1.0),
        ("up", 1.0),
    ]);
}

#[tokio::test]
async fn this_machine_itself_is_no_matter_of_the_network() {
    let down = network(vec![dead().await]);
    let rest = format!("type = 'tcp'\naddress = '{}'", dead().await);
    let seen = Probing::with_network(&rest, &down).take().await;
    seen.says(&[("probe_success", 0.0), ("up", 0.0)]);
    assert!(!seen.has("probe_network_up"));
}

#[tokio::test]
async fn many_that_fail_at_once_make_one_question() {
    let reference = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let network = network(vec![reference.local_addr().unwrap()]);
    let rest = format!(
        "type = 'tcp'\naddress = '{}'\nreference = true",
        dead().await
    );
    let mut all: Vec<_> = (0..20)
        .map(|_| Probing::with_network(&rest, &network))
        .collect();
    for seen in futures_util::future::join_all(all.iter_mut().map(Probing::take)).await {
        seen.says(&[("probe_success", 0.0), ("probe_network_up", 1.0)]);
    }
    // A slow machine may need a second question, but never one for each.
    let mut asked = 0;
    while let Ok(Ok(_)) = tokio::time::timeout(Duration::ZERO, reference.accept()).await {
        asked += 1;
    }
    assert!((1..=3).contains(&asked), "{asked}");
}

#[tokio::test]
async fn nothing_opens_while_our_own_network_is_down() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let alerts = |reference: SocketAddr, target: SocketAddr| {
        format!(
            "[site]\ntitle = 'Dice'\n[network]\nreference = ['{reference}']\n\
             [[component]]\nid = 'api'\nname = 'API'\n\
             [[collector]]\nid = 'api'\ntype = 'http'\nurl = 'http://{target}/'\n\
             interval = '50ms'\nreference = true\n\
             [[rule]]\nid = 'api'\nexpr = 'probe_success == 0'\nseverity = 'down'\n\
             components = ['api']\ntitle = 'API is gone'\ntext = 'It is gone.'\n"
        )
    };
    let gone = dead().await;
    std::fs::write(place.path().join("alerts.toml"), alerts(dead().await, gone)).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    // It is ready as soon as an attempt was taken in.
    let ready = format!("{}/-/ready", monitor.ops);
    until("it is ready", async || world::get(&ready).await.0 == 200).await;
    let (_, page) = monitor.get("/").await;
    assert!(
        page.contains("We have no data for API.") && !page.contains("API is gone"),
        "{page}"
    );
    assert_eq!(
        std::fs::read_dir(place.path().join("incidents"))
            .unwrap()
            .count(),
        0
    );
    assert!(monitor.stop().await.success());

    // The same with a network that is up: now the target is to blame.
    let alive = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let alive = alive.local_addr().unwrap();
    std::fs::write(place.path().join("alerts.toml"), alerts(alive, gone)).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("the target is to blame", async || {
        monitor.get("/").await.1.contains("API is gone")
    })
    .await;
    assert!(monitor.stop().await.success());
}
