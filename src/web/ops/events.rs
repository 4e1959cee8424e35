//! What was done to the service: `GET` and `POST /api/v1/events`.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::access::Actor;
use crate::model::board::Board;
use crate::model::component::ComponentId;
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::request::access::AuditEntry;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::{Operators, body};
use crate::web::ops::api::fields::BodyFields;
use crate::web::site::View;

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
    let event = operators.site.show(|view| read(body, view))?;
    operators.note(event.clone()).await?;
    let entry = AuditEntry::new(actor, "add event", event.kind.word());
    operators.audit(entry.detail(&*event.text)).await;
    Ok(event)
}

fn read(body: &[u8], view: &View<'_>) -> Result<Event, OpsError> {
    let now = view.now;
    let mut fields = BodyFields::read(body, &FIELDS)?;
    let what = fields.needed("text", "say what was done, in one line");
    let words = EventKind::ALL.map(EventKind::word).join(", ");
    let kind = fields.word("kind", EventKind::from_word, &words);
    let at = moment(&mut fields, &view.names.zone, now);
    let components = affected(&mut fields, view.board);
    let event = (!fields.is_faulty("text")).then(|| Event::new(at, &what, now));
    let event = event.and_then(|event| fields.checked("text", event));
    fields.done()?;
    let event = event.ok_or_else(|| OpsError::field("text", "this is not an event"))?;
    Ok(Event {
        kind: kind.unwrap_or_default(),
        components,
        source: EventSource::Api,
        ..event
    })
}

/// When it was: now, if nobody says.
fn moment(fields: &mut BodyFields, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let Some(at) = fields.moment("at", zone, now) else {
        return now;
    };
    if at > now.checked_add(AHEAD).unwrap_or(Timestamp::MAX) {
        fields.wrong(
            "at",
            format!("{at} is in the future; record only what has happened"),
        );
    }
    at.min(now)
}

/// The ids of components that are named by id or name.
fn affected(fields: &mut BodyFields, board: &Board) -> Vec<ComponentId> {
    let mut ids = Vec::new();
    for name in fields.names("affected").unwrap_or_default() {
        let mut components = board.components.iter().map(|state| &state.component);
        match components.find(|one| one.id.0 == name || one.name == name) {
            Some(component) if ids.contains(&component.id) => {}
            Some(component) => ids.push(component.id.clone()),
            None => {
                let ids = board.components.iter().map(|state| &*state.component.id.0);
                let ids = ids.collect::<Vec<_>>().join(", ");
                let message = format!("there is no component `{name}`; there are {ids}");
                fields.wrong("affected", message);
            }
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::board::{Facts, Sight};
    use crate::model::fixtures::{self, component};
    use crate::web::site::Names;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn check(body: &str) -> Result<Event, OpsError> {
        let components = [
            component("api", "API"),
            component("roll-queue", "Roll queue"),
        ];
        let facts = Facts::of(Sight::Unwatched);
        let board = Board::new(now(), fixtures::fresh(components), facts);
        let names = Names::new("Dice", TimeZone::UTC);
        read(body.as_bytes(), &View::new(&names, &board, now()))
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
                "in the future",
            ),
            (r#"{"text": "a", "at": 5}"#, "at", "as a text"),
            (r#"{"text": "a", "affected": "api"}"#, "affected", "a list"),
            (
                r#"{"text": "a", "affected": [1]}"#,
                "affected[0]",
                "name or id of a component",
            ),
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

    #[test]
    fn every_field_that_is_wrong_is_named_at_once() {
        let body = r#"{"kind": "relase", "at": "noon", "affected": ["web"], "who": "me"}"#;
        let faults = check(body).unwrap_err().faults;
        let pointers: Vec<_> = faults.iter().map(|fault| &*fault.pointer).collect();
        assert_eq!(pointers, ["/who", "/text", "/kind", "/at", "/affected"]);
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
