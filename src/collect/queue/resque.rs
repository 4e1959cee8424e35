//! Resque: lists of jobs, counts, and workers with what they have in hand.

use std::collections::BTreeMap;

use redis::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::queue::answers::{Answer, Answers, bytes, count, from_count};
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape};
use crate::collect::queue::head::{End, Head};
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster, WORKERS};
use crate::collect::queue::stamp;
use crate::collect::queue::words::{Names, Word};

/// A `[[collector.queue]]` table of `system = "resque"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResqueSettings {
    /// A queue; without any, all queues that Resque knows.
    pub name: Option<Word>,
    /// Several queues.
    #[serde(default)]
    pub names: Names,
    /// What all of Resque's keys begin with.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
}

fn default_prefix() -> String {
    "resque:".to_owned()
}

/// Resque's keys in one Redis.
#[derive(Debug)]
pub struct Resque {
    prefix: String,
    queues: Roster<Head>,
    workers: Roster<Work>,
    last_ms: Option<i64>,
}

/// What a worker had in hand when it was looked at last: from which queue, and
/// since when.
#[derive(Debug, Default)]
struct Work(Option<(String, Option<i64>)>);

/// What a worker's value says; the job itself is skipped.
#[derive(Deserialize)]
struct InHand<'j> {
    queue: String,
    #[serde(borrow)]
    run_at: Option<&'j RawValue>,
}

impl Resque {
    /// Starts without having seen a job.
    pub fn new(settings: ResqueSettings) -> Self {
        let prefix = settings.prefix;
        let names = settings.names.and(settings.name);
        let set = |name: &str, limit| {
            let key = format!("{prefix}{name}").into_bytes();
            Found::in_set(key, Shape::default(), limit)
        };
        Self {
            queues: if names.is_empty() {
                Roster::found(set("queues", QUEUES))
            } else {
                Roster::named(names)
            },
            workers: Roster::found(set("workers", WORKERS)),
            prefix,
            last_ms: None,
        }
    }

    fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix, name].concat().into_bytes()
    }

    fn stat(&self, name: &str) -> Question {
        Question::new("GET", self.key(name))
    }

    fn heartbeat(&self, worker: &[u8]) -> Question {
        Question::new("HGET", self.key("workers:heartbeat")).with(worker)
    }

    /// What `resque-scheduler` keeps, if it is used: one element for each second
    /// in which jobs are due.
    fn overdue(&self) -> Option<Question> {
        let key = self.key("delayed_queue_schedule");
        Some(Question::up_to(&key, self.last_ms? / 1000))
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.workers.question());
        for (name, _) in self.queues.iter() {
            questions.extend(Head::questions(&queue(&self.prefix, name), End::Left));
        }
        for (id, _) in self.workers.iter() {
            questions.extend([worker(&self.prefix, id), self.heartbeat(id)]);
        }
        questions.push(Question::new("LLEN", self.key("failed")));
        questions.push(Question::new("SCARD", self.key("workers")));
        questions.extend(["stat:processed", "stat:failed"].map(|name| self.stat(name)));
        questions.extend(self.overdue());
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        self.tell_workers(answers, figures);
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = queue(&self.prefix, name);
            // A job does not say when it was queued.
            let (length, age) = head.read(answers, &key, End::Left, |_| None);
            figures.jobs(Some(&label), State::Pending, length);
            figures.age(Some(&label), State::Pending, age);
            if age.is_some() {
                figures.source(&label, Source::Identity);
            }
        }
        let failed = answers.count(&Question::new("LLEN", self.key("failed")));
        figures.jobs(None, State::Failed, failed);
        let mut stat = |name| match answers.value(&self.stat(name))? {
            Value::Nil => Some(0),
            value => count(&value),
        };
        let (processed, bad) = (stat("stat:processed"), stat("stat:failed"));
        // Resque counts each failed job as processed, too.
        let completed = processed.zip(bad).map(|(all, bad)| all.saturating_sub(bad));
        figures.count("queue_completed_total", &[], completed);
        figures.count("queue_failed_total", &[], bad);
        let overdue = self.overdue().and_then(|question| answers.count(&question));
        figures.count("queue_overdue_jobs", &[], overdue);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.workers.read(answers);
        self.queues.tell_beyond(figures, &[]);
    }

    fn tell_workers(&mut self, answers: &mut Answers, figures: &mut Figures) {
        let all = answers.count(&Question::new("SCARD", self.key("workers")));
        figures.count("queue_workers", &[], all);
        let heard: Vec<_> = self
            .workers
            .iter()
            .map(|(id, _)| {
                let heard = answers.value(&self.heartbeat(id)).and_then(bytes);
                (printable(id), heard.as_deref().and_then(stamp::read_bytes))
            })
            .collect();
        for (label, heard) in heard {
            if let Some(heard) = heard {
                figures.heartbeat(&label, answers.now_ms - heard);
            }
        }
        let mut reserved: BTreeMap<String, (u64, Option<i64>)> = self
            .queues
            .iter()
            .map(|(name, _)| (printable(name), (0, None)))
            .collect();
        let mut known = all == Some(0);
        for (id, work) in self.workers.iter_mut() {
            match answers.take(&worker(&self.prefix, id)) {
                Answer::Value(value) => work.0 = bytes(value).and_then(|json| in_hand(&json)),
                Answer::Later => {}
                Answer::Unknown => continue,
            }
            known = true;
            if let Some((queue, since)) = &work.0
                && let Some((number, oldest)) = reserved.get_mut(queue)
            {
                *number += 1;
                *oldest = match (*oldest, *since) {
                    (Some(oldest), Some(since)) => Some(since.min(oldest)),
                    (oldest, since) => oldest.or(since),
                };
            }
        }
        for (queue, (number, oldest)) in reserved.iter().filter(|_| known) {
            let labels = [("queue", &**queue), ("state", "reserved")];
            figures.add("queue_jobs", &labels, from_count(*number));
            let age = oldest.map(|since| (answers.now_ms - since).max(0));
            let age = if *number == 0 { Some(0) } else { age };
            figures.age(Some(queue), State::Reserved, age);
        }
    }
}

fn queue(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b"queue:", name].concat()
}

fn worker(prefix: &str, id: &[u8]) -> Question {
    let family = format!("{prefix}worker:").into_bytes();
    Question::new("GET", [&family[..], id].concat())
}

fn in_hand(json: &[u8]) -> Option<(String, Option<i64>)> {
    let found: InHand<'_> = serde_json::from_slice(json).ok()?;
    let since = stamp::of_json(found.run_at);
    Some((found.queue, since))
}
