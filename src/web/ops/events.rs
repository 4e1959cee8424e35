//! What was done to the service: `GET` and `POST /api/v1/events`.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::access::Actor;
use crate::model::component::{Component, ComponentId};
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::request::access::AuditEntry;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::{OpsError, object, text};
use crate::web::ops::access::operators::{Operators, body};

/// What may stand in a body.
const FIELDS: [&str; 4] = ["text", "kind", "at", "affected"];

/// The clock of who notes may be ahead by so much.
const AHEAD: Duration = Duration::from_mins(1);

/// Lists what was noted within a day, oldest first.
pub(crate) async fn list(State(operators): State<Operators>) -> Response {
    Json(&*operators.noted()).into_response()
}

/// Notes an event.
pub(crate) async fn add(
    State(operators): State<Operators>,
    Acting(actor): Acting,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Response, OpsError> {
    let event = note(&operators, &actor, &body(sent)?).await?;
    Ok((StatusCode::CREATED, Json(event)).into_response())
}

/// Notes what a body tells, and who noted it.
pub(crate) async fn note(
    operators: &Operators,
    actor: &Actor,
    body: &[u8],
) -> Result<Event, OpsError> {
    let event = operators.site.show(|view| {
        let components = view.board.components.iter().map(|state| &state.component);
        read(body, &components.collect::<Vec<_>>(), view.now)
    })?;
    operators.note(event.clone()).await?;
    let entry = AuditEntry::new(actor, "add event", event.kind.word());
    operators.audit(entry.detail(&*event.text)).await;
    Ok(event)
}

fn read(body: &[u8], components: &[&Component], now: Timestamp) -> Result<Event, OpsError> {
    let object = object(body, &FIELDS)?;
    let what = text(&object, "text")?
        .ok_or_else(|| OpsError::field("text", "say what was done, in one line"))?;
    let at = match text(&object, "at")? {
        Some(at) => moment(at, now)?,
        None => now,
    };
    let event =
        Event::new(at, what, now).map_err(|error| OpsError::field("text", error.to_string()))?;
    let kind = match text(&object, "kind")? {
        Some(word) => kind(word)?,
        None => EventKind::default(),
    };
    Ok(Event {
        kind,
        components: affected(&object, components)?,
        source: EventSource::Api,
        ..event
    })
}

fn kind(word: &str) -> Result<EventKind, OpsError> {
    EventKind::from_word(word).ok_or_else(|| {
        let words = EventKind::ALL.map(EventKind::word).join(", ");
        OpsError::field(
            "kind",
            format!("there is no kind `{word}`; write one of {words}"),
        )
    })
}

fn moment(text: &str, now: Timestamp) -> Result<Timestamp, OpsError> {
    let Ok(at) = text.parse::<Timestamp>() else {
        let way = "write the moment as in `2026-03-01T12:30:00Z`, or leave it out for now";
        return Err(OpsError::field("at", way));
    };
    if at > now.checked_add(AHEAD).unwrap_or(Timestamp::MAX) {
        let message = format!("{at} is still to come; note what was done");
        return Err(OpsError::field("at", message));
    }
    Ok(at.min(now))
}

/// The ids of components that are named by id or name.
fn affected(
    object: &Map<String, Value>,
    components: &[&Component],
) -> Result<Vec<ComponentId>, OpsError> {
    let way = "write a list of names or ids of components";
    let named = match object.get("affected") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(named)) => named,
        Some(_) => return Err(OpsError::field("affected", way)),
    };
    let mut ids = Vec::new();
    for name in named {
        let name = name
            .as_str()
            .ok_or_else(|| OpsError::field("affected", way))?;
        let is_meant = |one: &&&Component| one.id.0 == name || one.name == name;
        let Some(component) = components.iter().find(is_meant) else {
            let ids: Vec<_> = components.iter().map(|one| &*one.id.0).collect();
            let message = format!(
                "there is no component `{name}`; there are {}",
                ids.join(", ")
            );
            return Err(OpsError::field("affected", message));
        };
        if !ids.contains(&component.id) {
            ids.push(component.id.clone());
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::fixtures::component;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn check(body: &str) -> Result<Event, OpsError> {
        let (api, queue) = (
            component("api", "API"),
            component("roll-queue", "Roll queue"),
        );
        read(body.as_bytes(), &[&api, &queue], now())
    }

    #[test]
    fn an_event_is_read_with_all_that_it_says() {
        let plain = check(r#"{"text": " Release 1 "}"#).unwrap();
        let expected = Event {
            source: EventSource::Api,
            ..Event::new(now(), "Release 1", now()).unwrap()
        };
        assert_eq!(plain, expected);
        assert_eq!(plain.kind, EventKind::Change);
        let whole = check(
            r#"{"text": "Release 1", "kind": "release", "at": "2026-03-01T12:30:00+01:00",
            "affected": ["Roll queue", "api", "roll-queue"]}"#,
        )
        .unwrap();
        assert_eq!(whole.kind, EventKind::Release);
        assert_eq!(whole.at.to_string(), "2026-03-01T11:30:00Z");
        assert_eq!(
            whole.components,
            ["roll-queue", "api"].map(|id| ComponentId(id.into()))
        );
        // The clock of who notes is a little ahead.
        let ahead = check(r#"{"text": "x", "at": "2026-03-01T12:00:30Z"}"#).unwrap();
        assert_eq!(ahead.at, now());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field_and_the_way_out() {
        for (body, field, message) in [
            ("{}", "text", "in one line"),
            (r#"{"text": "a\nb"}"#, "text", "one line of 1 to 500"),
            (
                r#"{"text": "a", "kind": "relase"}"#,
                "kind",
                "release, restart",
            ),
            (
                r#"{"text": "a", "at": "noon"}"#,
                "at",
                "2026-03-01T12:30:00Z",
            ),
            (
                r#"{"text": "a", "at": "2026-03-01T12:01:01Z"}"#,
                "at",
                "still to come",
            ),
            (r#"{"text": "a", "at": 5}"#, "at", "as a text"),
            (r#"{"text": "a", "affected": "api"}"#, "affected", "a list"),
            (r#"{"text": "a", "affected": [1]}"#, "affected", "a list"),
            (
                r#"{"text": "a", "affected": ["web"]}"#,
                "affected",
                "api, roll-queue",
            ),
            (
                r#"{"text": "a", "who": "me"}"#,
                "who",
                "text, kind, at, affected",
            ),
        ] {
            let refused = check(body).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field), "{body}");
            assert!(refused.message.contains(message), "{body}: {refused:?}");
            assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(body in "\\PC{0,100}") {
            let _ = check(&body);
        }

        #[test]
        fn any_text_is_kept_or_refused(text in ".{0,600}") {
            let body = serde_json::json!({ "text": text }).to_string();
            if let Ok(event) = check(&body) {
                prop_assert_eq!(event.text, text.trim());
            }
        }
    }
}
