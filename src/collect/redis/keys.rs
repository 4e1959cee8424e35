//! How long or large some keys are, whatever is in them.

use redis::{Pipeline, RedisError, RedisResult, Value};

use crate::collect::redis::slowlog::number;
use crate::model::sample::Sample;

/// Kinds of values, and the command that tells the size of one.
const SIZES: [(&str, &str); 6] = [
    ("string", "STRLEN"),
    ("list", "LLEN"),
    ("set", "SCARD"),
    ("zset", "ZCARD"),
    ("hash", "HLEN"),
    ("stream", "XLEN"),
];

/// A key whose size is told.
///
/// Its kind is asked for at each scrape, and its size once the kind is known:
/// the wrong command would be an error of the very Redis that is watched.
#[derive(Debug)]
pub(crate) struct SizedKey {
    name: String,
    /// The value of the label `db`.
    database: String,
    /// Its kind at the last look.
    kind: Option<&'static str>,
}

impl SizedKey {
    /// Knows nothing of the key yet.
    pub(crate) fn new(name: &str, database: i64) -> Self {
        Self {
            name: name.to_owned(),
            database: format!("db{database}"),
            kind: None,
        }
    }

    /// Adds the commands of a scrape.
    pub(crate) fn ask(&self, pipe: &mut Pipeline) {
        pipe.cmd("TYPE").arg(&self.name);
        if let Some((_, command)) = SIZES.iter().find(|(kind, _)| self.kind == Some(*kind)) {
            pipe.cmd(command).arg(&self.name);
        }
    }

    /// Reads the answers; the error says that we may not ask.
    pub(crate) fn read(
        &mut self,
        answers: &[RedisResult<Value>],
    ) -> Result<Option<Sample>, RedisError> {
        let forbidden = |answer: &RedisResult<Value>| {
            let error = answer.as_ref().err()?;
            (error.code() == Some("NOPERM")).then(|| error.clone())
        };
        if let Some(error) = answers.iter().find_map(forbidden) {
            return Err(error);
        }
        let Some(Ok(Value::SimpleString(kind))) = answers.first() else {
            return Ok(None);
        };
        let labels = [("db", &*self.database), ("key", &*self.name)];
        let sample = |size| Sample::new("redis_key_size", labels, size);
        // As redis_exporter: a key that is not there has the size 0.
        if kind == "none" {
            return Ok(Some(sample(0.0)));
        }
        let before = self.kind;
        self.kind = SIZES
            .iter()
            .map(|(name, _)| *name)
            .find(|name| name == kind);
        let size = match answers.get(1) {
            Some(Ok(size)) if self.kind == before => number(size),
            _ => None,
        };
        Ok(size.map(sample))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(word: &str) -> Value {
        Value::SimpleString(word.to_owned())
    }

    #[test]
    fn a_size_is_asked_for_by_the_kind_that_was_seen() {
        let mut key = SizedKey::new("k", 2);
        let commands = |key: &SizedKey| {
            let mut pipe = redis::pipe();
            key.ask(&mut pipe);
            String::from_utf8_lossy(&pipe.get_packed_pipeline()).into_owned()
        };
        let read = |key: &mut SizedKey, answers: &[RedisResult<Value>]| {
            let sample = key.read(answers).unwrap();
            sample.map(|sample| (sample.metric.labels["db"].clone(), sample.value))
        };
        assert!(!commands(&key).contains("LLEN"));
        assert_eq!(read(&mut key, &[Ok(kind("list"))]), None);
        assert!(commands(&key).contains("LLEN"));
        let five = [Ok(kind("list")), Ok(Value::Int(5))];
        assert_eq!(read(&mut key, &five), Some(("db2".to_owned(), 5.0)));
        // It was made anew as something else between two scrapes.
        assert_eq!(read(&mut key, &[Ok(kind("hash")), Ok(Value::Int(5))]), None);
        assert!(commands(&key).contains("HLEN"));
        assert_eq!(
            read(&mut key, &[Ok(kind("none"))]),
            Some(("db2".to_owned(), 0.0))
        );
        assert_eq!(read(&mut key, &[Ok(kind("vectorset"))]), None);
    }

    #[test]
    fn who_may_not_ask_is_told_so() {
        let refused = (
            redis::ErrorKind::Server(redis::ServerErrorKind::NoPerm),
            "no",
        );
        assert!(SizedKey::new("k", 0).read(&[Err(refused.into())]).is_err());
    }
}
