//! A wish to send a refused message again, put to the notifier whose message it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{mpsc, oneshot, watch};

/// Asks for a message of the delivery log once more.
#[derive(Debug)]
pub struct Resend {
    /// The number of the message.
    pub delivery: i64,
    /// Takes that it waits, or why it does not.
    pub answer: oneshot::Sender<Result<ResendTime, ResendRefusal>>,
}

/// When a message that is due once more is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResendTime {
    /// At once.
    Now,
    /// When the settings are reloaded: its notifier is paused until then.
    AfterReload,
    /// When its notifier gets through again.
    AfterFailure,
    /// When the quiet hours of its notifier are over.
    AfterQuietHours,
}

/// Why a message is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendRefusal {
    /// The log no longer has it.
    #[error("no notifier knows this message; `GET /api/v1/notifications` lists the newest")]
    Unknown,
    /// It was not given up.
    #[error("only a refused message can be sent again")]
    NotRefused,
    /// Its receiver may have it.
    #[error("an earlier try of this message may have arrived, so it is not sent again")]
    Arrived,
    /// Nobody misses it.
    #[error("this message is out of date: a newer one replaced it, or its topic is gone")]
    Outdated,
    /// Another monitor sends.
    #[error("another monitor sends the messages; ask that one")]
    Reader,
    /// Its notifier stops.
    #[error("the notifier is about to stop; try again")]
    Stopping,
}

/// Where such wishes go in, by the names of the notifiers.
#[derive(Clone, Debug, Default)]
pub struct ResendDoors(Arc<watch::Sender<BTreeMap<String, mpsc::Sender<Resend>>>>);

impl ResendDoors {
    /// Opens the door of a notifier; gives what comes in by it.
    pub fn open(&self, notifier: &str) -> mpsc::Receiver<Resend> {
        let (sender, wishes) = mpsc::channel(1);
        self.0.send_modify(|doors| {
            // Those of notifiers that have gone.
            doors.retain(|_, door| !door.is_closed());
            doors.insert(notifier.to_owned(), sender);
        });
        wishes
    }

    /// Asks a notifier for a message once more, and waits for its answer.
    pub async fn ask(&self, notifier: &str, delivery: i64) -> Result<ResendTime, ResendRefusal> {
        let door = self.0.borrow().get(notifier).cloned();
        let door = door.ok_or(ResendRefusal::Unknown)?;
        let (answer, wait) = oneshot::channel();
        let sent = door.send(Resend { delivery, answer }).await;
        sent.map_err(|_| ResendRefusal::Stopping)?;
        wait.await.unwrap_or(Err(ResendRefusal::Stopping))
    }
}
