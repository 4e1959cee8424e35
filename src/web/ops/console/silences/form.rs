//! The form of a silence: what it would be about, and how it is kept or changed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::model::access::Actor;
use crate::model::series::matcher::{self, LabelMatcher, MatcherError};
use crate::model::silence::{self, MAX_AUTHOR, Silence, SilenceRequest, SilenceState};
use crate::model::text::truncate::truncate;
use crate::model::time::duration;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::fields::BodyFields;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::form::{FormView, SentForm};
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::console::silences::matched::{MatchedRule, matched};
use crate::web::ops::silences;

/// How long a silence may last by a choice.
const SPANS: [(&str, &str); 7] = [
    ("30m", "30 minutes"),
    ("1h", "1 hour"),
    ("2h", "2 hours"),
    ("4h", "4 hours"),
    ("8h", "8 hours"),
    ("1d", "1 day"),
    ("7d", "7 days"),
];

/// The fields.
const FIELDS: [&str; 5] = ["matchers", "for", "from", "until", "reason"];

#[derive(Template)]
#[template(path = "console/silence.html")]
struct SilencePage {
    frame: ConsoleFrame,
    action: String,
    button: &'static str,
    /// Whether the time is asked as a span first.
    is_new: bool,
    form: FormView,
    spans: [(&'static str, &'static str); 7],
    /// What it would be about, if that was asked.
    matched: Option<Vec<MatchedRule>>,
    /// Why that is nothing, if it is.
    nothing: Option<String>,
    /// Rules that could be silenced: those that fire or are about to.
    loud: Vec<String>,
}

/// What a silence would be about, and why that is nothing, if it is.
type Preview = (Vec<MatchedRule>, Option<String>);

/// Shows the form of a new one; `?rule=` names what it is about.
pub(crate) async fn show_new(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    let rule = asked.into_iter().find(|(name, _)| name == "rule");
    let matchers = rule.map(|(_, rule)| format!("rule={rule}"));
    let form = FormView::filled([
        ("matchers", matchers.as_deref().unwrap_or_default()),
        ("for", "2h"),
    ]);
    let parts = (StatusCode::OK, form, None);
    show(&desk, &context, None, parts)
}

/// Shows the form of one that is there, to change it.
pub(crate) async fn show_one(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Path(id): Path<String>,
) -> Result<Response, OpsError> {
    let silence = found(&desk, &id)?;
    let asked = &silence.request;
    let zone = desk.site().names().zone.clone();
    let moment = |at: Timestamp| {
        let local = at.to_zoned(zone.clone());
        local.strftime("%F %H:%M").to_string()
    };
    let is_pending = desk
        .site()
        .show(|view| silence.state(view.now) == SilenceState::Pending);
    let from = if is_pending {
        moment(asked.starts)
    } else {
        String::new()
    };
    let form = FormView::filled([
        ("matchers", matcher::print(&asked.matchers).as_str()),
        ("from", &from),
        ("until", &moment(asked.ends)),
        ("reason", &asked.reason),
    ]);
    let parts = (StatusCode::OK, form, None);
    Ok(show(&desk, &context, Some(&id), parts))
}

/// Keeps a new one, or says what it would be about.
pub(crate) async fn add(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Response {
    take(&desk, &context, (None, &actor), sent).await
}

/// Keeps a changed one in the place of another.
pub(crate) async fn replace(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Acting(actor): Acting,
    Path(id): Path<String>,
    CheckedForm(sent): CheckedForm<SentForm>,
) -> Result<Response, OpsError> {
    found(&desk, &id)?;
    Ok(take(&desk, &context, (Some(&id), &actor), sent).await)
}

async fn take(
    desk: &ConsoleDesk,
    context: &FrameContext,
    (id, actor): (Option<&str>, &Actor),
    sent: SentForm,
) -> Response {
    let scene = desk.api.scene(actor);
    let request = match read(&sent, actor, &scene.zone, scene.now) {
        Ok(request) => request,
        Err(error) => return refused(desk, context, id, (sent, &error)),
    };
    if sent.has("do", "show") {
        let about = desk
            .site()
            .show(|view| matched(&request, &view.board.facts.verdicts));
        let nothing = silences::nothing(desk.operators(), &request);
        let parts = (
            StatusCode::OK,
            FormView::filled(sent),
            Some((about, nothing)),
        );
        return show(desk, context, id, parts);
    }
    match silences::keep(desk.operators(), actor, id, request).await {
        Ok(kept) => {
            let nothing = silences::nothing(desk.operators(), &kept.request);
            let done = match nothing {
                None => DoneNotice::SilenceKept,
                Some(_) => DoneNotice::IdleSilenceKept,
            };
            desk::done(ConsolePage::Silences.address(), done)
        }
        Err(error) => refused(desk, context, id, (sent, &error)),
    }
}

fn refused(
    desk: &ConsoleDesk,
    context: &FrameContext,
    id: Option<&str>,
    (sent, error): (SentForm, &OpsError),
) -> Response {
    let form = FormView::refused(sent, error);
    let parts = (StatusCode::UNPROCESSABLE_ENTITY, form, None);
    show(desk, context, id, parts)
}

fn show(
    desk: &ConsoleDesk,
    context: &FrameContext,
    id: Option<&str>,
    (status, form, about): (StatusCode, FormView, Option<Preview>),
) -> Response {
    let page = ConsolePage::Silences;
    let (matched, nothing) = about.map_or((None, None), |(all, why)| (Some(all), why));
    desk.show_as(status, Some(page), context, |frame, view| {
        let facts = &view.board.facts;
        let loud = facts.verdicts.iter().filter(|verdict| {
            let is_silent = facts.suppressed.contains_key(&verdict.rule);
            matches!(verdict.state.word(), "firing" | "pending") && !is_silent
        });
        let below = id.unwrap_or("new");
        let (title, button) = match id {
            None => ("Silence alerts", "Silence"),
            Some(_) => ("Change a silence", "Save the silence"),
        };
        SilencePage {
            frame: frame.titled(title),
            action: format!("{}/{below}", page.address()),
            button,
            is_new: id.is_none(),
            form,
            spans: SPANS,
            matched,
            nothing,
            loud: loud.map(|verdict| verdict.rule.0.clone()).collect(),
        }
    })
}

/// The silence of a number, unless it is over.
fn found(desk: &ConsoleDesk, id: &str) -> Result<Silence, OpsError> {
    let all = desk.operators().silences();
    let number = id.parse::<i64>().ok();
    let now = desk.site().show(|view| view.now);
    let mut lasting = all
        .iter()
        .filter(|one| one.state(now) != SilenceState::Expired);
    let found = lasting.find(|one| Some(one.id) == number);
    found.cloned().ok_or_else(|| {
        let message = format!("there is no silence `{id}` that could be changed");
        OpsError::whole(StatusCode::NOT_FOUND, message)
    })
}

/// The silence that a form asks for, in the name of who sent it.
fn read(
    sent: &SentForm,
    actor: &Actor,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<SilenceRequest, OpsError> {
    let body = json!({
        "matchers": sent.filled("matchers"),
        "for": sent.filled("for"),
        "from": sent.filled("from"),
        "until": sent.filled("until"),
        "reason": sent.one("reason"),
    });
    let mut fields = BodyFields::read(body.to_string().as_bytes(), &FIELDS)?;
    let lines = fields.needed(
        "matchers",
        "write at least one matcher, as in `rule=queue-stuck`",
    );
    let matchers = fields.checked("matchers", parsed(&lines));
    let matchers = matchers.filter(|_| !lines.is_empty());
    let matchers = matchers.map(silence::matchers_of);
    let matchers = matchers.and_then(|read| fields.checked("matchers", read));
    // Now is this very moment, not the beginning of its second.
    let starts = fields
        .moment("from", zone, now)
        .map_or(now, |at| at.max(now));
    let until = fields.moment("until", zone, now);
    let lasts = fields.text("for");
    let lasts = lasts.map(|span| duration::parse(&span));
    let lasts = lasts.and_then(|read| fields.checked("for", read));
    let ends = until.or_else(|| lasts.and_then(|lasts| starts.checked_add(lasts).ok()));
    if ends.is_none() && !fields.is_faulty("until") {
        fields.wrong("until", "say when it ends");
    }
    let span = ends.map(|ends| silence::span_of(starts, ends, now));
    let span = span.and_then(|read| fields.checked("until", read));
    let reason = fields.text("reason").unwrap_or_default();
    let reason = fields.checked("reason", silence::reason_of(&reason));
    let author = silence::author_of(&truncate(&actor.name, MAX_AUTHOR));
    let author = fields.checked("reason", author);
    fields.done()?;
    match (matchers, span, author, reason) {
        (Some(matchers), Some((starts, ends)), Some(author), Some(reason)) => Ok(SilenceRequest {
            matchers,
            starts,
            ends,
            author,
            reason,
        }),
        _ => Err(OpsError::whole(
            StatusCode::BAD_REQUEST,
            "this is not a silence",
        )),
    }
}

/// The matchers of all lines.
fn parsed(lines: &str) -> Result<Vec<LabelMatcher>, MatcherError> {
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    let read = lines.map(|line| matcher::parse(line.trim()));
    let read: Result<Vec<_>, _> = read.collect();
    Ok(read?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use crate::model::access::Proof;

    use super::*;

    fn check<const N: usize>(sent: [(&str, &str); N]) -> Result<SilenceRequest, Vec<String>> {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let ann = Actor::new("Ann", Proof::Token);
        read(&sent.into(), &ann, &TimeZone::UTC, now).map_err(|error| {
            let faults = error.faults.into_iter();
            faults.map(|fault| fault.pointer).collect()
        })
    }

    #[test]
    fn a_silence_is_read_in_the_name_of_who_sends_it() {
        let sent = [
            (
                "matchers",
                "rule=queue-stuck\r\n component=~\"api|cache\", severity=down",
            ),
            ("for", "2h"),
            ("reason", "Move"),
        ];
        let asked = check(sent).unwrap();
        assert_eq!(asked.matchers.len(), 3);
        assert_eq!(asked.ends.to_string(), "2026-03-01T14:00:00Z");
        assert_eq!((&*asked.author, &*asked.reason), ("Ann", "Move"));
        // An end that is typed counts more than a span that is chosen.
        let later = [
            ("matchers", "rule=a"),
            ("for", "2h"),
            ("from", "in 1h"),
            ("until", "2026-03-01 20:00"),
            ("reason", "Move"),
        ];
        let asked = check(later).unwrap();
        assert_eq!(asked.starts.to_string(), "2026-03-01T13:00:00Z");
        assert_eq!(asked.ends.to_string(), "2026-03-01T20:00:00Z");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_its_field() {
        let none = check([]).unwrap_err();
        assert_eq!(none, ["/matchers", "/until", "/reason"]);
        let bad = [
            ("matchers", "rule"),
            ("from", "soon"),
            ("until", "1h ago"),
            ("reason", ""),
        ];
        let bad = check(bad).unwrap_err();
        assert_eq!(bad, ["/matchers", "/from", "/until", "/reason"]);
        let all = [("matchers", "rule=~\".*\""), ("for", "1h"), ("reason", "x")];
        assert_eq!(check(all).unwrap_err(), ["/matchers"]);
    }
}
