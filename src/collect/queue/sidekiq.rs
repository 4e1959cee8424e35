//! Sidekiq: its queues, its schedule, its retries and its processes.

use serde::Deserialize;

use crate::collect::queue::answers::{Answers, count, from_count, sum};
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape};
use crate::collect::queue::head::{End, Head};
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster, WORKERS};
use crate::collect::queue::stamp;
use crate::collect::queue::words::{Names, Word};

/// A `[[collector.queue]]` table of `system = "sidekiq"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SidekiqSettings {
    /// A queue; without any, all queues that Sidekiq knows.
    pub name: Option<Word>,
    /// Several queues.
    #[serde(default)]
    pub names: Names,
    /// A namespace with its colon, where one is used.
    #[serde(default)]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
}

/// Sidekiq's keys in one Redis.
#[derive(Debug)]
pub struct Sidekiq {
    prefix: String,
    queues: Roster<Head>,
    processes: Roster<Process>,
    last_ms: Option<i64>,
}

/// Nothing needs to be remembered of a process.
#[derive(Debug, Default)]
struct Process;

/// What the hash of a process says.
const FIELDS: [&str; 2] = ["beat", "quiet"];

impl Sidekiq {
    /// Starts without having seen a job.
    pub fn new(settings: SidekiqSettings) -> Self {
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
            processes: Roster::found(set("processes", WORKERS)),
            prefix,
            last_ms: None,
        }
    }

    fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix, name].concat().into_bytes()
    }

    fn card(&self, name: &str) -> Question {
        Question::new("ZCARD", self.key(name))
    }

    fn stat(&self, name: &str) -> Question {
        Question::new("GET", self.key(name))
    }

    /// Jobs whose time had come when the last scrape was taken.
    fn overdue(&self) -> Option<[Question; 2]> {
        let last = self.last_ms? / 1000;
        Some(["schedule", "retry"].map(|name| Question::up_to(&self.key(name), last)))
    }

    fn process(prefix: &str, identity: &[u8]) -> [Question; 2] {
        let key = [prefix.as_bytes(), identity].concat();
        let work = [&key[..], b":work"].concat();
        let family = format!("{prefix}<process>");
        [
            Question::fields(key, &FIELDS).one_of(&*family),
            Question::new("HLEN", work).one_of(family),
        ]
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.processes.question());
        for (name, _) in self.queues.iter() {
            questions.extend(Head::questions(&queue(&self.prefix, name), End::Right));
        }
        for (identity, _) in self.processes.iter() {
            questions.extend(Self::process(&self.prefix, identity));
        }
        questions.extend(["schedule", "retry", "dead"].map(|name| self.card(name)));
        questions.extend(["stat:processed", "stat:failed"].map(|name| self.stat(name)));
        questions.extend(self.overdue().into_iter().flatten());
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = queue(&self.prefix, name);
            let time = |job: &[u8]| stamp::of_field(job, "enqueued_at");
            let (length, age) = head.read(answers, &key, End::Right, time);
            figures.jobs(Some(&label), State::Pending, length);
            figures.age(Some(&label), State::Pending, age);
            if age.is_some() {
                let source = head.oldest.source().unwrap_or(Source::Timestamp);
                figures.source(&label, source);
            }
        }
        for (name, state) in [
            ("schedule", State::Delayed),
            ("retry", State::Failed),
            ("dead", State::Dead),
        ] {
            figures.jobs(None, state, answers.count(&self.card(name)));
        }
        if let Some([schedule, retry]) = self.overdue() {
            let both = sum(answers.count(&schedule), answers.count(&retry));
            figures.count("queue_overdue_jobs", &[], both);
        }
        let mut stat = |name| match answers.value(&self.stat(name))? {
            redis::Value::Nil => Some(0),
            value => count(&value),
        };
        let (processed, failed) = (stat("stat:processed"), stat("stat:failed"));
        // Sidekiq counts each failed try as processed, too.
        let completed = processed
            .zip(failed)
            .map(|(all, bad)| all.saturating_sub(bad));
        figures.count("queue_completed_total", &[], completed);
        figures.count("queue_failed_total", &[], failed);
        self.tell_processes(answers, figures);
        self.last_ms = Some(answers.now_ms);
        let looked = self.processes.iter().next().is_some();
        self.queues.read(answers);
        let answered = self.processes.read(answers);
        if answered && !looked && self.processes.iter().next().is_none() {
            figures.add("queue_workers", &[], 0.0);
            figures.jobs(None, State::Reserved, Some(0));
        }
        self.queues.tell_beyond(figures, &[]);
    }

    fn tell_processes(&self, answers: &mut Answers, figures: &mut Figures) {
        let (mut living, mut reserved, mut known) = (0, 0_u64, false);
        for (identity, _) in self.processes.iter() {
            let [hash, work] = Self::process(&self.prefix, identity);
            let work = answers.count(&work);
            known |= work.is_some();
            let Some(fields) = answers.fields(&hash) else {
                // It is still listed, but its hash ran out: it is dead.
                continue;
            };
            living += 1;
            reserved = reserved.saturating_add(work.unwrap_or_default());
            let beat = fields.into_iter().next().flatten();
            if let Some(beat) = beat.and_then(|beat| stamp::read_bytes(&beat)) {
                figures.heartbeat(&printable(identity), answers.now_ms - beat);
            }
        }
        if known {
            figures.add("queue_workers", &[], from_count(living));
            figures.jobs(None, State::Reserved, Some(reserved));
        }
    }
}

fn queue(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b"queue:", name].concat()
}
