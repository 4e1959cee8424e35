//! A session of our own in the watched Redis: is it kept, and are writes taken?
//!
//! Wanted: that a session is seen to be lost as visitors lose theirs, also the
//! one that was idle for long. So it is written once in its time and looked at
//! by a command that does not count as use (`PTTL`); a second key is written at
//! each scrape and tells whether writes are taken.

use redis::{Pipeline, RedisError, RedisResult, Value};

use crate::collect::redis::settings::CanarySettings;
use crate::model::sample::Sample;

/// What is written; it means nothing.
const WORD: &str = "critwatch";

/// The session, as we know it.
#[derive(Debug)]
pub(crate) struct Canary {
    key: String,
    ttl_ms: i64,
    /// Until when it must be there, by the server's clock; none before it was
    /// first seen or written.
    until_ms: Option<i64>,
    /// Whether the next scrape is to write it.
    due: bool,
    /// How often it was gone before its time, since we run.
    lost: u32,
}

/// Commands of a scrape: is it there, is a write taken, and perhaps the session.
const COMMANDS: usize = 2;

impl Canary {
    /// Knows nothing of what an earlier run has left.
    pub(crate) fn new(settings: &CanarySettings) -> Self {
        Self {
            key: settings.key.clone(),
            ttl_ms: i64::try_from(settings.ttl.as_millis()).unwrap_or(i64::MAX),
            until_ms: None,
            due: false,
            lost: 0,
        }
    }

    /// Adds the commands of a scrape.
    pub(crate) fn ask(&self, pipe: &mut Pipeline) {
        let write = format!("{}:write", self.key);
        pipe.cmd("PTTL").arg(&self.key);
        pipe.cmd("SET").arg(write).arg(WORD);
        pipe.arg("PX").arg(self.ttl_ms);
        if self.due {
            pipe.cmd("SET").arg(&self.key).arg(WORD);
            pipe.arg("PX").arg(self.ttl_ms);
        }
    }

    /// Reads the answers of these commands at a moment of the server's clock;
    /// an error is one that means that we may not ask.
    pub(crate) fn read(
        &mut self,
        answers: &[RedisResult<Value>],
        now_ms: i64,
    ) -> Result<Vec<Sample>, RedisError> {
        let forbidden = |answer: &RedisResult<Value>| {
            let error = answer.as_ref().err()?;
            (error.code() == Some("NOPERM")).then(|| error.clone())
        };
        if let Some(error) = answers.iter().find_map(forbidden) {
            return Err(error);
        }
        let mut written = answers[COMMANDS.min(answers.len())..].iter();
        let level = |name, good: bool| Sample::new(name, [], f64::from(u8::from(good)));
        let mut samples = Vec::new();
        let Some(Ok(Value::Int(left))) = answers.first() else {
            return Ok(samples);
        };
        let present = *left >= 0;
        match self.until_ms {
            Some(until) if !present && now_ms < until => {
                self.lost += 1;
                self.until_ms = None;
                samples.push(level("session_canary_present", false));
            }
            // It ended in its time, as writing it anew was refused: gone is gone.
            Some(_) => samples.push(level("session_canary_present", present)),
            // Until it was seen once, its absence means nothing; after a loss it
            // is the loss that goes on.
            None if self.lost > 0 || present => {
                samples.push(level("session_canary_present", present));
            }
            None => {}
        }
        if present {
            self.until_ms = Some(now_ms.saturating_add(*left));
            let age = self.ttl_ms.saturating_sub(*left).max(0);
            samples.push(Sample::new("session_canary_age_seconds", [], seconds(age)));
        }
        // Renewed like the session of somebody who comes again before it ends.
        self.due = *left < self.ttl_ms / 10;
        if let Some(Ok(_)) = written.next() {
            self.until_ms = Some(now_ms.saturating_add(self.ttl_ms));
            self.due = false;
        }
        samples.push(level(
            "session_canary_write_ok",
            answers.iter().skip(1).all(Result::is_ok),
        ));
        samples.push(Sample::new(
            "session_canary_lost_total",
            [],
            self.lost.into(),
        ));
        Ok(samples)
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "ages stay far below 2^53 ms"
)]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use redis::{ErrorKind, ServerErrorKind};

    use super::*;

    /// What the samples say, by the end of their names.
    fn values(samples: &[Sample]) -> Vec<(&str, f64)> {
        let name =
            |sample: &'_ Sample| sample.metric.name.strip_prefix("session_canary_").is_some();
        assert!(samples.iter().all(name));
        samples
            .iter()
            .map(|sample| (&sample.metric.name["session_canary_".len()..], sample.value))
            .filter(|(name, _)| *name != "age_seconds")
            .collect()
    }

    fn canary() -> Canary {
        Canary::new(&CanarySettings {
            key: "c".to_owned(),
            ttl: Duration::from_mins(10),
        })
    }

    fn oom() -> RedisResult<Value> {
        Err((ErrorKind::Extension, "OOM", "full".to_owned()).into())
    }

    #[test]
    fn a_session_that_is_gone_before_its_time_is_lost_until_it_is_written_again() {
        let (mut canary, gone) = (canary(), || Ok(Value::Int(-2)));
        let first = canary.read(&[gone(), Ok(Value::Okay)], 0).unwrap();
        assert_eq!(values(&first), [("write_ok", 1.0), ("lost_total", 0.0)]);
        // Written with the second scrape, seen by the third.
        canary
            .read(&[gone(), Ok(Value::Okay), Ok(Value::Okay)], 1000)
            .unwrap();
        let kept = canary
            .read(&[Ok(Value::Int(599_000)), Ok(Value::Okay)], 2000)
            .unwrap();
        let good = [("present", 1.0), ("write_ok", 1.0), ("lost_total", 0.0)];
        assert_eq!(values(&kept), good);
        let lost = canary.read(&[gone(), oom()], 3000).unwrap();
        let bad = [("present", 0.0), ("write_ok", 0.0), ("lost_total", 1.0)];
        assert_eq!(values(&lost), bad);
        // It cannot be written again: the loss goes on, and is counted once.
        let still = canary.read(&[gone(), oom(), oom()], 4000).unwrap();
        assert_eq!(values(&still), bad);
        canary
            .read(&[gone(), Ok(Value::Okay), Ok(Value::Okay)], 5000)
            .unwrap();
        let again = canary
            .read(&[Ok(Value::Int(599_000)), Ok(Value::Okay)], 6000)
            .unwrap();
        assert_eq!(values(&again)[0], ("present", 1.0));
    }

    #[test]
    fn a_session_is_renewed_before_it_ends() {
        let mut canary = canary();
        canary
            .read(&[Ok(Value::Int(300_000)), Ok(Value::Okay)], 0)
            .unwrap();
        let mut pipe = redis::pipe();
        canary.ask(&mut pipe);
        assert_eq!(pipe.len(), 2);
        canary
            .read(&[Ok(Value::Int(59_000)), Ok(Value::Okay)], 241_000)
            .unwrap();
        let mut pipe = redis::pipe();
        canary.ask(&mut pipe);
        assert_eq!(pipe.len(), 3);
    }

    #[test]
    fn who_may_not_write_is_told_so_and_no_session_is_lost() {
        let refused = (ErrorKind::Server(ServerErrorKind::NoPerm), "no");
        let answers = [Ok(Value::Int(-2)), Err(refused.into())];
        assert!(canary().read(&answers, 0).is_err());
    }
}
