//! What planned work needs: to be announced, begun and ended in its file. Pure.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::incident::document::Document;
use crate::incident::edit::Set;
use crate::incident::hand::Opening;
use crate::incident::head::DocumentError;
use crate::incident::maintenance::{self, planned_end};
use crate::incident::plan::{Occurrence, Plan};
use crate::incident::words;
use crate::model::component::Severity;
use crate::model::incident::{Incident, IncidentId, Machine, Phase, Update, Work};
use crate::model::when;

/// Who says so little before the beginning that it has begun means this one.
const EARLY: SignedDuration = SignedDuration::from_hours(1);

/// What is written at a moment, and when there is more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attendance {
    /// Occurrences that nobody has announced yet.
    pub announcements: Vec<Announcement>,
    /// Files of work that has begun or ended.
    pub turns: Vec<(IncidentId, Turn)>,
    /// When something is to be written again, if nothing changes until then.
    pub next: Option<Timestamp>,
}

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// What stands in its head.
    pub opening: Opening,
    /// What visitors read.
    pub update: Update,
    /// Which occurrence of which plan it is.
    pub machine: Machine,
}

/// Planned work that has begun, or ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Whether it is over.
    pub over: bool,
    /// What to tell, unless a person did.
    pub update: Option<Update>,
    /// What the service notes for itself.
    pub machine: Machine,
}

/// Compares plans and files with the moment.
pub fn attend<'a>(
    plans: &[Plan],
    incidents: impl Iterator<Item = &'a Arc<Incident>>,
    zone: &TimeZone,
    now: Timestamp,
) -> Attendance {
    let mut attendance = Attendance::default();
    let mut moments = Vec::new();
    let mut told = Vec::new();
    for incident in incidents {
        let work = &incident.machine.work;
        told.extend(work.plan.as_ref().zip(work.occurrence));
        if incident.is_active() && maintenance::stage(incident, now).is_some() {
            moments.extend([incident.date, planned_end(incident)]);
            let turn = turn(incident, zone, now);
            attendance
                .turns
                .extend(turn.map(|turn| (incident.id.clone(), turn)));
        }
    }
    for plan in plans {
        let (known, next) = plan.known(now);
        moments.push(next);
        let known = known.into_iter();
        // Whatever became of its file, an occurrence is announced once.
        let news = known.filter(|one| !told.contains(&(&plan.id, one.from)));
        attendance
            .announcements
            .extend(news.map(|one| announcement(plan, one, zone, now)));
    }
    let moments = moments.into_iter().flatten();
    attendance.next = moments.filter(|moment| *moment > now).min();
    attendance
}

fn announcement(plan: &Plan, one: Occurrence, zone: &TimeZone, now: Timestamp) -> Announcement {
    let times = words::planned(one.from, one.until, zone);
    let text = match &plan.text {
        Some(text) => format!("{text} {times}"),
        None => times,
    };
    Announcement {
        opening: Opening {
            title: plan.title.clone(),
            date: one.from,
            end: Some(one.until),
            severity: Severity::Notice,
            affected: plan.affected.clone(),
            draft: false,
        },
        update: update(maintenance::SCHEDULED, text, now),
        machine: Machine {
            work: Work {
                plan: Some(plan.id.clone()),
                occurrence: Some(one.from),
                ..Work::default()
            },
            ..Machine::default()
        },
    }
}

/// What is to be written because the beginning or the end has come.
///
/// Each is told once for the moment that it was planned for: who took the
/// words out again, or opened the file again, meant it; who moved the moment
/// is followed.
fn turn(incident: &Incident, zone: &TimeZone, now: Timestamp) -> Option<Turn> {
    let date = incident.date.filter(|date| *date <= now)?;
    let end = planned_end(incident);
    let mut machine = incident.machine.clone();
    let over = end.filter(|end| *end <= now);
    let (word, text) = if over.is_some() {
        if machine.work.completed == over {
            return None;
        }
        machine.work.completed = over;
        (maintenance::COMPLETED, words::DONE.to_owned())
    } else {
        if machine.work.started == Some(date) || says(incident, maintenance::IN_PROGRESS, date) {
            return None;
        }
        machine.work.started = Some(date);
        let text = words::begun(date, end, zone);
        (maintenance::IN_PROGRESS, text)
    };
    let told = says(incident, word, date);
    Some(Turn {
        over: over.is_some(),
        update: (!told).then(|| update(word, text, now)),
        machine,
    })
}

/// Whether an update of this time opens with the word.
fn says(incident: &Incident, word: &str, date: Timestamp) -> bool {
    let since = date.checked_sub(EARLY).unwrap_or(Timestamp::MIN);
    let mut updates = incident.updates.iter();
    updates.any(|update| {
        update.word.eq_ignore_ascii_case(word) && update.at.is_none_or(|at| at >= since)
    })
}

fn update(word: &str, text: String, now: Timestamp) -> Update {
    Update {
        at: Some(when::whole(now)),
        word: word.to_owned(),
        phase: Phase::from_word(word),
        text,
    }
}

impl Announcement {
    /// The new file.
    pub fn document(&self, zone: &TimeZone) -> Result<Document, DocumentError> {
        let mut document = self.opening.document(&self.update, zone)?;
        let map = document.machine_map(&self.machine);
        document.set("critwatch", &Set::Map(&map))?;
        Ok(document)
    }
}

impl Turn {
    /// Changes the file; the end that was planned is the end that it had.
    pub fn apply(&self, document: &mut Document) -> Result<(), DocumentError> {
        if self.over {
            document.set("resolved", &Set::Bool(true))?;
        }
        let map = document.machine_map(&self.machine);
        document.set("critwatch", &Set::Map(&map))?;
        if let Some(update) = &self.update {
            document.prepend(update);
        }
        Ok(())
    }
}
