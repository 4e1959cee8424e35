//! The operators' listener: are we alive, are we ready, and our own metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use prometheus::{Encoder as _, GaugeVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::model::board::{Board, Sight};
use crate::model::component::{Health, Severity};
use crate::web::site::Site;

/// Every verdict that a rule may have, for its metric.
const STATES: [&str; 4] = ["quiet", "pending", "firing", "unknown"];

/// Levels of the board as metrics.
#[derive(Clone, Debug)]
pub struct Levels {
    registry: Registry,
    health: IntGaugeVec,
    rule: IntGaugeVec,
    open: IntGaugeVec,
    unreadable: IntGauge,
    board: GaugeVec,
}

impl Levels {
    /// Makes the levels part of our own metrics.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let vector = |name: &str, help: &str, labels: &[&str]| {
            let metric = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(metric.clone()))?;
            prometheus::Result::Ok(metric)
        };
        let unreadable = IntGauge::new(
            "critwatch_incident_files_unreadable",
            "Files in the incidents folder that cannot be read.",
        )?;
        registry.register(Box::new(unreadable.clone()))?;
        let board = GaugeVec::new(
            Opts::new(
                "critwatch_last_timestamp_seconds",
                "When something happened last, in Unix time.",
            ),
            &["what"],
        )?;
        registry.register(Box::new(board.clone()))?;
        Ok(Self {
            registry: registry.clone(),
            health: vector(
                "critwatch_component_health",
                "Health of a component; 1 for the one that it has.",
                &["component", "health"],
            )?,
            rule: vector(
                "critwatch_rule_state",
                "State of a rule; 1 for the one that it has.",
                &["rule", "state"],
            )?,
            open: vector(
                "critwatch_incidents_open",
                "Incidents that are open, by severity.",
                &["severity"],
            )?,
            unreadable,
            board,
        })
    }

    /// Forgets components and rules: other settings may have others.
    pub fn forget(&self) {
        self.health.reset();
        self.rule.reset();
    }

    /// Takes the levels over from a board; components and rules are the same until [`Self::forget`].
    fn take(&self, board: &Board) {
        for state in &board.components {
            for health in Health::ALL {
                let labels = [&*state.component.id.0, health.word()];
                self.health
                    .with_label_values(&labels)
                    .set((state.health == health).into());
            }
        }
        for verdict in &board.verdicts {
            for state in STATES {
                let labels = [&*verdict.rule.0, state];
                self.rule
                    .with_label_values(&labels)
                    .set((verdict.state.word() == state).into());
            }
        }
        for severity in [Severity::Notice, Severity::Disrupted, Severity::Down] {
            let open = board
                .active()
                .filter(|incident| incident.severity == Some(severity));
            let open = i64::try_from(open.count()).unwrap_or(i64::MAX);
            self.open.with_label_values(&[severity.word()]).set(open);
        }
        self.unreadable
            .set(i64::try_from(board.faults.len()).unwrap_or(i64::MAX));
        self.board
            .with_label_values(&["board"])
            .set(seconds(board.at));
        if let Sight::Fresh { last } | Sight::Blind { since: last } = board.sight {
            self.board.with_label_values(&["sample"]).set(seconds(last));
        }
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}

/// The routes of the operators' listener.
pub fn routes(site: Site, levels: Levels) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/-/healthy", get(async || "critwatch is healthy.\n"))
        .route("/-/ready", get(ready))
        .with_state((site, Arc::new(levels)))
}

type Ops = State<(Site, Arc<Levels>)>;

async fn metrics(State((site, levels)): Ops) -> Response {
    site.show(|view| levels.take(view.board));
    let encoder = TextEncoder::new();
    let mut page = Vec::new();
    match encoder.encode(&levels.registry.gather(), &mut page) {
        Ok(()) => {
            let kind = encoder.format_type().to_owned();
            ([(header::CONTENT_TYPE, kind)], page).into_response()
        }
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("cannot write metrics: {error}\n"),
        )
            .into_response(),
    }
}

/// Ready once something is seen, or if nothing is to be.
async fn ready(State((site, _)): Ops) -> Response {
    site.show(|view| match view.board.sight {
        Sight::Blind { since } => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("no fresh samples since {since}\n"),
        ),
        Sight::Fresh { .. } | Sight::Unwatched => {
            (StatusCode::OK, "critwatch is ready.\n".to_owned())
        }
    })
    .into_response()
}
