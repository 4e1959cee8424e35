//! How long commands took, as a histogram for each.

use redis::Value;

use crate::collect::redis::info::commands;
use crate::collect::redis::info::sections::Info;
use crate::collect::redis::slowlog::number;
use crate::model::sample::Sample;

/// No server has more commands, and its histograms have no more buckets.
const COMMANDS: usize = 600;
const BUCKETS: usize = 64;

/// Samples of the answer of `LATENCY HISTOGRAM`; the sums are in `INFO`.
///
/// Redis leaves out buckets that would say the same as the one before.
pub(crate) fn samples(answer: &Value, info: &Info<'_>) -> Vec<Sample> {
    let pairs = pairs(answer).take(COMMANDS);
    let each = pairs.filter_map(|(command, details)| one(text(command)?, details, info));
    each.flatten().collect()
}

fn one(command: &str, details: &Value, info: &Info<'_>) -> Option<Vec<Sample>> {
    let named = |name| pairs(details).find(|(key, _)| text(key) == Some(name));
    let (_, calls) = named("calls")?;
    let (_, buckets) = named("histogram_usec")?;
    let calls = number(calls)?;
    let mut samples = Vec::new();
    let bucket = |edge: &str, count| {
        let labels = [("cmd", command), ("le", edge)];
        Sample::new("redis_commands_latencies_usec_bucket", labels, count)
    };
    for (edge, count) in pairs(buckets).take(BUCKETS) {
        samples.push(bucket(&number(edge)?.to_string(), number(count)?));
    }
    samples.push(bucket("+Inf", calls));
    let labels = [("cmd", command)];
    let metric = "redis_commands_latencies_usec_count";
    samples.push(Sample::new(metric, labels, calls));
    if let Some(sum) = commands::figure(info, command, "usec") {
        let metric = "redis_commands_latencies_usec_sum";
        samples.push(Sample::new(metric, labels, sum));
    }
    Some(samples)
}

/// The pairs of a flat list.
fn pairs(list: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let items = match list {
        Value::Array(items) => &items[..],
        _ => &[],
    };
    items.chunks_exact(2).map(|pair| (&pair[0], &pair[1]))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(text) => std::str::from_utf8(text).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(answer: &str) -> Vec<String> {
        let answer = redis::parse_redis_value(answer.as_bytes()).unwrap();
        let info = Info::read("cmdstat_get:calls=9,usec=70,usec_per_call=1\r\n");
        let samples = samples(&answer, &info).into_iter().map(|sample| {
            let name = &sample.metric.name["redis_commands_latencies_usec".len()..];
            let labels = sample.metric.labels.values().cloned().collect::<Vec<_>>();
            format!("{name} {} {}", labels.join(" "), sample.value)
        });
        samples.collect()
    }

    #[test]
    fn a_histogram_has_its_buckets_an_infinite_one_a_count_and_a_sum() {
        let get =
            "$3\r\nget\r\n*4\r\n+calls\r\n:9\r\n+histogram_usec\r\n*4\r\n:1\r\n:4\r\n:33\r\n:9\r\n";
        let odd = "$3\r\nodd\r\n*2\r\n+calls\r\n:1\r\n";
        let samples = read(&format!("*4\r\n{get}{odd}"));
        let expected = [
            "_bucket get 1 4",
            "_bucket get 33 9",
            "_bucket get +Inf 9",
            "_count get 9",
            "_sum get 70",
        ];
        assert_eq!(samples, expected);
        assert_eq!(read("*0\r\n"), Vec::<String>::new());
        assert_eq!(read("+OK\r\n"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(words in prop::collection::vec("\\*[0-4]|:[0-9]{1,3}|\\+(calls|histogram_usec)", 1..30)) {
            let text = words.join("\r\n") + "\r\n";
            if let Ok(answer) = redis::parse_redis_value(text.as_bytes()) {
                let _ = samples(&answer, &Info::read(""));
            }
        }
    }
}
