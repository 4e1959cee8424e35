//! What Statuspage's clients send: JSON, or a form with names such as
//! `incident[components][a1b2]`.

use axum::Form;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::model::component::{Component, Severity};
use crate::model::request::incidents::incident_change::{AskedLevels, Opener, StateByHand};
use crate::model::time::moment;
use crate::web::formats::statuspage::ids;
use crate::web::ops::access::error::{BodyFault, OpsError};
use crate::web::ops::access::operators;
use crate::web::site::View;

/// How deep names of a form may nest.
const DEEPEST: usize = 8;

/// What was sent for a thing; fields that we do not know are left alone, as clients
/// send many.
#[derive(Debug)]
pub(crate) struct SentThing(Map<String, Value>);

/// What an incident says of components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SentComponents {
    /// Their names.
    pub(crate) names: Vec<String>,
    /// How bad each is that has a state.
    pub(crate) levels: AskedLevels,
}

impl SentComponents {
    /// The worst state.
    pub(crate) fn worst(&self) -> Option<Severity> {
        self.levels.values().flatten().max().copied()
    }
}

impl SentThing {
    /// Reads the body for a thing: `incident`, `component`.
    pub(crate) async fn read(
        headers: &HeaderMap,
        sent: Result<Bytes, BytesRejection>,
        thing: &str,
    ) -> Result<Self, OpsError> {
        let body = operators::body(sent)?;
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let all = if kind.starts_with("application/x-www-form-urlencoded") {
            nested(form(body).await?)
        } else {
            let read = serde_json::from_slice(&body);
            read.map_err(|error| bad(format!("the body is not JSON: {error}")))?
        };
        match all {
            Value::Object(mut all) => match all.remove(thing) {
                Some(Value::Object(sent)) => Ok(Self(sent)),
                _ => Err(bad(format!("send an object `{thing}`"))),
            },
            _ => Err(bad(format!("send an object `{thing}`"))),
        }
    }

    /// A text; numbers are taken for texts, as forms have nothing else.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        let text = match self.0.get(field)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// A moment.
    pub(crate) fn moment(
        &self,
        field: &str,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, OpsError> {
        let Some(text) = self.text(field) else {
            return Ok(None);
        };
        let read = moment::parse(&text, zone, now);
        read.map(Some)
            .map_err(|error| wrong(field, error.to_string()))
    }

    /// A moment, or a day, which stands for its begin.
    pub(crate) fn day_or_moment(
        &self,
        field: &str,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, OpsError> {
        let text = self.text(field).filter(|text| text.trim().len() == 10);
        let day = text.and_then(|text| text.trim().parse::<Date>().ok());
        match day.and_then(|day| day.to_zoned(zone.clone()).ok()) {
            Some(begin) => Ok(Some(begin.timestamp())),
            None => self.moment(field, zone, now),
        }
    }

    /// Whether a field says yes.
    pub(crate) fn is(&self, field: &str) -> bool {
        let said = self.0.get(field);
        said.is_some_and(|said| *said == true || *said == "true")
    }

    /// How bad the whole is; clients leave it out, or say that it is nothing.
    pub(crate) fn impact(&self) -> Result<Option<Severity>, OpsError> {
        let Some(impact) = self.text("impact_override").or_else(|| self.text("impact")) else {
            return Ok(None);
        };
        match impact.as_str() {
            "critical" => Ok(Some(Severity::Down)),
            "major" => Ok(Some(Severity::Disrupted)),
            "minor" => Ok(Some(Severity::Notice)),
            "none" | "maintenance" => Ok(None),
            _ => Err(wrong(
                "impact_override",
                "write one of none, minor, major, critical",
            )),
        }
    }

    /// The components, by `component_ids` and by `components` with their states.
    pub(crate) fn components(&self, view: &View<'_>) -> Result<SentComponents, OpsError> {
        let mut found = SentComponents::default();
        let mut add = |id: &str, level: Option<Severity>| {
            let component = component(view, id)
                .ok_or_else(|| wrong("component_ids", format!("there is no component `{id}`")))?;
            if !found.names.contains(&component.name) {
                found.names.push(component.name.clone());
            }
            if level.is_some() {
                found.levels.insert(component.name.clone(), level);
            }
            Ok::<(), OpsError>(())
        };
        for field in ["component_ids", "components"] {
            match self.0.get(field) {
                Some(Value::Array(ids)) => {
                    for id in ids {
                        add(id.as_str().unwrap_or_default(), None)?;
                    }
                }
                Some(Value::Object(states)) => {
                    for (id, state) in states {
                        let level = match self::state(state.as_str().unwrap_or_default())? {
                            None => None,
                            // A part that is well again is the mildest of what goes on.
                            Some(StateByHand::Well) => Some(Severity::Notice),
                            Some(StateByHand::Bad(severity)) => Some(severity),
                        };
                        add(id, level)?;
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

/// The component of an id, theirs or ours.
pub(crate) fn component<'v>(view: &View<'v>, id: &str) -> Option<&'v Component> {
    let mut components = view.board.components.iter().map(|state| &state.component);
    components.find(|one| ids::component_id(one) == id || one.id.0 == id)
}

/// A state of Statuspage's; an empty one is none.
pub(crate) fn state(state: &str) -> Result<Option<StateByHand>, OpsError> {
    let bad = |severity| Ok(Some(StateByHand::Bad(severity)));
    match state {
        "" => Ok(None),
        "operational" => Ok(Some(StateByHand::Well)),
        "degraded_performance" => bad(Severity::Notice),
        "partial_outage" => bad(Severity::Disrupted),
        "major_outage" => bad(Severity::Down),
        "under_maintenance" => {
            let way = "plan maintenance with an incident that is scheduled";
            Err(wrong("status", way))
        }
        _ => {
            let way =
                "write one of operational, degraded_performance, partial_outage, major_outage";
            Err(wrong("status", way))
        }
    }
}

/// The word that opens an update of a status.
pub(crate) fn opener(status: &str) -> Option<Opener> {
    match status {
        "investigating" => Some(Opener::Investigating),
        "identified" => Some(Opener::Identified),
        "monitoring" => Some(Opener::Monitoring),
        "in_progress" | "verifying" => Some(Opener::InProgress),
        _ => None,
    }
}

/// A field that cannot be meant.
pub(crate) fn wrong(field: &str, message: impl Into<String>) -> OpsError {
    OpsError::faulty(vec![BodyFault::new(field, message)])
}

fn bad(message: String) -> OpsError {
    OpsError::whole(StatusCode::BAD_REQUEST, message)
}

/// The pairs of a form.
async fn form(body: Bytes) -> Result<Vec<(String, String)>, OpsError> {
    let request = Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .map_err(|error| bad(error.to_string()))?;
    let read = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    read.map(|form| form.0)
        .map_err(|error| bad(error.to_string()))
}

/// The objects that names with brackets describe; what is too deep is left out.
fn nested(pairs: Vec<(String, String)>) -> Value {
    let mut all = Value::Object(Map::new());
    for (name, value) in pairs {
        let parts: Vec<_> = name
            .split('[')
            .map(|part| part.trim_end_matches(']'))
            .collect();
        if parts.len() <= DEEPEST {
            put(&mut all, &parts, value);
        }
    }
    all
}

fn put(place: &mut Value, parts: &[&str], value: String) {
    match parts {
        [] => *place = Value::String(value),
        // `name[]` is one of a list.
        [""] => match place {
            Value::Array(list) => list.push(Value::String(value)),
            place => *place = Value::Array(vec![Value::String(value)]),
        },
        [name, rest @ ..] => {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            if let Some(object) = place.as_object_mut() {
                let inner = object.entry((*name).to_owned()).or_insert(Value::Null);
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Value {
        let pairs = pairs.iter();
        nested(
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn names_with_brackets_are_objects_and_lists() {
        assert_eq!(
            read(&[
                ("incident[name]", "a"),
                ("incident[components][x1]", "major_outage"),
                ("incident[component_ids][]", "x1"),
                ("incident[component_ids][]", "x2"),
                ("other", "b"),
            ]),
            json!({
                "incident": {
                    "name": "a",
                    "components": { "x1": "major_outage" },
                    "component_ids": ["x1", "x2"]
                },
                "other": "b"
            })
        );
        assert_eq!(read(&[(&"a[b]".repeat(100), "x")]), json!({}));
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic(name in "[a\\[\\]]{0,20}", other in "[a\\[\\]]{0,20}") {
            read(&[(&name, "x"), (&other, "y")]);
        }
    }
}
