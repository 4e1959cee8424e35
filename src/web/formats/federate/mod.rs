//! The newest samples for another Prometheus, as its federation asks for them.

pub(crate) mod escaping;
pub(crate) mod format;
mod page;

use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::{mpsc, oneshot};

use crate::model::request::ask::SampleQuery;
use crate::model::request::samples::question::WindowQuestion;
use crate::web::formats::federate::format::TextFormat;
use crate::web::formats::federate::page::page;

/// How long the pipeline may take; it does nothing else for so long.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Selectors of one question.
const MAX_SELECTORS: usize = 64;

/// The route of the operators' listener; questions go to the pipeline.
pub(crate) fn routes(asks: mpsc::Sender<WindowQuestion>) -> Router {
    Router::new()
        .route("/federate", get(federate))
        .with_state(asks)
}

async fn federate(
    State(asks): State<mpsc::Sender<WindowQuestion>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let selectors = selectors(&query.unwrap_or_default());
    if selectors.is_empty() || selectors.len() > MAX_SELECTORS {
        let words = format!("name 1 to {MAX_SELECTORS} selectors: /federate?match[]=up\n");
        return (StatusCode::BAD_REQUEST, words).into_response();
    }
    let (answer, answered) = oneshot::channel();
    let asked = async {
        let question = WindowQuestion::Newest(SampleQuery { selectors, answer });
        asks.send(question).await.ok()?;
        answered.await.ok()
    };
    match tokio::time::timeout(TIMEOUT, asked).await {
        Ok(Some(Ok(newest))) => {
            let format = TextFormat::negotiate(&headers);
            let kind = [(header::CONTENT_TYPE, format.kind())];
            (kind, page(&newest, format.escaping)).into_response()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_read_as_prometheus_sends_them() {
        let read = selectors("match%5B%5D=up&match[]=%7Bjob%3D%22a+b%22%7D&match[]=up&x=1");
        assert_eq!(read, ["up", "{job=\"a b\"}"]);
        assert!(selectors("").is_empty());
    }
}
