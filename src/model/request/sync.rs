//! A wish to look now for what others pushed, put to the part that keeps the history.

use tokio::sync::{mpsc, oneshot};

/// Asks to look now; told when that is done, well or not.
#[derive(Debug)]
pub struct SyncRequest {
    /// Takes that it is done.
    pub answer: oneshot::Sender<()>,
}

/// Where such wishes go in.
#[derive(Clone, Debug)]
pub struct SyncDoor(mpsc::Sender<SyncRequest>);

impl SyncDoor {
    /// A door, and where its wishes come out.
    pub fn new() -> (Self, mpsc::Receiver<SyncRequest>) {
        // One that waits already sees what is pushed until then.
        let (sender, requests) = mpsc::channel(1);
        (Self(sender), requests)
    }

    /// Asks to look now, and waits for nothing.
    pub fn knock(&self) {
        let (answer, _) = oneshot::channel();
        // One that waits already is enough.
        let _ = self.0.try_send(SyncRequest { answer });
    }

    /// Asks to look now, and waits until that is done.
    pub async fn caught_up(&self) {
        let (answer, done) = oneshot::channel();
        if self.0.send(SyncRequest { answer }).await.is_ok() {
            // Who stops answers no more.
            let _ = done.await;
        }
    }
}
