//! When each heartbeat was seen last, kept in the database.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use crate::collect::push::persistence::Persistence;
use crate::model::request::samples::push::Beat;
use crate::model::sample::Sample;
use crate::model::series::label;
use crate::store::file::Store;

/// The only writer of the table `heartbeat` (law 4).
#[derive(Debug)]
pub(crate) struct Beats {
    store: Store,
    heartbeats: BTreeMap<String, KnownHeartbeat>,
    persistence: Persistence,
}

/// What is known of one name.
#[derive(Clone, Debug)]
struct KnownHeartbeat {
    /// When its name was first in the settings.
    awaited: Timestamp,
    /// The last beat, good or bad.
    beat: Option<Timestamp>,
    /// The last good one.
    succeeded: Option<Timestamp>,
    /// What the last one said beside.
    value: Option<f64>,
    /// What the last one said about itself.
    text: Option<String>,
}

impl Beats {
    /// Reads what is known; a new name is awaited from now on.
    pub(crate) fn open(store: Store, names: &[String], now: Timestamp) -> rusqlite::Result<Self> {
        let mut heartbeats = BTreeMap::new();
        for name in names {
            store.execute(
                "INSERT OR IGNORE INTO heartbeat (name, awaited_ms) VALUES (?1, ?2)",
                params![name, now.as_millisecond()],
            )?;
            let read = store.query_row(
                "SELECT awaited_ms, beat_ms, succeeded_ms, value, text FROM heartbeat WHERE name = ?1",
                [name],
                |row| {
                    Ok(KnownHeartbeat {
                        awaited: moment(row.get(0)?).unwrap_or(now),
                        beat: row.get::<_, Option<i64>>(1)?.and_then(moment),
                        succeeded: row.get::<_, Option<i64>>(2)?.and_then(moment),
                        value: row.get(3)?,
                        text: row.get(4)?,
                    })
                },
            )?;
            heartbeats.insert(name.clone(), read);
        }
        Ok(Self {
            store,
            heartbeats,
            persistence: Persistence::new("heartbeats"),
        })
    }

    /// Takes a beat over; one of an unknown name is nothing.
    pub(crate) fn take(&mut self, beat: &Beat, now: Timestamp) {
        let Some(heartbeat) = self.heartbeats.get_mut(&beat.name) else {
            return;
        };
        heartbeat.beat = Some(now);
        heartbeat.value = beat.value;
        heartbeat.text.clone_from(&beat.text);
        if beat.success {
            heartbeat.succeeded = Some(now);
        }
        let heartbeat = heartbeat.clone();
        let written = self.write(&beat.name, heartbeat);
        self.persistence.log_changes(&written);
    }

    fn write(&mut self, name: &str, heartbeat: KnownHeartbeat) -> rusqlite::Result<()> {
        // A new database knows of none.
        let all: Vec<_> = if self.store.renew()? {
            let heartbeats = self.heartbeats.iter();
            heartbeats
                .map(|(name, heartbeat)| (name.as_str(), heartbeat.clone()))
                .collect()
        } else {
            vec![(name, heartbeat)]
        };
        let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
        for (name, heartbeat) in all {
            self.store.execute(
                "INSERT OR REPLACE INTO heartbeat VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    name,
                    heartbeat.awaited.as_millisecond(),
                    millis(heartbeat.beat),
                    millis(heartbeat.succeeded),
                    heartbeat.value,
                    heartbeat.text,
                ],
            )?;
        }
        Ok(())
    }

    /// What is known at `now`, in samples.
    pub(crate) fn samples(&self, now: Timestamp) -> Vec<Sample> {
        let mut samples = Vec::new();
        for (name, heartbeat) in &self.heartbeats {
            let mut push = |metric: &str, value| {
                samples.push(Sample::new(
                    format!("heartbeat_{metric}"),
                    [("name", name)],
                    value,
                ));
            };
            push("seen", f64::from(u8::from(heartbeat.beat.is_some())));
            // Before the first one its absence counts from when it was awaited.
            let since = heartbeat.succeeded.unwrap_or(heartbeat.awaited);
            push(
                "age_seconds",
                now.duration_since(since).as_secs_f64().max(0.0),
            );
            if let Some(beat) = heartbeat.beat {
                let success = heartbeat.succeeded == Some(beat);
                push("success", f64::from(u8::from(success)));
                let at = beat.duration_since(Timestamp::UNIX_EPOCH);
                push("last_timestamp_seconds", at.as_secs_f64());
            }
            if let Some(value) = heartbeat.value {
                push("value", value);
            }
            // Also without a text: a rule about texts is quiet then, and not blind.
            let text = heartbeat.text.as_deref().unwrap_or_default();
            let mut info = Sample::new("heartbeat_text_info", [("name", name)], 1.0);
            if !text.is_empty() {
                label::put(&mut info.metric.labels, "text", text.to_owned());
            }
            samples.push(info);
        }
        samples
    }
}

fn moment(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn open(folder: &tempfile::TempDir, now: Timestamp) -> Beats {
        let store = crate::store::open(folder.path()).unwrap();
        Beats::open(store, &["backup".to_owned()], now).unwrap()
    }

    fn beat(success: bool, value: Option<f64>) -> Beat {
        Beat {
            name: "backup".to_owned(),
            success,
            value,
            text: None,
        }
    }

    fn ages(beats: &Beats, now: Timestamp) -> BTreeMap<String, f64> {
        let samples = beats.samples(now).into_iter();
        samples
            .filter(|sample| sample.metric.name != "heartbeat_text_info")
            .map(|sample| {
                let name = sample.metric.name.trim_start_matches("heartbeat_");
                (name.to_owned(), sample.value)
            })
            .collect()
    }

    #[test]
    fn what_never_came_has_an_age_from_when_it_was_awaited_even_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(&folder, at(0));
        let expected = |age| [("seen".to_owned(), 0.0), ("age_seconds".to_owned(), age)].into();
        assert_eq!(ages(&first, at(60)), expected(60.0));
        let second = open(&folder, at(100));
        assert_eq!(ages(&second, at(160)), expected(160.0));
    }

    #[test]
    fn a_failed_run_does_not_make_a_job_younger() {
        let folder = tempfile::tempdir().unwrap();
        let mut beats = open(&folder, at(0));
        beats.take(&beat(true, Some(12.5)), at(10));
        beats.take(&beat(false, None), at(40));
        for beats in [beats, open(&folder, at(50))] {
            let ages = ages(&beats, at(70));
            assert_eq!(ages.get("age_seconds"), Some(&60.0));
            assert_eq!(ages.get("success"), Some(&0.0));
            assert_eq!(ages.get("last_timestamp_seconds"), Some(&1_000_040.0));
            assert!(!ages.contains_key("value"));
        }
    }

    #[test]
    fn what_a_job_says_is_a_label_until_its_next_beat() {
        let folder = tempfile::tempdir().unwrap();
        let mut beats = open(&folder, at(0));
        let texts = |beats: &Beats| -> Vec<_> {
            let samples = beats.samples(at(70)).into_iter();
            let infos = samples.filter(|sample| sample.metric.name == "heartbeat_text_info");
            infos
                .map(|info| info.metric.labels.get("text").cloned())
                .collect()
        };
        let said = Beat {
            text: Some("disk full".to_owned()),
            ..beat(false, None)
        };
        beats.take(&said, at(10));
        assert_eq!(
            texts(&open(&folder, at(20))),
            [Some("disk full".to_owned())]
        );
        beats.take(&beat(true, None), at(30));
        assert_eq!(texts(&beats), [None]);
    }

    #[test]
    fn a_clock_that_steps_back_gives_no_negative_age() {
        let folder = tempfile::tempdir().unwrap();
        let mut beats = open(&folder, at(0));
        beats.take(&beat(true, None), at(100));
        assert_eq!(ages(&beats, at(50)).get("age_seconds"), Some(&0.0));
    }
}
