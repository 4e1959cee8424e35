//! The board of a site that nobody watches at the moment, from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use prometheus::Registry;

use crate::app::generations::restored;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::charts::due::Charts;
use crate::history::charts::lookups::Lookups;
use crate::history::events::table::EventTable;
use crate::history::minutes::rollup::Chosen;
use crate::history::minutes::table::Minutes;
use crate::history::samples::scrapes;
use crate::history::silences::table::Silences;
use crate::history::writer::Writer;
use crate::history::writer::metrics::WriterMetrics;
use crate::history::writer::pruning::cutoff;
use crate::history::writer::retention::Retention;
use crate::incident::folder::Folder;
use crate::incident::journal::listing;
use crate::incident::journal::state::JournalState;
use crate::incident::maintenance::list::MaintenanceList;
use crate::incident::reconcile::input::{Input, Observed};
use crate::incident::reconcile::recurrence;
use crate::incident::reconcile::wording::Wording;
use crate::model::board::{Board, Facts};
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;
use crate::model::incidents::readable::ReadableTexts;
use crate::model::sample::{Brings, CollectorId, Expected};
use crate::model::series::measure::{ChartState, PublishedSeries};
use crate::model::verdict::{RuleState, Verdict};
use crate::pipeline::publication::Publication;
use crate::store;

/// Makes the board of `now` from the incidents and what an earlier run kept.
///
/// It asks nobody and writes no incident. What rules cannot see is unknown,
/// unless a service that runs beside us has just written what it saw.
pub(crate) async fn board(
    config: &mut Config,
    incidents: &Path,
    state: &Path,
    now: Timestamp,
) -> anyhow::Result<Board> {
    // A database is read, never begun.
    let state = Some(state).filter(|state| state.join(store::file::FILE).exists());
    let (mut evaluator, age) = judge(config, state, now)?;
    let (mut history, mut silences) = (None, Vec::new());
    if let Some(state) = state {
        history = Some(recall(config, &mut evaluator, (state, age), now)?);
        silences = Silences::new(store::open(state)?).list()?;
    }
    let readable = history.as_ref();
    let readable = readable.map(|(history, _)| history.readable().clone());
    let folder = read(config, incidents, readable.unwrap_or_default()).await;
    let charts = charts(evaluator.published().cloned().collect(), state, now).await?;
    let (verdicts, sight) = (evaluator.judge(now), evaluator.sight(now));
    let is_watched = history.is_some();
    let mut maintenance = MaintenanceList::default();
    let mut publication = Publication {
        components: &config.components,
        maintenance: &mut maintenance,
        history: history.as_mut().map(|(history, _)| history),
    };
    let facts = publication.measured(verdicts, sight, now);
    let incidents = Arc::new(listing::shown(&folder, config.build_future, now));
    let incidents = with_overruled(incidents, &facts.verdicts, config, is_watched, now);
    let facts = publication.suppressed(facts, &incidents, Arc::new(silences), now);
    let facts = Facts {
        backlogs: evaluator.backlogs(now),
        ..facts
    };
    let written = JournalState {
        incidents,
        ..JournalState::default()
    };
    Ok(publication.board(facts, written, (now, charts), now))
}

/// The incidents as a running service would write them: rules that fire on though a
/// person called their incident over are overruled.
fn with_overruled(
    incidents: Arc<Incidents>,
    verdicts: &[Verdict],
    config: &Config,
    is_watched: bool,
    now: Timestamp,
) -> Arc<Incidents> {
    let mut firing: Vec<_> = verdicts.to_vec();
    firing.retain(|verdict| verdict.state.is_firing());
    if firing.is_empty() {
        return incidents;
    }
    if !is_watched {
        // Nobody watched until now, so nobody knows since when they fire.
        for verdict in &mut firing {
            let since = Timestamp::MIN;
            verdict.state = RuleState::Firing { since };
        }
    }
    let all: Vec<_> = incidents.iter().cloned().collect();
    let input = Input {
        incidents: &all,
        observed: Observed::of(&firing, &config.components),
        hold: config.hold,
        wording: &Wording::new(config.names.language(None), config.names.zone.clone()),
        now,
    };
    let written = all.iter().map(|incident| {
        let closed = incident.resolved == Some(true);
        let managed = closed.then(|| recurrence::manual_end(incident, &input).managed);
        managed.flatten().map_or_else(
            || Arc::clone(incident),
            |managed| {
                Arc::new(Incident {
                    managed,
                    ..Incident::clone(incident)
                })
            },
        )
    });
    Arc::new(written.collect::<Vec<_>>().into())
}

/// Reads the incidents, and tells of files that cannot be read.
async fn read(config: &Config, incidents: &Path, readable: ReadableTexts) -> Folder {
    let names = &config.names;
    let mut folder = Folder::new(incidents, &names.dates)
        .with_days_in(&names.zone)
        .in_languages(&names.cstate.languages)
        .recalling(readable);
    folder.refresh().await;
    for fault in folder.contents().faults().chain(folder.contents().lost()) {
        tracing::warn!("{fault}");
    }
    folder
}

/// The rules with an empty window, and for how long samples are kept in it.
fn judge(
    config: &mut Config,
    state: Option<&Path>,
    now: Timestamp,
) -> anyhow::Result<(Evaluator, Duration)> {
    let limits = config.keep.limits_with(
        &config.rules,
        &config.backlogs,
        &config.published,
        &config.collectors,
    );
    let mut expected = config.expected();
    if expected.is_empty() && !config.rules.is_empty() {
        // Settings that are read without secrets have no collectors: those count that
        // brought samples to a service beside us. Without any, nobody sees anything.
        let mut collectors = match state {
            Some(state) => scrapes::collectors(&*store::open(state)?, cutoff(now, limits.age))?,
            None => BTreeSet::new(),
        };
        if collectors.is_empty() {
            collectors.insert(CollectorId("nobody".to_owned()));
        }
        expected.extend(collectors.into_iter().map(|collector| Expected {
            collector,
            brings: Brings::Anything,
        }));
    }
    let rules = std::mem::take(&mut config.rules);
    let backlogs = std::mem::take(&mut config.backlogs);
    let mut evaluator = Evaluator::new(rules, limits, now, expected).with_backlogs(backlogs);
    evaluator.publish(std::mem::take(&mut config.published));
    Ok((evaluator, limits.age))
}

/// Reads what an earlier run kept of the samples of so long.
fn recall(
    config: &Config,
    evaluator: &mut Evaluator,
    (state, age): (&Path, Duration),
    now: Timestamp,
) -> anyhow::Result<(History, Writer)> {
    let metrics = WriterMetrics::register(&Registry::new())?;
    let retention = Retention {
        age,
        minutes: config.keep.minutes,
        chosen: Chosen {
            names: evaluator.wanted().cloned(),
            selectors: config.keep.metrics.clone(),
            limit: config.keep.minute_series,
        },
    };
    let unread = "cannot read history";
    let (samples, ledger) = (store::open(state)?, store::open(state)?);
    let (mut writer, queue) = Writer::open(samples, ledger, retention, metrics).context(unread)?;
    let past = restored::read_back(&mut writer, evaluator, now)?;
    let zone = config.names.zone.clone();
    // Nobody runs the writer: what is noted is noted in memory alone.
    let revisions = writer.read_revisions().context(unread)?;
    let history = History::new(past, zone, queue, None)
        .with_revisions(revisions)
        .with_readable(writer.read_readable().context(unread)?);
    Ok((history, writer))
}

/// The charts of what is published, as far as an earlier run measured them.
async fn charts(
    published: Vec<PublishedSeries>,
    state: Option<&Path>,
    now: Timestamp,
) -> anyhow::Result<Arc<Vec<Arc<ChartState>>>> {
    let Some(state) = state.filter(|_| !published.is_empty()) else {
        let shown = published.into_iter().map(|series| {
            let courses = BTreeMap::new();
            Arc::new(ChartState {
                series,
                courses,
                newest: None,
            })
        });
        return Ok(Arc::new(shown.collect()));
    };
    let reading = || store::open_to_read(state).context("cannot read history");
    let (lookups, asks) = Lookups::new(Minutes::new(reading()?), EventTable::new(reading()?));
    let reads = tokio::task::spawn_blocking(|| lookups.run());
    let drawn = Charts::new(published, asks).whole(now).await;
    reads.await?;
    Ok(drawn)
}
