//! A plain list, as a queue of one's own.

use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::discovery::{FoundNames, Shape};
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::{QUEUES, Roster};

/// A `[[collector.queue]]` table of `system = "list"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {
    /// Value of the label `queue`; the key if there is none.
    pub name: Option<NonEmptyText>,
    /// The list's key.
    pub key: Option<NonEmptyText>,
    /// A pattern of keys, instead.
    pub pattern: Option<NonEmptyText>,
    /// From which end workers take.
    pub take: ListEnd,
    /// The field at the top of a job's JSON that says when it was queued.
    pub time_field: Option<NonEmptyText>,
    /// What the jobs in it do.
    #[serde(default)]
    pub state: JobState,
    /// Tells apart applications that share a Redis.
    pub app: Option<NonEmptyText>,
}

/// Lists of jobs.
#[derive(Debug)]
pub struct Lists {
    name: Option<String>,
    by_pattern: Option<String>,
    take: ListEnd,
    time_field: Option<String>,
    state: JobState,
    roster: Roster<ListState>,
}

impl Lists {
    /// Starts without having seen a job.
    pub fn new(settings: ListSettings) -> Self {
        let by_pattern = settings.pattern.map(|word| word.0);
        let roster = match &by_pattern {
            Some(pattern) => {
                let pattern = pattern.clone().into_bytes();
                Roster::found(FoundNames::in_keys(
                    pattern,
                    "list",
                    Shape::default(),
                    QUEUES,
                ))
            }
            None => Roster::named(settings.key.map(|word| word.0)),
        };
        Self {
            name: settings
                .name
                .map(|word| word.0)
                .filter(|_| by_pattern.is_none()),
            by_pattern,
            take: settings.take,
            time_field: settings.time_field.map(|word| word.0),
            state: settings.state,
            roster,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.roster.question());
        for (key, _) in self.roster.iter() {
            questions.extend(ListState::questions(key, self.take));
        }
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut QueueSamples) {
        let field = self.time_field.as_deref();
        for (key, head) in self.roster.iter_mut() {
            let (length, age) = head.read(answers, key, self.take, |job| {
                timestamp::of_field(job, field?)
            });
            let printed = printable(key);
            let name = self.name.as_deref().unwrap_or(&printed);
            figures.jobs(Some(name), self.state, length);
            let usual = field.map_or(AgeSource::Identity, |_| AgeSource::Timestamp);
            match self.state {
                JobState::Pending => figures.wait(name, age, &head.oldest, usual),
                state => {
                    let ahead = head.oldest.is_ahead(answers.now_ms);
                    figures.age(Some(name), state, age, ahead);
                }
            }
        }
        self.roster.read(answers);
        if let Some(pattern) = &self.by_pattern {
            self.roster.tell_beyond(figures, &[("pattern", pattern)]);
        }
    }
}
