//! Reads what Redis says of the groups and consumers of a stream.

use redis::Value;

use crate::collect::queue::reading::answers::{bytes, count};

/// A stream's id: milliseconds and a number within them.
pub(crate) type StreamId = (i64, u64);

/// A consumer group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ConsumerGroup {
    /// Its name.
    pub(crate) name: String,
    /// Jobs in work.
    pub(crate) pending: u64,
    /// The last one handed out.
    pub(crate) delivered: StreamId,
    /// Consumers, dead ones included.
    pub(crate) consumers: u64,
    /// Jobs not handed out yet, from Redis 7.0 on and where it can tell.
    pub(crate) lag: Option<u64>,
    /// Jobs handed out since the stream began; likewise.
    pub(crate) read: Option<u64>,
}

/// One that takes jobs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StreamConsumer {
    /// Its name.
    pub(crate) name: Vec<u8>,
    /// Jobs in its hands.
    pub(crate) pending: u64,
    /// How long it has asked for nothing, in milliseconds; before Redis 7.2, how
    /// long it was given nothing.
    pub(crate) idle_ms: i64,
    /// Whether the server tells the two apart.
    pub(crate) asks_noted: bool,
}

/// How many groups there are, and the one of that name.
pub(crate) fn groups(found: Value, name: &str) -> (u64, Option<ConsumerGroup>) {
    let Value::Array(found) = found else {
        return (0, None);
    };
    let number = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let group = found.into_iter().find_map(|group| {
        let mut group = fields(group);
        let found = field(&mut group, "name").and_then(bytes)?;
        (found == name.as_bytes()).then_some(group)
    });
    let group = group.and_then(|mut group| {
        let mut number = |name| count(&field(&mut group, name)?);
        Some(ConsumerGroup {
            name: name.to_owned(),
            pending: number("pending")?,
            consumers: number("consumers")?,
            lag: number("lag"),
            read: number("entries-read"),
            delivered: field(&mut group, "last-delivered-id")
                .and_then(bytes)
                .and_then(|id| stream_id(&id))?,
        })
    });
    (number, group)
}

/// The consumers of a group.
pub(crate) fn consumers(found: Value) -> Vec<StreamConsumer> {
    let Value::Array(found) = found else {
        return Vec::new();
    };
    found
        .into_iter()
        .filter_map(|consumer| {
            let mut consumer = fields(consumer);
            Some(StreamConsumer {
                name: field(&mut consumer, "name").and_then(bytes)?,
                pending: count(&field(&mut consumer, "pending")?)?,
                idle_ms: i64::try_from(count(&field(&mut consumer, "idle")?)?).ok()?,
                asks_noted: field(&mut consumer, "inactive").is_some(),
            })
        })
        .collect()
}

/// The ids of a range of jobs; what the jobs carry is dropped unread.
pub(crate) fn ids(range: Value) -> Vec<StreamId> {
    let Value::Array(entries) = range else {
        return Vec::new();
    };
    entries
        .into_iter()
        .filter_map(|entry| match entry {
            Value::Array(parts) => stream_id(&bytes(parts.into_iter().next()?)?),
            _ => None,
        })
        .collect()
}

/// How long ago a job in work was handed out, in milliseconds.
pub(crate) fn entry(entry: &Value) -> Option<i64> {
    match entry {
        Value::Array(parts) => i64::try_from(count(parts.get(2)?)?).ok(),
        _ => None,
    }
}

/// The names and values of an answer, in either version of the protocol.
fn fields(value: Value) -> Vec<(Vec<u8>, Value)> {
    let pairs: Vec<_> = match value {
        Value::Map(pairs) => pairs,
        Value::Array(items) => {
            let mut items = items.into_iter();
            std::iter::from_fn(|| items.next().zip(items.next())).collect()
        }
        _ => Vec::new(),
    };
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((bytes(name)?, value)))
        .collect()
}

fn field(fields: &mut Vec<(Vec<u8>, Value)>, name: &str) -> Option<Value> {
    let at = fields
        .iter()
        .position(|(found, _)| found == name.as_bytes())?;
    Some(fields.swap_remove(at).1)
}

fn stream_id(text: &[u8]) -> Option<StreamId> {
    let (millis, number) = std::str::from_utf8(text).ok()?.split_once('-')?;
    Some((millis.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_id_is_read_back_and_no_text_makes_it_panic(
            millis in 0..i64::MAX, number: u64, text: Vec<u8>,
        ) {
            let id = format!("{millis}-{number}");
            prop_assert_eq!(stream_id(id.as_bytes()), Some((millis, number)));
            let _ = stream_id(&text);
        }
    }
}
