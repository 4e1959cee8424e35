//! What Redis answered to the questions of one scrape.

use std::collections::HashMap;

use redis::Value;

use crate::collect::queue::reading::question::Question;

/// The answer to one question.
#[derive(Debug)]
pub(crate) enum Answer {
    /// What Redis said.
    Value(Value),
    /// It was not asked this time, because its answers are large.
    Later,
    /// It was refused, or nobody asked.
    Unknown,
}

/// What is known of a hash.
#[derive(Debug)]
pub(crate) enum Record {
    /// The fields that were asked for, at least one of which it has.
    Found(Vec<Option<Vec<u8>>>),
    /// There is no such hash, or it has none of them.
    Gone,
    /// Nobody could ask.
    Unknown,
}

impl Record {
    /// The fields, if it was found.
    pub(crate) fn found(self) -> Option<Vec<Option<Vec<u8>>>> {
        match self {
            Self::Found(fields) => Some(fields),
            Self::Gone | Self::Unknown => None,
        }
    }
}

/// The answers of one scrape, each found by its question.
#[derive(Debug)]
pub(crate) struct Answers {
    /// The server's own clock, in milliseconds since 1970.
    pub(crate) now_ms: i64,
    of: HashMap<Question, Answer>,
}

impl Answers {
    /// Starts with the moment of the scrape.
    pub(crate) fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            of: HashMap::new(),
        }
    }

    /// Notes an answer.
    pub(crate) fn put(&mut self, question: Question, answer: Answer) {
        self.of.insert(question, answer);
    }

    /// Takes an answer; large ones are not kept.
    pub(crate) fn take(&mut self, question: &Question) -> Answer {
        self.of.remove(question).unwrap_or(Answer::Unknown)
    }

    /// Whether a question was not asked this time only.
    pub(crate) fn is_put_off(&self, question: &Question) -> bool {
        matches!(self.of.get(question), Some(Answer::Later))
    }

    /// Looks at an answer and leaves it.
    pub(crate) fn peek(&self, question: &Question) -> Option<&Value> {
        match self.of.get(question)? {
            Answer::Value(value) => Some(value),
            Answer::Later | Answer::Unknown => None,
        }
    }

    /// Takes an answer, if there is one.
    pub(crate) fn value(&mut self, question: &Question) -> Option<Value> {
        match self.take(question) {
            Answer::Value(value) => Some(value),
            Answer::Later | Answer::Unknown => None,
        }
    }

    /// A number of elements; that of a key that is not there is 0.
    pub(crate) fn count(&mut self, question: &Question) -> Option<u64> {
        count(&self.value(question)?)
    }

    /// Whether a key exists.
    pub(crate) fn exists(&mut self, question: &Question) -> Option<bool> {
        self.count(question).map(|number| number > 0)
    }

    /// The fields of a hash, as many as were asked for.
    pub(crate) fn record(&mut self, question: &Question) -> Record {
        let Some(Value::Array(fields)) = self.value(question) else {
            return Record::Unknown;
        };
        let fields: Vec<_> = fields.into_iter().map(bytes).collect();
        if fields.len() != question.asked() {
            Record::Unknown
        } else if fields.iter().any(Option::is_some) {
            Record::Found(fields)
        } else {
            Record::Gone
        }
    }
}

/// The bytes of a text.
pub(crate) fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        Value::SimpleString(text) => Some(text.into_bytes()),
        _ => None,
    }
}

/// A number as Redis writes it, in either version of its protocol.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(_) => from_count(count(value)?),
        Value::Double(number) => *number,
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A whole number that is not negative.
pub(crate) fn count(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Int(number) => *number,
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok()?,
        _ => return None,
    };
    u64::try_from(number).ok()
}

/// Two counts as one, if both are known.
pub(crate) fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    Some(one?.saturating_add(other?))
}

/// The element of a sorted set and its score, if the set has one.
pub(crate) fn scored(value: Value) -> Vec<(Vec<u8>, f64)> {
    let Value::Array(items) = value else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut items = items.into_iter();
    while let Some(item) = items.next() {
        let pair = match item {
            Value::Array(pair) => <[Value; 2]>::try_from(pair).ok(),
            member => items.next().map(|score| [member, score]),
        };
        let Some([member, score]) = pair else { break };
        found.extend(bytes(member).zip(number(&score)));
    }
    found
}

/// Bytes that an answer holds, roughly.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::BulkString(bytes) => bytes.len(),
        Value::Array(items) | Value::Set(items) => items.iter().map(weight).sum(),
        Value::Map(pairs) => pairs.iter().map(|(a, b)| weight(a) + weight(b)).sum(),
        _ => 8,
    }
}

/// A count as the value of a sample.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts stay far below 2^53"
)]
pub(crate) fn from_count(count: u64) -> f64 {
    count as f64
}
