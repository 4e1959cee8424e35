//! A real server that speaks S3, and the objects that it keeps.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

use crate::serving::{Answer, ask_server};
use crate::world::PROGRAM;
use crate::world::patience::until;

/// The credentials that the stand-in knows.
pub(super) const KEY: &str = "S3RVER";

/// What the bucket is as a website.
const WEBSITE: &str = "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix>\
    </IndexDocument><ErrorDocument><Key>status/404.html</Key></ErrorDocument>\
    </WebsiteConfiguration>";

/// An object store with the bucket `pages`; it ends with the test.
pub(super) struct Store {
    child: Child,
    pub(super) server: String,
    pub(super) place: PathBuf,
}

impl Store {
    /// Starts one in a folder; `None` if it is not installed.
    pub(super) async fn start(place: &Path) -> Option<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/s3rver/node_modules/s3rver/bin/s3rver.js");
        let is_there = program.is_file() && Command::new("node").arg("--version").output().is_ok();
        if !is_there {
            assert!(std::env::var_os("CI").is_none(), "s3rver is not installed");
            eprintln!("NOT TESTED: s3rver is not installed; run scripts/test");
            return None;
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap().to_string();
        drop(listener);
        std::fs::write(place.join("website.xml"), WEBSITE).unwrap();
        let child = Self::spawn(place, &server);
        let store = Self {
            child,
            server,
            place: place.to_owned(),
        };
        store.listens().await;
        Some(store)
    }

    fn spawn(place: &Path, server: &str) -> Child {
        let (address, port) = server.rsplit_once(':').unwrap();
        let program = "target/s3rver/node_modules/s3rver/bin/s3rver.js";
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(place.join("store.log"))
            .unwrap();
        Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(program))
            .args(["-a", address, "-p", port, "-d"])
            .arg(place.join("store"))
            .args(["--no-vhost-buckets", "--configure-bucket", "pages"])
            .arg(place.join("website.xml"))
            .stdout(log)
            .spawn()
            .unwrap()
    }

    async fn listens(&self) {
        until("the store listens", async || {
            tokio::net::TcpStream::connect(&self.server).await
        })
        .await;
    }

    pub(super) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(super) async fn start_again(&mut self) {
        self.child = Self::spawn(&self.place, &self.server);
        self.listens().await;
    }

    pub(super) fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.server)),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", KEY.to_owned()),
        ]
    }

    pub(super) fn export(&self, to: &str) -> Output {
        self.export_as(to, &[], &[])
    }

    pub(super) fn export_as(&self, to: &str, arguments: &[&str], other: &[(&str, &str)]) -> Output {
        Command::new(PROGRAM)
            .current_dir(&self.place)
            .args(["export", "--format", "json", "--out", to])
            .args(arguments)
            .envs(self.environment())
            .envs(other.iter().copied())
            .output()
            .unwrap()
    }

    /// Asks as a visitor does.
    pub(super) async fn get(&self, path: &str) -> Answer {
        ask_server(&self.server, "GET", &format!("/pages/status/{path}"), "").await
    }

    /// Whether an object has this in it.
    pub(super) async fn shows(&self, path: &str, text: &str) {
        until(&format!("{path} shows {text}"), async || {
            let answer = self.get(path).await;
            String::from_utf8_lossy(&answer.body).contains(text)
        })
        .await;
    }

    /// What was done since the last look, in its order: `+` and what was stored, `-` and
    /// what was deleted.
    pub(super) fn done(&self) -> Vec<String> {
        let log = self.place.join("store.log");
        let text = std::fs::read_to_string(&log).unwrap();
        std::fs::write(&log, "").unwrap();
        let what = |line: &str| {
            let (_, said) = line.split_once("info")?;
            let (verb, rest) = said.split_once(" object \"status/")?;
            let (path, _) = rest.split_once('"')?;
            let sign = if verb.ends_with("Stored") { '+' } else { '-' };
            Some(format!("{sign}{path}"))
        };
        text.lines().filter_map(what).collect()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
