//! Tells whether our own network is up, before a target is blamed.
//!
//! One task asks the reference addresses for all probes, so that many that
//! fail at once make one question of it.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::select_ok;
use schemars::JsonSchema;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::text::shape::AddressText;

/// Addresses that are asked at most.
pub(crate) const MAX_REFERENCES: usize = 16;

/// How long a reference may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long an answer is good for others who ask.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Questions that may wait; who asks beyond that waits as well.
const QUESTIONS: usize = 64;

/// The section `[network]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkSettings {
    /// Addresses elsewhere that answer as long as critwatch's own network is up.
    ///
    /// No names: resolving them needs the network that is in doubt.
    #[serde(deserialize_with = "addresses")]
    #[schemars(with = "Vec<AddressText>")]
    pub(crate) reference: Vec<SocketAddr>,
}

/// An address of `[network]`, refused with the way out.
struct Reference(SocketAddr);

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(ReferenceVisitor)
    }
}

/// Refuses while the value is visited: only so the fault has its place in the list.
struct ReferenceVisitor;

impl Visitor<'_> for ReferenceVisitor {
    type Value = Reference;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an IP address with a port in quotes, as in \"192.0.2.1:443\"")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Reference, E> {
        text.parse().map(Reference).map_err(|_| {
            E::custom(format!(
                "`{text}` is not an IP address with a port; write it as `192.0.2.1:443` or \
                `[2001:db8::1]:443`, names are not taken"
            ))
        })
    }
}

fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SocketAddr>, D::Error> {
    let read = Vec::<Reference>::deserialize(from)?;
    Ok(read.into_iter().map(|Reference(address)| address).collect())
}

impl NetworkSettings {
    /// Whether there are some addresses, and not too many.
    pub(crate) fn is_fit(&self) -> bool {
        (1..=MAX_REFERENCES).contains(&self.reference.len())
    }
}

/// Whom probes ask.
#[derive(Clone, Debug)]
pub struct Network(mpsc::Sender<oneshot::Sender<bool>>);

/// Who answers them.
#[derive(Debug)]
pub struct Referee {
    addresses: Vec<SocketAddr>,
    questions: mpsc::Receiver<oneshot::Sender<bool>>,
}

impl Network {
    /// Makes both ends; `None` without any address.
    pub fn new(addresses: Vec<SocketAddr>) -> Option<(Self, Referee)> {
        if addresses.is_empty() {
            return None;
        }
        let (ask, questions) = mpsc::channel(QUESTIONS);
        let referee = Referee {
            addresses,
            questions,
        };
        Some((Self(ask), referee))
    }

    /// Whether any reference answers; yes if nobody can tell.
    pub(crate) async fn is_up(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).await.is_err() || answered.await.unwrap_or(true)
    }
}

impl Referee {
    /// Answers until told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut last: Option<(Instant, bool)> = None;
        loop {
            let question = tokio::select! {
                () = stop.cancelled() => return,
                question = self.questions.recv() => question,
            };
            let Some(question) = question else {
                // All who could ask are gone, which is no reason to end early.
                return stop.cancelled().await;
            };
            let is_up = match last {
                Some((at, is_up)) if at.elapsed() < GOOD_FOR => is_up,
                _ => {
                    let is_up = self.is_reachable().await;
                    last = Some((Instant::now(), is_up));
                    is_up
                }
            };
            // Who does not wait any more need not be told.
            let _ = question.send(is_up);
        }
    }

    /// Asks all at once; the first answer will do.
    async fn is_reachable(&self) -> bool {
        let asked: Vec<_> = self
            .addresses
            .iter()
            .map(|address| Box::pin(TcpStream::connect(*address)))
            .collect();
        let answer = tokio::time::timeout(PATIENCE, select_ok(asked)).await;
        matches!(answer, Ok(Ok(_)))
    }
}
