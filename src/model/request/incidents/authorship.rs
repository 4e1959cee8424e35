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

/// A content, and who wrote or deleted it.
#[derive(Debug)]
struct WrittenBy {
    bytes: Vec<u8>,
    is_deleted: bool,
    actor: Actor,
}

impl Authors {
    /// Notes who writes this content, before it is written.
    pub fn note(&self, bytes: &[u8], actor: &Actor) {
        self.add(bytes, false, actor);
    }

    /// Notes who deletes a file of this content, before it is deleted.
    pub fn note_deletion(&self, bytes: &[u8], actor: &Actor) {
        self.add(bytes, true, actor);
    }

    fn add(&self, bytes: &[u8], is_deleted: bool, actor: &Actor) {
        self.0.send_modify(|written| {
            written.push_back(WrittenBy {
                bytes: bytes.to_owned(),
                is_deleted,
                actor: actor.clone(),
            });
            if written.len() > REMEMBERED {
                written.pop_front();
            }
        });
    }

    /// Who made what was there before into what is there now, if that was noted; it is
    /// forgotten then.
    pub fn take(&self, before: Option<&[u8]>, after: Option<&[u8]>) -> Option<Actor> {
        let is_deleted = after.is_none();
        let bytes = after.or(before)?;
        let mut found = None;
        self.0.send_modify(|written| {
            let is_it = |one: &WrittenBy| one.bytes == bytes && one.is_deleted == is_deleted;
            let place = written.iter().position(is_it);
            found = place.and_then(|at| written.remove(at)).map(|one| one.actor);
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::model::access::Proof;

    use super::*;

    #[test]
    fn who_deletes_a_file_is_named_as_who_wrote_it_is() {
        let authors = Authors::default();
        let [ann, ben] = ["Ann", "Ben"].map(|name| Actor::new(name, Proof::Token));
        authors.note(b"a", &ann);
        authors.note_deletion(b"a", &ben);
        assert_eq!(authors.take(Some(b"a"), None), Some(ben));
        assert_eq!(authors.take(Some(b"a"), None), None);
        assert_eq!(authors.take(None, Some(b"a")), Some(ann));
        assert_eq!(authors.take(None, Some(b"a")), None);
    }
}
