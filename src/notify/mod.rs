//! Notifiers: each waits for the board and tells what is due.

pub(crate) mod console;
pub(crate) mod delivery;
pub(crate) mod discord;
pub(crate) mod message;
pub(crate) mod receipts;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Client;
use serde::Deserialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::notify::delivery::{Deliveries, DeliveryError};
use crate::notify::discord::{Discord, DiscordSettings};
use crate::notify::message::{Announcement, Occasion};
use crate::notify::receipts::Receipts;

/// No remote side may hold a notifier for longer than this.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(8);

/// And none is left alone for longer.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// Where a `[[notifier]]` tells, by its `type`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NotifierKind {
    /// A Discord channel, through a webhook.
    Discord(DiscordSettings),
    /// The log.
    Console {},
}

/// One that tells.
#[derive(Debug)]
pub(crate) enum Notifier {
    /// Posts to Discord.
    Discord(Discord),
    /// Prints into the log.
    Console,
}

impl Notifier {
    /// Makes the notifier of a channel; the client is for those that speak HTTP.
    pub(crate) fn new(channel: NotifierKind, client: &Client) -> Self {
        match channel {
            NotifierKind::Discord(settings) => {
                Self::Discord(Discord::new(settings, client.clone()))
            }
            NotifierKind::Console {} => Self::Console,
        }
    }

    async fn deliver(
        &self,
        name: &str,
        message: &Announcement,
    ) -> Result<Option<String>, DeliveryError> {
        let delivery = async {
            match self {
                Self::Discord(discord) => discord.deliver(message).await,
                Self::Console => {
                    console::deliver(name, message);
                    Ok(None)
                }
            }
        };
        let late = DeliveryError::Later {
            reason: "no answer in time".to_owned(),
            pause: None,
        };
        tokio::time::timeout(DELIVERY_TIMEOUT, delivery)
            .await
            .unwrap_or(Err(late))
    }
}

/// A notifier with all that it needs.
#[derive(Debug)]
pub(crate) struct Teller {
    /// Its name in the settings.
    pub name: String,
    /// How it tells.
    pub notifier: Notifier,
    /// What it told.
    pub receipts: Receipts,
    /// What is counted.
    pub deliveries: Deliveries,
    /// The public address of the page.
    pub site: Option<String>,
    /// Tells the moment at which the remote side answered (law 8).
    pub clock: fn() -> Timestamp,
}

impl Teller {
    /// Tells everything that is due on a board, in order; returns how long to
    /// wait before the rest is tried again.
    ///
    /// At least once: a crash between telling and writing the receipt can
    /// repeat a message.
    pub(crate) async fn step(
        &mut self,
        board: &Board,
        tries: &mut u32,
        stop: &CancellationToken,
    ) -> Option<Duration> {
        // Two monitors of one folder would tell everything twice.
        if board.facts.reader {
            self.deliveries.queued(&self.name, 0);
            return None;
        }
        let due = self.receipts.due(board);
        self.deliveries.queued(&self.name, due.len());
        for (left, (incident, occasion)) in (0..due.len()).rev().zip(due) {
            // What is left is still due after the restart (law 1).
            if stop.is_cancelled() {
                return None;
            }
            let message = Announcement::new(incident, occasion, self.site.as_deref());
            let outcome = self.tell(&message).await;
            let word = delivery::word(&outcome);
            let id = match outcome {
                Ok(id) => {
                    tracing::debug!(
                        notifier.name = self.name, incident.id = %message.incident,
                        "{} told: {}", self.name, occasion.word(),
                    );
                    // Of incidents that people wrote no first sign was measured.
                    let began = board.facts.honesty.began.get(&message.incident);
                    if let (Occasion::Opened, Some(began)) = (occasion, began) {
                        self.deliveries.told(&self.name, *began, (self.clock)());
                    }
                    id
                }
                Err(DeliveryError::Later { reason, pause }) => {
                    if *tries == 0 {
                        tracing::warn!(notifier.name = self.name, "{}: {reason}", self.name);
                    }
                    // Whatever the remote side asks for: it may be wrong, too.
                    let pause = pause
                        .unwrap_or_else(|| delivery::pause(*tries))
                        .min(LONGEST_PAUSE);
                    *tries += 1;
                    self.deliveries.count(&self.name, word);
                    return Some(pause);
                }
                Err(DeliveryError::Never { reason }) => {
                    tracing::error!(
                        notifier.name = self.name, incident.id = %message.incident,
                        "{}: {reason}; this message is given up", self.name,
                    );
                    None
                }
            };
            *tries = 0;
            let written = self
                .receipts
                .write(&message.incident, occasion, message.severity, id);
            if let Err(error) = written {
                tracing::error!(
                    notifier.name = self.name, %error,
                    "cannot write a receipt; a restart may repeat a message",
                );
            }
            self.deliveries.queued(&self.name, left);
            // Counted last: what is counted is told and remembered.
            self.deliveries.count(&self.name, word);
        }
        None
    }

    /// Tells a message, and notes how long the remote side took for it.
    async fn tell(&mut self, message: &Announcement) -> Result<Option<String>, DeliveryError> {
        let begun = Instant::now();
        let outcome = self.notifier.deliver(&self.name, message).await;
        self.deliveries.took(&self.name, begun.elapsed());
        outcome
    }

    /// Tells what is due on each new board until told to stop.
    pub(crate) async fn run(
        mut self,
        mut boards: watch::Receiver<Arc<Board>>,
        stop: CancellationToken,
    ) {
        self.deliveries.begin(&self.name);
        let mut tries = 0;
        let mut wait: Option<tokio::time::Instant> = None;
        loop {
            if wait.is_none_or(|until| until <= tokio::time::Instant::now()) {
                let board = boards.borrow_and_update().clone();
                wait = self
                    .step(&board, &mut tries, &stop)
                    .await
                    .map(|pause| tokio::time::Instant::now() + pause);
            }
            let again = async {
                match wait {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = again => wait = None,
                changed = boards.changed() => if changed.is_err() {
                    // No more boards: we are stopping.
                    stop.cancelled().await;
                    return;
                },
            }
        }
    }
}
