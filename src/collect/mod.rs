//! Collectors: each asks one target in its own time, and delays nobody.

pub mod failure;
pub mod http;
pub mod machine;
pub mod metrics;
pub(crate) mod pace;
pub mod page;
pub mod probe;
pub mod provider;
pub mod push;
pub mod query;
pub mod queue;
pub mod redis;
pub mod schedule;
pub mod target;

use std::future::ready;
use std::pin::Pin;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::collect::failure::cause::Failure;
use crate::collect::failure::failure_log::FailureLog;
use crate::collect::http::clients::HttpClients;
use crate::collect::machine::cgroup::CgroupCollector;
use crate::collect::machine::host::HostCollector;
use crate::collect::machine::processes::ProcessesCollector;
use crate::collect::metrics::CollectorMetrics;
use crate::collect::pace::{Hurried, ScrapePace};
use crate::collect::page::PageCollector;
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::http::HttpProbe;
use crate::collect::probe::network::Network;
use crate::collect::probe::steps::StepsProbe;
use crate::collect::probe::tcp::TcpProbe;
use crate::collect::probe::websocket::WebsocketProbe;
use crate::collect::probe::{Probe, ProbeKind};
use crate::collect::provider::ProviderCollector;
use crate::collect::push::alerts::AlertsCollector;
use crate::collect::push::entry::Tools;
use crate::collect::push::heartbeat::HeartbeatCollector;
use crate::collect::push::reports::ReportsCollector;
use crate::collect::push::samples::SamplesCollector;
use crate::collect::query::QueryCollector;
use crate::collect::redis::RedisCollector;
use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::model::request::samples::push::PushEntry;
use crate::model::sample::{CollectorId, INCOMPLETE, Metric, Sample, Take};
use crate::model::series::label;

/// The request of a collector that is under way.
type AskedTarget<'c> = Pin<Box<dyn Future<Output = Result<Vec<Sample>, Failure>> + Send + 'c>>;

/// One that asks its target, once at a time.
#[derive(Debug)]
pub enum Collector {
    /// Asks a Redis and its queues.
    Redis(RedisCollector),
    /// Scrapes a metrics page.
    Prometheus(PageCollector),
    /// Sends queries to a Prometheus.
    Query(QueryCollector),
    /// Reads a provider's status page.
    Provider(ProviderCollector),
    /// Asks from outside.
    Probe(Probe),
    /// Looks at processes.
    Processes(ProcessesCollector),
    /// Looks at a control group.
    Cgroup(CgroupCollector),
    /// Looks at this machine.
    Host(HostCollector),
    /// Waits for jobs to say that they are alive.
    Heartbeat(HeartbeatCollector),
    /// Takes alerts.
    Alerts(AlertsCollector),
    /// Says what users report.
    Reports(ReportsCollector),
    /// Takes samples that others push.
    Samples(SamplesCollector),
}

impl Collector {
    /// Makes the collector of a target; the clients are for those that speak HTTP.
    pub fn new(target: Target, clients: &HttpClients) -> Result<Self, Failure> {
        Ok(match target {
            Target::Redis(settings) => Self::Redis(RedisCollector::new(&settings)?),
            Target::Prometheus(settings) => {
                Self::Prometheus(PageCollector::new(settings, clients)?)
            }
            Target::Query(settings) => Self::Query(QueryCollector::new(settings, clients)?),
            Target::Provider(settings) => Self::Provider(ProviderCollector::new(
                settings,
                clients.redirecting.clone(),
            )?),
            Target::Http(settings) => Self::probe(ProbeKind::Http(HttpProbe::new(settings)?)),
            Target::Tcp(settings) => Self::probe(ProbeKind::Tcp(TcpProbe::new(settings)?)),
            Target::Websocket(settings) => {
                Self::probe(ProbeKind::Websocket(WebsocketProbe::new(settings)?))
            }
            Target::Steps(settings) => Self::probe(ProbeKind::Steps(StepsProbe::new(settings)?)),
            Target::Processes(settings) => Self::Processes(ProcessesCollector::new(&settings)?),
            Target::Cgroup(settings) => Self::Cgroup(CgroupCollector::new(&settings)?),
            Target::Host(settings) => Self::Host(HostCollector::new(&settings)?),
            Target::Heartbeat(settings) => Self::Heartbeat(HeartbeatCollector::new(settings)),
            Target::Alerts(settings) => Self::Alerts(AlertsCollector::new(settings)),
            Target::Reports(_) => Self::Reports(ReportsCollector::default()),
            Target::Push(settings) => Self::Samples(SamplesCollector::new(settings)),
        })
    }

    fn probe(way: ProbeKind) -> Self {
        Self::Probe(Probe::new(way))
    }

    /// Lets a probe share the authorities of this machine.
    #[must_use]
    pub(crate) fn with_trust(self, trust: &Trust) -> Self {
        match self {
            Self::Probe(probe) => Self::Probe(probe.with_trust(trust)),
            other => other,
        }
    }

    /// Lets a probe look at our own network before it blames its target.
    #[must_use]
    pub fn with_network(self, network: &Network, wish: Option<bool>) -> Self {
        match self {
            Self::Probe(probe) => Self::Probe(probe.with_network(network, wish)),
            other => other,
        }
    }

    /// Opens the door of one that is pushed to; the others have none of their own.
    pub(crate) fn open(
        &mut self,
        tools: &Tools<'_>,
        schedule: &Schedule,
    ) -> Result<Option<PushEntry>, Failure> {
        match self {
            Self::Heartbeat(collector) => collector.open(tools).map(Some),
            Self::Alerts(collector) => collector.open(tools).map(Some),
            Self::Samples(collector) => Ok(Some(collector.open(
                tools,
                &schedule.id,
                schedule.good_for(),
            ))),
            Self::Reports(collector) => {
                collector.open(tools);
                Ok(None)
            }
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Probe(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_) => Ok(None),
        }
    }

    /// Whether the next run is to know of a series, however long ago it was seen.
    pub(crate) fn is_recalled(name: &str) -> bool {
        name == redis::info::keyspace::KEYS
    }

    /// Takes over what an earlier run saw of its target.
    pub(crate) fn recall(&mut self, series: &Metric) {
        if let Self::Redis(collector) = self {
            collector.recall(series);
        }
    }

    /// Waits until something was pushed and taken over.
    async fn pushed(&mut self) {
        match self {
            Self::Heartbeat(collector) => collector.pushed().await,
            Self::Alerts(collector) => collector.pushed().await,
            Self::Samples(collector) => collector.pushed().await,
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Probe(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Reports(_) => std::future::pending().await,
        }
    }

    /// What is known without an answer: that there was none.
    fn silent(&mut self) -> Vec<Sample> {
        match self {
            Self::Redis(collector) => collector.silent(),
            Self::Prometheus(collector) => collector.silent(),
            Self::Query(_)
            | Self::Provider(_)
            | Self::Probe(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Heartbeat(_)
            | Self::Reports(_)
            | Self::Samples(_) => Vec::new(),
            Self::Alerts(collector) => collector.known(),
        }
    }

    async fn ask(&mut self, schedule: &Schedule) -> (Vec<Sample>, Option<Failure>) {
        let timeout = schedule.timeout;
        let asked: AskedTarget<'_> = match self {
            Self::Probe(probe) => {
                let (mut samples, failure) = probe.take(timeout).await;
                if failure.is_some() {
                    // What came after the fault was not looked at.
                    samples.push(Sample::new(INCOMPLETE, [], 1.0));
                }
                return (samples, failure);
            }
            Self::Redis(collector) => Box::pin(collector.collect(timeout)),
            Self::Prometheus(collector) => Box::pin(collector.collect(&schedule.id)),
            Self::Query(collector) => Box::pin(collector.collect(timeout, schedule.good_for())),
            Self::Provider(collector) => Box::pin(collector.collect()),
            Self::Processes(collector) => Box::pin(collector.collect()),
            Self::Cgroup(collector) => Box::pin(collector.collect()),
            Self::Host(collector) => Box::pin(collector.collect()),
            Self::Heartbeat(collector) => Box::pin(ready(collector.collect())),
            Self::Alerts(collector) => Box::pin(ready(collector.collect())),
            Self::Reports(collector) => Box::pin(ready(collector.collect())),
            Self::Samples(collector) => Box::pin(ready(collector.collect())),
        };
        let answer = tokio::time::timeout(timeout, asked).await;
        let (mut samples, failure) = match answer {
            Ok(Ok(samples)) => (samples, None),
            Ok(Err(failure)) => (self.silent(), Some(failure)),
            Err(_) => (self.silent(), Some(Failure::Timeout)),
        };
        let up = f64::from(u8::from(failure.is_none()));
        samples.push(Sample::new("up", [], up));
        (samples, failure)
    }

    /// Asks once, for no longer than the schedule allows.
    pub async fn take(&mut self, schedule: &Schedule) -> (Take, Option<Failure>) {
        let start = Instant::now();
        let (mut samples, failure) = self.ask(schedule).await;
        let took = start.elapsed();
        samples.push(Sample::new(
            "scrape_duration_seconds",
            [],
            took.as_secs_f64(),
        ));
        for sample in &mut samples {
            label::put(&mut sample.metric.labels, "job", schedule.id.clone());
        }
        let related = match self {
            Self::Provider(collector) if failure.is_none() => collector.related(),
            Self::Redis(_)
            | Self::Prometheus(_)
            | Self::Query(_)
            | Self::Provider(_)
            | Self::Probe(_)
            | Self::Processes(_)
            | Self::Cgroup(_)
            | Self::Host(_)
            | Self::Heartbeat(_)
            | Self::Alerts(_)
            | Self::Reports(_)
            | Self::Samples(_) => Vec::new(),
        };
        let collector = CollectorId(schedule.id.clone());
        (
            Take {
                collector,
                good_for: schedule.good_for(),
                samples,
                related,
            },
            failure,
        )
    }
}

/// What traces tell of a scrape.
fn scrape(collector: &str) -> Span {
    tracing::info_span!(
        "scrape",
        otel.kind = "client",
        otel.status_code = Empty,
        error.type = Empty,
        collector.name = collector,
        collector.samples = Empty,
    )
}

/// Asks at every interval until told to stop.
///
/// A target that breaks is logged when it breaks, when it does so for another
/// reason, and when it heals.
pub(crate) async fn run(
    mut collector: Collector,
    schedule: Schedule,
    takes: mpsc::Sender<Take>,
    metrics: CollectorMetrics,
    hurried: Hurried,
    stop: CancellationToken,
) {
    let mut pace = ScrapePace::new(&schedule, hurried);
    let mut log = FailureLog::default();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = pace.due() => {}
            () = collector.pushed() => {}
        }
        let begun = Instant::now();
        let span = scrape(&schedule.id);
        let (take, failure) = tokio::select! {
            () = stop.cancelled() => return,
            answer = collector.take(&schedule).instrument(span.clone()) => answer,
        };
        let samples = take.samples.len();
        // The protocol has no unsigned numbers.
        span.record(
            "collector.samples",
            i64::try_from(samples).unwrap_or(i64::MAX),
        );
        if let Some(failure) = &failure {
            // Why in full is for the log; an address may be in it.
            span.record("otel.status_code", "ERROR");
            span.record("error.type", failure.cause());
        }
        drop(span);
        metrics.note(&schedule.id, begun.elapsed(), samples, failure.as_ref());
        metrics.asks_every(&schedule.id, pace.interval());
        let failure = failure.map(|failure| failure.to_string());
        if let Some(line) = log.note(failure.as_deref(), Instant::now()) {
            let (id, message) = (&schedule.id, line.message());
            match line.error() {
                None => tracing::info!(collector.name = id, "collector {message}"),
                Some(error) => tracing::warn!(collector.name = id, %error, "collector {message}"),
            }
        }
        if takes.send(take).await.is_err() {
            return;
        }
    }
}
