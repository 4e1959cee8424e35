//! Whether this monitor is the one that writes and announces, and what the one before
//! it announced.

use std::time::Instant;

use tokio::sync::{mpsc, oneshot, watch};

/// Whether this monitor may write and announce, as far as a lease says.
#[derive(Clone, Debug, Default)]
pub struct Leadership(Option<watch::Receiver<Option<Instant>>>);

impl Leadership {
    /// By a lease, which holds until that moment.
    pub fn by(until: watch::Receiver<Option<Instant>>) -> Self {
        Self(Some(until))
    }

    /// Whether it may at that moment; without a lease it always may.
    pub fn holds(&self, now: Instant) -> bool {
        let until = self.0.as_ref().map(|until| *until.borrow());
        until.is_none_or(|until| until.is_some_and(|until| now < until))
    }

    /// Waits until the lease is taken or lost.
    pub async fn changed(&mut self) {
        let Some(until) = &mut self.0 else {
            return std::future::pending::<()>().await;
        };
        let before = until.borrow_and_update().is_some();
        while until.changed().await.is_ok() {
            if until.borrow_and_update().is_some() != before {
                return;
            }
        }
        // Nobody holds it any more: we are stopping.
        std::future::pending::<()>().await;
    }
}

/// Why a receipt could not be shared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsharedReceipt {
    /// Another monitor announces.
    #[error("another critwatch has the lease")]
    NotOurs,
    /// Where receipts are shared nobody answers.
    #[error("what was announced cannot be shared: {0}")]
    Unanswered(String),
}

/// Asks for what monitors share.
#[derive(Debug)]
pub enum ReceiptRequest {
    /// Keeps a receipt, if the lease is ours; `None` forgets it.
    Keep {
        /// The notifier and its topic.
        field: String,
        /// The receipt as its notifier writes it.
        receipt: Option<String>,
        /// Told once it is there.
        answer: oneshot::Sender<Result<(), UnsharedReceipt>>,
    },
    /// Reads all receipts.
    Load {
        /// Takes the fields and their receipts.
        answer: oneshot::Sender<Result<Vec<(String, String)>, UnsharedReceipt>>,
    },
}

/// Where the monitors of one page share what they announced.
#[derive(Clone, Debug)]
pub struct ReceiptsDoor(mpsc::Sender<ReceiptRequest>);

impl ReceiptsDoor {
    /// A door to whoever takes the requests.
    pub fn new(requests: mpsc::Sender<ReceiptRequest>) -> Self {
        Self(requests)
    }

    /// Keeps what a notifier announced of a topic, if this monitor is the one to.
    pub async fn keep(
        &self,
        notifier: &str,
        topic: &str,
        receipt: Option<String>,
    ) -> Result<(), UnsharedReceipt> {
        let field = format!("{notifier}/{topic}");
        let (answer, kept) = oneshot::channel();
        let request = ReceiptRequest::Keep {
            field,
            receipt,
            answer,
        };
        self.ask(request, kept).await
    }

    /// What a notifier announced, by topic.
    pub async fn load(&self, notifier: &str) -> Result<Vec<(String, String)>, UnsharedReceipt> {
        let (answer, loaded) = oneshot::channel();
        let all = self.ask(ReceiptRequest::Load { answer }, loaded).await?;
        let own = all.into_iter().filter_map(|(field, receipt)| {
            let topic = field.strip_prefix(notifier)?.strip_prefix('/')?;
            Some((topic.to_owned(), receipt))
        });
        Ok(own.collect())
    }

    async fn ask<T>(
        &self,
        request: ReceiptRequest,
        answered: oneshot::Receiver<Result<T, UnsharedReceipt>>,
    ) -> Result<T, UnsharedReceipt> {
        let stopping = || UnsharedReceipt::Unanswered("stopping".to_owned());
        self.0.send(request).await.map_err(|_| stopping())?;
        answered.await.unwrap_or_else(|_| Err(stopping()))
    }
}
