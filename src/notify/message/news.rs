//! Every topic that may be due at the moment of a board.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::time::duration::elapsed;
use crate::notify::message::known::followed::{AlikeFiles, FollowedFiles};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::operations::Operation;
use crate::notify::message::topic::{Kind, Source, Topic, TopicId};

/// How long the file of something announced may be away before that is corrected.
///
/// An editor saves by renaming, and git switches branches.
const GONE: Duration = Duration::from_mins(10);

/// Since when the files of what was announced are away.
#[derive(Debug, Default)]
pub(crate) struct AbsentFiles {
    since: BTreeMap<TopicId, Timestamp>,
    /// Files that could not be read while none was away: none of them is one that is.
    unreadable: BTreeSet<String>,
    /// New files that resemble others.
    alike: AlikeFiles,
}

impl AbsentFiles {
    /// The topics that are public.
    pub(crate) fn topics(&self) -> impl Iterator<Item = &TopicId> {
        self.since.keys().filter(|topic| topic.is_public())
    }
}

/// Every topic that may be due at the moment of a board.
#[derive(Debug)]
pub(crate) struct News<'b> {
    /// The board.
    pub board: &'b Board,
    operations: Vec<Operation>,
    gone: Vec<(TopicId, Receipt)>,
    /// The files of what was announced.
    pub followed: FollowedFiles<'b>,
}

impl<'b> News<'b> {
    /// Finds what is new, and what was announced and is there no longer; `watched` are
    /// the topics of receipts that are not over.
    pub(crate) fn new(
        board: &'b Board,
        operations: Vec<Operation>,
        (receipts, watched): (&BTreeMap<TopicId, Receipt>, &BTreeSet<TopicId>),
        absent: &mut AbsentFiles,
    ) -> Self {
        let followed = FollowedFiles::new(board, receipts, watched, &mut absent.alike);
        let is_there = |id: &TopicId| match id {
            TopicId::Incident(_) | TopicId::Maintenance(_) => followed.has(id),
            TopicId::Operation(id) => operations.iter().any(|one| one.id == *id),
        };
        // Its end may not have arrived.
        let concerns = |one: &Receipt| one.stage.is_open() || one.is_sent_again();
        let away = watched.iter().filter(|id| !is_there(id));
        let away = away.filter_map(|id| receipts.get_key_value(id));
        let mut away: BTreeMap<_, _> = away.filter(|(_, one)| concerns(one)).collect();
        // A file that cannot be read is not gone, whatever its name is by now.
        let faults = board.facts.faults.iter();
        let faults: BTreeSet<_> = faults.map(|fault| fault.file.clone()).collect();
        if away.keys().all(|id| id.kind() == Kind::Operation) {
            absent.unreadable = faults;
        } else if !faults.is_subset(&absent.unreadable) {
            away.retain(|id, _| id.kind() == Kind::Operation);
        }
        absent.since.retain(|id, _| away.contains_key(id));
        let gone = away.into_iter().filter(|(id, _)| {
            let since = *absent.since.entry((*id).clone()).or_insert(board.at);
            id.kind() == Kind::Operation || elapsed(since, board.at) >= GONE
        });
        let gone = gone.map(|(id, receipt)| (id.clone(), receipt.clone()));
        let gone = gone.collect();
        Self {
            board,
            operations,
            gone,
            followed,
        }
    }

    /// The topics, those of incidents first, each by age.
    ///
    /// Most incidents are over. `is_concerned` says by their names of which of them
    /// there may be something to say.
    pub(crate) fn topics(&self, is_concerned: impl Fn(&str) -> bool) -> Vec<Topic<'_>> {
        let mut topics = Topic::public(self.board, |incident| {
            let renamed = self.followed.renamed(incident);
            let name = renamed.map_or(&*incident.id.0, TopicId::name);
            incident.resolved != Some(true) || is_concerned(name)
        });
        topics.retain_mut(|topic| {
            let Source::File(incident) = topic.source else {
                return true;
            };
            let is_copy = self.followed.is_copy(incident, &topic.id);
            if let Some(renamed) = self.followed.renamed(incident) {
                topic.id = renamed.clone();
            }
            !is_copy
        });
        topics.extend(self.operations.iter().map(Topic::operation));
        let gone = self.gone.iter();
        topics.extend(gone.map(|(id, receipt)| Topic::gone(id.clone(), receipt)));
        topics
    }

    /// The topic of that name.
    pub(crate) fn topic(&self, id: &TopicId) -> Option<Topic<'_>> {
        let mut topics = self.topics(|name| name == id.name()).into_iter();
        topics.find(|topic| topic.id == *id)
    }
}
