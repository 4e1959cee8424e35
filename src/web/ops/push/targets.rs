//! Where pushes go: the collectors that receive them.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::model::request::samples::push::{AlertsDoor, Beat, Push, PushEntry};
use crate::web::ops::push::metrics::PushMetrics;

/// Bodies that may be read at once, which bounds the memory that they take.
const BODIES: usize = 16;

/// The collectors that receive pushes.
#[derive(Debug)]
pub(crate) struct PushTargets {
    /// The expected heartbeats, by name.
    pub(crate) beats: BTreeMap<String, mpsc::Sender<Push<Beat>>>,
    /// The collector of alerts, if there is one.
    pub(crate) alerts: Option<AlertsDoor>,
    /// When the service started.
    pub(crate) since: Timestamp,
    /// Limits how many bodies are read at once.
    pub(crate) body_slots: Semaphore,
    /// Metrics of pushes.
    pub(crate) metrics: PushMetrics,
}

impl PushTargets {
    /// Collects the entries that collectors opened.
    pub(crate) fn new(
        opened: impl IntoIterator<Item = PushEntry>,
        since: Timestamp,
        metrics: PushMetrics,
    ) -> Self {
        let mut targets = Self {
            beats: BTreeMap::new(),
            alerts: None,
            since,
            body_slots: Semaphore::new(BODIES),
            metrics,
        };
        for target in opened {
            match target {
                PushEntry::Heartbeats { names, beats, .. } => {
                    let names = names.into_iter().map(|name| (name, beats.clone()));
                    targets.beats.extend(names);
                }
                PushEntry::Alerts(alerts) => targets.alerts = Some(alerts),
                // They come by the listener for pushes.
                PushEntry::Samples(_) => {}
            }
        }
        targets
            .metrics
            .count_heartbeats(targets.beats.keys().map(String::as_str));
        targets
    }
}

/// Delivers something to its collector and waits until it was accepted.
pub(crate) async fn deliver<T>(target: &mpsc::Sender<Push<T>>, what: T) -> Response {
    let (answer, wait) = oneshot::channel();
    if target.try_send(Push { what, answer }).is_err() {
        return busy();
    }
    match wait.await {
        Ok(Ok(())) => "taken\n".into_response(),
        Ok(Err(refusal)) => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, "60")],
            format!("{refusal}\n"),
        )
            .into_response(),
        Err(_) => busy(),
    }
}

fn busy() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "1")],
        "too much is pushed at once; try again\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_channel_asks_to_try_again_and_so_does_a_closed_one() {
        let (target, mut inbox) = mpsc::channel(1);
        let first = deliver(&target, 1);
        let rest = async {
            let refused = deliver(&target, 2).await;
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
            let Push { what, answer } = inbox.recv().await.unwrap();
            assert_eq!(what, 1);
            answer.send(Ok(())).unwrap();
        };
        // The first is polled first: it is in the channel when the second comes.
        let (first, ()) = futures_util::future::join(first, rest).await;
        assert_eq!(first.status(), StatusCode::OK);
        drop(inbox);
        assert_eq!(
            deliver(&target, 3).await.status(),
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
}
