//! Merges bodies, paragraph by paragraph.

use std::cmp::Reverse;
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::incident::file::author;
use crate::incident::file::body;
use crate::incident::file::document::Document;
use crate::incident::merge::service::managed;
use crate::model::incident::Update;

/// Two monitors that see the same tell it within this time.
const SAME: SignedDuration = SignedDuration::from_mins(2);

/// A paragraph with what it is known by.
#[derive(Clone, Debug, PartialEq)]
struct Block {
    /// Its lines without the blanks at their ends.
    text: String,
    /// The update that it opens, if it opens one.
    update: Option<Update>,
    /// Whether the service wrote that update.
    is_by_service: bool,
}

/// The merged body, in the bytes of one side where the other changed nothing.
///
/// Where both changed the same paragraphs theirs stay, and those that we added stand
/// above them, or in the order of their moments. What the service only wrote again
/// gives way.
pub(super) fn merge(
    base: Option<&Document>,
    ours: &Document,
    theirs: &Document,
    is_ours_by_service: bool,
) -> String {
    let before = base
        .map(|base| base.body().into_owned())
        .unwrap_or_default();
    let (our, their) = (ours.body(), theirs.body());
    if our == before || our == their {
        return their.into_owned();
    }
    if their == before {
        return our.into_owned();
    }
    let base_blocks = base.map(blocks).unwrap_or_default();
    let sides = [blocks(ours), blocks(theirs)];
    let hunks = [
        hunks(&base_blocks, &sides[0]),
        hunks(&base_blocks, &sides[1]),
    ];
    let mut merged: Vec<Block> = Vec::new();
    let mut at = 0;
    for (region, our, their) in regions(&hunks) {
        merged.extend_from_slice(&base_blocks[at..region.start]);
        at = region.end;
        let was = &base_blocks[region];
        let [our, their] = [&sides[0][our], &sides[1][their]];
        if !is_same(their, was) && !is_same(our, was) {
            merged.extend(settle(was, our, their, &sides[1], is_ours_by_service));
        } else if is_same(our, was) {
            merged.extend_from_slice(their);
        } else {
            merged.extend_from_slice(our);
        }
    }
    merged.extend_from_slice(&base_blocks[at..]);
    let newline = if their.contains("\r\n") { "\r\n" } else { "\n" };
    let texts: Vec<_> = merged
        .iter()
        .map(|block| block.text.replace('\n', newline))
        .collect();
    let opening = if their.starts_with(['\n', '\r']) {
        newline
    } else {
        ""
    };
    format!("{opening}{}{newline}", texts.join(&newline.repeat(2)))
}

fn is_same(one: &[Block], other: &[Block]) -> bool {
    let texts = |blocks: &[Block]| {
        blocks
            .iter()
            .map(|block| block.text.clone())
            .collect::<Vec<_>>()
    };
    texts(one) == texts(other)
}

/// Their paragraphs, with those that only we have.
fn settle(
    was: &[Block],
    our: &[Block],
    their: &[Block],
    all_theirs: &[Block],
    is_ours_by_service: bool,
) -> Vec<Block> {
    let has = |blocks: &[Block], block: &Block| blocks.iter().any(|one| one.text == block.text);
    let said = |block: &Block| {
        block.is_by_service && all_theirs.iter().any(|one| is_same_news(one, block))
    };
    let mut added = Vec::new();
    let mut is_within = false;
    for block in our
        .iter()
        .filter(|block| !has(was, block) && !has(all_theirs, block))
    {
        is_within = block.update.is_some() || is_within;
        // What the service wrote anew of a report is a person's by now.
        if (is_within || !is_ours_by_service || was.is_empty()) && !said(block) {
            added.push(block.clone());
        }
    }
    let is_report = added
        .first()
        .is_some_and(|block| block.text.starts_with('#'));
    if is_report {
        return their.iter().chain(&added).cloned().collect();
    }
    let mut groups = groups(added);
    groups.extend(self::groups(their.to_vec()));
    let moment = |group: &[Block]| group.first()?.update.as_ref()?.at;
    if groups.iter().all(|group| moment(group).is_some()) {
        groups.sort_by_key(|group| Reverse(moment(group)));
    }
    groups.concat()
}

/// Whether another monitor told the same at about the same time.
fn is_same_news(one: &Block, other: &Block) -> bool {
    let moment = |block: &Block| block.update.as_ref().and_then(|update| update.at);
    let word = |block: &Block| block.update.as_ref().map(|update| update.word.clone());
    let near = |a: Timestamp, b: Timestamp| a.duration_since(b).abs() <= SAME;
    one.is_by_service
        && word(one) == word(other)
        && moment(one)
            .zip(moment(other))
            .is_some_and(|(a, b)| near(a, b))
}

/// Each update with the paragraphs below it.
fn groups(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut groups: Vec<Vec<Block>> = Vec::new();
    for block in blocks {
        match groups.last_mut() {
            Some(group) if block.update.is_none() => group.push(block),
            _ => groups.push(vec![block]),
        }
    }
    groups
}

/// The paragraphs of a document.
fn blocks(document: &Document) -> Vec<Block> {
    let text = document.body().replace("\r\n", "\n");
    let wrote: Vec<String> = managed(document)
        .and_then(|map| map.get("wrote")?.as_array())
        .into_iter()
        .flatten()
        .filter_map(|mark| mark.as_str().map(str::to_owned))
        .collect();
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        if !line.is_empty() {
            lines.push(line);
            continue;
        }
        if lines.is_empty() {
            continue;
        }
        let text = std::mem::take(&mut lines).join("\n");
        let mut updates = body::parse(&text, document.zone()).updates;
        let update = updates.drain(..).next();
        let is_by_service = update
            .as_ref()
            .is_some_and(|update| wrote.contains(&author::mark(update)));
        blocks.push(Block {
            text,
            update,
            is_by_service,
        });
    }
    blocks
}

/// What changed from the base to a side: paragraphs of the base, and of the side.
type Hunk = (Range<usize>, Range<usize>);

fn hunks(base: &[Block], side: &[Block]) -> Vec<Hunk> {
    let texts = |blocks: &[Block]| {
        let texts = blocks.iter().map(|block| block.text.clone());
        texts.collect::<Vec<_>>()
    };
    let ops = capture_diff_slices(Algorithm::Myers, &texts(base), &texts(side));
    let same = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. }));
    let same = same.map(|op| (op.old_range(), op.new_range()));
    let end = (base.len()..base.len(), side.len()..side.len());
    let mut at = (0, 0);
    let mut hunks = Vec::new();
    // Whatever lies between two parts that are the same has changed.
    for (old, new) in same.chain([end]) {
        if (at.0, at.1) != (old.start, new.start) {
            hunks.push((at.0..old.start, at.1..new.start));
        }
        at = (old.end, new.end);
    }
    hunks
}

/// The parts of the base that any side changed, with what each side has there.
fn regions(hunks: &[Vec<Hunk>; 2]) -> Vec<(Range<usize>, Range<usize>, Range<usize>)> {
    let mut bounds: Vec<Range<usize>> = hunks.iter().flatten().map(|hunk| hunk.0.clone()).collect();
    bounds.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in bounds {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    let regions = joined.into_iter().map(|region| {
        let [our, their] = [&hunks[0], &hunks[1]].map(|hunks| within(hunks, &region));
        (region, our, their)
    });
    regions.collect()
}

/// The paragraphs of a side that stand where a part of the base stood.
fn within(hunks: &[Hunk], region: &Range<usize>) -> Range<usize> {
    // Before and behind a hunk both sides go on alike, so offsets carry over.
    let place = |at: usize, is_end: bool| {
        let before = hunks
            .iter()
            .rfind(|(base, _)| base.end < at || (base.end == at && (is_end || base.start < at)));
        match before {
            Some((base, side)) => side.end + (at - base.end),
            None => at,
        }
    };
    place(region.start, false)..place(region.end, true)
}
