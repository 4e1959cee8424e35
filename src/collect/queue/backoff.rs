//! Questions that are not asked for a while: refused ones, and heavy ones.

use std::collections::{BTreeMap, BTreeSet};

use redis::{RedisError, RedisResult, Value};

use crate::collect::queue::reading::answers::{Answer, weight};
use crate::collect::queue::reading::question::{Question, QuestionFamily};

/// A refused command counts as an error of the very Redis that we watch: it is
/// asked again this rarely, in milliseconds.
const REFUSED_MS: i64 = 5 * 60_000;

/// Answers up to this many bytes are read at each scrape.
const LIGHT: usize = 64 * 1024;

/// A larger one is asked for so rarely that it costs at most this many bytes
/// per millisecond (1 MiB per second).
const BYTES_PER_MS: usize = 1024;

/// However large it is, it is looked at once a minute.
const HEAVY_MS: i64 = 60_000;

/// Errors that are over by themselves, so that asking again is right.
const PASSING: [&str; 9] = [
    "LOADING",
    "MOVED",
    "ASK",
    "TRYAGAIN",
    "CLUSTERDOWN",
    "MASTERDOWN",
    "BUSY",
    "NOGROUP",
    "OOM",
];

/// How many keys a complaint names.
const NAMED: usize = 5;

/// Whether a question rests, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It is asked.
    None,
    /// Its last answer was large.
    Heavy,
    /// It was refused.
    Refused,
}

/// What is not asked for a while, and what operators were told of it.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    /// Why, and until when by the server's clock.
    parts: BTreeMap<QuestionFamily, (Rest, i64)>,
    /// Refusals of this scrape: why, and what was asked.
    refused: BTreeMap<String, BTreeSet<String>>,
    /// Parts that operators know of.
    logged: BTreeSet<QuestionFamily>,
    /// Parts that answer again.
    recovered: BTreeSet<String>,
}

impl Backoff {
    /// Whether a question rests at that moment.
    pub(crate) fn of(&self, question: &Question, now_ms: i64) -> Rest {
        match self.parts.get(&question.part()) {
            Some((rest, until_ms)) if now_ms < *until_ms => *rest,
            _ => Rest::None,
        }
    }

    /// Reads an answer; one that is refused or heavy lets its question rest.
    pub(crate) fn classify(
        &mut self,
        question: &Question,
        answer: RedisResult<Value>,
        now_ms: i64,
    ) -> Answer {
        let part = question.part();
        match answer.and_then(Value::extract_error) {
            Ok(value) => {
                let weight = weight(&value);
                if weight > LIGHT {
                    let rest_ms = i64::try_from(weight / BYTES_PER_MS).unwrap_or(HEAVY_MS);
                    let until_ms = now_ms + rest_ms.min(HEAVY_MS);
                    self.parts.insert(part.clone(), (Rest::Heavy, until_ms));
                } else {
                    self.parts.remove(&part);
                }
                if self.logged.remove(&part) {
                    self.recovered.insert(question.to_string());
                }
                Answer::Value(value)
            }
            Err(error) => {
                if !passes(&error) {
                    let until_ms = now_ms + REFUSED_MS;
                    self.parts.insert(part.clone(), (Rest::Refused, until_ms));
                }
                if self.logged.insert(part) {
                    let asked = self.refused.entry(way_out(&error)).or_default();
                    asked.insert(question.to_string());
                }
                Answer::Unknown
            }
        }
    }

    /// What operators do not know yet: what is refused, and what answers again.
    /// Forgets questions that nobody asks any more.
    pub(crate) fn changes(&mut self, questions: &[Question], now_ms: i64) -> BackoffChanges {
        let refused = std::mem::take(&mut self.refused).into_iter();
        let recovered = std::mem::take(&mut self.recovered);
        self.parts.retain(|_, (_, until_ms)| now_ms < *until_ms);
        if !self.logged.is_empty() {
            let parts: BTreeSet<_> = questions.iter().map(Question::part).collect();
            self.logged.retain(|part| parts.contains(part));
        }
        BackoffChanges {
            refused: refused
                .map(|(why, refused)| format!("{}: {why}", named(&refused)))
                .collect(),
            recovered: (!recovered.is_empty()).then(|| named(&recovered)),
        }
    }
}

/// What is to be said once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BackoffChanges {
    /// Commands and keys that cannot be read, and the way out; one text for each.
    pub(crate) refused: Vec<String>,
    /// Those that answer again.
    pub(crate) recovered: Option<String>,
}

/// Some of the names, and how many more there are.
fn named(names: &BTreeSet<String>) -> String {
    let some: Vec<_> = names.iter().take(NAMED).map(|name| &**name).collect();
    let more = names.len().saturating_sub(NAMED);
    if more == 0 {
        some.join(", ")
    } else {
        format!("{} and {more} more", some.join(", "))
    }
}

fn passes(error: &RedisError) -> bool {
    error.code().is_none_or(|code| PASSING.contains(&code))
        // The key went while we asked.
        || error.detail().is_some_and(|detail| detail.contains("no such key"))
}

/// Why a command was refused, and what to do about it.
fn way_out(error: &RedisError) -> String {
    match error.code() {
        Some("WRONGTYPE") => {
            "the key holds another type; correct `system`, `key` or `prefix`".to_owned()
        }
        Some("NOPERM") => {
            "not permitted; allow this command and these keys with ACL SETUSER".to_owned()
        }
        Some("MOVED" | "ASK" | "CROSSSLOT") => {
            "the key lives on another node; set `cluster = true` on the collector".to_owned()
        }
        Some(code) => format!(
            "Redis answers {code} {}",
            error.detail().unwrap_or_default()
        ),
        None => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    /// Redis answers each question the same; what is news then.
    fn changes(backoff: &mut Backoff, answer: &str, now_ms: i64) -> BackoffChanges {
        let questions: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"]
            .map(|key| Question::new("LLEN", key))
            .into();
        for question in &questions {
            if backoff.of(question, now_ms) == Rest::None {
                let answer = redis::parse_redis_value(answer.as_bytes());
                backoff.classify(question, answer, now_ms);
            }
        }
        backoff.changes(&questions, now_ms)
    }

    #[test]
    fn what_is_refused_is_told_once_with_the_way_out_and_once_when_it_heals() {
        let mut backoff = Backoff::default();
        let nothing = BackoffChanges {
            refused: Vec::new(),
            recovered: None,
        };
        let first = changes(&mut backoff, "-NOPERM this user\r\n", NOW);
        let logged = "LLEN a, LLEN b, LLEN c, LLEN d, LLEN e and 2 more: not permitted; \
            allow this command and these keys with ACL SETUSER";
        assert_eq!(first.refused, [logged]);
        for minute in 1..12 {
            let again = changes(&mut backoff, "-NOPERM this user\r\n", NOW + minute * 60_000);
            assert_eq!(again, nothing, "after {minute} min");
        }
        let recovered = changes(&mut backoff, ":1\r\n", NOW + 3_600_000);
        assert_eq!(recovered.refused, nothing.refused);
        assert!(recovered.recovered.unwrap().starts_with("LLEN a, LLEN b"));
        assert_eq!(changes(&mut backoff, ":1\r\n", NOW + 3_601_000), nothing);
    }
}
