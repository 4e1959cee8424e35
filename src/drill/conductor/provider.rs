//! A provider's status page on this machine, in Statuspage's format.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::drill::scenario::act::ProviderWord;
use crate::pipeline::stages::Pipeline;

type ReportedTrouble = Arc<watch::Sender<Option<(ProviderWord, Timestamp)>>>;

/// Serves the page until it is dropped.
#[derive(Debug)]
pub(crate) struct ProviderStandIn {
    address: SocketAddr,
    trouble: ReportedTrouble,
    /// Ends when it is dropped.
    _serving: JoinSet<()>,
}

impl ProviderStandIn {
    /// Listens on a free port of this machine; all is well.
    pub(crate) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let trouble = ReportedTrouble::default();
        let routes = Router::new()
            .route("/api/v2/summary.json", get(summary))
            .with_state(Arc::clone(&trouble));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the drill's provider page ended");
            }
        });
        Ok(Self {
            address,
            trouble,
            _serving: serving,
        })
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Tells of trouble, or of none.
    pub(crate) fn tell(&self, word: Option<ProviderWord>) {
        let now = Pipeline::clock();
        self.trouble.send_replace(word.map(|word| (word, now)));
    }

    /// Whether it tells of trouble.
    pub(crate) fn is_troubled(&self) -> bool {
        self.trouble.borrow().is_some()
    }
}

async fn summary(State(trouble): State<ReportedTrouble>) -> Json<Value> {
    let trouble = *trouble.borrow();
    let indicator = trouble.map_or("none", |(word, _)| word.word());
    let state = match trouble.map(|(word, _)| word) {
        None => "operational",
        Some(ProviderWord::Minor) => "degraded_performance",
        Some(ProviderWord::Major) => "partial_outage",
        Some(ProviderWord::Critical) => "major_outage",
    };
    let incidents: Vec<Value> = trouble
        .map(|(word, since)| {
            json!({
                "id": "drill", "name": "Elevated errors", "status": "investigating",
                "impact": word.word(), "created_at": since, "updated_at": since,
                "started_at": since, "resolved_at": null, "monitoring_at": null,
                "shortlink": "https://status.example.com/drill", "page_id": "drill",
                "components": [], "incident_updates": [{
                    "id": "first", "status": "investigating", "body": "We look into it.",
                    "incident_id": "drill", "created_at": since, "updated_at": since,
                    "display_at": since
                }]
            })
        })
        .into_iter()
        .collect();
    let now = Pipeline::clock();
    Json(json!({
        "page": { "id": "drill", "name": "Redis host", "url": "https://status.example.com",
                  "time_zone": "Etc/UTC", "updated_at": now },
        "status": { "indicator": indicator, "description": "" },
        "components": [{
            "id": "one", "name": "Databases", "status": state, "created_at": now,
            "updated_at": now, "position": 1, "description": null, "showcase": true,
            "start_date": null, "group_id": null, "page_id": "drill", "group": false,
            "only_show_if_degraded": false
        }],
        "incidents": incidents,
        "scheduled_maintenances": []
    }))
}
