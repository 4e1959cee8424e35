//! A question for all that is to be found in the incident files.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::model::finding::Finding;

/// How long somebody who looks at a page waits for them.
const PATIENCE: Duration = Duration::from_secs(3);

/// Takes the findings.
pub type FindingsAnswer = oneshot::Sender<Arc<Vec<Finding>>>;

/// Where to ask.
#[derive(Clone, Debug)]
pub struct FileFindingsDoor(mpsc::Sender<FindingsAnswer>);

impl FileFindingsDoor {
    /// Asks whoever reads the files.
    pub fn new(questions: mpsc::Sender<FindingsAnswer>) -> Self {
        Self(questions)
    }

    /// What is to be found in the files as they stand now; `None` if that takes too long.
    pub async fn ask(&self) -> Option<Arc<Vec<Finding>>> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(answer).ok()?;
        timeout(PATIENCE, answered).await.ok()?.ok()
    }
}
