//! The files of what was announced, whatever their names are by now.
//!
//! Whoever renames a file may edit it as well. Until that is done both files exist, or
//! neither does, in any order.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::board::Board;
use crate::model::incident::{Incident, IncidentId};
use crate::notify::message::receipt::Receipt;
use crate::notify::message::topic::{Kind, TopicId};

/// The files of what was announced.
#[derive(Debug, Default)]
pub(crate) struct FollowedFiles<'b> {
    files: BTreeMap<TopicId, &'b Incident>,
    topics: BTreeMap<&'b IncidentId, TopicId>,
    /// Open files that say the same as others.
    copies: BTreeSet<&'b IncidentId>,
}

impl<'b> FollowedFiles<'b> {
    /// Finds the file of each topic that is watched, and of what recurs under another name.
    pub(crate) fn new(
        board: &'b Board,
        receipts: &BTreeMap<TopicId, Receipt>,
        watched: &BTreeSet<TopicId>,
    ) -> Self {
        let untold = board.facts.incidents.active();
        let untold: Vec<_> = untold.filter(|file| !is_told(file, receipts)).collect();
        let mut concerned: BTreeSet<_> = watched.iter().collect();
        if !untold.is_empty() {
            let recurring = receipts.iter().filter(|(_, receipt)| {
                let mut began = untold.iter().map(|file| file.date);
                began.any(|began| began == receipt.began)
            });
            concerned.extend(recurring.map(|(id, _)| id));
        }
        concerned.retain(|id| id.is_public());
        let mut followed = Self::default();
        for id in &concerned {
            if let Some(file) = receipts
                .get(*id)
                .and_then(|receipt| named_file(board, id, receipt))
            {
                followed.follow(id, file);
            }
        }
        for id in concerned {
            if let Some(file) = receipts
                .get(id)
                .and_then(|receipt| followed.other_file(board, id, receipt, receipts))
            {
                followed.follow(id, file);
            }
        }
        let mut originals: Vec<_> = followed.files.values().copied().collect();
        for file in untold {
            if followed.topics.contains_key(&file.id) {
            } else if originals.iter().any(|other| is_same(board, file, other)) {
                followed.copies.insert(&file.id);
            } else {
                originals.push(file);
            }
        }
        followed
    }

    /// The topics with their files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&TopicId, &'b Incident)> {
        self.files.iter().map(|(id, file)| (id, *file))
    }

    /// Whether the file of a topic is there.
    pub(crate) fn has(&self, id: &TopicId) -> bool {
        self.files.contains_key(id)
    }

    /// The topic as which a file was announced by another name.
    pub(crate) fn renamed(&self, file: &Incident) -> Option<&TopicId> {
        let topic = self.topics.get(&file.id)?;
        (topic.name() != file.id.0).then_some(topic)
    }

    /// Whether a file says only what the file of a topic says, or another one.
    pub(crate) fn is_copy(&self, file: &Incident, own: &TopicId) -> bool {
        let is_other = self.files.get(own).is_some_and(|other| other.id != file.id);
        self.copies.contains(&file.id) || is_other && !self.topics.contains_key(&file.id)
    }

    fn follow(&mut self, id: &TopicId, file: &'b Incident) {
        if let Some(before) = self.files.insert(id.clone(), file) {
            self.topics.remove(&before.id);
        }
        self.topics.insert(&file.id, id.clone());
    }

    /// A better file than the named one: an open copy of what is over, or what began
    /// when the missing one did, if it is of the same title or alone.
    fn other_file(
        &self,
        board: &'b Board,
        id: &TopicId,
        receipt: &Receipt,
        receipts: &BTreeMap<TopicId, Receipt>,
    ) -> Option<&'b Incident> {
        let named = self.files.get(id).copied();
        if named.is_some_and(|file| file.resolved != Some(true)) {
            return None;
        }
        let is_free = |file: &&Incident| {
            let is_followed = self.topics.contains_key(&file.id);
            is_kind(board, file, id) && !is_followed && !is_told(file, receipts)
        };
        let open = board.facts.incidents.active().map(|file| &**file);
        if let Some(named) = named {
            return open
                .filter(is_free)
                .find(|file| is_same(board, file, named));
        }
        let mut files: Vec<_> = if receipt.stage.is_open() {
            let all = board.facts.incidents.iter().map(|file| &**file);
            all.filter(|file| file.is_public()).collect()
        } else {
            open.collect()
        };
        files.retain(|file| file.date == receipt.began && is_free(file));
        let titled = files.iter().filter(|file| file.title == receipt.title);
        // What is over does not go on as something else of that day.
        let may_differ = receipt.stage.is_open() && receipt.began.is_some();
        let alone = files.first().filter(|_| files.len() == 1 && may_differ);
        titled.min_by_key(|file| file.resolved).or(alone).copied()
    }
}

/// The file that has the name of a conversation, or the one that it had last.
fn named_file<'b>(board: &'b Board, id: &TopicId, receipt: &Receipt) -> Option<&'b Incident> {
    let named = |name: &str| {
        let mut named = board.facts.incidents.named(name);
        named.find(|file| file.is_public()).map(|file| &**file)
    };
    let last = receipt.file.as_deref().and_then(named);
    let last = last.filter(|file| is_kind(board, file, id));
    let first = named(id.name()).filter(|first| {
        // The first name may have been given to another incident.
        last.is_none_or(|last| last.resolved > first.resolved || !is_same(board, first, last))
    });
    first.or(last)
}

/// Whether two files are about one thing: they began together, for the same reason and at
/// the same place, and have one title or begin with the same words. Where only the day is
/// known they have both: two outages of one day are no copies.
fn is_same(board: &Board, one: &Incident, other: &Incident) -> bool {
    let (here, there) = (&one.managed, &other.managed);
    let place = &other.affected;
    let is_placed = one.affected == *place || one.affected.iter().any(|name| place.contains(name));
    let is_titled = one.title == other.title;
    let is_worded = !one.updates.is_empty() && one.updates.last() == other.updates.last();
    let is_told_alike = match one.days.began {
        Some(_) => is_titled && is_worded,
        None => is_titled || is_worded,
    };
    one.date.is_some()
        && one.date == other.date
        && here.rules.first() == there.rules.first()
        && here.work.plan == there.work.plan
        && is_work(board, one) == is_work(board, other)
        && is_placed
        && is_told_alike
}

/// Whether a file is of the kind of a topic.
fn is_kind(board: &Board, file: &Incident, id: &TopicId) -> bool {
    is_work(board, file) == (id.kind() == Kind::Maintenance)
}

/// Whether a file is about planned work.
fn is_work(board: &Board, file: &Incident) -> bool {
    let mut works = board.facts.maintenance.iter();
    works.any(|work| work.id == file.id)
}

/// Whether something was announced by the name of a file.
fn is_told(file: &Incident, receipts: &BTreeMap<TopicId, Receipt>) -> bool {
    let own = [TopicId::Incident, TopicId::Maintenance];
    own.iter()
        .any(|kind| receipts.contains_key(&kind(file.id.clone())))
}
