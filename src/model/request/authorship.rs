//! Who wrote a file through us, for a history that names authors.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

use crate::model::access::Actor;

/// Writers that are remembered until the history has their changes.
const REMEMBERED: usize = 256;

/// Who wrote what, in the order in which it was written.
#[derive(Clone, Debug, Default)]
pub struct Authors(Arc<watch::Sender<VecDeque<WrittenBy>>>);

/// A content, and who wrote it.
#[derive(Debug)]
struct WrittenBy {
    bytes: Vec<u8>,
    actor: Actor,
}

impl Authors {
    /// Notes who writes this content, before it is written.
    pub fn note(&self, bytes: &[u8], actor: &Actor) {
        self.0.send_modify(|written| {
            let (bytes, actor) = (bytes.to_owned(), actor.clone());
            written.push_back(WrittenBy { bytes, actor });
            if written.len() > REMEMBERED {
                written.pop_front();
            }
        });
    }

    /// Who wrote this content, if that was noted; it is forgotten then.
    pub fn take(&self, bytes: &[u8]) -> Option<Actor> {
        let mut found = None;
        self.0.send_modify(|written| {
            let place = written.iter().position(|one| one.bytes == bytes);
            found = place.and_then(|at| written.remove(at)).map(|one| one.actor);
        });
        found
    }
}
