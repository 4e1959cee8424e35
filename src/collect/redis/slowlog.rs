//! What a Redis tells of its own troubles: the slow log and the latency monitor.
//!
//! Both carry what users sent. Of that nothing is kept: counts, times and names
//! of events are.

use redis::Value;

use crate::model::sample::Sample;

/// More events than this no latency monitor has.
const EVENTS: usize = 64;

/// Samples of the answers of `SLOWLOG LEN` and `SLOWLOG GET 1`.
pub(crate) fn slowlog(length: &Value, newest: &Value) -> Vec<Sample> {
    let mut samples = Vec::new();
    if let Some(length) = number(length) {
        samples.push(Sample::new("redis_slowlog_length", [], length));
    }
    let Value::Array(entries) = newest else {
        return samples;
    };
    // As redis_exporter: without a slow command both are zero.
    let newest = match entries.first() {
        Some(Value::Array(parts)) => Some(parts),
        _ => None,
    };
    let part = |at: usize| {
        newest
            .and_then(|parts| number(parts.get(at)?))
            .unwrap_or(0.0)
    };
    samples.push(Sample::new("redis_slowlog_last_id", [], part(0)));
    let metric = "redis_last_slow_execution_duration_seconds";
    samples.push(Sample::new(metric, [], part(2) * 1e-6));
    samples
}

/// Samples of the answer of `LATENCY LATEST`.
pub(crate) fn latency(latest: &Value) -> Vec<Sample> {
    let Value::Array(events) = latest else {
        return Vec::new();
    };
    let events = events.iter().take(EVENTS).filter_map(|event| {
        let Value::Array(parts) = event else {
            return None;
        };
        let name = match parts.first()? {
            Value::BulkString(name) => std::str::from_utf8(name).ok()?,
            Value::SimpleString(name) => name,
            _ => return None,
        };
        let labels = [("event_name", name)];
        let (at, took) = (number(parts.get(1)?)?, number(parts.get(2)?)?);
        Some([
            Sample::new("redis_latency_spike_last", labels, at),
            Sample::new("redis_latency_spike_duration_seconds", labels, took * 1e-3),
        ])
    });
    events.flatten().collect()
}

/// The number of an answer, if it is one.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts and times stay far below 2^53"
)]
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        _ => None,
    }
}
