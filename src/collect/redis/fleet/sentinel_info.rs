//! What a sentinel tells of the masters that it watches.

use redis::{Pipeline, RedisResult, Value};

use crate::collect::redis::info::sections::{self, Info};
use crate::model::sample::Sample;

/// No sentinel that we watch has more masters.
const MASTERS: usize = 64;

/// The commands about one master.
pub(crate) const COMMANDS: usize = 3;

/// A master as a sentinel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WatchedMaster {
    /// The name under which it is watched.
    pub(crate) name: String,
    /// Where it is.
    address: String,
    /// `ok`, or why not.
    status: String,
    sentinels: String,
    replicas: String,
}

impl WatchedMaster {
    /// All that the answer of `INFO` lists.
    pub(crate) fn all(info: &Info<'_>) -> Vec<Self> {
        let is_number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
        let listed = info.family("master").filter(|(rest, _)| is_number(rest));
        listed
            .filter_map(|(_, value)| {
                let part = |name| sections::text_part(value, name).map(str::to_owned);
                Some(Self {
                    name: part("name")?,
                    address: part("address")?,
                    status: part("status")?,
                    sentinels: part("sentinels")?,
                    replicas: part("slaves")?,
                })
            })
            .take(MASTERS)
            .collect()
    }

    /// Adds the commands about it.
    pub(crate) fn ask(&self, pipe: &mut Pipeline) {
        for word in ["SENTINELS", "REPLICAS", "CKQUORUM"] {
            pipe.cmd("SENTINEL").arg(word).arg(&self.name);
        }
    }

    /// Samples of what `INFO` says of it.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        let labels = [
            ("master_address", &*self.address),
            ("master_name", &*self.name),
        ];
        let [address, name] = labels;
        let status = f64::from(u8::from(self.status == "ok"));
        let label = ("master_status", &*self.status);
        let metric = "redis_sentinel_master_status";
        let mut samples = vec![Sample::new(metric, [address, name, label], status)];
        for (count, metric) in [
            (&self.sentinels, "redis_sentinel_master_sentinels"),
            (&self.replicas, "redis_sentinel_master_slaves"),
        ] {
            let count = sections::number(count);
            samples.extend(count.map(|count| Sample::new(metric, labels, count)));
        }
        samples
    }

    /// Samples of the answers to those commands; one that failed gives none.
    pub(crate) fn read(&self, answers: &[RedisResult<Value>]) -> Vec<Sample> {
        let labels = [
            ("master_address", &*self.address),
            ("master_name", &*self.name),
        ];
        let good = |at: usize| match answers.get(at) {
            Some(Ok(Value::Array(members))) => {
                let good = members.iter().filter(|member| !is_down(member)).count();
                u32::try_from(good).ok().map(f64::from)
            }
            _ => None,
        };
        let mut samples = Vec::new();
        // The one that tells is one of them.
        if let Some(others) = good(0) {
            let metric = "redis_sentinel_master_ok_sentinels";
            samples.push(Sample::new(metric, labels, others + 1.0));
        }
        if let Some(replicas) = good(1) {
            let metric = "redis_sentinel_master_ok_slaves";
            samples.push(Sample::new(metric, labels, replicas));
        }
        let quorum = match answers.get(2) {
            Some(Ok(Value::SimpleString(words))) => Some((words.clone(), 1.0)),
            Some(Err(error)) if error.code() == Some("NOQUORUM") => {
                let words = error.detail().unwrap_or_default();
                Some((format!("NOQUORUM {words}").trim().to_owned(), 0.0))
            }
            _ => None,
        };
        if let Some((message, value)) = quorum {
            let labels = [("master_name", &*self.name), ("message", &*message)];
            let metric = "redis_sentinel_master_ckquorum_status";
            samples.push(Sample::new(metric, labels, value));
        }
        samples
    }
}

/// Whether a member's flags say that it is down.
fn is_down(member: &Value) -> bool {
    let Value::Array(fields) = member else {
        return true;
    };
    let is = |value: &Value, word: &[u8]| matches!(value, Value::BulkString(text) if text == word);
    let mut pairs = fields.chunks_exact(2);
    let flags = pairs.find(|pair| is(&pair[0], b"flags"));
    match flags.map(|pair| &pair[1]) {
        Some(Value::BulkString(flags)) => flags
            .split(|byte| *byte == b',')
            .any(|flag| flag == b"s_down" || flag == b"o_down"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "redis_mode:sentinel\r\nsentinel_masters:2\r\n\
        master0:name=dice,status=sdown,address=10.0.0.1:1,slaves=1,sentinels=3\r\n\
        master1:name=odd,status=ok\r\nmaster_host:x\r\n";

    fn printed(samples: &[Sample]) -> Vec<String> {
        let printed = samples.iter().map(|sample| {
            let name = &sample.metric.name["redis_sentinel_master_".len()..];
            let labels: Vec<_> = sample.metric.labels.values().map(String::as_str).collect();
            format!("{name} {} {}", labels.join(" "), sample.value)
        });
        printed.collect()
    }

    #[test]
    fn a_master_is_told_as_redis_exporter_does() {
        let masters = WatchedMaster::all(&Info::read(INFO));
        assert_eq!(masters.len(), 1, "{masters:?}");
        let expected = [
            "status 10.0.0.1:1 dice sdown 0",
            "sentinels 10.0.0.1:1 dice 3",
            "slaves 10.0.0.1:1 dice 1",
        ];
        assert_eq!(printed(&masters[0].samples()), expected);
        let member = |flags: &str| {
            let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
            Value::Array(vec![text("name"), text("x"), text("flags"), text(flags)])
        };
        let down = member("s_down,sentinel,disconnected");
        let quorum = redis::parse_redis_value(b"-NOQUORUM 1 usable Sentinels.\r\n").unwrap();
        let Value::ServerError(quorum) = quorum else {
            panic!("{quorum:?}");
        };
        let answers = [
            Ok(Value::Array(vec![member("sentinel"), down])),
            Ok(Value::Array(vec![member("slave")])),
            Err(quorum.into()),
        ];
        let expected = [
            "ok_sentinels 10.0.0.1:1 dice 2",
            "ok_slaves 10.0.0.1:1 dice 1",
            "ckquorum_status dice NOQUORUM 1 usable Sentinels. 0",
        ];
        assert_eq!(printed(&masters[0].read(&answers)), expected);
        assert_eq!(masters[0].read(&[]), []);
    }
}
