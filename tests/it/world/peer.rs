//! A real Prometheus beside us, on a free port and in a folder of its own.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::world::get;
use crate::world::patience::until;

/// A Prometheus that ends when it is dropped.
pub(crate) struct Prometheus {
    _child: Child,
    pub url: String,
}

impl Prometheus {
    /// Whether it is installed; where tests must be whole, it has to be.
    #[expect(
        clippy::disallowed_methods,
        reason = "whether a missing Prometheus is a failure"
    )]
    #[expect(clippy::print_stdout, reason = "what was not tested is said")]
    pub(crate) fn is_here() -> bool {
        let here = std::process::Command::new("prometheus")
            .arg("--version")
            .output()
            .is_ok();
        if !here {
            assert!(
                std::env::var_os("CI").is_none(),
                "prometheus is not on PATH: install it"
            );
            println!("NOT TESTED: prometheus is not on PATH");
        }
        here
    }

    /// Starts one with the settings given, in `folder`.
    pub(crate) async fn start(folder: &Path, settings: &str) -> Self {
        std::fs::write(folder.join("prometheus.yml"), settings).unwrap();
        let mut child = Command::new("prometheus")
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=tsdb")
            .arg("--web.listen-address=127.0.0.1:0")
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let line = lines.next_line().await.unwrap();
            let line = line.unwrap_or_else(|| panic!("prometheus ended: {said}"));
            if let Some((_, address)) = line.split_once("\"Listening on\" address=") {
                break address.to_owned();
            }
            said += &line;
        };
        // Its pipe must not fill up.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let url = format!("http://{address}");
        let ready = format!("{url}/-/ready");
        until("Prometheus is ready", async || get(&ready).await.0 == 200).await;
        Self { _child: child, url }
    }

    /// Asks its HTTP API; `question` is the path after `/api/v1/` with its query.
    pub(crate) async fn ask(&self, question: &str) -> Value {
        let (status, answer) = get(&format!("{}/api/v1/{question}", self.url)).await;
        assert_eq!(status, 200, "{question}: {answer}");
        serde_json::from_str::<Value>(&answer).unwrap()["data"].clone()
    }
}
