//! Tells what the service wrote from what people wrote, by a mark of the words.

use jiff::Timestamp;
use md5::{Digest as _, Md5};

use crate::model::incident::{Author, Update};

/// Marks that are kept; what is older counts as a person's.
const KEPT: usize = 200;

/// The mark of an update: another word, time or text gives another mark.
///
/// Blanks do not count, nor what stands below the first paragraph, as nothing
/// of that is read back.
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

/// Notes that the service writes an update.
pub fn note(wrote: &mut Vec<String>, update: &Update) {
    wrote.push(mark(update));
    let old = wrote.len().saturating_sub(KEPT);
    wrote.drain(..old);
}

/// Says of each update who wrote it.
pub fn attribute(updates: &mut [Update], wrote: &[String]) {
    if wrote.is_empty() {
        return;
    }
    for update in updates {
        if wrote.contains(&mark(update)) {
            update.author = Author::Rule;
        }
    }
}
