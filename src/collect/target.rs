//! What a `[[collector]]` asks, by its `type`, as the settings say it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::cgroup::CgroupSettings;
use crate::collect::machine::host::HostSettings;
use crate::collect::machine::processes::ProcessesSettings;
use crate::collect::page::PageSettings;
use crate::collect::probe::fault::SettingsFault;
use crate::collect::probe::http::HttpSettings;
use crate::collect::probe::steps::StepsSettings;
use crate::collect::probe::tcp::TcpSettings;
use crate::collect::probe::websocket::WebsocketSettings;
use crate::collect::provider;
use crate::collect::provider::settings::ProviderSettings;
use crate::collect::push::alerts::AlertsSettings;
use crate::collect::push::heartbeat::HeartbeatSettings;
use crate::collect::push::reports::ReportsSettings;
use crate::collect::push::samples::{self, PushSettings};
use crate::collect::query::settings::QuerySettings;
use crate::collect::redis::RedisCollector;
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::wire::tls;
use crate::model::sample::Brings;

/// How often a target is asked if the settings do not say so.
pub(crate) fn interval() -> Duration {
    Duration::from_secs(5)
}

/// How long its answer is waited for if the settings do not say so.
pub(crate) fn timeout() -> Duration {
    Duration::from_secs(2)
}

/// The target of a `[[collector]]`, by its `type`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// A Redis and its queues.
    Redis(RedisSettings),
    /// A Prometheus metrics page.
    Prometheus(PageSettings),
    /// A Prometheus, Thanos or Mimir.
    Query(QuerySettings),
    /// The status page of a provider.
    Provider(ProviderSettings),
    /// An address.
    Http(HttpSettings),
    /// A TCP port.
    Tcp(TcpSettings),
    /// A WebSocket.
    Websocket(WebsocketSettings),
    /// Several requests in a row, as a user would make them.
    Steps(StepsSettings),
    /// Groups of processes on this machine.
    Processes(ProcessesSettings),
    /// A control group.
    Cgroup(CgroupSettings),
    /// This machine.
    Host(HostSettings),
    /// Jobs that report their success.
    Heartbeat(HeartbeatSettings),
    /// Alerts of a Prometheus or an Alertmanager.
    Alerts(AlertsSettings),
    /// Reports of users on the page.
    Reports(ReportsSettings),
    /// Samples that others push.
    Push(PushSettings),
}

/// A target that others push to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PushedTarget<'t> {
    /// Jobs that report their success.
    Heartbeat,
    /// Alerts of a Prometheus or an Alertmanager.
    Alerts(&'t AlertsSettings),
    /// Reports of users on the page.
    Reports,
    /// Samples that others take.
    Samples,
}

impl PushedTarget<'_> {
    /// What it waits for.
    pub(crate) fn awaits(self) -> &'static str {
        match self {
            Self::Heartbeat => "heartbeats of jobs",
            Self::Alerts(_) => "alerts",
            Self::Reports => "reports of users",
            Self::Samples => "samples from other programs",
        }
    }
}

impl Target {
    /// Faults of single keys, and those that only several together show.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let at = |key: &str, checked: Result<(), Failure>| {
            let fault = checked
                .err()
                .map(|why| SettingsFault::new(key, why.to_string()));
            fault.into_iter().collect()
        };
        match self {
            Self::Reports(_) => Vec::new(),
            Self::Push(settings) => settings.fault().into_iter().collect(),
            Self::Redis(settings) => match tls::unreadable(settings) {
                Some(fault) => vec![fault],
                None => at("url", RedisCollector::new(settings).map(drop)),
            },
            Self::Prometheus(settings) => settings.check().err().into_iter().collect(),
            Self::Query(settings) => settings.check().err().into_iter().collect(),
            Self::Provider(settings) => at("url", settings.check()),
            Self::Processes(settings) => settings.fault().into_iter().collect(),
            Self::Cgroup(settings) => at("path", settings.check()),
            Self::Host(settings) => at("mountpoints", settings.check()),
            Self::Heartbeat(settings) => at("names", settings.check()),
            Self::Alerts(settings) => at("resolve_timeout", settings.check()),
            Self::Http(settings) => settings.faults(),
            Self::Tcp(settings) => settings.faults(),
            Self::Websocket(settings) => settings.faults(),
            Self::Steps(settings) => settings.faults(),
        }
    }

    /// Whether it is to look at our own network before it blames its target.
    pub fn reference(&self) -> Option<bool> {
        match self {
            Self::Http(settings) => settings.reference,
            Self::Tcp(settings) => settings.reference,
            Self::Websocket(settings) => settings.reference,
            Self::Steps(settings) => settings.reference,
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Heartbeat(_)
            | Self::Alerts(_)
            | Self::Reports(_)
            | Self::Push(_) => Some(false),
        }
    }

    /// The same as something that is pushed to and cannot be asked, if it is.
    pub(crate) fn pushed(&self) -> Option<PushedTarget<'_>> {
        match self {
            Self::Heartbeat(_) => Some(PushedTarget::Heartbeat),
            Self::Alerts(settings) => Some(PushedTarget::Alerts(settings)),
            Self::Reports(_) => Some(PushedTarget::Reports),
            Self::Push(_) => Some(PushedTarget::Samples),
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Http(_)
            | Self::Tcp(_)
            | Self::Websocket(_)
            | Self::Steps(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_) => None,
        }
    }

    /// Whether somebody outside is to push to it.
    pub(crate) fn is_pushed_outside(&self) -> bool {
        match self {
            Self::Push(_) => true,
            Self::Heartbeat(settings) => !settings.secrets.is_empty(),
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Http(_)
            | Self::Tcp(_)
            | Self::Websocket(_)
            | Self::Steps(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Alerts(_)
            | Self::Reports(_) => false,
        }
    }

    /// Which series it may bring, for as long as it has not answered yet.
    pub(crate) fn brings(&self) -> Brings {
        Brings::Families(match self {
            Self::Prometheus(_) | Self::Push(_) => return Brings::Foreign,
            Self::Redis(_) => &["redis_", "queue_", "session_canary_"],
            Self::Query(_) => &["query_", "critwatch_query"],
            Self::Provider(_) => &["provider_"],
            Self::Http(_) | Self::Tcp(_) | Self::Websocket(_) | Self::Steps(_) => &["probe_"],
            Self::Processes(_) => &["process_group_", "namedprocess_"],
            Self::Cgroup(_) => &["cgroup_", "container_"],
            Self::Host(_) => &["node_"],
            Self::Heartbeat(_) => &["heartbeat_"],
            Self::Alerts(_) => &["ALERTS", "critwatch_alerts"],
            Self::Reports(_) => &["critwatch_reports"],
        })
    }

    /// Whether it waits for what others send, rather than asking.
    pub(crate) fn is_pushed(&self) -> bool {
        match self {
            Self::Push(_) | Self::Heartbeat(_) | Self::Alerts(_) | Self::Reports(_) => true,
            Self::Provider(_)
            | Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Http(_)
            | Self::Tcp(_)
            | Self::Websocket(_)
            | Self::Steps(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_) => false,
        }
    }

    /// When it is asked if the settings do not say so: interval and timeout.
    pub(crate) fn usual(&self) -> (Duration, Duration) {
        match self {
            Self::Provider(_) => (provider::INTERVAL, provider::TIMEOUT),
            Self::Push(_) => (samples::INTERVAL, samples::TIMEOUT),
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Http(_)
            | Self::Tcp(_)
            | Self::Websocket(_)
            | Self::Steps(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Heartbeat(_)
            | Self::Alerts(_)
            | Self::Reports(_) => (interval(), timeout()),
        }
    }
}
