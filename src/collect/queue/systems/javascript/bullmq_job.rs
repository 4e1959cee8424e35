//! What `BullMQ` and Bull keep of a job: when it was added, delayed and begun.

use redis::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::queue::reading::answers::count;
use crate::collect::queue::reading::first_job::JobRecord;
use crate::collect::queue::reading::timestamp;

/// What a waiting job's hash says.
pub(crate) fn waits(jobs: &[u8]) -> JobRecord<'_> {
    JobRecord {
        prefix: jobs,
        fields: &["timestamp", "delay", "opts", "processedOn"],
        since: waits_since,
        name,
    }
}

/// What the hash of a job in work says.
pub(crate) fn works(jobs: &[u8]) -> JobRecord<'_> {
    JobRecord {
        prefix: jobs,
        fields: &["processedOn"],
        since: |fields, _| timestamp::read_bytes(fields.first()?.as_deref()?),
        name,
    }
}

fn name(id: &[u8]) -> Option<&[u8]> {
    (!is_marker(id)).then_some(id)
}

/// Whether an element of a list is no job: up to version 4 `BullMQ` wakes its
/// workers by `0:` and the moment when a delayed job is due.
pub(crate) fn is_marker(id: &[u8]) -> bool {
    id.starts_with(b"0:")
}

/// The delay that a job was added with; that in its hash is taken away when it
/// is over.
#[derive(Deserialize)]
struct Options<'j> {
    #[serde(borrow)]
    delay: Option<&'j RawValue>,
}

/// Since when a job waits: since it was added, or since its delay was over.
///
/// One that was in work before says nothing of its present wait, and neither
/// does one that was promoted before its delay was over.
fn waits_since(fields: &[Option<Vec<u8>>], now_ms: i64) -> Option<i64> {
    let [added, delay, options, None] = fields else {
        return None;
    };
    let added = timestamp::read_bytes(added.as_deref()?)?;
    let now = delay.as_deref().and_then(number);
    let first = options.as_deref().and_then(|options| {
        let options: Options<'_> = serde_json::from_slice(options).ok()?;
        number(options.delay?.get().as_bytes())
    });
    let since = added.checked_add(now.max(first).unwrap_or_default())?;
    (since <= now_ms.max(added)).then_some(since)
}

fn number(bytes: &[u8]) -> Option<i64> {
    let number = count(&Value::BulkString(bytes.to_vec()))?;
    i64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_since_its_delay_was_over_and_a_retry_or_promotion_says_nothing() {
        let fields = |fields: [&str; 4]| -> Vec<Option<Vec<u8>>> {
            fields
                .map(|field| (!field.is_empty()).then(|| field.as_bytes().to_vec()))
                .into()
        };
        for (hash, since) in [
            (["1700000000000", "0", "{}", ""], Some(1_700_000_000_000)),
            (
                ["1700000000000", "0", r#"{"delay":500}"#, ""],
                Some(1_700_000_000_500),
            ),
            (["1700000000000", "700", "[", ""], Some(1_700_000_000_700)),
            (["1700000000000", "", "", ""], Some(1_700_000_000_000)),
            (["1700000000000", "0", r#"{"delay":90000}"#, ""], None),
            // Its clock is ahead: that is for others to tell.
            (["1700000060000", "0", "{}", ""], Some(1_700_000_060_000)),
            (["1700000000000", "0", "{}", "1700000000001"], None),
            (["soon", "0", "{}", ""], None),
            (["", "", "", ""], None),
        ] {
            let found = waits_since(&fields(hash), 1_700_000_001_000);
            assert_eq!(found, since, "{hash:?}");
        }
    }

    #[test]
    fn a_marker_is_no_job_and_ids_of_ones_own_are_jobs() {
        assert!(is_marker(b"0:1795946729273") && is_marker(b"0:0"));
        for id in [&b"0"[..], b"10:0", b"mail:7", b"00:1", b"1"] {
            assert!(!is_marker(id), "{id:?}");
        }
    }
}
