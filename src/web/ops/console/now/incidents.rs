//! Open incidents, and what they wait for.

use crate::model::incident::Incident;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::context::Present;
use crate::web::parts::incident::outlook;
use crate::web::parts::look::sign::{self, Sign};
use crate::web::site::View;

/// An open incident as shown.
#[derive(Clone, Debug)]
pub(crate) struct IncidentStanding {
    /// The last part of its address.
    pub(crate) id: String,
    /// Its heading.
    pub(crate) title: String,
    /// How grave it is.
    pub(crate) sign: Sign,
    /// Its severity and phase in words.
    pub(crate) words: String,
    /// Since when.
    pub(crate) since: Option<OperatorTime>,
    /// Whom it concerns.
    pub(crate) affected: Vec<String>,
    /// What it waits for, each as HTML.
    pub(crate) waits: Vec<String>,
    /// When it may be resolved if all stays well.
    pub(crate) until: Option<OperatorTime>,
}

/// Open incidents and drafts that wait for people, the gravest first.
pub(crate) fn open(view: &View<'_>) -> Vec<IncidentStanding> {
    let present = Present::new(view);
    let open = view.board.waiting();
    let mut open: Vec<_> = open.map(|incident| shown(incident, &present)).collect();
    open.sort_by_key(|one| std::cmp::Reverse(one.sign));
    open
}

fn shown(incident: &Incident, present: &Present<'_>) -> IncidentStanding {
    let view = &present.view;
    let outlook = view.board.facts.outlooks.get(&incident.id);
    let severity = incident.severity.map_or("post", |severity| severity.word());
    let phase = incident.phase().word().to_lowercase();
    let draft = if incident.draft { ", draft" } else { "" };
    IncidentStanding {
        id: incident.id.0.clone(),
        title: incident.title.clone(),
        sign: sign::severity(incident.severity),
        words: format!("{severity}, {phase}{draft}"),
        since: incident.date.map(|at| OperatorTime::new(at, view)),
        affected: incident.affected.clone(),
        waits: outlook::waits(present, incident),
        until: outlook
            .and_then(|outlook| outlook.until)
            .map(|at| OperatorTime::new(at, view)),
    }
}
