//! The systems whose queues can be watched, by their names in the settings.

use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};

/// A system, as `system` of a `[[collector.queue]]` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SystemName {
    /// A stream with a consumer group.
    Stream,
    /// A plain list.
    List,
    /// A sorted set.
    SortedSet,
    /// Laravel's queues.
    Laravel,
    /// Laravel Horizon and its queues.
    Horizon,
    /// Sidekiq.
    Sidekiq,
    /// Celery over Redis.
    Celery,
    /// RQ.
    Rq,
    /// `BullMQ`.
    Bullmq,
    /// Resque.
    Resque,
    /// Dramatiq over Redis.
    Dramatiq,
    /// arq.
    Arq,
}

/// How a table of a system says which queues it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By `key` or `pattern`.
    Key,
    /// By `name`, `names` or `pattern`.
    Name,
    /// By `name` or `names`, or not at all: the system knows its queues, or has one.
    Known,
}

impl SystemName {
    /// The system of that name; `None` if there is none.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        let word: StrDeserializer<'_, Error> = word.into_deserializer();
        Self::deserialize(word).ok()
    }

    /// Its name, which is the value of the label `system` as well.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::List => "list",
            Self::SortedSet => "sorted-set",
            Self::Laravel => "laravel",
            Self::Horizon => "horizon",
            Self::Sidekiq => "sidekiq",
            Self::Celery => "celery",
            Self::Rq => "rq",
            Self::Bullmq => "bullmq",
            Self::Resque => "resque",
            Self::Dramatiq => "dramatiq",
            Self::Arq => "arq",
        }
    }

    /// How its tables name their queues.
    pub(crate) fn naming(self) -> Naming {
        match self {
            Self::Stream | Self::List | Self::SortedSet => Naming::Key,
            Self::Laravel | Self::Celery | Self::Bullmq | Self::Dramatiq => Naming::Name,
            Self::Horizon | Self::Sidekiq | Self::Rq | Self::Resque | Self::Arq => Naming::Known,
        }
    }

    /// Whether a table says something of all its queues as one: a second table would
    /// say it again.
    pub(crate) fn speaks_for_all(self) -> bool {
        match self {
            Self::Horizon | Self::Sidekiq | Self::Celery | Self::Rq | Self::Resque => true,
            Self::Stream
            | Self::List
            | Self::SortedSet
            | Self::Laravel
            | Self::Bullmq
            | Self::Dramatiq
            | Self::Arq => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for word in ["stream", "sorted-set", "bullmq", "rq"] {
            assert_eq!(
                SystemName::from_word(word).map(SystemName::word),
                Some(word)
            );
        }
        assert_eq!(SystemName::from_word("kafka"), None);
    }
}
