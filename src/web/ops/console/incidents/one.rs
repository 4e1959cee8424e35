//! The page of one incident or of one planned work: why it is as it is, what was said of
//! it, and what people may do.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::language::phases;
use crate::language::speech::Speech;
use crate::model::board::Board;
use crate::model::component::Severity;
use crate::model::incident::{Author, Incident};
use crate::model::request::incidents::incident_change::ChangedFile;
use crate::model::text::language::Language;
use crate::model::verdict::{RuleId, Verdict};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::incidents::target;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::incidents::acts::{self, ActWords};
use crate::web::ops::console::incidents::addresses::{address, page_of};
use crate::web::ops::console::incidents::rows::IncidentRow;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::context::Present;
use crate::web::parts::incident::{outlook, story};
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;
use crate::web::text::{links, markdown};

/// A rule that joined, as it is now.
struct JoinedRule {
    id: String,
    /// What it says at present; nothing, if the settings have it no longer.
    state: Option<&'static str>,
    since: Option<OperatorTime>,
    /// What it said when it joined, or says now.
    text: String,
    is_muted: bool,
    /// Whether it fires, and nobody silenced it.
    may_silence: bool,
}

/// An update as operators see it: with who wrote it.
struct UpdateRow {
    at: Option<OperatorTime>,
    word: String,
    by: String,
    /// What it says, as HTML.
    html: String,
}

#[derive(Template)]
#[template(path = "console/incident.html")]
struct OneIncidentPage {
    frame: ConsoleFrame,
    incident: IncidentRow,
    is_draft: bool,
    /// How far planned work has come, and until when it is planned.
    work: Option<(&'static str, Option<OperatorTime>)>,
    /// How bad single parts are, where that differs.
    levels: Vec<(String, &'static str)>,
    /// What must happen before it is resolved, as HTML.
    waits: Vec<String>,
    next_word: Option<OperatorTime>,
    rules: Vec<JoinedRule>,
    updates: Vec<UpdateRow>,
    /// Sections of the post-mortem that nobody has written.
    unwritten: Vec<String>,
    /// The first is the one that matters most.
    acts: Vec<ActWords>,
    base: String,
    /// Where visitors read it.
    public: Option<String>,
    file: String,
}

/// Shows the page.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let file = desk.api.look(target(id)).await?;
    Ok(desk.show(page_of(&file), &context, |frame, view| {
        page(frame, view, &file)
    }))
}

fn page(frame: ConsoleFrame, view: &View<'_>, file: &ChangedFile) -> OneIncidentPage {
    let incident = &*file.incident;
    let english = View {
        language: Language::En,
        ..*view
    };
    let present = Present::new(&english);
    let outlook = view.board.facts.outlooks.get(&incident.id);
    let is_open = incident.resolved == Some(false);
    let time = |at| OperatorTime::new(at, view);
    let offered = acts::offered(file, outlook);
    let work = file.planned.as_ref();
    let row = IncidentRow::new(incident, view);
    let words = |act| acts::words_of(act, work.is_some());
    OneIncidentPage {
        frame: frame.titled(&*incident.title),
        incident: IncidentRow {
            sign: work.map_or(row.sign, |_| Sign::Maintenance),
            ..row
        },
        is_draft: incident.draft,
        work: work.map(|work| (work.stage.word(), work.until.map(time))),
        levels: levels(incident),
        waits: if is_open {
            outlook::waits(&present, incident)
        } else {
            Vec::new()
        },
        next_word: outlook
            .and_then(|outlook| outlook.next_word)
            .filter(|_| is_open)
            .map(time),
        rules: rules(incident, view),
        updates: updates(&present, incident),
        unwritten: file.report.unwritten.clone(),
        acts: offered.into_iter().map(words).collect(),
        base: address(&incident.id),
        public: public(view, incident),
        file: incident.name.clone(),
    }
}

/// The page of visitors, if they can see it and we know where that is.
fn public(view: &View<'_>, incident: &Incident) -> Option<String> {
    let has_address = view.names.url.is_some() && incident.is_public();
    has_address.then(|| links::incident(view.names, incident))
}

/// How bad single parts are: as people say, else as rules say.
fn levels(incident: &Incident) -> Vec<(String, &'static str)> {
    let managed = &incident.managed;
    let affected = incident.affected.iter().filter_map(|name| {
        let by_people = managed.component_severity.get(name);
        let level = by_people.or_else(|| managed.levels.get(name))?;
        (Some(*level) != incident.severity).then(|| (name.clone(), word(*level)))
    });
    affected.collect()
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Down => "down",
        Severity::Disrupted => "disrupted",
        Severity::Notice => "notice",
    }
}

fn rules(incident: &Incident, view: &View<'_>) -> Vec<JoinedRule> {
    let managed = &incident.managed;
    let joined = managed.rules.iter().chain(
        managed
            .overruled
            .iter()
            .filter(|rule| !managed.rules.contains(rule)),
    );
    joined
        .map(|rule| joined_rule(rule, incident, view))
        .collect()
}

fn joined_rule(rule: &RuleId, incident: &Incident, view: &View<'_>) -> JoinedRule {
    let verdict = verdict(view.board, rule);
    let told = incident.managed.evidence.get(rule);
    let is_firing = verdict.is_some_and(|one| one.state.is_firing());
    let now = verdict.filter(|_| is_firing).map(|one| one.text.clone());
    let is_silenced = view.board.facts.suppressed.contains_key(rule);
    JoinedRule {
        id: rule.0.clone(),
        state: verdict.map(|one| one.state.word()),
        since: verdict.map(|one| OperatorTime::new(one.since(), view)),
        text: now.or_else(|| told.cloned()).unwrap_or_default(),
        is_muted: incident.managed.overruled.contains(rule),
        may_silence: is_firing && !is_silenced,
    }
}

fn verdict<'b>(board: &'b Board, rule: &RuleId) -> Option<&'b Verdict> {
    let mut verdicts = board.facts.verdicts.iter();
    verdicts.find(|verdict| verdict.rule == *rule)
}

fn updates(present: &Present<'_>, incident: &Incident) -> Vec<UpdateRow> {
    let speech = Speech::of(Language::En);
    let more = story::story(incident).more.into_iter();
    let more = more.chain(std::iter::repeat(""));
    let updates = incident.updates.iter().zip(more);
    let rows = updates.map(|(update, more)| {
        let text = format!("{}\n\n{more}", update.text);
        let by = match (update.author, &update.by) {
            (_, Some(name)) => format!("by {name}"),
            (Author::Person, None) => "by a person".to_owned(),
            (Author::Rule, None) => "by a rule".to_owned(),
        };
        UpdateRow {
            at: update.at.map(|at| OperatorTime::new(at, &present.view)),
            word: phases::phase(&speech, &update.word),
            by,
            html: markdown::render_in(&text, present.view.names, &speech),
        }
    });
    rows.collect()
}

impl OneIncidentPage {
    /// The act that matters most.
    fn main(&self) -> Option<&ActWords> {
        self.acts.first()
    }

    /// The others.
    fn others(&self) -> &[ActWords] {
        self.acts.get(1..).unwrap_or_default()
    }
}
