//! Sidekiq: its queues, its schedule, its retries and its processes.

use redis::Value;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, Record, count, sum};
use crate::collect::queue::reading::discovery::{FoundNames, Shape};
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::{QUEUES, Roster, WORKERS};

/// A `[[collector.queue]]` table of `system = "sidekiq"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SidekiqSettings {
    /// A queue; without any, all queues that Sidekiq knows.
    pub name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub names: QueueNames,
    /// A namespace with its colon, where one is used.
    #[serde(default)]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<NonEmptyText>,
}

/// Sidekiq's keys in one Redis.
#[derive(Debug)]
pub struct Sidekiq {
    prefix: String,
    queues: Roster<ListState>,
    processes: Roster<Process>,
    last_ms: Option<i64>,
}

/// Nothing needs to be remembered of a process.
#[derive(Debug, Default)]
struct Process;

/// What the hash of a process says.
const FIELDS: [&str; 3] = ["beat", "busy", "quiet"];

impl Sidekiq {
    /// Starts without having seen a job.
    pub fn new(settings: SidekiqSettings) -> Self {
        let prefix = settings.prefix;
        let names = settings.names.and(settings.name);
        let set = |name: &str, limit| {
            let key = format!("{prefix}{name}").into_bytes();
            FoundNames::in_set(key, Shape::default(), limit)
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

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.processes.question());
        for (name, _) in self.queues.iter() {
            questions.extend(ListState::questions(
                &queue(&self.prefix, name),
                ListEnd::Right,
            ));
        }
        for (identity, _) in self.processes.iter() {
            questions.push(process(&self.prefix, identity));
        }
        questions.extend(["schedule", "retry", "dead"].map(|name| self.card(name)));
        questions.extend(["stat:processed", "stat:failed"].map(|name| self.stat(name)));
        questions.extend(self.overdue().into_iter().flatten());
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut QueueSamples) {
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = queue(&self.prefix, name);
            let time = |job: &[u8]| timestamp::of_field(job, "enqueued_at");
            let (length, age) = head.read(answers, &key, ListEnd::Right, time);
            figures.jobs(Some(&label), JobState::Pending, length);
            figures.wait(&label, age, &head.oldest, AgeSource::Timestamp);
        }
        for (name, state) in [
            ("schedule", JobState::Delayed),
            ("retry", JobState::Failed),
            ("dead", JobState::Dead),
        ] {
            figures.jobs(None, state, answers.count(&self.card(name)));
        }
        if let Some([schedule, retry]) = self.overdue() {
            let both = sum(answers.count(&schedule), answers.count(&retry));
            figures.count("queue_overdue_jobs", &[], both);
        }
        let mut stat = |name| match answers.value(&self.stat(name))? {
            Value::Nil => Some(0),
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
        self.queues.read(answers);
        self.processes.read(answers);
        self.queues.tell_beyond(figures, &[]);
    }

    /// A process that was killed stays listed; its hash runs out after a minute.
    fn tell_processes(&mut self, answers: &mut Answers, figures: &mut QueueSamples) {
        let mut all = self.processes.is_whole().then(SidekiqProcesses::default);
        let mut heard = Vec::new();
        for (identity, _) in self.processes.iter() {
            let fields = match answers.record(&process(&self.prefix, identity)) {
                Record::Found(fields) => fields,
                Record::Gone => continue,
                Record::Unknown => {
                    all = None;
                    continue;
                }
            };
            if let Some(beat) = fields[0].as_deref().and_then(timestamp::read_bytes) {
                heard.push((printable(identity), answers.now_ms - beat));
            }
            let busy = fields[1].clone().map(Value::BulkString);
            let quiet = fields[2].as_deref() == Some(b"true");
            all = all.map(|all| SidekiqProcesses {
                living: all.living + 1,
                quiet: all.quiet + u64::from(quiet),
                busy: sum(all.busy, busy.and_then(|busy| count(&busy))),
            });
        }
        figures.heartbeats(heard);
        if let Some(all) = all {
            figures.workers(None, all.living);
            figures.jobs(None, JobState::Reserved, all.busy);
            let quiet = all.living > 0 && all.quiet == all.living;
            for (name, _) in self.queues.iter() {
                figures.paused(&printable(name), Some(quiet));
            }
        }
        self.processes.tell_uncounted(figures);
    }
}

/// What its living processes say together.
struct SidekiqProcesses {
    living: u64,
    /// Those that take no new jobs.
    quiet: u64,
    /// Jobs in work, if each of them says how many it has.
    busy: Option<u64>,
}

impl Default for SidekiqProcesses {
    fn default() -> Self {
        Self {
            living: 0,
            quiet: 0,
            busy: Some(0),
        }
    }
}

/// What the hash of a process says. Its jobs are in a hash beside it, which
/// has another name since version 6.5 and is not written by every client.
fn process(prefix: &str, identity: &[u8]) -> Question {
    let key = [prefix.as_bytes(), identity].concat();
    Question::fields(key, &FIELDS).one_of(format!("{prefix}<process>"))
}

fn queue(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b"queue:", name].concat()
}
