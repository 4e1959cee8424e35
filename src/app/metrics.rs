//! Our own metrics: one registry, and a part for each who counts.

use jiff::Timestamp;
use prometheus::{Gauge, IntGauge, Registry};

use crate::collect::metrics::CollectorMetrics;
use crate::evaluate::rules::metrics::RuleMetrics;
use crate::git::metrics::GitMetrics;
use crate::history::writer::metrics::WriterMetrics;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::facts::trouble::Troubles;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::metrics::Deliveries;
use crate::notify::subscribers::metrics::SubscriberCounts;
use crate::pipeline::stages::Pipeline;
use crate::web::export::metrics::ExportMetrics;
use crate::web::ops::board_metrics::MonitorMetrics;
use crate::web::ops::push::metrics::PushMetrics;
use crate::web::reports::counter::ReportCounter;
use crate::web::serving::live::LIVE;
use crate::web::serving::metrics::HttpMetrics;

/// What everybody counts into; a clone counts into the same.
#[derive(Clone, Debug)]
pub(crate) struct OwnMetrics {
    /// Of the database writer: what is stored and what was lost.
    pub writer: WriterMetrics,
    /// How collectors fare.
    pub collectors: CollectorMetrics,
    /// What rules cost and say.
    pub rules: RuleMetrics,
    /// What the board says.
    pub board: MonitorMetrics,
    /// What is asked for.
    pub requests: HttpMetrics,
    /// What is pushed.
    pub pushes: PushMetrics,
    /// What is delivered.
    pub deliveries: Deliveries,
    /// What is counted of mails.
    pub mails: MailMetrics,
    /// How many subscribers there are.
    pub subscribers: SubscriberCounts,
    /// How the notifiers stand.
    pub notifiers: NotifierStates,
    /// What users report.
    pub reports: ReportCounter,
    /// What git does.
    pub git: GitMetrics,
    /// What parts of the monitor cannot do.
    pub troubles: Troubles,
    /// How the site is exported.
    pub exports: ExportMetrics,
    /// How the settings were read.
    pub reload: ReloadMetrics,
}

impl OwnMetrics {
    /// Makes all of them, and what every process tells of itself.
    pub(crate) fn register(now: Timestamp) -> prometheus::Result<Self> {
        let registry = registry()?;
        let writer = WriterMetrics::register(&registry)?;
        let delay = writer.delay();
        Ok(Self {
            writer,
            collectors: CollectorMetrics::register(&registry, Pipeline::clock)?,
            rules: RuleMetrics::register(&registry)?,
            board: MonitorMetrics::new(registry.clone())?,
            requests: HttpMetrics::register(&registry, LIVE)?,
            pushes: PushMetrics::register(&registry, Pipeline::clock)?,
            deliveries: Deliveries::register(&registry, delay)?,
            mails: MailMetrics::register(&registry)?,
            subscribers: SubscriberCounts::register(&registry)?,
            notifiers: NotifierStates::default(),
            reports: ReportCounter::register(&registry)?,
            git: GitMetrics::register(&registry)?,
            troubles: Troubles::default(),
            exports: ExportMetrics::register(&registry)?,
            reload: ReloadMetrics::register(&registry, now)?,
        })
    }
}

/// How reading the settings went, as metrics under Prometheus' own names.
#[derive(Clone, Debug)]
pub(crate) struct ReloadMetrics {
    successful: IntGauge,
    at: Gauge,
}

impl ReloadMetrics {
    /// Makes it part of our own metrics: the settings that we start with are read.
    pub(crate) fn register(registry: &Registry, now: Timestamp) -> prometheus::Result<Self> {
        let successful = IntGauge::new(
            "critwatch_config_last_reload_successful",
            "Whether the last reload of the settings succeeded.",
        )?;
        let at = Gauge::new(
            "critwatch_config_last_reload_success_timestamp_seconds",
            "Time of the last successful reload of the settings, in Unix time.",
        )?;
        registry.register(Box::new(successful.clone()))?;
        registry.register(Box::new(at.clone()))?;
        let outcome = Self { successful, at };
        outcome.good(now);
        Ok(outcome)
    }

    /// The settings could be used.
    pub(crate) fn good(&self, now: Timestamp) {
        self.successful.set(1);
        let since = now.duration_since(Timestamp::UNIX_EPOCH);
        self.at.set(since.as_secs_f64());
    }

    /// The settings could not be used.
    pub(crate) fn bad(&self) {
        self.successful.set(0);
    }
}

/// A registry with what every process tells of itself.
fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    #[cfg(target_os = "linux")]
    registry.register(Box::new(
        prometheus::process_collector::ProcessCollector::for_self(),
    ))?;
    let build = prometheus::IntGaugeVec::new(
        prometheus::Opts::new("critwatch_build_info", "Version of critwatch; always 1."),
        &["version"],
    )?;
    build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    registry.register(Box::new(build))?;
    Ok(registry)
}
