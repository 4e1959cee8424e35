//! What a service manager hears of us, over its own socket.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

use crate::world::{Monitor, PROGRAM};

/// The socket of a service manager.
struct Manager(UnixDatagram);

impl Manager {
    fn at(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self(socket)
    }

    /// The next thing that it hears.
    fn hears(&self) -> String {
        let mut message = [0; 4096];
        let length = self.0.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    }

    /// The next thing besides signs of life.
    fn hears_news(&self) -> String {
        loop {
            let heard = self.hears();
            if heard.trim() != "WATCHDOG=1" {
                return heard;
            }
        }
    }
}

async fn signal(monitor: &Monitor, name: &str) {
    let id = monitor.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().await;
    assert!(sent.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_manager_hears_each_state_and_each_sign_of_life() {
    let place = tempfile::tempdir().unwrap();
    let settings = place.path().join("alerts.toml");
    std::fs::write(&settings, "[site]\ntitle = 'T'\n").unwrap();
    let socket = place.path().join("notify");
    let manager = Manager::at(&socket);
    let environment = [
        ("NOTIFY_SOCKET", socket.to_str().unwrap().to_owned()),
        ("WATCHDOG_USEC", "2000000".to_owned()),
    ];
    let monitor = Monitor::serve(place.path(), &environment).await;
    assert_eq!(manager.hears_news().trim(), "READY=1");
    assert_eq!(monitor.get("/").await.0, 200);
    // The pipeline itself says so, at every other half of the time.
    for _ in 0..3 {
        assert_eq!(manager.hears().trim(), "WATCHDOG=1");
    }

    signal(&monitor, "-HUP").await;
    let heard = manager.hears_news();
    let (state, when) = heard.split_once('\n').unwrap();
    assert_eq!(state, "RELOADING=1");
    let when = when.trim().strip_prefix("MONOTONIC_USEC=").unwrap();
    assert!(when.parse::<u64>().unwrap() > 0);
    assert_eq!(manager.hears_news().trim(), "READY=1");

    // Settings that cannot be used end the reload, too.
    std::fs::write(&settings, "[sites]\n").unwrap();
    signal(&monitor, "-HUP").await;
    assert!(manager.hears_news().starts_with("RELOADING=1"));
    assert_eq!(manager.hears_news().trim(), "READY=1");

    signal(&monitor, "-TERM").await;
    assert_eq!(manager.hears_news().trim(), "STOPPING=1");
}

#[test]
fn settings_name_credentials_of_the_service_manager() {
    let place = tempfile::tempdir().unwrap();
    let credentials = place.path().join("credentials");
    std::fs::create_dir(&credentials).unwrap();
    std::fs::write(credentials.join("redis-password"), "a-secret-word\n").unwrap();
    let settings = "[site]\ntitle = 'T'\n[[collector]]\nid = 'r'\ntype = 'redis'\n\
        url = 'redis://127.0.0.1:1'\npassword_file = '${CREDENTIALS_DIRECTORY}/redis-password'\n";
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    let check = |credentials: &Path| {
        let mut command = std::process::Command::new(PROGRAM);
        command.arg("check").current_dir(place.path()).env_clear();
        let output = command.env("CREDENTIALS_DIRECTORY", credentials).output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let (code, said) = check(&credentials);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = check(place.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("this file cannot be read"), "{said}");
}
