//! Answers in Prometheus' JSON.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::model::request::samples::question::{FoundValues, QueryFault, TimedValue};
use crate::model::sample::Metric;
use crate::web::text::values::value_text;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiFault {
    status: StatusCode,
    /// Prometheus' word for it.
    kind: &'static str,
    words: String,
}

impl ApiFault {
    /// What was asked cannot be meant.
    pub(crate) fn bad(words: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "bad_data",
            words: words.to_owned(),
        }
    }
}

impl From<QueryFault> for ApiFault {
    fn from(fault: QueryFault) -> Self {
        match fault {
            QueryFault::Unreadable { why, place } => {
                let place = place.map(|at| format!("1:{}: ", at + 1));
                let place = place.unwrap_or_default();
                Self::bad(&format!(
                    "invalid parameter \"query\": {place}parse error: {why}"
                ))
            }
            QueryFault::Failed(words) => Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                kind: "execution",
                words,
            },
            QueryFault::Busy => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                kind: "timeout",
                words: "the samples are busy; try again".to_owned(),
            },
        }
    }
}

impl IntoResponse for ApiFault {
    fn into_response(self) -> Response {
        let body = json!({ "status": "error", "errorType": self.kind, "error": self.words });
        let answer = (self.status, Json(body)).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            return ([(header::RETRY_AFTER, "1")], answer).into_response();
        }
        answer
    }
}

/// An answer with its data.
pub(crate) fn success(data: &Value) -> Response {
    Json(json!({ "status": "success", "data": data })).into_response()
}

/// What an expression says.
pub(crate) fn found(values: FoundValues) -> Value {
    let (kind, result) = match values {
        FoundValues::Scalar(value) => ("scalar", pair(value)),
        FoundValues::Text(at, text) => ("string", json!([seconds(at), text])),
        FoundValues::Vector(elements) => {
            let elements = elements.into_iter();
            let one = |(metric, value)| json!({ "metric": labels(metric), "value": pair(value) });
            ("vector", elements.map(one).collect())
        }
        FoundValues::Matrix(courses) => {
            let courses = courses.into_iter();
            let one = |(metric, values): (Metric, Vec<TimedValue>)| {
                let values: Value = values.into_iter().map(pair).collect();
                json!({ "metric": labels(metric), "values": values })
            };
            ("matrix", courses.map(one).collect())
        }
    };
    json!({ "resultType": kind, "result": result })
}

/// The labels of a series, its name among them.
pub(crate) fn labels(metric: Metric) -> Value {
    let mut object = Map::new();
    if !metric.name.is_empty() {
        object.insert("__name__".to_owned(), metric.name.into());
    }
    let labels = metric.labels.into_iter();
    object.extend(labels.map(|(name, value)| (name, value.into())));
    Value::Object(object)
}

fn pair((at, value): TimedValue) -> Value {
    json!([seconds(at), value_text(value)])
}

/// A moment in seconds with up to three digits behind the point.
fn seconds(at: Timestamp) -> Value {
    let milliseconds = at.as_millisecond();
    if milliseconds % 1000 == 0 {
        return (milliseconds / 1000).into();
    }
    at.as_duration().as_secs_f64().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn values_are_texts_and_moments_numbers() {
        let metric = Metric::new("up", [("job", "a\"b")]);
        let vector = FoundValues::Vector(vec![(metric.clone(), (at(1500), f64::INFINITY))]);
        assert_eq!(
            found(vector).to_string(),
            r#"{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a\"b"},"value":[1.5,"+Inf"]}]}"#
        );
        let nameless = Metric::new("", []);
        let matrix =
            FoundValues::Matrix(vec![(nameless, vec![(at(1000), 1e21), (at(2000), -0.0)])]);
        assert_eq!(
            found(matrix).to_string(),
            r#"{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1000000000000000000000"],[2,"-0"]]}]}"#
        );
        let scalar = found(FoundValues::Scalar((at(0), f64::NAN)));
        assert_eq!(
            scalar.to_string(),
            r#"{"resultType":"scalar","result":[0,"NaN"]}"#
        );
    }
}
