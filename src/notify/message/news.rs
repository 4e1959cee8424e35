//! Every topic that may be due at the moment of a board.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::incident::{Incident, IncidentId};
use crate::model::time::duration::elapsed;
use crate::notify::message::operations::Operation;
use crate::notify::message::receipt::Receipt;
use crate::notify::message::topic::{Kind, Source, Topic, TopicId};

/// How long the file of something announced may be away before that is corrected.
///
/// An editor saves by renaming, and git switches branches.
const GONE: Duration = Duration::from_mins(10);

/// Since when the files of what was announced are away.
#[derive(Debug, Default)]
pub(crate) struct AbsentFiles(BTreeMap<TopicId, Timestamp>);

/// Every topic that may be due at the moment of a board.
#[derive(Debug)]
pub(crate) struct News<'b> {
    /// The board.
    pub board: &'b Board,
    operations: Vec<Operation>,
    gone: Vec<(TopicId, Receipt)>,
    /// The topics whose files have other names by now, by those.
    renamed: BTreeMap<IncidentId, TopicId>,
}

impl<'b> News<'b> {
    /// Finds what is new, and what was announced and is there no longer.
    pub(crate) fn new<'r>(
        board: &'b Board,
        operations: Vec<Operation>,
        receipts: impl Iterator<Item = (&'r TopicId, &'r Receipt)>,
        absent: &mut AbsentFiles,
    ) -> Self {
        let ids: BTreeSet<_> = operations.iter().map(|one| &*one.id).collect();
        let is_there = |id: &TopicId| match id {
            TopicId::Incident(id) | TopicId::Maintenance(id) => {
                let mut named = board.facts.incidents.named(&id.0);
                named.any(|incident| incident.is_public())
            }
            TopicId::Operation(id) => ids.contains(&**id),
        };
        // A file that cannot be read is not gone.
        let is_readable = board.facts.faults.is_empty();
        let receipts: BTreeMap<_, _> = receipts.collect();
        let mut away = receipts.clone();
        away.retain(|id, _| !is_there(id));
        let mut renamed = BTreeMap::new();
        away.retain(|id, receipt| {
            let file = renamed_file(board, id, receipt, &receipts);
            let file = file.filter(|file| !renamed.contains_key(&file.id));
            if let Some(file) = file {
                renamed.insert(file.id.clone(), (*id).clone());
            }
            file.is_none()
        });
        away.retain(|id, receipt| {
            let counts = is_readable || id.kind() == Kind::Operation;
            counts && receipt.stage.is_open()
        });
        absent.0.retain(|id, _| away.contains_key(id));
        let gone = away.into_iter().filter(|(id, _)| {
            let since = *absent.0.entry((*id).clone()).or_insert(board.at);
            id.kind() == Kind::Operation || elapsed(since, board.at) >= GONE
        });
        let gone = gone.map(|(id, receipt)| (id.clone(), receipt.clone()));
        let gone = gone.collect();
        Self {
            board,
            operations,
            gone,
            renamed,
        }
    }

    /// The topics, those of incidents first, each by age.
    ///
    /// Most incidents are over. `is_concerned` says by their names of which of them
    /// there may be something to say.
    pub(crate) fn topics(&self, is_concerned: impl Fn(&str) -> bool) -> Vec<Topic<'_>> {
        let told = |incident: &Incident| self.renamed.get(&incident.id);
        let mut topics = Topic::public(self.board, |incident| {
            let name = told(incident).map_or(&*incident.id.0, TopicId::name);
            incident.resolved != Some(true) || is_concerned(name)
        });
        for topic in &mut topics {
            if let Source::File(incident) = topic.source
                && let Some(told) = told(incident)
            {
                topic.id = told.clone();
            }
        }
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

/// The file of something announced that has another name by now: it began at the same
/// moment, and nobody was told of it by that name. Of several it is that of the same title.
fn renamed_file<'b>(
    board: &'b Board,
    id: &TopicId,
    receipt: &Receipt,
    receipts: &BTreeMap<&TopicId, &Receipt>,
) -> Option<&'b Incident> {
    let began = receipt.began?;
    let is_untold = |incident: &Incident| {
        let own = [TopicId::Incident, TopicId::Maintenance];
        own.iter()
            .all(|kind| !receipts.contains_key(&kind(incident.id.clone())))
    };
    let mut files: Vec<_> = board.facts.incidents.iter().map(|file| &**file).collect();
    files.retain(|file| file.date == Some(began) && file.is_public() && is_untold(file));
    let is_work = |file: &Incident| {
        board
            .facts
            .maintenance
            .iter()
            .any(|work| work.id == file.id)
    };
    files.retain(|file| is_work(file) == (id.kind() == Kind::Maintenance));
    let named = files.iter().find(|file| file.title == receipt.title);
    let alone = (files.len() == 1).then(|| files.first()).flatten();
    named.or(alone).copied()
}
