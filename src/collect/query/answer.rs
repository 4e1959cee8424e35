//! Reads the answer of Prometheus' HTTP API to an instant query.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::page::cursor::number;

/// Longer words of a server are cut, in characters.
const LONGEST_WORDS: usize = 200;

/// What a query selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryAnswer {
    /// Labels and values; a scalar has no labels.
    pub(crate) series: Vec<(BTreeMap<String, String>, f64)>,
    /// Remarks on the expression, for operators.
    pub(crate) notes: Vec<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryError {
    /// The server refused this query, or answered a part of it only.
    Unclear(String),
    /// The server is not well, or is none of those that we know.
    Other(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    status: Cow<'a, str>,
    #[serde(borrow)]
    data: Option<Payload<'a>>,
    #[serde(default)]
    error_type: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Option<Vec<String>>,
    #[serde(default)]
    infos: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    result_type: Cow<'a, str>,
    #[serde(borrow)]
    result: &'a RawValue,
}

#[derive(Deserialize)]
struct SelectedSeries {
    metric: BTreeMap<String, String>,
    value: Option<(f64, String)>,
}

/// Reads the body of an answer.
pub fn read(body: &[u8]) -> Result<QueryAnswer, QueryError> {
    let other = |error: serde_json::Error| {
        QueryError::Other(format!("the server answered no result of a query: {error}"))
    };
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(other)?;
    if envelope.status != "success" {
        let words = cut(&format!("{}: {}", envelope.error_type, envelope.error));
        return Err(match &*envelope.error_type {
            "bad_data" | "execution" => QueryError::Unclear(words),
            _ => QueryError::Other(words),
        });
    }
    // Prometheus remarks on an expression; other warnings are of missing parts.
    let warnings = envelope.warnings.unwrap_or_default();
    let (mut notes, parts): (Vec<_>, Vec<_>) = warnings
        .into_iter()
        .partition(|warning| warning.starts_with("PromQL "));
    if let Some(first) = parts.first() {
        return Err(QueryError::Unclear(cut(&format!(
            "answered in part: {first}"
        ))));
    }
    notes.extend(envelope.infos.unwrap_or_default());
    let data = envelope
        .data
        .ok_or_else(|| QueryError::Other("the answer holds no data".to_owned()))?;
    let text = data.result.get();
    let unclear = |words: &str| QueryError::Unclear(words.to_owned());
    let value = |text: &str| number(text).ok_or_else(|| unclear("a value is not a number"));
    let series = match &*data.result_type {
        "vector" => {
            let series: Vec<SelectedSeries> = serde_json::from_str(text).map_err(other)?;
            let each = series.into_iter().map(|series| {
                let (_, text) = series
                    .value
                    .ok_or_else(|| unclear("the result is a histogram; take a quantile of it"))?;
                Ok((series.metric, value(&text)?))
            });
            each.collect::<Result<_, QueryError>>()?
        }
        "scalar" => {
            let (_, text): (f64, String) = serde_json::from_str(text).map_err(other)?;
            vec![(BTreeMap::new(), value(&text)?)]
        }
        _ => return Err(unclear("the result is neither a vector nor a number")),
    };
    let notes = notes.iter().map(|note| cut(note)).collect();
    Ok(QueryAnswer { series, notes })
}

fn cut(words: &str) -> String {
    words.chars().take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(body: &str, expected: &str) {
        let outcome = match read(body.as_bytes()) {
            Ok(answer) => format!("{:?} {:?}", answer.series, answer.notes),
            Err(fault) => format!("{fault:?}"),
        };
        assert!(outcome.starts_with(expected), "{body}\n{outcome}");
    }

    #[test]
    fn results_are_read_and_what_is_no_full_answer_is_said() {
        check(
            r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1.5,"+Inf"]}]}}"#,
            r#"[({"a": "b"}, inf)] []"#,
        );
        check(
            r#"{"status":"success","data":{"resultType":"scalar","result":[1,"3"]},"infos":["PromQL info: x"]}"#,
            r#"[({}, 3.0)] ["PromQL info: x"]"#,
        );
        check(
            r#"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["PromQL warning: y"]}"#,
            r#"[] ["PromQL warning: y"]"#,
        );
        check(
            r#"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["store is away"]}"#,
            r#"Unclear("answered in part: store is away")"#,
        );
        check(
            r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#,
            r#"Unclear("bad_data: parse error")"#,
        );
        check(
            r#"{"status":"error","errorType":"unavailable","error":"starting"}"#,
            r#"Other("unavailable: starting")"#,
        );
        check(
            r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
            r#"Unclear("the result is neither"#,
        );
        check(
            r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}"#,
            r#"Unclear("the result is a histogram"#,
        );
        check("<html>", r#"Other("the server answered no result"#);
        check("{}", r#"Other("the server answered no result"#);
        check(
            r#"{"status":"success"}"#,
            r#"Other("the answer holds no data")"#,
        );
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(text in "[a-z{}\\[\\]\":,0-9]{0,80}") {
            let _ = read(text.as_bytes());
            let inside = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":{text}}}}}"#);
            let _ = read(inside.as_bytes());
        }
    }
}
