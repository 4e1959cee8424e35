//! The board as metrics: health, rules, incidents, and how well we did.

use std::collections::BTreeSet;

use jiff::Timestamp;
use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, IntGauge, IntGaugeVec, Opts, Registry};

use crate::model::board::{Board, Sight};
use crate::model::component::{Health, Severity};
use crate::model::facts::uptime::Period;
use crate::model::silence::SilenceState;
use crate::web::ops::detection_metrics::DetectionMetrics;

/// Every verdict that a rule may have, for its metric.
const STATES: [&str; 4] = ["quiet", "pending", "firing", "unknown"];

/// The monitor's own metrics: what is counted while it runs, and the levels of its board.
#[derive(Clone, Debug)]
pub(crate) struct MonitorMetrics(Registry);

impl MonitorMetrics {
    /// Goes by what is counted; fails if it has the name of a level.
    pub(crate) fn new(counted: Registry) -> prometheus::Result<Self> {
        let metrics = Self(counted);
        BoardMetrics::register(&Registry::new())?;
        Ok(metrics)
    }

    /// What is counted, without the levels of the board.
    pub(crate) fn counted(&self) -> Vec<MetricFamily> {
        self.0.gather()
    }

    /// All of it, sorted by name.
    ///
    /// The levels are made anew for each answer: components and rules of earlier settings
    /// leave nothing behind, and no answer lacks those of the present ones.
    pub(crate) fn with(&self, board: &Board) -> prometheus::Result<Vec<MetricFamily>> {
        let registry = Registry::new();
        BoardMetrics::register(&registry)?.set_from(board);
        let mut families = self.counted();
        families.extend(registry.gather());
        families.sort_by(|one, other| one.name().cmp(other.name()));
        Ok(families)
    }
}

/// Levels of the board as metrics.
#[derive(Debug)]
struct BoardMetrics {
    health: IntGaugeVec,
    rules: RuleLevels,
    worked_on: IntGaugeVec,
    open: IntGaugeVec,
    silences: IntGaugeVec,
    unreadable: IntGauge,
    drafts: IntGauge,
    board: GaugeVec,
    uptime: GaugeVec,
    honesty: DetectionMetrics,
}

/// Where rules stand, as metrics.
#[derive(Debug)]
struct RuleLevels {
    state: IntGaugeVec,
    since: GaugeVec,
    suppressed: RenamedGauge,
    overruled: RenamedGauge,
}

/// A gauge of rules under its name and under an earlier one, which rules of others
/// may still ask for.
#[derive(Debug)]
struct RenamedGauge([IntGaugeVec; 2]);

impl RenamedGauge {
    fn register(
        registry: &Registry,
        [name, before]: [&str; 2],
        help: &str,
    ) -> prometheus::Result<Self> {
        let gauge = |name: &str, help: &str| {
            made(registry, IntGaugeVec::new(Opts::new(name, help), &["rule"]))
        };
        let earlier = format!("The earlier name of {name}.");
        Ok(Self([gauge(name, help)?, gauge(before, &earlier)?]))
    }

    fn set(&self, rule: &str, value: bool) {
        for gauge in &self.0 {
            gauge.with_label_values(&[rule]).set(value.into());
        }
    }
}

impl RuleLevels {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        let vector = |name: &str, help: &str, labels: &[&str]| {
            made(registry, IntGaugeVec::new(Opts::new(name, help), labels))
        };
        let since = Opts::new(
            "critwatch_rule_state_since_timestamp_seconds",
            "Beginning of the present state of a rule, in Unix time.",
        );
        Ok(Self {
            state: vector(
                "critwatch_rule_state",
                "State of a rule; 1 for its present state.",
                &["rule", "state"],
            )?,
            since: made(registry, GaugeVec::new(since, &["rule"]))?,
            suppressed: RenamedGauge::register(
                registry,
                ["critwatch_rule_suppressed", "critwatch_rule_hushed"],
                "1 for a rule that may not open an incident, because of silences or maintenance.",
            )?,
            overruled: RenamedGauge::register(
                registry,
                ["critwatch_rule_overruled", "critwatch_rule_muted"],
                "1 for a rule that still fires although a person resolved its incident.",
            )?,
        })
    }

    fn set_from(&self, board: &Board) {
        let incidents = board.facts.incidents.iter();
        let overruled: BTreeSet<_> = incidents
            .filter(|incident| incident.resolved == Some(true))
            .flat_map(|incident| &incident.managed.overruled)
            .collect();
        for verdict in &board.facts.verdicts {
            let rule = &*verdict.rule.0;
            for state in STATES {
                let has = verdict.state.word() == state;
                self.state.with_label_values(&[rule, state]).set(has.into());
            }
            let since = seconds(verdict.state.since());
            self.since.with_label_values(&[rule]).set(since);
            let suppressed = board.facts.suppressed.contains_key(&verdict.rule);
            self.suppressed.set(rule, suppressed);
            let overruled = overruled.contains(&verdict.rule);
            self.overruled.set(rule, overruled);
        }
    }
}

/// The periods, as their label says them.
fn period(period: Period) -> &'static str {
    match period {
        Period::Day => "24h",
        Period::Week => "7d",
        Period::Month => "30d",
        Period::Quarter => "90d",
        Period::Year => "365d",
    }
}

impl BoardMetrics {
    /// Makes the levels part of our own metrics.
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        let vector = |name: &str, help: &str, labels: &[&str]| {
            made(registry, IntGaugeVec::new(Opts::new(name, help), labels))
        };
        let count = |name: &str, help: &str| made(registry, IntGauge::new(name, help));
        let parts = |name: &str, help: &str, labels: &[&str]| {
            made(registry, GaugeVec::new(Opts::new(name, help), labels))
        };
        let (health, worked_on) = components(registry)?;
        Ok(Self {
            health,
            worked_on,
            rules: RuleLevels::register(registry)?,
            open: vector(
                "critwatch_incidents_open",
                "Open incidents, by severity, without maintenance and announcements.",
                &["severity"],
            )?,
            silences: vector("critwatch_silences", "Silences, by state.", &["state"])?,
            unreadable: count(
                "critwatch_incident_files_unreadable",
                "Files in the incidents folder that cannot be read.",
            )?,
            drafts: count(
                "critwatch_drafts_waiting",
                "Open drafts waiting for a person to publish them.",
            )?,
            board: parts(
                "critwatch_last_timestamp_seconds",
                "Time of the last board and of the last sample, in Unix time.",
                &["what"],
            )?,
            uptime: parts(
                "critwatch_component_uptime_ratio",
                "Share of the counted time in which a component worked; NaN if no time counts.",
                &["component", "period"],
            )?,
            honesty: DetectionMetrics::register(registry)?,
        })
    }

    /// Takes the levels over from a board.
    fn set_from(&self, board: &Board) {
        for state in &board.components {
            for health in Health::ALL {
                let labels = [&*state.component.id.0, health.word()];
                self.health
                    .with_label_values(&labels)
                    .set((state.health == health).into());
            }
            self.worked_on
                .with_label_values(&[&state.component.id.0])
                .set(state.in_maintenance.into());
            for one in Period::ALL {
                let labels = [&*state.component.id.0, period(one)];
                let ratio = state.uptime.over(one).ratio();
                let gauge = self.uptime.with_label_values(&labels);
                gauge.set(ratio.unwrap_or(f64::NAN));
            }
        }
        self.honesty.set_from(&board.facts.honesty);
        self.rules.set_from(board);
        self.wait_for_people(board);
        for severity in [Severity::Notice, Severity::Disrupted, Severity::Down] {
            let open = board
                .troubles()
                .filter(|incident| incident.severity == Some(severity));
            let open = i64::try_from(open.count()).unwrap_or(i64::MAX);
            self.open.with_label_values(&[severity.word()]).set(open);
        }
        for state in SilenceState::ALL {
            let there = board
                .facts
                .silences
                .iter()
                .filter(|silence| silence.state(board.at) == state);
            let there = i64::try_from(there.count()).unwrap_or(i64::MAX);
            self.silences.with_label_values(&[state.word()]).set(there);
        }
        self.unreadable
            .set(i64::try_from(board.facts.faults.len()).unwrap_or(i64::MAX));
        self.board
            .with_label_values(&["board"])
            .set(seconds(board.at));
        if let Sight::Fresh { last } | Sight::Blind { since: last } = board.facts.sight {
            self.board.with_label_values(&["sample"]).set(seconds(last));
        }
    }
}

/// How components are, and whether planned work goes on in them.
fn components(registry: &Registry) -> prometheus::Result<(IntGaugeVec, IntGaugeVec)> {
    let vector = |name: &str, help: &str, labels: &[&str]| {
        made(registry, IntGaugeVec::new(Opts::new(name, help), labels))
    };
    let health = vector(
        "critwatch_component_health",
        "Health of a component; 1 for its present health.",
        &["component", "health"],
    )?;
    let worked_on = vector(
        "critwatch_component_in_maintenance",
        "Whether the page shows a component under maintenance.",
        &["component"],
    )?;
    Ok((health, worked_on))
}

/// Makes a metric part of our own.
fn made<M>(registry: &Registry, metric: prometheus::Result<M>) -> prometheus::Result<M>
where
    M: prometheus::core::Collector + Clone + 'static,
{
    let metric = metric?;
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

impl BoardMetrics {
    /// Takes over what a person has to do.
    fn wait_for_people(&self, board: &Board) {
        let incidents = board.facts.incidents.iter();
        let drafts = incidents.filter(|incident| incident.is_waiting_draft());
        self.drafts
            .set(i64::try_from(drafts.count()).unwrap_or(i64::MAX));
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}
