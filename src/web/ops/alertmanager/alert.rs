//! What Prometheus' API and Alertmanager's webhook have in common: the alert.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::FromRequest as _;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Body as _;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::request::samples::push::{Alert, AlertsDoor, Batch, Ends};
use crate::web::ops::push::targets::{PushTargets, deliver};

/// Labels of an alert.
const LABELS: usize = 64;

/// Longest name of a label, in bytes.
const NAME: usize = 256;

/// Longest value of a label, in bytes.
const VALUE: usize = 4096;

/// Shorter bodies need no body slot, so that slow senders of long ones cannot keep
/// everybody else out.
const SHORT: u64 = 64 * 1024;

/// Invalid alerts that one response lists.
const MAX_LISTED: usize = 5;

/// An alert as both send it; fields that we do not need are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Posted {
    /// Only in a webhook: `firing` or `resolved`.
    pub(crate) status: Option<AlertStatus>,
    labels: BTreeMap<String, String>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

/// Whether an alert still fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AlertStatus {
    /// It does.
    Firing,
    /// It does not.
    Resolved,
}

impl Posted {
    /// Makes an alert of it; a text says why it is none.
    pub(crate) fn read(self) -> Result<Alert, String> {
        // Go writes the year 1 for a moment that is not set.
        let set = |at: Option<Timestamp>| at.filter(|at| *at > Timestamp::UNIX_EPOCH);
        let (starts, ends) = (set(self.starts_at), set(self.ends_at));
        // Without a value, a label is not there.
        let labels: BTreeMap<_, _> = self
            .labels
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if labels.is_empty() {
            return Err("it has no labels".to_owned());
        }
        if labels.len() > LABELS {
            return Err(format!("it has more than {LABELS} labels"));
        }
        for (name, value) in &labels {
            if name.is_empty() || name == "__name__" || name.chars().any(char::is_control) {
                return Err("a label has no usable name".to_owned());
            }
            if name.len() > NAME || value.len() > VALUE {
                return Err(format!(
                    "a label is too long: names have {NAME} bytes at most, values {VALUE}"
                ));
            }
        }
        let ends = match (self.status, ends) {
            (Some(AlertStatus::Firing), _) => Ends::Told,
            (Some(AlertStatus::Resolved), ends) => Ends::Over(ends),
            (None, Some(ends)) if starts.is_some_and(|starts| ends < starts) => {
                return Err("it ends before it starts".to_owned());
            }
            (None, Some(ends)) => Ends::At(ends),
            (None, None) => Ends::Unsaid,
        };
        Ok(Alert {
            labels,
            starts,
            ends,
        })
    }
}

/// Reads the alerts of a request, delivers the valid ones and lists the others.
pub(crate) async fn receive<T: DeserializeOwned>(
    targets: &Arc<PushTargets>,
    request: Request,
    alerts: impl FnOnce(T) -> Result<(Vec<Posted>, u64), String>,
) -> Response {
    let Some(AlertsDoor { batches, .. }) = &targets.alerts else {
        return closed();
    };
    let read = read(targets, request).await;
    let posted = read.and_then(|body: T| alerts(body).map_err(refuse));
    let (posted, truncated) = match posted {
        Ok(posted) => posted,
        Err(refused) => return refused.into_response(),
    };
    let mut batch = Batch {
        alerts: Vec::with_capacity(posted.len()),
        truncated,
    };
    let mut faults = Vec::new();
    for (at, alert) in posted.into_iter().enumerate() {
        match alert.read() {
            Ok(alert) => batch.alerts.push(alert),
            Err(why) => faults.push(format!("alert {at}: {why}")),
        }
    }
    targets.metrics.alerts(&batch.alerts, faults.len());
    let answer = deliver(batches, batch).await;
    if faults.is_empty() || !answer.status().is_success() {
        return answer;
    }
    faults.truncate(MAX_LISTED);
    let words = faults.join("; ");
    refuse(format!("some alerts were rejected; {words}")).into_response()
}

/// The answer where no collector takes alerts.
pub(crate) fn closed() -> Response {
    let words = "alerts are not accepted; add a `[[collector]]` with `type = \"alerts\"`\n";
    (StatusCode::NOT_FOUND, words).into_response()
}

/// Why a request cannot be taken.
type RefusedAlert = (StatusCode, String);

async fn read<T: DeserializeOwned>(
    targets: &PushTargets,
    request: Request,
) -> Result<T, RefusedAlert> {
    let length = request.body().size_hint().upper();
    let _seat = if length.is_some_and(|length| length <= SHORT) {
        None
    } else {
        // Nobody closes it.
        targets.body_slots.acquire().await.ok()
    };
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|rejection| {
            let status = rejection.status();
            let words = if status == StatusCode::PAYLOAD_TOO_LARGE {
                "the body is longer than 1 MiB; send fewer alerts at a time\n".to_owned()
            } else {
                format!("{rejection}\n")
            };
            (status, words)
        })?;
    serde_json::from_slice(&body)
        .map_err(|error| refuse(format!("this is not understood: {error}")))
}

fn refuse(words: String) -> RefusedAlert {
    (StatusCode::BAD_REQUEST, words + "\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(json: &str) -> Result<Alert, String> {
        serde_json::from_str::<Posted>(json).unwrap().read()
    }

    #[test]
    fn an_alert_is_read_as_alertmanager_reads_it() {
        let alert = check(
            r#"{"labels":{"alertname":"A","empty":""},"annotations":{"summary":"s"},
            "startsAt":"2026-03-01T10:00:00.5+01:00","endsAt":"0001-01-01T00:00:00Z",
            "generatorURL":"http://p/graph"}"#,
        )
        .unwrap();
        assert_eq!(
            alert.labels,
            [("alertname".to_owned(), "A".to_owned())].into()
        );
        assert_eq!(
            alert.starts,
            Some("2026-03-01T09:00:00.5Z".parse().unwrap())
        );
        assert_eq!(alert.ends, Ends::Unsaid);
        let ends = |status: &str| {
            let json = format!(
                r#"{{"status":"{status}","labels":{{"a":"b"}},"endsAt":"2199-01-01T00:00:00Z"}}"#
            );
            check(&json).unwrap().ends
        };
        // A webhook's word counts, whatever its clock says.
        let at = Some("2199-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(
            (ends("firing"), ends("resolved")),
            (Ends::Told, Ends::Over(at))
        );
    }

    #[test]
    fn what_is_no_alert_is_refused_with_the_reason() {
        for (json, reason) in [
            (r#"{"labels":{}}"#, "no labels"),
            (r#"{"labels":{"a":""}}"#, "no labels"),
            (r#"{"labels":{"__name__":"up"}}"#, "no usable name"),
            (
                r#"{"labels":{"a":"b"},"startsAt":"2026-03-01T10:00:00Z","endsAt":"2026-03-01T09:00:00Z"}"#,
                "ends before it starts",
            ),
        ] {
            let refused = check(json).unwrap_err();
            assert!(refused.contains(reason), "{json}: {refused}");
        }
        let long = format!(r#"{{"labels":{{"a":"{}"}}}}"#, "x".repeat(VALUE + 1));
        assert!(check(&long).unwrap_err().contains("too long"));
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(text in "\\PC{0,200}") {
            let _ = serde_json::from_str::<Posted>(&text).map(Posted::read);
        }
    }
}
