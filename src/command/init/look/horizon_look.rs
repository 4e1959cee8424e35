//! Looks at Horizon's own records: they name its queues, also while those are empty.

use std::collections::{BTreeMap, BTreeSet};

use redis::Value;

use crate::collect::redis::wire::connection::RedisConnection;
use crate::command::init::look::redis_answer::{one, whole_text};
use crate::command::init::queues::telling_keys::{RedisKeyKind, TellingKeys, horizon_key};

/// Supervisors that are asked about at most.
const SUPERVISORS: usize = 200;

/// Roughly how many names of measured queues are read.
const MEASURED: usize = 500;

/// The names of queues by the prefix of each Horizon.
pub(crate) async fn queues(
    connection: &mut RedisConnection,
    keys: &TellingKeys,
) -> redis::RedisResult<BTreeMap<String, BTreeSet<String>>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let hashes = keys.of(RedisKeyKind::Hash).filter_map(|key| {
        let (prefix, rest) = horizon_key(key)?;
        rest.starts_with("supervisor:").then_some((prefix, key))
    });
    for (prefix, key) in hashes.take(SUPERVISORS) {
        let mut command = redis::cmd("HMGET");
        command.arg(key).arg("processes").arg("options");
        let names = found.entry(prefix.to_owned()).or_default();
        if let Some(Value::Array(fields)) = allowed(connection, command).await? {
            let texts = fields.iter().filter_map(whole_text);
            names.extend(texts.flat_map(|text| supervised(&text)));
        }
    }
    for prefix in keys.horizon_prefixes() {
        let mut command = redis::cmd("SSCAN");
        command.arg(format!("{prefix}measured_queues"));
        command.arg(0).arg("COUNT").arg(MEASURED);
        let answer = allowed(connection, command).await?;
        if let Some(Value::Array(parts)) = answer
            && let [_, Value::Array(names)] = &parts[..]
        {
            let names = names.iter().filter_map(whole_text);
            let names = names.filter_map(|name| Some(name.strip_prefix("queue:")?.to_owned()));
            found.entry(prefix).or_default().extend(names);
        }
    }
    Ok(found)
}

/// The answer, unless we lack the permission or the key is another thing.
async fn allowed(
    connection: &mut RedisConnection,
    command: redis::Cmd,
) -> redis::RedisResult<Option<Value>> {
    match one(connection, command).await {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_io_error() => Err(error),
        Err(_) => Ok(None),
    }
}

/// Queues in a record of a supervisor: `{"redis:default":3}` or `{"queue":"default,mail"}`.
fn supervised(json: &str) -> Vec<String> {
    let record: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let Some(record) = record.as_object() else {
        return Vec::new();
    };
    let options = record.get("queue").and_then(serde_json::Value::as_str);
    let processes = record.keys().filter_map(|key| {
        let (_, queue) = key.split_once(':')?;
        Some(queue)
    });
    options
        .into_iter()
        .chain(processes)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supervisor_names_its_queues_in_two_ways() {
        for (json, names) in [
            (
                r#"{"redis:default":3,"redis:mail,slow":2}"#,
                vec!["default", "mail,slow"],
            ),
            (
                r#"{"queue":"default,mail","connection":"redis","memory":128}"#,
                vec!["default,mail"],
            ),
            ("[1]", vec![]),
            ("{", vec![]),
        ] {
            assert_eq!(supervised(json), names, "{json}");
        }
    }
}
