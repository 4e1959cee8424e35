//! Discord's rate limits, as its answers tell them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::notify::sending::delivery::{DeliveryError, RemoteAnswer};

/// A pause that is worth waiting for with the message in hand.
const PATIENCE: Duration = Duration::from_secs(5);

/// Until when nothing may be sent.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    until: watch::Sender<Option<Instant>>,
    global: Option<Arc<RateLimit>>,
}

impl RateLimit {
    /// The limit of one webhook, below that of all.
    pub(crate) fn below(global: Arc<Self>) -> Self {
        Self {
            until: watch::Sender::default(),
            global: Some(global),
        }
    }

    /// Waits for a short pause.
    ///
    /// # Errors
    ///
    /// Fails if the pause is longer, with the rest of it.
    pub(crate) async fn ready(&self) -> Result<(), DeliveryError> {
        let global = self.global.as_ref().and_then(|global| global.get());
        let Some(until) = self.get().max(global) else {
            return Ok(());
        };
        let pause = until.saturating_duration_since(Instant::now());
        if pause > PATIENCE {
            return Err(DeliveryError::Later {
                reason: "Discord asked to wait".to_owned(),
                pause: Some(pause),
            });
        }
        tokio::time::sleep_until(until).await;
        Ok(())
    }

    /// Learns from an answer whether the next message must wait, and which ones.
    pub(crate) fn learn(&self, answer: &RemoteAnswer) {
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let is_limited = answer.status == StatusCode::TOO_MANY_REQUESTS;
        let is_used_up = header("x-ratelimit-remaining") == Some("0");
        let reset = header("x-ratelimit-reset-after").and_then(|seconds| seconds.parse().ok());
        let reset = reset.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let pause = if is_limited {
            answer.pause().or(reset)
        } else {
            reset.filter(|_| is_used_up)
        };
        let Some(until) = pause.and_then(|pause| Instant::now().checked_add(pause)) else {
            return;
        };
        let is_global = header("x-ratelimit-scope") == Some("global")
            || header("x-ratelimit-global").is_some()
            || answer.json()["global"] == true;
        match &self.global {
            Some(global) if is_limited && is_global => global.set(until),
            Some(_) | None => self.set(until),
        }
    }

    fn get(&self) -> Option<Instant> {
        *self.until.borrow()
    }

    fn set(&self, until: Instant) {
        self.until.send_replace(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> RemoteAnswer {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        RemoteAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect::<HeaderMap>(),
            body: b"{\"retry_after\": 2.5}".to_vec(),
        }
    }

    /// How long a message waits; the rest of the pause if it does not.
    async fn wait(limit: &RateLimit) -> Result<Duration, Duration> {
        let begun = Instant::now();
        match limit.ready().await {
            Ok(()) => Ok(begun.elapsed()),
            Err(DeliveryError::Later { pause, .. }) => Err(pause.unwrap()),
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_that_is_used_up_makes_the_next_message_wait() {
        let limit = RateLimit::below(Arc::default());
        let bucket = |left| {
            [
                ("x-ratelimit-remaining", left),
                ("x-ratelimit-reset-after", "1.5"),
            ]
        };
        limit.learn(&answer(200, &bucket("1")));
        assert_eq!(wait(&limit).await, Ok(Duration::ZERO));
        limit.learn(&answer(200, &bucket("0")));
        assert_eq!(wait(&limit).await, Ok(Duration::from_millis(1500)));
        // Nobody is held for long: the notifier tries again later.
        limit.learn(&answer(429, &[("retry-after", "30")]));
        assert_eq!(wait(&limit).await, Err(Duration::from_secs(30)));
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_global_limit_concerns_other_webhooks() {
        let global = Arc::default();
        let (one, other) = (
            RateLimit::below(Arc::clone(&global)),
            RateLimit::below(global),
        );
        one.learn(&answer(429, &[("x-ratelimit-scope", "user")]));
        assert_eq!(wait(&other).await, Ok(Duration::ZERO));
        assert_eq!(wait(&one).await, Ok(Duration::from_millis(2500)));
        one.learn(&answer(429, &[("x-ratelimit-scope", "global")]));
        assert_eq!(wait(&other).await, Ok(Duration::from_millis(2500)));
    }
}
