//! How a delivery ends, and the answers of remote sides, read within limits.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};

use crate::model::text::causes::with_causes;

/// No answer is read further.
const MAX_ANSWER: usize = 64 * 1024;

/// How long the body of an answer may take: the head has said that it arrived.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Characters of an answer that a reason quotes.
const MAX_QUOTED: usize = 200;

/// Every reason for which a delivery fails, as metrics name them.
pub(crate) const FAILURES: [&str; 6] = [
    "unavailable",
    "rate_limited",
    "no_answer",
    "message_gone",
    "refused",
    "receiver_gone",
];

/// What the remote side made of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// Its name for the message, with which the message can be edited.
    pub message: Option<String>,
    /// Its name for the thread in which the message stands.
    pub thread: Option<String>,
}

/// Why a message did not arrive.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DeliveryError {
    /// Not now; the remote side may have said how long to wait.
    #[error("{reason}")]
    Later {
        /// What happened, for operators.
        reason: String,
        /// The pause that the remote side asks for.
        pause: Option<Duration>,
    },
    /// Nobody knows whether it arrived: the request was sent, and no answer came.
    #[error("{reason}")]
    Unknown {
        /// What happened, for operators.
        reason: String,
    },
    /// It may have arrived, and is sent again as if it had not: the remote side failed
    /// meanwhile, or recognizes what is sent twice.
    #[error("{reason}")]
    Doubtful {
        /// What happened, for operators.
        reason: String,
        /// The pause that the remote side asks for.
        pause: Option<Duration>,
    },
    /// The message that was to be edited cannot be edited any more.
    #[error("{reason}")]
    Gone {
        /// What happened, for operators.
        reason: String,
    },
    /// Never in this form: trying again would change nothing.
    #[error("{reason}")]
    Refused {
        /// What happened, for operators.
        reason: String,
    },
    /// Nothing can be delivered to this receiver by the present settings.
    #[error("{reason}")]
    Dead {
        /// What happened, for operators.
        reason: String,
    },
}

impl DeliveryError {
    /// The outcome under which it is counted.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Later { .. } | Self::Doubtful { .. } | Self::Gone { .. } => "later",
            Self::Unknown { .. } => "unknown",
            Self::Refused { .. } | Self::Dead { .. } => "never",
        }
    }

    /// The reason under which it is counted.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Later { pause: None, .. } | Self::Doubtful { pause: None, .. } => "unavailable",
            Self::Later { pause: Some(_), .. } | Self::Doubtful { pause: Some(_), .. } => {
                "rate_limited"
            }
            Self::Unknown { .. } => "no_answer",
            Self::Gone { .. } => "message_gone",
            Self::Refused { .. } => "refused",
            Self::Dead { .. } => "receiver_gone",
        }
    }
}

/// The answer of a remote side: at most 64 KiB of it.
#[derive(Debug)]
pub(crate) struct RemoteAnswer {
    /// The status.
    pub status: StatusCode,
    /// The head.
    pub headers: HeaderMap,
    /// The beginning of the body; empty if it did not come.
    pub body: Vec<u8>,
}

/// Sends a request and reads its answer within limits.
///
/// `remote` names the remote side in reasons. The address is left out of them,
/// because it may be the secret.
pub(crate) async fn send(
    request: RequestBuilder,
    remote: &str,
) -> Result<RemoteAnswer, DeliveryError> {
    let mut response = request.send().await.map_err(|error| {
        let is_unsent = error.is_connect() || error.is_builder();
        let reason = format!("{remote}: {}", with_causes(&error.without_url()));
        if is_unsent {
            DeliveryError::Later {
                reason,
                pause: None,
            }
        } else {
            DeliveryError::Unknown { reason }
        }
    })?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = tokio::time::timeout(BODY_TIMEOUT, body(&mut response));
    Ok(RemoteAnswer {
        status,
        headers,
        body: body.await.unwrap_or_default(),
    })
}

/// The body as far as it comes: whatever becomes of it, the head was the answer.
async fn body(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MAX_ANSWER.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
        if body.len() >= MAX_ANSWER {
            break;
        }
    }
    body
}

impl RemoteAnswer {
    /// The body as JSON; null if it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// How long the remote side asks to wait: by its header, else by its body.
    pub(crate) fn pause(&self) -> Option<Duration> {
        let header = self.headers.get(RETRY_AFTER);
        let seconds = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let seconds = seconds.or_else(|| {
            let body = self.json();
            let milliseconds = body["retry_after_ms"].as_f64();
            let seconds = [&body["retry_after"], &body["parameters"]["retry_after"]];
            let mut seconds = seconds.into_iter().filter_map(serde_json::Value::as_f64);
            seconds.next().or(milliseconds.map(|time| time / 1000.0))
        });
        seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }

    /// What the status means for most remote sides; `remote` names this one.
    ///
    /// # Errors
    ///
    /// Fails for every status that is no success. A redirect is none: a message
    /// that is redirected has not arrived.
    pub(crate) fn accepted(self, remote: &str) -> Result<Self, DeliveryError> {
        let status = self.status;
        if status.is_success() {
            return Ok(self);
        }
        let reason = self.reason(remote);
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
                DeliveryError::Later {
                    reason,
                    pause: self.pause(),
                }
            }
            _ if status.is_server_error() => DeliveryError::Doubtful {
                reason,
                pause: self.pause(),
            },
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::GONE => DeliveryError::Dead { reason },
            _ if status.is_redirection() => DeliveryError::Dead { reason },
            _ => DeliveryError::Refused { reason },
        })
    }

    /// What was answered, in one line: the status, and the words if there are any.
    pub(crate) fn reason(&self, remote: &str) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let words = self.json();
        let words = ["message", "description", "error", "detail"]
            .iter()
            .find_map(|key| words[key].as_str())
            .map_or_else(|| text.trim().to_owned(), str::to_owned);
        let is_plain = !words.is_empty() && !words.starts_with(['<', '{', '[']);
        let words: String = words
            .chars()
            .filter(|char| !char.is_control())
            .take(MAX_QUOTED)
            .collect();
        if is_plain {
            format!("{remote} answered {}: {words}", self.status)
        } else {
            format!("{remote} answered {}", self.status)
        }
    }
}

/// The pause before the next try: from one second to five minutes, doubled each
/// time, with up to a quarter more or less (`dice` from 0 to 1).
pub(crate) fn backoff(tries: u32, dice: f64) -> Duration {
    let pause = Duration::from_secs(1 << tries.min(9)).min(Duration::from_mins(5));
    pause.mul_f64(0.75 + dice.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_minutes() {
        let pauses = [0, 1, 2, 8, 9, 40].map(|tries| backoff(tries, 0.5).as_secs());
        assert_eq!(pauses, [1, 2, 4, 256, 300, 300]);
        assert_eq!(backoff(2, 0.0), Duration::from_secs(3));
        assert_eq!(backoff(2, 1.0), Duration::from_secs(5));
    }

    fn answer(status: u16, body: &str) -> RemoteAnswer {
        RemoteAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_pause_may_stand_in_the_body_only() {
        let limited = answer(429, r#"{"message": "slow down", "retry_after": 1.5}"#);
        let error = limited.accepted("Discord").unwrap_err();
        let pause = Some(Duration::from_millis(1500));
        let reason = "Discord answered 429 Too Many Requests: slow down".to_owned();
        assert_eq!(error, DeliveryError::Later { reason, pause });
    }

    #[test]
    fn each_status_has_its_meaning() {
        let word = |status| {
            answer(status, "")
                .accepted("it")
                .map_or_else(|e| e.word(), |_| "ok")
        };
        let words = [200, 204, 301, 401, 404, 410, 400, 413, 408, 500, 503].map(word);
        let dead = "receiver_gone";
        let later = "unavailable";
        assert_eq!(
            words,
            [
                "ok", "ok", dead, dead, dead, dead, "refused", "refused", later, later, later
            ]
        );
    }

    #[test]
    fn pages_are_not_quoted() {
        let page = answer(502, "<html><h1>Bad gateway</h1></html>");
        assert_eq!(page.reason("it"), "it answered 502 Bad Gateway");
    }
}
