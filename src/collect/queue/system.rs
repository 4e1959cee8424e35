//! The systems whose queues can be watched, each as its settings name it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::QueueSamples;
use crate::collect::queue::system_name::SystemName;
use crate::collect::queue::systems::data_types::list::{ListSettings, Lists};
use crate::collect::queue::systems::data_types::sorted_set::{SortedSetSettings, SortedSets};
use crate::collect::queue::systems::data_types::stream::{StreamSettings, Streams};
use crate::collect::queue::systems::javascript::bullmq::{Bullmq, BullmqSettings};
use crate::collect::queue::systems::php::horizon::{Horizon, HorizonSettings};
use crate::collect::queue::systems::php::laravel::{Laravel, LaravelSettings};
use crate::collect::queue::systems::python::arq::{Arq, ArqSettings};
use crate::collect::queue::systems::python::celery::{Celery, CelerySettings};
use crate::collect::queue::systems::python::dramatiq::{Dramatiq, DramatiqSettings};
use crate::collect::queue::systems::python::rq::{Rq, RqSettings};
use crate::collect::queue::systems::ruby::resque::{Resque, ResqueSettings};
use crate::collect::queue::systems::ruby::sidekiq::{Sidekiq, SidekiqSettings};

/// A `[[collector.queue]]` table, by its `system`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QueueSettings {
    /// A stream with a consumer group.
    Stream(StreamSettings),
    /// A plain list.
    List(ListSettings),
    /// A sorted set.
    SortedSet(SortedSetSettings),
    /// Laravel's queues.
    Laravel(LaravelSettings),
    /// Laravel Horizon and its queues.
    Horizon(HorizonSettings),
    /// Sidekiq.
    Sidekiq(SidekiqSettings),
    /// Celery over Redis.
    Celery(CelerySettings),
    /// RQ.
    Rq(RqSettings),
    /// `BullMQ`.
    Bullmq(BullmqSettings),
    /// Resque.
    Resque(ResqueSettings),
    /// Dramatiq over Redis.
    Dramatiq(DramatiqSettings),
    /// arq.
    Arq(ArqSettings),
}

impl QueueSettings {
    /// Which system it is.
    pub(crate) fn name(&self) -> SystemName {
        match self {
            Self::Stream(_) => SystemName::Stream,
            Self::List(_) => SystemName::List,
            Self::SortedSet(_) => SystemName::SortedSet,
            Self::Laravel(_) => SystemName::Laravel,
            Self::Horizon(_) => SystemName::Horizon,
            Self::Sidekiq(_) => SystemName::Sidekiq,
            Self::Celery(_) => SystemName::Celery,
            Self::Rq(_) => SystemName::Rq,
            Self::Bullmq(_) => SystemName::Bullmq,
            Self::Resque(_) => SystemName::Resque,
            Self::Dramatiq(_) => SystemName::Dramatiq,
            Self::Arq(_) => SystemName::Arq,
        }
    }

    /// Value of the label `app`.
    pub(crate) fn app(&self) -> Option<&str> {
        let app: &Option<NonEmptyText> = match self {
            Self::Stream(settings) => &settings.app,
            Self::List(settings) => &settings.app,
            Self::SortedSet(settings) => &settings.app,
            Self::Laravel(settings) => &settings.app,
            Self::Horizon(settings) => &settings.app,
            Self::Sidekiq(settings) => &settings.app,
            Self::Celery(settings) => &settings.app,
            Self::Rq(settings) => &settings.app,
            Self::Bullmq(settings) => &settings.app,
            Self::Resque(settings) => &settings.app,
            Self::Dramatiq(settings) => &settings.app,
            Self::Arq(settings) => &settings.app,
        };
        app.as_ref().map(|word| &*word.0)
    }
}

/// What is remembered of a table's queues from scrape to scrape.
#[derive(Debug)]
pub(crate) enum System {
    /// A stream with a consumer group.
    Stream(Streams),
    /// A plain list.
    List(Lists),
    /// A sorted set.
    SortedSet(SortedSets),
    /// Laravel's queues.
    Laravel(Laravel),
    /// Laravel Horizon and its queues.
    Horizon(Horizon),
    /// Sidekiq.
    Sidekiq(Sidekiq),
    /// Celery over Redis.
    Celery(Celery),
    /// RQ.
    Rq(Rq),
    /// `BullMQ`.
    Bullmq(Bullmq),
    /// Resque.
    Resque(Resque),
    /// Dramatiq over Redis.
    Dramatiq(Dramatiq),
    /// arq.
    Arq(Arq),
}

impl System {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: QueueSettings) -> Self {
        match settings {
            QueueSettings::Stream(settings) => Self::Stream(Streams::new(settings)),
            QueueSettings::List(settings) => Self::List(Lists::new(settings)),
            QueueSettings::SortedSet(settings) => Self::SortedSet(SortedSets::new(settings)),
            QueueSettings::Laravel(settings) => Self::Laravel(Laravel::new(settings)),
            QueueSettings::Horizon(settings) => Self::Horizon(Horizon::new(settings)),
            QueueSettings::Sidekiq(settings) => Self::Sidekiq(Sidekiq::new(settings)),
            QueueSettings::Celery(settings) => Self::Celery(Celery::new(settings)),
            QueueSettings::Rq(settings) => Self::Rq(Rq::new(settings)),
            QueueSettings::Bullmq(settings) => Self::Bullmq(Bullmq::new(settings)),
            QueueSettings::Resque(settings) => Self::Resque(Resque::new(settings)),
            QueueSettings::Dramatiq(settings) => Self::Dramatiq(Dramatiq::new(settings)),
            QueueSettings::Arq(settings) => Self::Arq(Arq::new(settings)),
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        match self {
            Self::Stream(queues) => queues.questions(),
            Self::List(queues) => queues.questions(),
            Self::SortedSet(queues) => queues.questions(),
            Self::Laravel(queues) => queues.questions(),
            Self::Horizon(queues) => queues.questions(),
            Self::Sidekiq(queues) => queues.questions(),
            Self::Celery(queues) => queues.questions(),
            Self::Rq(queues) => queues.questions(),
            Self::Bullmq(queues) => queues.questions(),
            Self::Resque(queues) => queues.questions(),
            Self::Dramatiq(queues) => queues.questions(),
            Self::Arq(queues) => queues.questions(),
        }
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        match self {
            Self::Stream(queues) => queues.read(answers, samples),
            Self::List(queues) => queues.read(answers, samples),
            Self::SortedSet(queues) => queues.read(answers, samples),
            Self::Laravel(queues) => queues.read(answers, samples),
            Self::Horizon(queues) => queues.read(answers, samples),
            Self::Sidekiq(queues) => queues.read(answers, samples),
            Self::Celery(queues) => queues.read(answers, samples),
            Self::Rq(queues) => queues.read(answers, samples),
            Self::Bullmq(queues) => queues.read(answers, samples),
            Self::Resque(queues) => queues.read(answers, samples),
            Self::Dramatiq(queues) => queues.read(answers, samples),
            Self::Arq(queues) => queues.read(answers, samples),
        }
    }
}
