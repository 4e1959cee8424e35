//! What a look found, as values.

use std::collections::BTreeSet;

use crate::command::init::reference::TargetReference;

/// All that a look found.
#[derive(Clone, Debug, Default)]
pub(crate) struct InitFindings {
    /// The name of the page.
    pub(crate) title: String,
    /// Databases of Redis servers.
    pub(crate) redis: Vec<FoundRedis>,
    /// Metrics pages.
    pub(crate) pages: Vec<FoundPage>,
    /// Addresses that users open.
    pub(crate) sites: Vec<FoundSite>,
    /// Servers of Prometheus.
    pub(crate) prometheus: Vec<FoundPrometheus>,
    /// Whether it all is on this machine, which is then worth a look itself.
    pub(crate) is_local: bool,
}

impl InitFindings {
    /// Whether there is nothing to watch.
    pub(crate) fn is_empty(&self) -> bool {
        self.redis.is_empty()
            && self.pages.is_empty()
            && self.sites.is_empty()
            && self.prometheus.is_empty()
    }
}

/// A database of a Redis.
#[derive(Clone, Debug)]
pub(crate) struct FoundRedis {
    /// Its address.
    pub(crate) url: TargetReference,
    /// The file of its password, if the operator named one.
    pub(crate) password_file: Option<String>,
    /// Its number.
    pub(crate) database: i64,
    /// What tells its server from others: databases of one share its memory and its fate.
    pub(crate) server: String,
    /// Whether that server has no `maxmemory`.
    pub(crate) is_unlimited: bool,
    /// The queues in it.
    pub(crate) queues: Vec<FoundQueues>,
    /// What else is worth a remark.
    pub(crate) remarks: Vec<String>,
}

/// Queues of one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FoundQueues {
    /// The system's word in the settings.
    pub(crate) system: &'static str,
    /// Their names; none where the system lists them itself.
    pub(crate) names: Vec<String>,
    /// Further keys of the table.
    pub(crate) keys: Vec<(&'static str, String)>,
    /// What the operator must check, because it was not found.
    pub(crate) remark: Option<String>,
}

/// More names than these are found by a pattern.
const NAMES: usize = 100;

impl FoundQueues {
    /// A system that lists its queues itself.
    pub(crate) fn listed(system: &'static str, prefix: &str) -> Self {
        Self::named(system, BTreeSet::new(), prefix)
    }

    /// Queues by their names, or by a pattern where there are too many.
    pub(crate) fn named(system: &'static str, names: BTreeSet<String>, prefix: &str) -> Self {
        let mut found = Self {
            system,
            ..Self::default()
        };
        if !prefix.is_empty() {
            found.keys.push(("prefix", prefix.to_owned()));
        }
        if names.len() > NAMES {
            found.keys.push(("pattern", "*".to_owned()));
        } else {
            found.names = names.into_iter().collect();
        }
        found
    }
}

/// A metrics page.
#[derive(Clone, Debug)]
pub(crate) struct FoundPage {
    /// Its address.
    pub(crate) url: TargetReference,
    /// What it is about, in words.
    pub(crate) name: String,
    /// Whether it tells of a machine, as the node exporter does.
    pub(crate) is_machine: bool,
    /// How many metrics it has.
    pub(crate) metrics: usize,
}

/// An address that users open.
#[derive(Clone, Debug)]
pub(crate) struct FoundSite {
    /// Its address.
    pub(crate) url: TargetReference,
}

/// A server of Prometheus.
#[derive(Clone, Debug)]
pub(crate) struct FoundPrometheus {
    /// Its address.
    pub(crate) url: TargetReference,
    /// The jobs of its targets.
    pub(crate) jobs: Vec<String>,
}
