//! One data server as a scrape shows it, compared with how it was.

use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::changes::age::is_forgotten;
use crate::evaluate::changes::storm::Storm;
use crate::model::sample::Sample;

/// A server counts its life in whole seconds, and the answer took its time.
const SLACK: Duration = Duration::from_secs(5);

/// What happened to a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Happening {
    /// It began anew at that moment.
    Restart(Timestamp),
    /// It was told to delete data.
    Flush,
    /// It may take another amount of memory.
    Limit {
        /// What it might take before, in bytes; zero is no limit.
        from: f64,
        /// What it may take now.
        to: f64,
        /// When the old limit was seen last.
        since: Timestamp,
    },
}

/// What one scrape says of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerView<'s> {
    down: bool,
    uptime: Option<f64>,
    run: Option<&'s str>,
    limit: Option<f64>,
    /// Commands that delete all data; `None` if no command is counted.
    flushes: Option<f64>,
}

impl<'s> ServerView<'s> {
    /// Takes in a sample of it.
    pub(crate) fn add(&mut self, sample: &'s Sample) {
        let (labels, value) = (&sample.metric.labels, sample.value);
        match &*sample.metric.name {
            "redis_up" => self.down = value < 1.0,
            "redis_uptime_in_seconds" => self.uptime = Some(value),
            "redis_memory_max_bytes" => self.limit = Some(value),
            "redis_instance_info" => {
                let run = labels.get("run_id").map(String::as_str);
                self.run = run.filter(|run| !run.is_empty());
            }
            "redis_commands_total" => {
                let flush = labels
                    .get("cmd")
                    .is_some_and(|cmd| matches!(&**cmd, "flushall" | "flushdb"));
                let flushes = self.flushes.get_or_insert_default();
                *flushes += if flush { value } else { 0.0 };
            }
            _ => {}
        }
    }

    /// The server, if it answered.
    pub(crate) fn server(&self, at: Timestamp) -> Option<Server> {
        let uptime = self.uptime.filter(|_| !self.down)?;
        Some(Server {
            at,
            uptime,
            run: self.run.map(str::to_owned),
            limit: self.limit.map(|limit| (limit, at)),
            limits: Storm::default(),
            flushes: self.flushes,
        })
    }
}

/// A server as it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    at: Timestamp,
    uptime: f64,
    run: Option<String>,
    /// The limit that is known to all, and when it was seen last.
    limit: Option<(f64, Timestamp)>,
    limits: Storm,
    flushes: Option<f64>,
}

impl Server {
    /// What happened between two looks, and whether it is another life of it.
    pub(crate) fn compare(&self, now: &Self) -> (Vec<Happening>, bool) {
        let same_run = match (&self.run, &now.run) {
            (Some(before), Some(after)) => Some(before == after),
            _ => None,
        };
        let is_other = same_run.map_or(now.uptime < self.uptime, |same| !same);
        if self.is_forgotten(now.at) {
            return (Vec::new(), is_other);
        }
        let mut happened = Vec::new();
        if is_other {
            happened.extend(now.began(self.at).map(Happening::Restart));
        } else if let (Some(before), Some(after)) = (self.flushes, now.flushes)
            && after > before
        {
            happened.push(Happening::Flush);
        }
        if let (Some((from, since)), Some((to, _))) = (self.limit, now.limit)
            && from.to_bits() != to.to_bits()
            && !self.limits.is_resting(now.at)
        {
            happened.push(Happening::Limit { from, to, since });
        }
        (happened, is_other)
    }

    /// The same with what only an earlier look can know.
    #[must_use]
    pub(crate) fn after(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before.filter(|before| !before.is_forgotten(self.at)) else {
            return self;
        };
        self.limits = before.limits;
        match (before.limit, self.limit) {
            // What flaps is told once a minute, and the last word at its end.
            (Some((from, since)), Some((to, _))) if from.to_bits() != to.to_bits() => {
                if self.limits.is_resting(self.at) {
                    self.limit = Some((from, since));
                } else {
                    self.limits.report([self.at], self.at);
                }
            }
            (known, None) => self.limit = known,
            _ => {}
        }
        self.flushes = self.flushes.or(before.flushes);
        self
    }

    /// Whether it was seen too long ago to be compared with.
    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        is_forgotten(self.at, now)
    }

    /// When this life began, if that was after `last`.
    fn began(&self, last: Timestamp) -> Option<Timestamp> {
        let lived = Duration::try_from_secs_f64(self.uptime).ok()?;
        let start = self.at.checked_sub(lived).ok()?;
        let later = start.checked_add(SLACK).is_ok_and(|start| start >= last);
        later.then(|| start.max(last).min(self.at))
    }
}
