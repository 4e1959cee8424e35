//! The oldest job of a place that holds only names of jobs.
//!
//! One round trip cannot ask for a name and for the job of that name. So each
//! scrape asks for the jobs that the last one named: ages are one scrape behind.

use redis::Value;

use crate::collect::queue::reading::answers::{Answer, Answers, bytes};
use crate::collect::queue::reading::oldest::{Oldest, OldestSight};
use crate::collect::queue::reading::question::Question;

/// How deep into a list we look for a job that is still there a scrape later.
const DEEPEST: u64 = 4096;

/// Where the name of the oldest job is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldestPlace {
    /// At the head of a list.
    First,
    /// At the tail of a list.
    Last,
    /// With the lowest score of a sorted set.
    Lowest,
}

/// Reads a moment off the fields of a job, with the present one.
pub(crate) type Since = fn(&[Option<Vec<u8>>], i64) -> Option<i64>;

/// What a system keeps of a job: how its hash is named, and where its time is.
#[derive(Debug)]
pub(crate) struct JobRecord<'k> {
    /// What the keys of its jobs begin with.
    pub(crate) prefix: &'k [u8],
    /// The fields to ask for.
    pub(crate) fields: &'k [&'k str],
    /// Since when the job is in that place by its fields and the present moment;
    /// both in milliseconds since 1970.
    pub(crate) since: Since,
    /// The job's name in what the place holds; `None` if that names no job.
    pub(crate) name: fn(&[u8]) -> Option<&[u8]>,
}

/// What is known of the oldest job.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// The name that the last scrape found.
    named: Option<Vec<u8>>,
    /// How many names behind the oldest we look, less one: where jobs are
    /// deleted once they are done, the oldest of a busy queue is gone by the
    /// next scrape.
    behind: u64,
    /// How many of the names at that end of a list are none of jobs.
    skipped: u64,
    /// Whether any scrape has looked yet.
    looked: bool,
    /// When and by what the job's time was told.
    pub(crate) oldest: Oldest,
}

impl Front {
    /// What to ask: for the next name, and for the job named by the last scrape.
    pub(crate) fn questions(
        &self,
        key: &[u8],
        place: OldestPlace,
        record: &JobRecord<'_>,
    ) -> Vec<Question> {
        let mut questions = vec![self.name(key, place)];
        questions.extend(self.job(record));
        questions
    }

    /// Notes how many names at that end, which this scrape found to be `end`, are
    /// none of jobs.
    pub(crate) fn skip(&mut self, names: u64, end: Option<Vec<u8>>) {
        if names < self.skipped && self.behind == 0 {
            // It looked behind one that is gone.
            self.named = end;
        }
        self.skipped = names;
    }

    /// Whether the very end of a list is not what it looks at.
    pub(crate) fn looks_deeper(&self) -> bool {
        self.behind + self.skipped > 0
    }

    fn name(&self, key: &[u8], place: OldestPlace) -> Question {
        let behind = self.behind + self.skipped;
        match place {
            OldestPlace::First => Question::new("LINDEX", key).with(behind.to_string()),
            OldestPlace::Last => Question::new("LINDEX", key).with(format!("-{}", behind + 1)),
            OldestPlace::Lowest => Question::new("ZRANGE", key).with("0").with("0"),
        }
    }

    fn job(&self, record: &JobRecord<'_>) -> Option<Question> {
        let name = (record.name)(self.named.as_ref()?)?;
        let key = [record.prefix, name].concat();
        Some(Question::fields(key, record.fields).one_of(record.prefix))
    }

    /// Reads the answers; `length` is how many names the place holds.
    pub(crate) fn age(
        &mut self,
        answers: &mut Answers,
        length: u64,
        (key, place): (&[u8], OldestPlace),
        record: &JobRecord<'_>,
    ) -> Option<i64> {
        let question = self.name(key, place);
        let job = self.job(record);
        let put_off = job.as_ref().is_some_and(|job| answers.is_put_off(job));
        let fields = job.and_then(|question| answers.record(&question).found());
        let name = match answers.take(&question) {
            Answer::Value(Value::Array(names)) => names.into_iter().next().and_then(bytes),
            Answer::Value(value) => bytes(value),
            Answer::Later | Answer::Unknown => return None,
        };
        let looked = std::mem::replace(&mut self.looked, true);
        if length == 0 {
            self.named = None;
            self.behind = 0;
            self.oldest.clear();
            return Some(0);
        }
        if name
            .as_deref()
            .is_some_and(|name| (record.name)(name).is_none())
        {
            // The job behind it is looked at by the next scrape.
            self.named = None;
            self.looked = looked && self.oldest.source().is_some();
            return self.oldest.age(OldestSight::Later, answers.now_ms);
        }
        if put_off {
            return self.oldest.age(OldestSight::Later, answers.now_ms);
        }
        if !looked {
            // How long it waits is told by the next scrape, not guessed.
            self.named = name;
            return None;
        }
        let since = fields.map(|fields| (record.since)(&fields, answers.now_ms));
        let stays = self.named == name;
        let sight = match (&name, since) {
            (_, Some(Some(since))) => {
                let named = self.named.as_deref().unwrap_or_default();
                OldestSight::new(named, Some(since))
            }
            // The job is still there, and has no time; or it went before we
            // could ask for it, and nothing better is known.
            (Some(name), _) if stays || self.oldest.source().is_none() => {
                OldestSight::new(name, None)
            }
            _ => OldestSight::Later,
        };
        if self.named.is_some() && since.is_none() && !stays && place != OldestPlace::Lowest {
            self.behind = (self.behind * 2 + 1).min(DEEPEST);
        } else if stays {
            self.behind = 0;
        }
        if self.behind >= length {
            self.behind = 0;
        }
        self.named = name;
        self.oldest.age(sight, answers.now_ms)
    }
}
