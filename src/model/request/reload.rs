//! A wish to read the settings again, put to the part that runs everything.

use tokio::sync::oneshot;

/// Asks to read the settings again.
#[derive(Debug)]
pub struct Reload {
    /// Takes what is wrong with them, if they stay as they were.
    pub answer: oneshot::Sender<Result<(), String>>,
}
