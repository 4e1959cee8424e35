//! The form by which somebody changes an incident or makes a new one: what it asks, what
//! was typed, and what would come of it.

use askama::Template;

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{ChangedFile, Opener};
use crate::web::ops::api::edits::EditAct;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::ConsoleFrame;
use crate::web::ops::console::incidents::body::{AS_THE_WHOLE, NamedPart};
use crate::web::ops::console::incidents::preview::ChangePreview;

/// The severities, the gravest first, each with what it means to visitors.
pub(crate) const SEVERITIES: [(&str, &str); 3] = [
    ("down", "Down: it does not work"),
    ("disrupted", "Disrupted: slow or partly failing"),
    ("notice", "Notice: nothing fails"),
];

/// A text of several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextField {
    /// What it is.
    pub(crate) label: &'static str,
    /// What stands below it.
    pub(crate) hint: &'static str,
    /// Lines of the field.
    pub(crate) rows: u8,
    /// Whether it is shown letter by letter.
    pub(crate) is_code: bool,
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MomentField {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) label: &'static str,
    /// Examples of what may be written.
    pub(crate) hint: &'static str,
}

/// What a form asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SheetFields {
    /// The words that may open an update.
    pub(crate) phases: Vec<(&'static str, &'static str)>,
    /// What visitors read.
    pub(crate) text: Option<TextField>,
    /// Moments.
    pub(crate) moments: Vec<MomentField>,
    /// Whether title, severity and parts are asked; if so, whether they are folded away.
    pub(crate) keys: Option<bool>,
    /// Whether it asks how bad it is, for single parts, too.
    pub(crate) severity: bool,
    /// Boxes to tick.
    pub(crate) flags: Vec<(&'static str, &'static str)>,
}

/// What became of what was sent.
#[derive(Debug, Default)]
pub(crate) enum SheetState {
    /// Nothing was sent, or it was refused.
    #[default]
    Open,
    /// It was asked what would change.
    Shown(Box<ChangePreview>),
    /// Somebody else changed the file; this is what would change now.
    Conflict(Box<ChangePreview>),
}

impl SheetState {
    /// The same after somebody else changed the file.
    pub(crate) fn of_conflict(self) -> Self {
        match self {
            Self::Shown(preview) => Self::Conflict(preview),
            other => other,
        }
    }
}

/// The form as a page.
#[derive(Template)]
#[template(path = "console/change.html")]
pub(crate) struct ChangeSheet {
    pub(crate) frame: ConsoleFrame,
    /// What the act does.
    pub(crate) lead: &'static str,
    /// Where the form goes.
    pub(crate) action: String,
    /// Where the way back leads, and what it is called.
    pub(crate) back: (String, String),
    /// What its button says.
    pub(crate) button: &'static str,
    /// Whether what it does should not be done lightly.
    pub(crate) is_grave: bool,
    pub(crate) fields: SheetFields,
    pub(crate) parts: Vec<NamedPart>,
    pub(crate) form: FormView,
    /// The version of the file that the form is about.
    pub(crate) seen: Option<String>,
    pub(crate) state: SheetState,
}

impl ChangeSheet {
    /// What would come of it, if that is shown.
    pub(crate) fn preview(&self) -> Option<&ChangePreview> {
        match &self.state {
            SheetState::Open => None,
            SheetState::Shown(preview) | SheetState::Conflict(preview) => Some(preview),
        }
    }

    /// Whether somebody else changed the file meanwhile.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self.state, SheetState::Conflict(_))
    }
}

impl TextField {
    /// A text of so many lines.
    pub(crate) const fn new(label: &'static str, hint: &'static str, rows: u8) -> Self {
        Self {
            label,
            hint,
            rows,
            is_code: false,
        }
    }
}

/// A text that is shown letter by letter.
const fn code(label: &'static str, hint: &'static str) -> TextField {
    TextField {
        is_code: true,
        ..TextField::new(label, hint, 24)
    }
}

/// Where the words are ours if nobody types any.
pub(crate) const OURS: &str = "Markdown. If empty, critwatch writes a standard text.";

/// What the form of an act asks.
pub(crate) fn fields(act: EditAct, file: &ChangedFile) -> SheetFields {
    let incident = &file.incident;
    let is_over = incident.resolved == Some(true);
    let moments = |name, label, hint| vec![MomentField { name, label, hint }];
    let severity = file.planned.is_none();
    match act {
        EditAct::Update => SheetFields {
            phases: phases(file.planned.is_some(), is_over),
            text: Some(TextField::new("Text for visitors", "Markdown.", 6)),
            keys: Some(true),
            severity,
            ..SheetFields::default()
        },
        EditAct::Change => SheetFields {
            keys: Some(false),
            severity,
            ..SheetFields::default()
        },
        EditAct::Correct => SheetFields {
            text: Some(TextField::new("New text", "Markdown.", 8)),
            ..SheetFields::default()
        },
        EditAct::Resolve | EditAct::End => SheetFields {
            text: Some(TextField::new("Text for visitors", OURS, 4)),
            moments: moments("at", "End, if not now", "10m ago, 2026-03-01 12:30"),
            ..SheetFields::default()
        },
        EditAct::Reopen => SheetFields {
            phases: phases(false, false),
            text: Some(TextField::new("Text for visitors", OURS, 4)),
            ..SheetFields::default()
        },
        // A draft is published as it is.
        EditAct::Publish if incident.draft => SheetFields::default(),
        EditAct::Withdraw | EditAct::Publish | EditAct::Cancel => SheetFields {
            text: Some(TextField::new("Text for visitors", OURS, 4)),
            ..SheetFields::default()
        },
        EditAct::Extend => SheetFields {
            text: Some(TextField::new("Text for visitors", OURS, 4)),
            moments: moments("until", "End", "in 2h, 2026-03-01 12:30"),
            ..SheetFields::default()
        },
        EditAct::Report => SheetFields {
            text: Some(code(
                "Post-mortem",
                "Markdown, below headings such as `## Problem`.",
            )),
            ..SheetFields::default()
        },
        EditAct::Replace => SheetFields {
            text: Some(code(
                "File",
                "Rules no longer change the lines that you edit.",
            )),
            ..SheetFields::default()
        },
        EditAct::Accept | EditAct::Delete => SheetFields::default(),
    }
}

/// The words that may open an update.
pub(crate) fn phases(is_work: bool, is_over: bool) -> Vec<(&'static str, &'static str)> {
    let named = |opener: Opener| (opener.name(), opener.word());
    let openers: &[Opener] = match (is_work, is_over) {
        (true, _) => &[Opener::Update, Opener::InProgress],
        (false, true) => &[Opener::Update, Opener::PostMortem],
        (false, false) => &[
            Opener::Update,
            Opener::Investigating,
            Opener::Identified,
            Opener::Monitoring,
        ],
    };
    openers.iter().copied().map(named).collect()
}

/// The form of an act as it is shown first: what the file says.
pub(crate) fn first(act: EditAct, file: &ChangedFile, parts: &[NamedPart]) -> SentForm {
    let incident = &file.incident;
    let mut sent: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| sent.push((name.to_owned(), value.to_owned()));
    let text = match act {
        EditAct::Correct => newest(incident),
        EditAct::Report => file.report.text.clone(),
        EditAct::Replace => {
            let bytes = file.after.as_deref().unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => String::new(),
    };
    put("text", &text);
    if act == EditAct::Reopen {
        put("phase", Opener::Investigating.name());
    }
    put("title", incident.title.trim());
    put("severity", incident.severity.map_or("", Severity::word));
    for part in parts {
        if incident.affected.contains(&part.name) {
            put("affected", &part.key);
        }
        let level = part.level.map_or(AS_THE_WHOLE, Severity::word);
        put(&part.level_field(), level);
    }
    sent.into()
}

/// The newest update, whole.
fn newest(incident: &Incident) -> String {
    let text = incident.updates.first().map_or("", |update| &update.text);
    let more = incident.layout.more.first();
    let more = more.and_then(|range| incident.body.get(range.clone()));
    format!("{text}\n\n{}", more.unwrap_or_default())
        .trim()
        .to_owned()
}
