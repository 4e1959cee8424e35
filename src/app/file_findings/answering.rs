//! Answers operators who ask what is to be found in the incident files.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::file_findings::checker::{CheckedSite, FileChecker};
use crate::model::board::Board;
use crate::model::finding::Finding;
use crate::model::request::incidents::file_findings::FindingsAnswer;
use crate::pipeline::stages::Pipeline;

/// How long findings hold while no file changes: some of them depend on the time.
const FRESH: Duration = Duration::from_mins(1);

/// What was found, and when.
type Found = (Timestamp, Arc<Vec<Finding>>);

/// Answers one question after the other until told to stop.
pub(crate) async fn run(
    mut questions: mpsc::Receiver<FindingsAnswer>,
    mut sites: watch::Receiver<CheckedSite>,
    boards: watch::Receiver<Arc<Board>>,
    stop: CancellationToken,
) {
    let mut state: (Option<FileChecker>, Option<Found>) = (None, None);
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = questions.recv() => next,
        };
        let Some(question) = next else {
            return;
        };
        if sites.has_changed().is_ok_and(|has| has) || state.0.is_none() {
            let site = sites.borrow_and_update().clone();
            state = (Some(FileChecker::new(site)), None);
        }
        let (checker, known) = state;
        let (board, handle) = (boards.borrow().clone(), Handle::current());
        // Thousands of files take a while, and no other task is to wait for them.
        let looking = tokio::task::spawn_blocking(move || {
            let mut checker = checker?;
            checker.know(board.components.iter().map(|state| &state.component));
            checker.know_rules(board.facts.verdicts.iter().map(|verdict| &verdict.rule));
            let found = handle.block_on(look(&mut checker, known));
            Some((checker, found))
        });
        // It is logged where it panics, and begins anew.
        let looked = looking.await.ok().flatten();
        state = looked.map_or((None, None), |(checker, found)| {
            // Who asked may have gone away.
            let _ = question.send(Arc::clone(&found.1));
            (Some(checker), Some(found))
        });
    }
}

async fn look(checker: &mut FileChecker, known: Option<Found>) -> Found {
    let now = Pipeline::clock();
    let has_changed = checker.folder_mut().refresh().await;
    let is_fresh = |at: Timestamp| now.duration_since(at).unsigned_abs() < FRESH;
    match known {
        Some((at, found)) if !has_changed && is_fresh(at) => (at, found),
        _ => (now, Arc::new(checker.findings(now).await)),
    }
}
