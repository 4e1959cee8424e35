//! Sidekiq: its queues, its schedule, its retries and its processes.

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, Record, count, sum};
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::{QUEUES, Tracked, WORKERS};
use crate::collect::queue::systems::ruby::layout::RubyKeys;

/// A `[[collector.queue]]` table of `system = "sidekiq"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SidekiqSettings {
    /// A queue; by default all queues that Sidekiq lists.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// The namespace with its colon, if you use one.
    #[serde(default)]
    pub(crate) prefix: String,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// Sidekiq's keys in one Redis.
#[derive(Debug)]
pub(crate) struct Sidekiq {
    keys: RubyKeys,
    queues: Tracked<ListState>,
    processes: Tracked<Process>,
    last_ms: Option<i64>,
}

/// Nothing needs to be remembered of a process.
#[derive(Debug, Default)]
struct Process;

/// What the hash of a process says.
const FIELDS: [&str; 3] = ["beat", "busy", "quiet"];

impl Sidekiq {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: SidekiqSettings) -> Self {
        let names = settings.names.and(settings.name);
        let keys = RubyKeys::new(settings.prefix);
        Self {
            queues: Tracked::named_or_discovered(names, keys.set("queues", QUEUES)),
            processes: Tracked::discovered(keys.set("processes", WORKERS)),
            keys,
            last_ms: None,
        }
    }

    fn card(&self, name: &str) -> Question {
        Question::new("ZCARD", self.keys.key(name))
    }

    /// Jobs whose time had come when the last scrape was taken.
    fn overdue(&self) -> Option<[Question; 2]> {
        let last = self.last_ms? / 1000;
        Some(["schedule", "retry"].map(|name| Question::up_to(&self.keys.key(name), last)))
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.processes.question());
        for (name, _) in self.queues.iter() {
            questions.extend(ListState::questions(&self.keys.queue(name), ListEnd::Right));
        }
        for (identity, _) in self.processes.iter() {
            questions.push(process(&self.keys, identity));
        }
        questions.extend(["schedule", "retry", "dead"].map(|name| self.card(name)));
        questions.extend(self.keys.totals());
        questions.extend(self.overdue().into_iter().flatten());
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = self.keys.queue(name);
            let time = |job: &[u8]| timestamp::of_field(job, "enqueued_at");
            let (length, age) = head.read(answers, &key, ListEnd::Right, time);
            samples.jobs(Some(&label), JobState::Pending, length);
            samples.wait(&label, age, &head.oldest, AgeSource::Timestamp);
        }
        for (name, state) in [
            ("schedule", JobState::Delayed),
            ("retry", JobState::Failed),
            ("dead", JobState::Dead),
        ] {
            samples.jobs(None, state, answers.count(&self.card(name)));
        }
        if let Some([schedule, retry]) = self.overdue() {
            let both = sum(answers.count(&schedule), answers.count(&retry));
            samples.count("queue_overdue_jobs", &[], both);
        }
        self.keys.add_totals(answers, samples);
        self.add_processes(answers, samples);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.processes.read(answers);
        self.queues.report_beyond_limit(samples);
    }

    /// A process that was killed stays listed; its hash runs out after a minute.
    fn add_processes(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let mut all = self.processes.is_whole().then(SidekiqProcesses::default);
        let mut ages = Vec::new();
        for (identity, _) in self.processes.iter() {
            let fields = match answers.record(&process(&self.keys, identity)) {
                Record::Found(fields) => fields,
                Record::Gone => continue,
                Record::Unknown => {
                    all = None;
                    continue;
                }
            };
            if let Some(beat) = fields[0].as_deref().and_then(timestamp::read_bytes) {
                ages.push((printable(identity), answers.now_ms - beat));
            }
            let busy = fields[1].clone().map(Value::BulkString);
            let quiet = fields[2].as_deref() == Some(b"true");
            all = all.map(|all| SidekiqProcesses {
                living: all.living + 1,
                quiet: all.quiet + u64::from(quiet),
                busy: sum(all.busy, busy.and_then(|busy| count(&busy))),
            });
        }
        samples.heartbeats(ages);
        if let Some(all) = all {
            samples.workers(None, all.living);
            samples.jobs(None, JobState::Reserved, all.busy);
            let quiet = all.living > 0 && all.quiet == all.living;
            for (name, _) in self.queues.iter() {
                samples.paused(&printable(name), Some(quiet));
            }
        }
        self.processes.report_uncounted(samples);
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
fn process(keys: &RubyKeys, identity: &[u8]) -> Question {
    let key = [&keys.key("")[..], identity].concat();
    Question::fields(key, &FIELDS).one_of(keys.key("<process>"))
}
