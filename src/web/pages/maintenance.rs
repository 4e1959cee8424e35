//! Planned work: in progress, upcoming and past.

use askama::Template;

use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::WholeDays;
use crate::model::time::date;
use crate::model::time::duration::elapsed;
use crate::web::pages::incidents::{self, IncidentLine, UpdateView};
use crate::web::parts::context::{self, NamedLink, Present};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::times;
use crate::web::site::View;
use crate::web::text::links;

/// Work that is done, on its page; more is in the history.
const DONE: usize = 20;

/// Updates of work in progress, on the first page.
const UPDATES: usize = 2;

/// Planned work as shown.
#[derive(Debug)]
pub(crate) struct WorkCard {
    /// Its page.
    pub href: String,
    /// Heading.
    pub title: String,
    /// How far it has come, in words.
    pub word: String,
    /// When it begins and ends, in a sentence of HTML.
    pub span: String,
    /// How long until it begins, in words; empty if it has begun.
    pub ahead: String,
    /// The components concerned.
    pub parts: Vec<NamedLink>,
    /// Its updates, newest first.
    pub updates: Vec<UpdateView>,
    /// The rest of its text.
    pub body: String,
}

/// Work in progress and upcoming work, as the first page shows it.
pub(crate) fn open(present: &Present<'_>) -> Vec<WorkCard> {
    let works = present.running().chain(present.coming());
    works.map(|planned| work(present, planned)).collect()
}

fn work(present: &Present<'_>, planned: &Planned) -> WorkCard {
    let speech = &present.speech;
    let (now, zone) = (present.view.now, &present.view.names.zone);
    let days = planned.days;
    let moment = |at, day| {
        present
            .dated(Some(at), day)
            .unwrap_or_else(|| present.when(at))
    };
    let from = moment(planned.from, days.began);
    let span = match planned.until {
        Some(until) => {
            let [first, last] = [planned.from, until].map(|at| date::day_of(at, zone));
            let same_day = first == last && days == WholeDays::default();
            let until = if same_day {
                times::clock(until, zone, false)
            } else {
                moment(until, days.ended)
            };
            let slots = [("from", from.html().into()), ("until", until.html().into())];
            speech.tell("from-until", slots)
        }
        None => speech.with("from", "from", from.html()),
    };
    let ahead = match planned.stage {
        WorkStage::Scheduled if days.began.is_none() => {
            let span = times::until(speech, elapsed(now, planned.from));
            speech.with("ahead", "span", span)
        }
        WorkStage::Scheduled
        | WorkStage::InProgress
        | WorkStage::Overdue
        | WorkStage::Completed
        | WorkStage::Cancelled => String::new(),
    };
    let file = present.view.board.incident(&planned.id.0);
    let updates = file.map(|file| {
        let shown = vec![String::new(); file.updates.len().min(UPDATES)];
        incidents::updates(present, file, &shown)
    });
    let bare = file.filter(|file| file.updates.is_empty());
    WorkCard {
        href: present.to(&links::page_path(&planned.id)),
        title: planned.title.clone(),
        word: speech.say(&format!("stage-{}", planned.stage.word().replace(' ', "-"))),
        span,
        ahead,
        parts: present.links(&planned.components),
        updates: updates.unwrap_or_default(),
        body: bare
            .map(|file| incidents::body(present, file))
            .unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "maintenance.html")]
struct MaintenancePage<'a> {
    frame: Frame<'a>,
    works: Vec<WorkCard>,
    done: Vec<IncidentLine>,
}

/// The page of planned work.
pub fn page(view: &View<'_>) -> askama::Result<String> {
    let present = Present::new(view);
    let public = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let done = public
        .filter(|incident| incident.is_public() && incident.resolved == Some(true))
        .filter(|incident| context::was_planned(incident))
        .take(DONE);
    MaintenancePage {
        frame: Frame::new(&present, Here::Maintenance),
        works: open(&present),
        done: done
            .map(|incident| incidents::line(&present, incident))
            .collect(),
    }
    .render()
}
