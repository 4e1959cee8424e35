//! When the state of components and planned work changed last, by comparing.
//!
//! Files do not say when somebody moved a date, and clients of calendars and of
//! Statuspage's API want to know; so what was shown last is remembered.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{Context, SHA256};

use crate::history::revisions::table::LastShown;
use crate::history::writer::owed::Owed;
use crate::model::board::Board;
use crate::model::component::ComponentId;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::facts::revised::Revised;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::{Incident, IncidentId};
use crate::model::incidents::list::Incidents;

/// The last shown state of every component and maintenance.
#[derive(Debug, Default)]
pub struct Revisions {
    shown_last: BTreeMap<String, LastShown>,
    shown: Arc<Revised>,
    /// The files that were compared last.
    files: Arc<Incidents>,
    /// What the database does not know yet, in order.
    pub(crate) due: VecDeque<Owed>,
}

impl Revisions {
    /// Continues from stored rows.
    pub(crate) fn new(rows: Vec<LastShown>) -> Self {
        let rows = rows.into_iter().map(|row| (row.thing.clone(), row));
        Self {
            shown_last: rows.collect(),
            ..Self::default()
        }
    }

    /// Sends everything to the database once more.
    pub(crate) fn owe_all(&mut self) {
        let all = self.shown_last.values().cloned().map(Box::new);
        self.due = all.map(Owed::Revised).collect();
    }

    /// Compares a board with what was shown before.
    pub(crate) fn look(&mut self, board: &Board) -> Arc<Revised> {
        let mut shown = Revised {
            components: self.components(board),
            works: BTreeMap::new(),
        };
        if Arc::ptr_eq(&self.files, &board.facts.incidents) {
            shown.works.clone_from(&self.shown.works);
        } else {
            self.files = Arc::clone(&board.facts.incidents);
            shown.works = self.works(board);
        }
        if *self.shown != shown {
            self.shown = Arc::new(shown);
        }
        Arc::clone(&self.shown)
    }

    fn components(&mut self, board: &Board) -> BTreeMap<ComponentId, Timestamp> {
        let mut first = None;
        let states = board.components.iter();
        states
            .map(|state| {
                let id = &state.component.id;
                let changed = || {
                    let newest = first.get_or_insert_with(|| newest_changes(board));
                    let newest = newest.get(&*state.component.name).copied();
                    newest.max(state.uptime.since)
                };
                let thing = format!("component/{id}");
                (
                    id.clone(),
                    self.compare(thing, &health(state), changed, board.at),
                )
            })
            .collect()
    }

    fn works(&mut self, board: &Board) -> BTreeMap<IncidentId, Timestamp> {
        let works = board.facts.maintenance.iter();
        let files = works.filter_map(|work| Some((work, board.incident(&work.id.0)?)));
        files
            .map(|(work, file)| {
                let changed = || file.last_dated(board.at);
                let thing = format!("work/{}", work.id);
                let at = self.compare(thing, &digest(work, file), changed, board.at);
                (work.id.clone(), at)
            })
            .collect()
    }

    /// Since when a thing is shown so; the first time that is what its files tell.
    fn compare(
        &mut self,
        thing: String,
        mark: &str,
        changed: impl FnOnce() -> Option<Timestamp>,
        now: Timestamp,
    ) -> Timestamp {
        let at = match self.shown_last.get(&thing) {
            Some(last) if last.mark == mark => return last.at,
            Some(last) => {
                let changed = changed().filter(|at| *at > last.at);
                // Who reads seconds must see that it is later.
                let later = last.at.checked_add(SignedDuration::from_secs(1));
                changed.unwrap_or(now).max(later.unwrap_or(now))
            }
            None => changed().unwrap_or(now),
        };
        let revision = LastShown {
            thing: thing.clone(),
            mark: mark.to_owned(),
            at,
        };
        self.due
            .push_back(Owed::Revised(Box::new(revision.clone())));
        self.shown_last.insert(thing, revision);
        at
    }
}

/// The last change of an incident about each component, by its name.
fn newest_changes(board: &Board) -> BTreeMap<&str, Timestamp> {
    let mut all = BTreeMap::new();
    let public = board.facts.incidents.iter();
    for incident in public.filter(|incident| incident.is_public()) {
        let Some(changed) = incident.changed(board.at).filter(|at| *at <= board.at) else {
            continue;
        };
        for name in &incident.affected {
            let newest = all.entry(&**name).or_insert(changed);
            *newest = changed.max(*newest);
        }
    }
    all
}

fn health(state: &ComponentState) -> String {
    let work = if state.in_maintenance { "+work" } else { "" };
    format!("{}{work}", state.health.word())
}

/// A digest of everything that a calendar shows of maintenance.
fn digest(work: &Planned, file: &Incident) -> String {
    let off = work.stage == WorkStage::Cancelled;
    let times = format!("{:?} {:?} {:?} {off}", work.from, work.until, work.days);
    let text = file
        .updates
        .first()
        .map_or(&file.body, |update| &update.text);
    let mut context = Context::new(&SHA256);
    let names = work.components.iter();
    for part in [&times, &work.title, text].into_iter().chain(names) {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    let digest = context.finish();
    let mut mark = String::new();
    for byte in digest.as_ref().iter().take(8) {
        // Writing into a String cannot fail.
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}
