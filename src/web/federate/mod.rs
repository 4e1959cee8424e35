//! The newest samples for another Prometheus, as its federation asks for them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::{mpsc, oneshot};

use crate::model::ask::{Ask, Newest};

/// How long the pipeline may take; it does nothing else for so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Selectors of one question.
const MOST: usize = 64;

/// The route of the operators' listener; questions go to the pipeline.
pub fn routes(asks: mpsc::Sender<Ask>) -> Router {
    Router::new()
        .route("/federate", get(federate))
        .with_state(asks)
}

async fn federate(State(asks): State<mpsc::Sender<Ask>>, RawQuery(query): RawQuery) -> Response {
    let selectors = selectors(&query.unwrap_or_default());
    if selectors.is_empty() || selectors.len() > MOST {
        let words = format!("name 1 to {MOST} selectors: /federate?match[]=up\n");
        return (StatusCode::BAD_REQUEST, words).into_response();
    }
    let (answer, answered) = oneshot::channel();
    let asked = async {
        asks.send(Ask { selectors, answer }).await.ok()?;
        answered.await.ok()
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Some(Ok(newest))) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], page(&newest)).into_response()
        }
        Ok(Some(Err(fault))) => (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response(),
        Ok(None) | Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "5")],
            "the samples are busy; try again\n",
        )
            .into_response(),
    }
}

/// The values of `match[]`, each once.
fn selectors(query: &str) -> Vec<String> {
    let Ok(url) = reqwest::Url::parse(&format!("http://localhost/?{query}")) else {
        return Vec::new();
    };
    let mut selectors: Vec<String> = Vec::new();
    for (name, value) in url.query_pairs() {
        let value = value.into_owned();
        if name == "match[]" && !selectors.contains(&value) {
            selectors.push(value);
        }
    }
    selectors
}

/// Writes samples in the text format, each with its moment.
fn page(newest: &[Newest]) -> String {
    let mut page = String::new();
    let mut families: BTreeMap<&str, Vec<&Newest>> = BTreeMap::new();
    for one in newest.iter().filter(|one| is_plain(one)) {
        families.entry(&one.metric.name).or_default().push(one);
    }
    for (name, family) in families {
        let _ = writeln!(page, "# TYPE {name} untyped");
        for one in family {
            page.push_str(name);
            let mut separator = '{';
            for (label, value) in &one.metric.labels {
                let _ = write!(page, "{separator}{label}=\"{}\"", escaped(value));
                separator = ',';
            }
            if separator == ',' {
                page.push('}');
            }
            let _ = writeln!(page, " {} {}", number(one.value), one.at.as_millisecond());
        }
    }
    page
}

/// Whether the name and the labels can be written in this format at all.
fn is_plain(one: &Newest) -> bool {
    let word = |text: &str, colon: bool| {
        text.starts_with(|first: char| !first.is_ascii_digit())
            && text
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || sign == '_' || colon && sign == ':')
    };
    word(&one.metric.name, true) && one.metric.labels.keys().all(|label| word(label, false))
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        // The shortest text that reads back as the same value.
        format!("{value:?}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::sample::Metric;

    use super::*;

    #[test]
    fn samples_are_written_by_family_with_their_moments() {
        let newest = |name: &str, label: &str, value| Newest {
            metric: Metric::new(name, [("queue", label)]),
            at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
            value,
        };
        let text = page(&[
            newest("b", "x", 0.1),
            newest("a", "q\"\\\n", f64::NEG_INFINITY),
            newest("b", "y", f64::NAN),
            newest("not.plain", "z", 1.0),
            Newest {
                metric: Metric::new("c", []),
                ..newest("c", "", 1e30)
            },
        ]);
        let expected = "# TYPE a untyped\na{queue=\"q\\\"\\\\\\n\"} -Inf 1700000000123\n\
            # TYPE b untyped\nb{queue=\"x\"} 0.1 1700000000123\nb{queue=\"y\"} NaN 1700000000123\n\
            # TYPE c untyped\nc 1e30 1700000000123\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn selectors_are_read_as_prometheus_sends_them() {
        let read = selectors("match%5B%5D=up&match[]=%7Bjob%3D%22a+b%22%7D&match[]=up&x=1");
        assert_eq!(read, ["up", "{job=\"a b\"}"]);
        assert!(selectors("").is_empty());
    }
}
