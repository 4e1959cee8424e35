//! The files of what was announced, whatever their names are by now.
//!
//! Whoever renames a file may edit it as well. Until that is done both files exist, or
//! neither does, in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::incident::{Incident, IncidentId};
use crate::model::time::duration::elapsed;
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::topic::{Kind, TopicId};

/// How long a file that resembles another one may be its copy, under a new title. Who
/// renames a file removes the old one at once.
const COPYING: Duration = Duration::from_secs(30);

/// Since when there are new files that resemble others.
pub(crate) type AlikeFiles = BTreeMap<IncidentId, Timestamp>;

/// The files of what was announced.
#[derive(Debug, Default)]
pub(crate) struct FollowedFiles<'b> {
    files: BTreeMap<TopicId, &'b Incident>,
    topics: BTreeMap<&'b IncidentId, TopicId>,
    /// Open files that say the same as others.
    copies: BTreeSet<&'b IncidentId>,
    /// Topics of which another incident has the name by now.
    replaced: BTreeSet<TopicId>,
}

impl<'b> FollowedFiles<'b> {
    /// Finds the file of each topic that is watched, and of what recurs under another name.
    pub(crate) fn new(
        board: &'b Board,
        receipts: &BTreeMap<TopicId, Receipt>,
        watched: &BTreeSet<TopicId>,
        alike: &mut AlikeFiles,
    ) -> Self {
        let untold = board.facts.incidents.active();
        let untold: Vec<_> = untold.filter(|file| !is_told(file, receipts)).collect();
        let mut concerned: BTreeSet<_> = watched.iter().collect();
        if !untold.is_empty() {
            let recurring = receipts.iter().filter(|(_, receipt)| {
                let mut began = untold.iter().map(|file| file.date);
                began.any(|began| began == receipt.known_began())
            });
            concerned.extend(recurring.map(|(id, _)| id));
        }
        let concerned = concerned.into_iter().filter(|id| id.is_public());
        let concerned = concerned.filter_map(|id| receipts.get_key_value(id));
        let concerned: Vec<_> = concerned.collect();
        let mut followed = Self::default();
        // Two may have had one name, one after the other.
        for is_away in [false, true] {
            let some = concerned.iter().filter(|(_, one)| one.away == is_away);
            for (id, receipt) in some {
                followed.follow_last(board, id, receipt);
            }
        }
        for (id, receipt) in &concerned {
            followed.follow_first(board, id, receipt);
        }
        for (id, receipt) in &concerned {
            if let Some(file) = followed.other_file(board, id, receipt, receipts) {
                followed.follow(id, file);
            }
        }
        followed.name_anew(board, receipts);
        let untold = untold.into_iter().map(|file| &**file).collect();
        followed.find_copies(board, untold, alike);
        followed
    }

    /// Finds the files that say the same as others, and for a while those that may.
    fn find_copies(&mut self, board: &'b Board, untold: Vec<&'b Incident>, alike: &mut AlikeFiles) {
        let mut originals: Vec<_> = self.files.values().copied().collect();
        let mut seen = AlikeFiles::new();
        for file in untold {
            if self.topics.contains_key(&file.id) {
                continue;
            }
            let mut others = originals.iter();
            let is_copy = if others.clone().any(|other| is_same(board, file, other)) {
                true
            } else if others.any(|other| is_alike(board, file, other)) {
                let since = alike.get(&file.id).copied().unwrap_or(board.at);
                seen.insert(file.id.clone(), since);
                elapsed(since, board.at) < COPYING
            } else {
                false
            };
            if is_copy {
                self.copies.insert(&file.id);
            } else {
                originals.push(file);
            }
        }
        *alike = seen;
    }

    /// The topics with their files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&TopicId, &'b Incident)> {
        self.files.iter().map(|(id, file)| (id, *file))
    }

    /// Whether the file of a topic is there.
    pub(crate) fn has(&self, id: &TopicId) -> bool {
        self.files.contains_key(id)
    }

    /// The topic as which a file is announced by another name.
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

    /// Follows the file that a conversation was about last under another name.
    fn follow_last(&mut self, board: &'b Board, id: &TopicId, receipt: &Receipt) {
        let last = receipt.file.as_deref();
        let last = last.and_then(|name| named(board, name));
        let is_free = |file: &&Incident| !self.topics.contains_key(&file.id);
        let Some(last) = last.filter(|file| is_kind(board, file, id) && is_free(file)) else {
            return;
        };
        if receipt.away && is_replaced(id, receipt, last) {
            self.replaced.insert(id.clone());
        } else {
            self.follow(id, last);
        }
    }

    /// Follows the file that has the name of a conversation, unless the one that it was
    /// about last is there.
    fn follow_first(&mut self, board: &'b Board, id: &TopicId, receipt: &Receipt) {
        let last = self.files.get(id);
        let Some(first) = named(board, id.name()) else {
            return;
        };
        let follower = self.topics.get(&first.id);
        let is_followed = follower.is_some_and(|topic| topic.name() != id.name());
        // What recurs may do so under its first name.
        let is_better = last.is_none_or(|last| last.resolved > first.resolved);
        if is_followed || !is_better {
            return;
        }
        let was_missing = receipt.away || receipt.file.is_some();
        if last.is_none() && was_missing && is_replaced(id, receipt, first) {
            self.replaced.insert(id.clone());
        } else {
            self.follow(id, first);
        }
    }

    /// A better file than the named one: an open copy of what is over, or what says the
    /// same as the missing one, or as the one whose name another incident has by now.
    fn other_file(
        &self,
        board: &'b Board,
        id: &TopicId,
        receipt: &Receipt,
        receipts: &BTreeMap<TopicId, Receipt>,
    ) -> Option<&'b Incident> {
        let is_free = |file: &&Incident| {
            let is_followed = self.topics.contains_key(&file.id);
            is_kind(board, file, id) && !is_followed && !is_told(file, receipts)
        };
        let open = board.facts.incidents.active().map(|file| &**file);
        let named = self.files.get(id).copied();
        if let Some(named) = named {
            let is_over = named.resolved == Some(true);
            if !is_over && !is_replaced(id, receipt, named) {
                return None;
            }
            return open.filter(is_free).find(|file| {
                if is_over {
                    is_same(board, file, named)
                } else {
                    receipt.is_of(file)
                }
            });
        }
        let files: Vec<_> = if receipt.stage.is_open() {
            let all = board.facts.incidents.iter().map(|file| &**file);
            all.filter(|file| file.is_public()).collect()
        } else {
            // What is over does not go on as something else of that day.
            open.filter(|file| file.title == receipt.title).collect()
        };
        let files = files.into_iter().filter(|file| receipt.is_of(file));
        files
            .filter(is_free)
            .min_by_key(|file| (file.title != receipt.title, file.resolved))
    }

    /// Gives a name of its own to each incident that has that of another conversation.
    fn name_anew(&mut self, board: &'b Board, receipts: &BTreeMap<TopicId, Receipt>) {
        let elsewhere = self
            .files
            .iter()
            .filter(|(id, file)| id.name() != file.id.0);
        let elsewhere = elsewhere.map(|(id, _)| id);
        let taken: BTreeSet<_> = elsewhere.chain(&self.replaced).cloned().collect();
        for id in taken {
            let told = self.files.get(&id).copied();
            let Some(file) = named(board, id.name()) else {
                continue;
            };
            let is_new = told.is_none_or(|told| !is_same(board, file, told));
            let is_free = !self.topics.contains_key(&file.id);
            if is_new && is_free && is_kind(board, file, &id) {
                self.topics.insert(&file.id, unused(board, &id, receipts));
            }
        }
    }
}

/// The public file of a name.
fn named<'b>(board: &'b Board, name: &str) -> Option<&'b Incident> {
    let mut named = board.facts.incidents.named(name);
    named.find(|file| file.is_public()).map(|file| &**file)
}

/// A name like that of a topic which neither a file nor a conversation has.
fn unused(board: &Board, id: &TopicId, receipts: &BTreeMap<TopicId, Receipt>) -> TopicId {
    let mut names = (2_u32..).map(|number| id.numbered(number));
    let name = names.find(|id| {
        let mut files = board.facts.incidents.named(id.name());
        files.next().is_none() && !receipts.contains_key(id)
    });
    name.unwrap_or_else(|| id.clone())
}

/// Whether a file that has the name of one that was announced as open is about another
/// incident.
fn is_replaced(id: &TopicId, receipt: &Receipt, file: &Incident) -> bool {
    let is_known = receipt.stage.is_open() && receipt.traits.is_some();
    is_known && id.kind() == Kind::Incident && !receipt.is_of(file)
}

/// Whether two files are about one thing: they are alike, and have one title. Where only the
/// day is known they also begin with the same words: two outages of one day are no copies.
fn is_same(board: &Board, one: &Incident, other: &Incident) -> bool {
    one.title == other.title
        && is_like(board, one, other)
        && (one.days.began.is_none() || is_worded(one, other))
}

/// Whether a file may be about the same as another one under a new title: they begin with
/// the same words. That proves nothing: everybody is looking into it.
fn is_alike(board: &Board, one: &Incident, other: &Incident) -> bool {
    one.days.began.is_none() && is_worded(one, other) && is_like(board, one, other)
}

/// Whether two files begin with the same words.
fn is_worded(one: &Incident, other: &Incident) -> bool {
    !one.updates.is_empty() && one.updates.last() == other.updates.last()
}

/// Whether two things began together, for the same reason and at the same place.
fn is_like(board: &Board, one: &Incident, other: &Incident) -> bool {
    let (here, there) = (&one.managed, &other.managed);
    let place = &other.affected;
    let is_placed = one.affected == *place || one.affected.iter().any(|name| place.contains(name));
    one.date.is_some()
        && one.date == other.date
        && here.rules.first() == there.rules.first()
        && here.work.plan == there.work.plan
        && is_work(board, one) == is_work(board, other)
        && is_placed
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
