//! A heartbeat by an address that only its job knows: `/push/<secret>`.
//!
//! The words are those of what jobs call today: Uptime Kuma (`?status=up&msg=…&ping=…`) and
//! Healthchecks (`/fail`, `/<exit code>`, the output as the body).

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde::Deserialize;

use crate::model::request::samples::push::Beat;
use crate::web::ops::push::targets::deliver;
use crate::web::push::doors::PushDoors;

/// What of a text is kept, in characters.
const TEXT: usize = 120;

/// What may stand behind the `?`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct BeatQuery {
    status: Option<String>,
    #[serde(alias = "text")]
    msg: Option<String>,
    #[serde(alias = "ping")]
    value: Option<String>,
}

/// Receives a heartbeat.
pub(crate) async fn beat(
    State(doors): State<Arc<PushDoors>>,
    Path(path): Path<Vec<String>>,
    query: Result<Query<BeatQuery>, QueryRejection>,
    body: Bytes,
) -> Response {
    let secret = path.first().map(String::as_str).unwrap_or_default();
    // Who does not know the secret learns nothing else.
    let Some((name, target)) = doors.beat(secret) else {
        return (StatusCode::NOT_FOUND, "there is no such address\n").into_response();
    };
    let read = query
        .map_err(|_| "what stands behind the `?` cannot be read".to_owned())
        .and_then(|Query(query)| said(name, path.get(1).map(String::as_str), query, &body));
    match read {
        Ok(beat) => deliver(target, beat).await,
        Err(why) => (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
    }
}

/// What a request says of its job.
fn said(name: &str, outcome: Option<&str>, query: BeatQuery, body: &[u8]) -> Result<Beat, String> {
    let in_path = outcome.map(success_in_path).transpose()?;
    let status = query.status.as_deref().map(success_of_status).transpose()?;
    let value = query.value.filter(|value| !value.is_empty());
    let value = value.map(|value| match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{value}` is not a number; write `?value=12.5`")),
    });
    let text = query.msg.map(String::into_bytes);
    let text = text.unwrap_or_else(|| body.to_vec());
    let text = one_line(&String::from_utf8_lossy(&text));
    Ok(Beat {
        name: name.to_owned(),
        success: in_path.unwrap_or(true) && status.unwrap_or(true),
        value: value.transpose()?,
        text: (!text.is_empty()).then_some(text),
    })
}

/// Whether the job went well, by the last part of the address: a word or an exit code.
fn success_in_path(word: &str) -> Result<bool, String> {
    match (word, word.parse::<u8>()) {
        ("ok" | "success", _) => Ok(true),
        ("fail", _) => Ok(false),
        (_, Ok(code)) => Ok(code == 0),
        (_, Err(_)) => Err(format!(
            "`{word}` says nothing; the address may end in `/ok`, `/fail` or an exit code"
        )),
    }
}

fn success_of_status(word: &str) -> Result<bool, String> {
    match word {
        "ok" | "up" => Ok(true),
        "fail" | "down" => Ok(false),
        _ => Err(format!(
            "`{word}` is not a status; write `?status=ok` or `?status=fail`"
        )),
    }
}

/// The beginning of a text, in one line of characters that can be seen.
fn one_line(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(outcome: Option<&str>, query: &str, body: &str) -> Result<Beat, String> {
        let query = serde_urlencoded(query);
        said("backup", outcome, query, body.as_bytes())
    }

    fn serde_urlencoded(query: &str) -> BeatQuery {
        let uri = format!("/?{query}").parse().unwrap();
        Query::try_from_uri(&uri).unwrap().0
    }

    #[test]
    fn a_job_says_how_it_went_in_whatever_words_it_knows() {
        for (outcome, query, success) in [
            (None, "", true),
            (None, "status=up&msg=OK&ping=", true),
            (None, "status=down", false),
            (None, "status=fail", false),
            (Some("fail"), "", false),
            (Some("0"), "", true),
            (Some("3"), "", false),
            // Whoever says that it failed is believed.
            (Some("fail"), "status=up", false),
        ] {
            let beat = read(outcome, query, "").unwrap();
            assert_eq!(beat.success, success, "{outcome:?} {query}");
        }
        for (outcome, query) in [
            (Some("start"), ""),
            (Some("256"), ""),
            (None, "status=maybe"),
            (None, "value=much"),
            (None, "value=NaN"),
        ] {
            assert!(read(outcome, query, "").is_err(), "{outcome:?} {query}");
        }
    }

    #[test]
    fn its_text_is_one_line_and_its_number_a_number() {
        let beat = read(None, "ping=12.5", "first\r\nsecond\u{1b}[31m").unwrap();
        assert_eq!(beat.value, Some(12.5));
        assert_eq!(beat.text.as_deref(), Some("first second [31m"));
        let long = read(None, &format!("msg={}", "ä".repeat(500)), "").unwrap();
        assert_eq!(long.text.map(|text| text.chars().count()), Some(TEXT));
        assert_eq!(read(None, "", " \n").unwrap().text, None);
    }
}
