//! `critwatch serve` as a child process, with the drill's settings in the drill's folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::json;

use crate::dice::fault::process::{Starter, Tied};
use crate::dice::fault::settings::Addresses;
use crate::drill::scenario::act::NotedEvent;
use crate::runtime::client;

/// How long it may take to end.
const END_WITHIN: Duration = Duration::from_secs(10);
/// How long it may take to answer an operator.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// The running monitor.
#[derive(Debug)]
pub(crate) struct DrillMonitor {
    process: Tied,
    settings: PathBuf,
    /// Where its public page is.
    pub(crate) page: SocketAddr,
    /// Where its incident files are.
    pub(crate) incidents: PathBuf,
    ops: SocketAddr,
    token: String,
    client: Client,
}

/// What the monitor has to know of its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings<'s> {
    /// The folder for its files.
    pub(crate) dir: &'s Path,
    /// The critwatch program.
    pub(crate) program: &'s Path,
    /// Its settings, in our time.
    pub(crate) settings: &'s str,
    /// Where the service is.
    pub(crate) service: &'s Addresses,
    /// The webhook of the chat.
    pub(crate) webhook: String,
    /// The provider's page.
    pub(crate) provider: String,
}

impl DrillMonitor {
    /// Starts it; it answers when this returns.
    pub(crate) async fn start(around: &Surroundings<'_>) -> anyhow::Result<Self> {
        let dir = around.dir;
        let (settings, incidents) = (dir.join("alerts.toml"), dir.join("incidents"));
        std::fs::create_dir_all(&incidents)
            .with_context(|| format!("cannot make the folder {}", incidents.display()))?;
        std::fs::write(&settings, around.settings)
            .with_context(|| format!("cannot write {}", settings.display()))?;
        let token = uuid::Uuid::new_v4().simple().to_string();
        let variables = [
            ("REDIS_URL", around.service.redis_url.clone()),
            ("DICE_API_URL", format!("http://{}", around.service.api)),
            (
                "DICE_WORKER_URL",
                format!("http://{}", around.service.worker),
            ),
            ("DRILL_WEBHOOK", around.webhook.clone()),
            ("DRILL_PROVIDER", around.provider.clone()),
            ("DRILL_TOKEN", token.clone()),
        ];
        let starter = Starter {
            program: around.program.to_owned(),
            dir: dir.to_owned(),
            environment: variables
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
        };
        let path = |path: &Path| path.display().to_string();
        let arguments = [
            "serve",
            "--config",
            &path(&settings),
            "--incidents",
            &path(&incidents),
            "--state",
            &path(&dir.join("state")),
            "--listen",
            "127.0.0.1:0",
            "--ops-listen",
            "127.0.0.1:0",
        ]
        .map(str::to_owned);
        let (process, [page, ops]) = starter.start_telling("monitor", &arguments).await?;
        Ok(Self {
            process,
            settings,
            page,
            ops,
            incidents,
            token,
            client: client::direct(ANSWER_WITHIN)?,
        })
    }

    /// Gives it other settings, as an operator does who edits the file.
    pub(crate) async fn reload(&self, settings: &str) -> anyhow::Result<()> {
        std::fs::write(&self.settings, settings)
            .with_context(|| format!("cannot write {}", self.settings.display()))?;
        let request = self.client.post(format!("http://{}/-/reload", self.ops));
        self.ask(request, "the monitor did not take its new settings")
            .await
    }

    /// Notes an event, as an operator's script does.
    pub(crate) async fn note(&self, event: &NotedEvent) -> anyhow::Result<()> {
        let body = json!({
            "text": event.text,
            "kind": event.kind.word(),
            "affected": event.affected,
        });
        let url = format!("http://{}/api/v1/events", self.ops);
        let request = self.client.post(url).json(&body);
        self.ask(request, "the monitor did not take an event").await
    }

    async fn ask(&self, request: RequestBuilder, refused: &'static str) -> anyhow::Result<()> {
        let answer = request.bearer_auth(&self.token).send().await;
        answer
            .and_then(Response::error_for_status)
            .context(refused)?;
        Ok(())
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) {
        self.process.end(END_WITHIN).await;
    }
}
