//! Silences in Alertmanager's shape: `/api/v1/silences` and, for amtool, `/api/v2/silences`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::access::Actor;
use crate::model::request::access::AuditEntry;
use crate::model::request::samples::silence_request::Errand;
use crate::model::series::matcher::{self, LabelMatcher, MAX_MATCHERS, MatchOperator};
use crate::model::silence::{self, Silence, SilenceRequest, SilenceState};
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::{Operators, body};
use crate::web::ops::api::fields::BodyFields;
use crate::web::ops::sent_matchers::matchers;
use crate::web::ops::silence_scope;

/// What may stand in a body; the first three are what amtool sends besides.
const FIELDS: [&str; 9] = [
    "id",
    "status",
    "updatedAt",
    "matchers",
    "startsAt",
    "endsAt",
    "createdBy",
    "comment",
    "warning",
];

/// Lists those that are kept, those that end first before the others; with
/// `filter`, those whose matchers fit it as labels, as Alertmanager does.
pub(crate) async fn list(
    State(operators): State<Operators>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Vec<Value>>, OpsError> {
    let filters = filters(&asked)?;
    let fits = |silence: &&Silence| {
        let mut filters = filters.iter();
        filters.all(|filter| filter.matches(value_of(filter.label(), silence)))
    };
    let (silences, now) = (operators.silences(), operators.site.show(|view| view.now));
    let silences = silences.iter().filter(fits);
    Ok(Json(silences.map(|one| shown(one, now)).collect()))
}

/// What is asked for with `filter`; as many as a silence has matchers, so that
/// nobody who waits for an answer waits for thousands of patterns.
fn filters(asked: &[(String, String)]) -> Result<Vec<LabelMatcher>, OpsError> {
    let mut filters = Vec::new();
    for (_, text) in asked.iter().filter(|(key, _)| key == "filter") {
        let read = matcher::parse(text);
        filters.extend(read.map_err(|error| OpsError::field("filter", error.to_string()))?);
        if filters.len() > MAX_MATCHERS {
            let message = format!("a query has at most {MAX_MATCHERS} filters");
            return Err(OpsError::field("filter", message));
        }
    }
    Ok(filters)
}

/// What a silence compares a label with.
fn value_of<'s>(label: &str, silence: &'s Silence) -> &'s str {
    let mut matchers = silence.request.matchers.iter();
    let found = matchers.find(|matcher| matcher.label() == label);
    found.map_or("", LabelMatcher::value)
}

/// Shows one.
pub(crate) async fn one(
    State(operators): State<Operators>,
    Path(id): Path<String>,
) -> Result<Json<Value>, OpsError> {
    let number = number(&id)?;
    let silences = operators.silences();
    let found = silences.iter().find(|silence| silence.id == number);
    let found = found.ok_or_else(|| unknown(&id))?;
    Ok(Json(operators.site.show(|view| shown(found, view.now))))
}

/// Adds one, or puts it in the place of another; it silences at once.
pub(crate) async fn add(
    State(operators): State<Operators>,
    Acting(actor): Acting,
    sent: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), OpsError> {
    let silence = added(&operators, &actor, sent).await?;
    let mut answer = operators.site.show(|view| shown(&silence, view.now));
    if let Some(why) = nothing(&operators, &silence.request) {
        answer["warning"] = format!("this silence is about nothing at present: {why}").into();
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The same, answered as Alertmanager does.
pub(crate) async fn add_as_alertmanager(
    State(operators): State<Operators>,
    Acting(actor): Acting,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, OpsError> {
    let silence = added(&operators, &actor, sent).await?;
    Ok(Json(json!({ "silenceID": silence.id.to_string() })))
}

async fn added(
    operators: &Operators,
    actor: &Actor,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Silence, OpsError> {
    let sent = body(sent)?;
    let (instead, request) = operators.site.show(|view| read(&sent, view.now))?;
    keep(operators, actor, instead.as_deref(), request).await
}

/// Keeps a silence, in the place of another one if that is meant, and notes who asked
/// for it.
pub(crate) async fn keep(
    operators: &Operators,
    actor: &Actor,
    instead: Option<&str>,
    request: SilenceRequest,
) -> Result<Silence, OpsError> {
    let errand = match instead {
        Some(id) => Errand::Replace(number(id)?, request),
        None => Errand::Add(request),
    };
    let added = operators.change_silence(errand).await?;
    let added = added.ok_or_else(|| unknown(instead.unwrap_or_default()))?;
    let entry = AuditEntry::new(actor, "add silence", added.id.to_string());
    let matchers = matcher::print(&added.request.matchers);
    let detail = match instead {
        Some(id) => format!("{matchers}, in place of {id}"),
        None => matchers,
    };
    operators.audit(entry.detail(detail)).await;
    if let Some(why) = nothing(operators, &added.request) {
        tracing::warn!(
            silence.id = added.id,
            why,
            "a silence is about nothing at present"
        );
    }
    Ok(added)
}

/// Why a silence is about nothing at present, if it is.
pub(crate) fn nothing(operators: &Operators, request: &SilenceRequest) -> Option<String> {
    let site = &operators.site;
    site.show(|view| silence_scope::about_nothing(request, &view.board.facts.verdicts))
}

/// Ends a silence, and notes who ended it.
pub(crate) async fn finish(
    operators: &Operators,
    actor: &Actor,
    id: &str,
) -> Result<Silence, OpsError> {
    let ended = operators.change_silence(Errand::End(number(id)?)).await?;
    let ended = ended.ok_or_else(|| unknown(id))?;
    let entry = AuditEntry::new(actor, "end silence", ended.id.to_string());
    operators.audit(entry).await;
    Ok(ended)
}

/// Ends one now.
pub(crate) async fn end(
    State(operators): State<Operators>,
    Acting(actor): Acting,
    Path(id): Path<String>,
) -> Result<Json<Value>, OpsError> {
    let ended = finish(&operators, &actor, &id).await?;
    Ok(Json(operators.site.show(|view| shown(&ended, view.now))))
}

fn number(id: &str) -> Result<i64, OpsError> {
    id.parse().map_err(|_| unknown(id))
}

fn unknown(id: &str) -> OpsError {
    let message = format!("there is no silence `{id}`; `GET /api/v1/silences` lists them");
    OpsError::whole(StatusCode::NOT_FOUND, message)
}

fn shown(silence: &Silence, now: Timestamp) -> Value {
    let asked = &silence.request;
    let state = silence.state(now);
    // The time of the last change is not stored; Alertmanager's clients want a moment.
    let updated = match state {
        SilenceState::Expired => asked.ends,
        SilenceState::Pending | SilenceState::Active => asked.starts,
    };
    let matchers = asked.matchers.iter().map(|matcher| {
        let operator = matcher.operator();
        json!({
            "name": matcher.label(),
            "value": matcher.value(),
            "isRegex": matches!(operator, MatchOperator::Fits | MatchOperator::FitsNot),
            "isEqual": matches!(operator, MatchOperator::Equal | MatchOperator::Fits),
        })
    });
    json!({
        "id": silence.id.to_string(),
        "status": { "state": state.word() },
        "updatedAt": updated,
        "matchers": matchers.collect::<Vec<_>>(),
        "startsAt": asked.starts,
        "endsAt": asked.ends,
        "createdBy": asked.author,
        "comment": asked.reason,
    })
}

/// Reads the body of a `POST`: the silence, and the id of the one that it is to
/// replace, if any. Without `startsAt` it begins now.
fn read(body: &[u8], now: Timestamp) -> Result<(Option<String>, SilenceRequest), OpsError> {
    let mut fields = BodyFields::read(body, &FIELDS)?;
    let starts = moment(&mut fields, "startsAt").map_or(now, |at| at.max(now));
    let ends = moment(&mut fields, "endsAt");
    if ends.is_none() && !fields.is_faulty("endsAt") {
        let way = "say when it ends, as in `2026-03-01T12:30:00Z`";
        fields.wrong("endsAt", way);
    }
    let mut optional = |field| fields.text(field).unwrap_or_default();
    let (author, reason) = (optional("createdBy"), optional("comment"));
    let id = fields.text("id").filter(|id| !id.is_empty());
    let matchers = matchers(&mut fields);
    let matchers = matchers.map(silence::matchers_of);
    let matchers = matchers.and_then(|read| fields.checked("matchers", read));
    let span = ends.map(|ends| silence::span_of(starts, ends, now));
    let span = span.and_then(|read| fields.checked("endsAt", read));
    let author = fields.checked("createdBy", silence::author_of(&author));
    let reason = fields.checked("comment", silence::reason_of(&reason));
    fields.done()?;
    match (matchers, span, author, reason) {
        (Some(matchers), Some((starts, ends)), Some(author), Some(reason)) => {
            let request = SilenceRequest {
                matchers,
                starts,
                ends,
                author,
                reason,
            };
            Ok((id, request))
        }
        _ => Err(OpsError::whole(
            StatusCode::BAD_REQUEST,
            "this is not a silence",
        )),
    }
}

fn moment(fields: &mut BodyFields, field: &str) -> Option<Timestamp> {
    let text = fields.text(field)?;
    let way = "write the moment as in `2026-03-01T12:30:00Z`";
    fields.checked(field, text.parse().map_err(|_| way))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<(Option<String>, SilenceRequest), OpsError> {
        read(body.as_bytes(), "2026-03-01T12:00:00Z".parse().unwrap())
    }

    /// What amtool 0.25 sends, shortened to what a test needs.
    const AMTOOL: &str = r#"{"comment": "Move", "createdBy": "Ann",
        "endsAt": "2026-03-01T13:00:00Z", "startsAt": "2026-03-01T11:59:59Z",
        "matchers": [{"isEqual": true, "isRegex": true, "name": "rule", "value": "a|b"}]}"#;

    #[test]
    fn a_silence_is_read_as_alertmanager_reads_it() {
        let (instead, asked) = check(AMTOOL).unwrap();
        assert_eq!(instead, None);
        assert_eq!(asked.starts.to_string(), "2026-03-01T12:00:00Z");
        assert_eq!((&*asked.author, &*asked.reason), ("Ann", "Move"));
        assert_eq!(asked.matchers[0].to_string(), r#"rule=~"a|b""#);
        let silence = Silence {
            id: 3,
            request: asked.clone(),
        };
        let shown_again = shown(&silence, asked.starts);
        assert_eq!(shown_again["matchers"][0]["isRegex"], true);
        let other = check(&shown_again.to_string()).unwrap();
        assert_eq!(other, (Some("3".to_owned()), asked));
        let shown = |matcher: &str| {
            let body = AMTOOL.replace(
                r#"{"isEqual": true, "isRegex": true, "name": "rule", "value": "a|b"}"#,
                matcher,
            );
            check(&body).unwrap().1.matchers[0].to_string()
        };
        for (matcher, expected) in [
            (r#"{"name": "rule", "value": "a"}"#, r#"rule="a""#),
            (
                r#"{"name": "rule", "value": "a\"\\b\n"}"#,
                r#"rule="a\"\\b\n""#,
            ),
            (
                r#"{"name": "x", "value": "a.+", "isRegex": true}"#,
                r#"x=~"a.+""#,
            ),
        ] {
            assert_eq!(shown(matcher), expected);
        }
    }

    #[test]
    fn what_is_wrong_with_a_silence_is_named_with_its_field() {
        for (from, to, field) in [
            (r#""comment": "Move""#, r#""comment": " ""#, "comment"),
            (r#""createdBy": "Ann","#, "", "createdBy"),
            ("2026-03-01T13:00:00Z", "2026-03-01T12:00:00Z", "endsAt"),
            ("2026-03-01T13:00:00Z", "tomorrow", "endsAt"),
            ("2026-03-01T11:59:59Z", "now", "startsAt"),
            (r#""name": "rule", "#, "", "matchers[0].name"),
            (
                r#""isRegex": true"#,
                r#""isRegex": "yes""#,
                "matchers[0].isRegex",
            ),
            (
                r#""isRegex": true"#,
                r#""isRegexp": true"#,
                "matchers[0].isRegexp",
            ),
            ("a|b", "a(b", "matchers[0]"),
            (r#""isEqual": true"#, r#""isEqual": false"#, "matchers"),
            ("matchers", "matcher", "matcher"),
        ] {
            assert!(AMTOOL.contains(from), "{from}");
            let refused = check(&AMTOOL.replacen(from, to, 1)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field), "{to}: {refused:?}");
        }
        let body =
            r#"{"comment": "", "endsAt": "soon", "matchers": [{"name": 1}, {"value": "a"}]}"#;
        let faults = check(body).unwrap_err().faults;
        let pointers: Vec<_> = faults.iter().map(|fault| &*fault.pointer).collect();
        let all = [
            "/endsAt",
            "/matchers/0/name",
            "/matchers/1/name",
            "/createdBy",
            "/comment",
        ];
        assert_eq!(pointers, all);
        let none = AMTOOL.split(r#""matchers""#).next().unwrap().to_owned() + r#""matchers": []}"#;
        assert_eq!(check(&none).unwrap_err().field.as_deref(), Some("matchers"));
    }
}
