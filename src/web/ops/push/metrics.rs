//! Metrics of what is pushed to us.

use std::collections::BTreeSet;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use prometheus::{Gauge, IntCounter, IntCounterVec, Opts, Registry};

use crate::model::request::samples::push::{Alert, Ends};

/// The label `door` of each route that receives pushes.
const ROUTES: [(&str, &str); 8] = [
    ("/api/v2/alerts", "alerts"),
    ("/webhook/alertmanager", "webhook"),
    ("/webhook/grafana", "webhook"),
    ("/api/v1/heartbeat/{name}", "heartbeat"),
    ("/push/{secret}", "address"),
    ("/push/{secret}/{outcome}", "address"),
    ("/api/v1/write", "remote_write"),
    ("/v1/metrics", "otlp"),
];

/// Counters of pushes; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct PushMetrics {
    pushes: IntCounterVec,
    alerts: IntCounterVec,
    invalid: IntCounter,
    last: Gauge,
    beats: IntCounterVec,
    /// Tells the moment of a push (law 8).
    clock: fn() -> Timestamp,
}

impl PushMetrics {
    /// Makes them part of our own metrics.
    pub(crate) fn register(
        registry: &Registry,
        clock: fn() -> Timestamp,
    ) -> prometheus::Result<Self> {
        let count = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            prometheus::Result::Ok(counter)
        };
        let invalid = IntCounter::new(
            "critwatch_alerts_invalid_total",
            "Received alerts that were invalid.",
        )?;
        let last = Gauge::new(
            "critwatch_alerts_last_received_timestamp_seconds",
            "Time of the last received alert, in Unix time; 0 before the first.",
        )?;
        registry.register(Box::new(invalid.clone()))?;
        registry.register(Box::new(last.clone()))?;
        let metrics = Self {
            pushes: count(
                "critwatch_pushes_total",
                "Push requests, by door, and whether they were taken, or refused in whole or in part.",
                &["door", "outcome"],
            )?,
            alerts: count(
                "critwatch_alerts_received_total",
                "Received alerts, firing or resolved.",
                &["status"],
            )?,
            invalid,
            last,
            beats: count(
                "critwatch_heartbeats_received_total",
                "Received heartbeats, by name.",
                &["heartbeat"],
            )?,
            clock,
        };
        for (_, target) in ROUTES {
            for outcome in ["taken", "refused"] {
                metrics.pushes.with_label_values(&[target, outcome]);
            }
        }
        for status in ["firing", "resolved"] {
            metrics.alerts.with_label_values(&[status]);
        }
        Ok(metrics)
    }

    /// Counts heartbeats of these names from now on, and drops the others.
    pub(crate) fn count_heartbeats<'n>(&self, names: impl Iterator<Item = &'n str>) {
        let names: BTreeSet<_> = names.collect();
        let counts: Vec<_> = names
            .iter()
            .map(|name| (name, self.beats.with_label_values(&[name]).get()))
            .collect();
        self.beats.reset();
        for (name, count) in counts {
            self.beats.with_label_values(&[name]).inc_by(count);
        }
    }

    /// Counts the alerts of a push, and how many it had besides that were none.
    pub(crate) fn alerts(&self, alerts: &[Alert], invalid: usize) {
        let now = (self.clock)();
        for alert in alerts {
            let over = match alert.ends {
                Ends::Over(_) => true,
                Ends::At(at) => at <= now,
                Ends::Unsaid | Ends::Told => false,
            };
            let status = if over { "resolved" } else { "firing" };
            self.alerts.with_label_values(&[status]).inc();
        }
        self.invalid
            .inc_by(u64::try_from(invalid).unwrap_or(u64::MAX));
        if !alerts.is_empty() {
            let at = now.duration_since(Timestamp::UNIX_EPOCH);
            self.last.set(at.as_secs_f64());
        }
    }

    /// Counts a heartbeat of a name that is awaited.
    pub(crate) fn beat(&self, name: &str) {
        self.beats.with_label_values(&[name]).inc();
    }
}

/// Counts pushes, including those without the token.
pub(crate) async fn count(
    State(metrics): State<PushMetrics>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let is_post = *request.method() == Method::POST;
    let answer = next.run(request).await;
    let route = matched.as_ref().map(MatchedPath::as_str);
    let target = ROUTES.iter().find(|(path, _)| Some(*path) == route);
    // An address that is only called pushes as well.
    let target = target.filter(|(path, _)| is_post || path.starts_with("/push/"));
    if let Some((_, target)) = target {
        let taken = answer.status().is_success();
        let outcome = if taken { "taken" } else { "refused" };
        metrics.pushes.with_label_values(&[target, outcome]).inc();
    }
    answer
}
