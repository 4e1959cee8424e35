//! Asks a Prometheus, Thanos or Mimir that is already there, by its HTTP API.

pub mod answer;
pub mod settings;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use reqwest::header::{AGE, CONTENT_TYPE};
use reqwest::{Method, StatusCode, Url};
use tokio::time::Instant;

use crate::collect::failure::cause::Failure;
use crate::collect::http::access::HttpAccess;
use crate::collect::http::body;
use crate::collect::http::clients::HttpClients;
use crate::collect::query::answer::QueryAnswer;
use crate::collect::query::settings::{QuerySettings, SUCCESS_METRIC};
use crate::model::sample::{INCOMPLETE, Metric, Sample};
use crate::model::series::label::{self, METRIC_NAME};

/// Queries that are under way at a time.
const AT_ONCE: usize = 4;

/// The metric that a rule's expression becomes, if another server evaluates it.
pub(crate) const RULE_METRIC: &str = "critwatch_query";

/// A query, and what its samples are called.
#[derive(Debug)]
struct NamedQuery {
    /// The metric's name.
    name: String,
    /// The label that tells queries apart: `query` or `rule`.
    key: &'static str,
    id: String,
    expr: String,
    /// What was wrong with its last answer, told once.
    logged: Option<String>,
}

/// A server that is asked.
#[derive(Debug)]
pub struct QueryCollector {
    access: HttpAccess,
    asked: Vec<NamedQuery>,
    size: usize,
    series: usize,
}

impl QueryCollector {
    /// Checks the settings and chooses a client.
    pub(crate) fn new(settings: QuerySettings, clients: &HttpClients) -> Result<Self, Failure> {
        let access = HttpAccess::new(&settings.url, &settings.keys(), clients)?;
        let queries = settings.queries.into_iter().map(|query| NamedQuery {
            id: query.name.clone(),
            name: query.name,
            key: "query",
            expr: query.expr,
            logged: None,
        });
        let rules = settings.rules.into_iter().map(|(id, expr)| NamedQuery {
            name: RULE_METRIC.to_owned(),
            key: "rule",
            id,
            expr,
            logged: None,
        });
        Ok(Self {
            access,
            asked: queries.chain(rules).collect(),
            size: settings.size,
            series: settings.series,
        })
    }

    /// Asks every query; fails if none is answered.
    ///
    /// A query that is not answered in full within nine tenths of the timeout
    /// has no samples but `query_success 0`, and holds up no other. Those that are
    /// left soon before the end of the timeout are given up, not all of them.
    pub(crate) async fn collect(
        &mut self,
        timeout: Duration,
        good_for: Duration,
    ) -> Result<Vec<Sample>, Failure> {
        let (access, size) = (&self.access, self.size);
        let last = Instant::now() + timeout * 19 / 20;
        let asked: Vec<_> = self.asked.iter().map(|asked| asked.expr.clone()).collect();
        let mut outcomes: Vec<(usize, Result<QueryAnswer, QueryTrouble>)> =
            stream::iter(asked.into_iter().enumerate())
                .map(|(place, expr)| async move {
                    let until = last.min(Instant::now() + timeout * 9 / 10);
                    let answer = ask(access, &expr, size, good_for);
                    let answer = tokio::time::timeout_at(until, answer).await;
                    let late = Err(QueryTrouble::Away(Failure::Timeout));
                    (place, answer.unwrap_or(late))
                })
                // In order, one that is slow would keep the seats of those behind it.
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
        outcomes.sort_unstable_by_key(|(place, _)| *place);
        let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        let away = |outcome: &Result<_, _>| matches!(outcome, Err(QueryTrouble::Away(_)));
        if !outcomes.iter().all(away) {
            return Ok(self.samples(outcomes));
        }
        match outcomes.into_iter().next() {
            Some(Err(QueryTrouble::Away(failure))) => Err(failure),
            _ => Err(Failure::Answer("there is nothing to ask".to_owned())),
        }
    }

    /// Makes samples of what was answered, and tells what was not.
    fn samples(&mut self, outcomes: Vec<Result<QueryAnswer, QueryTrouble>>) -> Vec<Sample> {
        let (mut samples, mut whole) = (Vec::new(), true);
        for (asked, outcome) in self.asked.iter_mut().zip(outcomes) {
            let named = outcome.and_then(|answer| {
                let notes = (!answer.notes.is_empty()).then(|| answer.notes.join("; "));
                let series = asked.name(answer, self.series.saturating_sub(samples.len()))?;
                Ok((series, notes))
            });
            let (series, fault) = match named {
                Ok((series, notes)) => (Some(series), notes),
                Err(fault) => (None, Some(fault.to_string())),
            };
            if asked.logged != fault {
                if let Some(why) = &fault {
                    tracing::warn!(
                        query = asked.id,
                        error = why,
                        "query has an incomplete response"
                    );
                } else {
                    tracing::info!(query = asked.id, "query recovered");
                }
                asked.logged = fault;
            }
            whole &= series.is_some();
            let success = f64::from(u8::from(series.is_some()));
            samples.extend(series.unwrap_or_default());
            samples.push(Sample::new(
                SUCCESS_METRIC,
                [(asked.key, &asked.id)],
                success,
            ));
        }
        if !whole {
            samples.push(Sample::new(INCOMPLETE, [], 1.0));
        }
        samples
    }
}

impl NamedQuery {
    /// Gives the series of an answer our names.
    fn name(&self, answer: QueryAnswer, most: usize) -> Result<Vec<Sample>, QueryTrouble> {
        if answer.series.len() > most {
            let words = "more series than allowed; aggregate them, or raise `series`";
            return Err(QueryTrouble::Unclear(words.to_owned()));
        }
        let mut seen = BTreeSet::new();
        let mut samples = Vec::new();
        for (mut labels, value) in answer.series {
            labels.remove(METRIC_NAME);
            // A label without a value is no label.
            labels.retain(|_, value| !value.is_empty());
            if self.key == "rule" {
                label::put(&mut labels, self.key, self.id.clone());
            }
            if !seen.insert(labels.clone()) {
                let words = "two series differ in their names only; aggregate them";
                return Err(QueryTrouble::Unclear(words.to_owned()));
            }
            let name = self.name.clone();
            let metric = Metric { name, labels };
            samples.push(Sample { metric, value });
        }
        Ok(samples)
    }
}

/// Why a query has no answer that counts.
#[derive(Debug, thiserror::Error)]
enum QueryTrouble {
    /// The server cannot be asked.
    #[error(transparent)]
    Away(#[from] Failure),
    /// The server answered this query with an error, or in part only.
    #[error("{0}")]
    Unclear(String),
}

/// Sends one query and reads its answer.
async fn ask(
    access: &HttpAccess,
    expr: &str,
    size: usize,
    good_for: Duration,
) -> Result<QueryAnswer, QueryTrouble> {
    let response = access
        .request(Method::POST, "/api/v1/query")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form(expr))
        .send()
        .await
        .map_err(Failure::from)?;
    let status = response.status();
    // What a cache between us gives out may be older than we would believe.
    let age = response
        .headers()
        .get(AGE)
        .and_then(|age| age.to_str().ok());
    let age = age.and_then(|age| age.parse().ok()).unwrap_or(0);
    if age > good_for.as_secs() {
        let words = format!("a cache answered with data that is {age} s old");
        return Err(QueryTrouble::Unclear(words));
    }
    let body = body::read(response, size).await?;
    match answer::read(&body) {
        Ok(answer) if status == StatusCode::OK => Ok(answer),
        Err(answer::QueryError::Unclear(words)) => Err(QueryTrouble::Unclear(words)),
        Err(answer::QueryError::Other(words)) if status == StatusCode::OK => {
            Err(Failure::Answer(words).into())
        }
        Ok(_) | Err(answer::QueryError::Other(_)) => Err(Failure::Status {
            path: "the query".to_owned(),
            status,
        }
        .into()),
    }
}

/// The body of a query; Thanos is told that part of an answer is none.
fn form(expr: &str) -> String {
    let pairs = [("query", expr), ("partial_response", "false")];
    let url = Url::parse_with_params("http://localhost", pairs);
    url.ok()
        .and_then(|url| url.query().map(str::to_owned))
        .unwrap_or_default()
}
