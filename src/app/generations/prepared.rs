//! What the settings make, as far as nothing must stand still for it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::app::build;
use crate::collect::Collector;
use crate::collect::probe::network::{Network, Referee};
use crate::collect::schedule::Schedule;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::minutes::rollup::Chosen;
use crate::history::writer::retention::Retention;
use crate::model::component::Component;
use crate::model::sample::CollectorId;
use crate::model::text::language::Language;

/// Settings that can be used, made into parts that ask nobody yet.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What the parts do not take.
    pub config: Config,
    /// Who asks, and when.
    pub collectors: Vec<(Schedule, Collector)>,
    /// Who asks whether our own network is up.
    pub referee: Option<Referee>,
}

/// What judges by the same settings.
#[derive(Debug)]
pub(crate) struct Judging {
    /// The rules and an empty window.
    pub evaluator: Evaluator,
    /// What is kept on disk.
    pub retention: Retention,
    /// The components that each collector is there for, if it says so.
    pub subjects: BTreeMap<CollectorId, Vec<Component>>,
    /// The site's language, in which events are told.
    pub language: Language,
}

impl Prepared {
    /// Makes all that may turn out to be impossible.
    pub(crate) fn new(mut config: Config, now: Timestamp) -> anyhow::Result<(Self, Judging)> {
        let keep = &config.keep;
        let limits = keep.limits_with(
            &config.rules,
            &config.backlogs,
            &config.published,
            &config.collectors,
        );
        let expected = config.expected();
        let rules = std::mem::take(&mut config.rules);
        let backlogs = std::mem::take(&mut config.backlogs);
        let mut evaluator = Evaluator::new(rules, limits, now, expected).with_backlogs(backlogs);
        evaluator.publish(std::mem::take(&mut config.published));
        let retention = Retention {
            age: limits.age,
            minutes: config.keep.minutes,
            chosen: Chosen {
                names: evaluator.wanted().cloned(),
                selectors: config.keep.metrics.clone(),
                limit: config.keep.minute_series,
            },
        };
        let further = config.keep.metrics.iter();
        evaluator.want(further.filter_map(|one| one.name().map(str::to_owned)));
        let subjects = subjects(&config);
        let language = config.names.language(None);
        evaluator.watch_changes(subjects.clone(), language);
        evaluator.hurry(&config.hurriable());
        let (network, referee) = Network::new(std::mem::take(&mut config.references)).unzip();
        let targets = std::mem::take(&mut config.collectors);
        let collectors = build::collectors(targets, network.as_ref())?;
        let prepared = Self {
            config,
            collectors,
            referee,
        };
        let judging = Judging {
            evaluator,
            retention,
            subjects,
            language,
        };
        Ok((prepared, judging))
    }
}

/// The components that each collector is there for, if it says so.
fn subjects(config: &Config) -> BTreeMap<CollectorId, Vec<Component>> {
    let collectors = config.collectors.iter().map(|(schedule, _)| {
        let is_meant = |component: &&Component| schedule.concerns.contains(&component.id);
        let components = config.components.iter().filter(is_meant).cloned();
        (CollectorId(schedule.id.clone()), components.collect())
    });
    collectors.collect()
}
