//! A monitor that sees nothing says so and is never green.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::world::patience::until;
use crate::world::{self, Monitor};

#[tokio::test]
async fn a_monitor_that_sees_nothing_says_so_until_it_sees() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let alerts = format!(
        "[site]\ntitle = 'Dice'\n[[component]]\nid = 'api'\nname = 'API'\n\
         [[collector]]\nid = 'api'\ntype = 'http'\nurl = 'http://{}/'\ntimeout = '5m'\nconcerns = ['api']\n\
         [[rule]]\nid = 'api'\nexpr = 'probe_success == 0'\nseverity = 'down'\n\
         components = ['api']\ntitle = 'API is gone'\ntext = 'It is gone.'\n",
        silent.local_addr().unwrap(),
    );
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;

    // It was asked and does not answer: nothing is known yet.
    let (mut asked, _) = silent.accept().await.unwrap();
    let (_, page) = monitor.get("/").await;
    assert!(page.contains("No data from our systems since"), "{page}");
    assert!(
        !page.contains("All systems are operational")
            && !page.contains("Responding to our checks")
            && page.contains("is-unknown\">no data"),
        "{page}"
    );
    let (_, json) = monitor.get("/index.json").await;
    assert!(!json.contains("\"ok\""), "{json}");
    assert_eq!(world::get(&format!("{}/-/ready", monitor.ops)).await.0, 503);
    assert_eq!(
        world::get(&format!("{}/-/healthy", monitor.ops)).await.0,
        200
    );

    asked
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .await
        .unwrap();
    until("it sees", async || {
        monitor
            .get("/")
            .await
            .1
            .contains("All systems are operational")
    })
    .await;
    // And what the probe measured is there for those who wonder.
    until("the probe is told of", async || {
        let page = monitor.get("/").await.1;
        page.contains("Responding to our checks: <bdi>API</bdi> in ")
    })
    .await;
    assert_eq!(world::get(&format!("{}/-/ready", monitor.ops)).await.0, 200);
    assert!(
        std::fs::read_dir(place.path().join("incidents"))
            .unwrap()
            .next()
            .is_none()
    );
}

#[tokio::test]
async fn the_monitor_is_ready_when_every_collector_was_asked() {
    let place = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let probe = |id: &str| {
        let address = silent.local_addr().unwrap();
        format!(
            "[[collector]]\nid = '{id}'\ntype = 'http'\nurl = 'http://{address}/'\ntimeout = '5m'\n"
        )
    };
    let settings = [
        "[site]\ntitle = 'Dice'\n[[collector]]\nid = 'jobs'\ntype = 'heartbeat'\nnames = ['a']\n\
         [[collector]]\nid = 'alerts'\ntype = 'alerts'\n\
         [[collector]]\nid = 'reports'\ntype = 'reports'\n\
         [[collector]]\nid = 'sent'\ntype = 'push'\ntoken = 'a-word-of-sixteen-letters'\n\
         [push]\nlisten = '127.0.0.1:0'\n",
        &probe("slow"),
    ];
    std::fs::write(place.path().join("alerts.toml"), settings.concat()).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let ready = async || world::get(&format!("{}/-/ready", monitor.ops)).await;
    let (mut asked, _) = silent.accept().await.unwrap();
    until("all others were asked", async || {
        ready().await == (503, "waiting for slow\n".to_owned())
    })
    .await;
    // A failure is an answer, too.
    asked.write_all(b"nonsense\r\n\r\n").await.unwrap();
    until("it is ready", async || ready().await.0 == 200).await;
}
