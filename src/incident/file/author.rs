//! Tells updates of the service from those of people, by a mark of their text.

use jiff::Timestamp;
use md5::{Digest as _, Md5};

use crate::model::incident::{Author, Update};
use crate::model::incidents::managed::Managed;

/// Marks that are retained; older updates count as a person's.
const KEPT: usize = 200;

/// The mark of an update: another word, time or text gives another mark.
///
/// Neither blanks count nor anything below the first paragraph, which is not read
/// back.
pub fn mark(update: &Update) -> String {
    let mut digest = Md5::new();
    let at = update.at.map_or(0, Timestamp::as_second);
    digest.update(format!("{at} {}", update.word));
    let first = update.text.trim().split("\n\n").next().unwrap_or_default();
    for word in first.split_whitespace() {
        digest.update(" ");
        digest.update(word);
    }
    let bytes = digest.finalize();
    let mark = bytes[..4]
        .iter()
        .fold(0, |mark, byte| mark << 8 | u32::from(*byte));
    format!("{mark:08x}")
}

/// Records that the service writes an update.
pub fn note(wrote: &mut Vec<String>, update: &Update) {
    wrote.push(mark(update));
    let old = wrote.len().saturating_sub(KEPT);
    wrote.drain(..old);
}

/// Sets the author of each update, as the managed keys say.
pub fn attribute(updates: &mut [Update], managed: &Managed) {
    if managed.wrote.is_empty() && managed.authors.is_empty() {
        return;
    }
    for update in updates {
        let mark = mark(update);
        if managed.wrote.contains(&mark) {
            update.author = Author::Rule;
        } else {
            update.by = managed.authors.get(&mark).cloned();
        }
    }
}
