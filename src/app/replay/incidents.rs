//! Runs rules and the real journal over a record, by the record's own clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::app::replay::past::{Past, PastFiring, past, worst};
use crate::app::replay::source::ScrapeSource;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::evaluate::backlog::WatchedBacklog;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::limits::WindowLimits;
use crate::incident::journal::Journal;
use crate::incident::journal::settings::JournalSettings;
use crate::incident::journal::state::JournalState;
use crate::incident::reconcile::input::Observed;
use crate::model::component::Component;
use crate::model::request::leadership::Leadership;
use crate::model::sample::{Brings, Expected, Scrape};
use crate::model::verdict::{RuleId, RuleState, Verdict};

/// A hole in the record is stepped through for so long; by then all is unknown.
const HOLE: Duration = Duration::from_mins(5);

/// Scrapes of the opening of a record.
const MOST_OPENING: usize = 10_000;

/// What would have been.
#[derive(Debug, Serialize)]
pub(crate) struct Replayed {
    /// The first moment of the record.
    pub from: Option<Timestamp>,
    /// The last one.
    pub to: Option<Timestamp>,
    /// Scrapes that were read.
    pub scrapes: u64,
    /// Lines and segment ends that could not be read.
    pub torn: usize,
    /// Incidents that would have been written, the oldest first.
    pub incidents: Vec<Past>,
    /// When each rule fired, the earliest first, incident or not.
    pub firings: Vec<PastFiring>,
}

/// Replays what was recorded with the rules of some settings, for as long as it may
/// go on from the moment of a scrape.
///
/// Incidents are held as wished, else as they were when the record was written,
/// else as the settings say: these may take it from an environment that is not
/// that of the service.
pub(crate) async fn replay(
    mut reader: ScrapeSource,
    config: &Config,
    hold: Option<Duration>,
    every: Duration,
    mut go_on: impl FnMut(Timestamp) -> bool,
) -> anyhow::Result<Replayed> {
    let folder = tempfile::tempdir().context("cannot make a folder for the incidents")?;
    let opening = opening(&mut reader);
    let hold = hold.or(reader.hold()).unwrap_or(config.hold);
    let expected = opening.iter().map(|scrape| Expected {
        collector: scrape.collector.clone(),
        brings: Brings::Anything,
    });
    let stage = opening.first().map(|first| first.at);
    let mut stage =
        stage.map(|started| ReplayRun::new(config, hold, folder.path(), started, expected));
    let mut last = None;
    let mut scrapes = 0;
    for scrape in opening.into_iter().chain(reader.by_ref()) {
        scrapes += 1;
        if !go_on(scrape.at) {
            break;
        }
        let Some(stage) = &mut stage else { break };
        stage.until(scrape.at, every).await;
        last = Some(last.map_or(scrape.at, |last: Timestamp| last.max(scrape.at)));
        stage.evaluator.ingest(scrape);
    }
    let Some((mut stage, to)) = stage.zip(last) else {
        return Ok(Replayed {
            from: None,
            to: None,
            scrapes,
            torn: reader.torn(),
            incidents: Vec::new(),
            firings: Vec::new(),
        });
    };
    stage.step(to).await;
    Ok(stage.finish(to, scrapes, reader.torn()))
}

/// The first scrapes of a record, for as long as the first one is believed: by
/// then everybody has looked who was asked.
fn opening(reader: &mut ScrapeSource) -> Vec<Scrape> {
    let mut opening: Vec<Scrape> = Vec::new();
    for scrape in reader.by_ref() {
        let is_over = opening
            .first()
            .is_some_and(|first| scrape.at > first.good_until);
        opening.push(scrape);
        if is_over || opening.len() == MOST_OPENING {
            break;
        }
    }
    opening
}

/// All that moves through the record.
struct ReplayRun {
    started: Timestamp,
    next: Timestamp,
    evaluator: Evaluator,
    journal: Journal,
    components: Vec<Component>,
    written: JournalState,
    smallest: BTreeMap<RuleId, bool>,
    firing: BTreeMap<RuleId, PastFiring>,
    fired: Vec<PastFiring>,
}

impl ReplayRun {
    fn new(
        config: &Config,
        hold: Duration,
        folder: &Path,
        started: Timestamp,
        expected: impl IntoIterator<Item = Expected>,
    ) -> Self {
        let limits = WindowLimits {
            // How often was asked is not in the rules; the record is what it is.
            samples: config.keep.samples,
            ..config
                .keep
                .limits(&config.rules, &config.backlogs, &config.collectors)
        };
        let rules: Vec<_> = config.rules.iter().map(Rule::afresh).collect();
        let smallest = rules.iter().map(|rule| {
            let id = rule.settings().id.clone();
            (id, rule.smallest_is_worst())
        });
        Self {
            started,
            next: started,
            smallest: smallest.collect(),
            evaluator: Evaluator::new(rules, limits, started, expected)
                .with_backlogs(config.backlogs.iter().map(WatchedBacklog::afresh).collect()),
            journal: Journal::new(JournalSettings {
                folder: folder.to_owned(),
                hold,
                zone: config.names.zone.clone(),
                dates: config.names.dates.clone(),
                build_future: true,
                language: config.names.language(None),
                languages: config.names.cstate.languages.clone(),
                plans: Vec::new(),
                lease: Leadership::default(),
            }),
            components: config.components.clone(),
            written: JournalState::default(),
            firing: BTreeMap::new(),
            fired: Vec::new(),
        }
    }

    /// Makes all steps that are due before a moment.
    async fn until(&mut self, at: Timestamp, every: Duration) {
        let hole = self.next + HOLE;
        while self.next < at {
            if self.next > hole {
                self.next = at;
                return;
            }
            let now = self.next;
            self.step(now).await;
            self.next = now + every;
        }
        // A clock that was set back begins anew from there.
        if self.next > at + HOLE {
            self.next = at;
        }
    }

    async fn step(&mut self, now: Timestamp) {
        let verdicts = self.evaluator.judge(now);
        for verdict in &verdicts {
            self.note(verdict);
        }
        let backlogs = self.evaluator.backlogs(now);
        let truth = Observed {
            backlogs: &backlogs,
            ..Observed::of(&verdicts, &self.components)
        };
        self.written = self.journal.step(truth, now).await;
    }

    /// Follows from when until when a rule fires, and how bad it gets.
    fn note(&mut self, verdict: &Verdict) {
        match verdict.state {
            RuleState::Firing { since } => {
                let smallest = self
                    .smallest
                    .get(&verdict.rule)
                    .copied()
                    .unwrap_or_default();
                let firing =
                    self.firing
                        .entry(verdict.rule.clone())
                        .or_insert_with(|| PastFiring {
                            rule: verdict.rule.clone(),
                            since,
                            until: None,
                            severity: verdict.severity,
                            worst: None,
                            smallest,
                        });
                let values = verdict.evidence.iter().map(|evidence| evidence.value);
                firing.worst = worst(values.chain(firing.worst), smallest);
            }
            RuleState::Quiet { since } => {
                if let Some(firing) = self.firing.remove(&verdict.rule) {
                    let until = Some(since);
                    self.fired.push(PastFiring { until, ..firing });
                }
            }
            // What cannot be seen ends nothing.
            RuleState::Pending { .. } | RuleState::Unknown { .. } => {}
        }
    }

    fn finish(mut self, to: Timestamp, scrapes: u64, torn: usize) -> Replayed {
        self.fired
            .extend(std::mem::take(&mut self.firing).into_values());
        let mut firings = self.fired;
        firings.sort_by(|one, other| (one.since, &one.rule).cmp(&(other.since, &other.rule)));
        let ours = self.written.incidents.iter();
        let mut incidents: Vec<_> = ours
            .filter_map(|incident| past(incident, &firings))
            .collect();
        incidents.sort_by_key(|incident| incident.since);
        Replayed {
            from: Some(self.started),
            to: Some(to),
            scrapes,
            torn,
            incidents,
            firings,
        }
    }
}
