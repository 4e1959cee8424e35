//! Tries changed rules on what was recorded, for operators who wait for it.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::app::generations::read_settings::ReadSettings;
use crate::app::paths::Paths;
use crate::app::replay::changed_rule::change;
use crate::app::replay::compare::{ComparedIncident, IncidentFate, compare};
use crate::app::replay::incidents::{Replayed, replay};
use crate::app::replay::source::ScrapeSource;
use crate::config::Config;
use crate::model::request::samples::trial::{
    PendingTrial, RuleTrial, TrialReport, TriedFate, TriedIncident,
};
use crate::pipeline::stages::Pipeline;

/// How long one replay may take; there are two for a trial.
const LIMIT: Duration = Duration::from_secs(5);

/// How far back a trial looks.
const BACK: Duration = Duration::from_hours(24);

/// How often the rules are evaluated.
const EVERY: Duration = Duration::from_secs(1);

/// Answers one trial after the other until told to stop.
pub(crate) async fn run(
    mut trials: mpsc::Receiver<PendingTrial>,
    read: ReadSettings,
    places: Paths,
    stop: CancellationToken,
) {
    loop {
        let pending = tokio::select! {
            () = stop.cancelled() => return,
            pending = trials.recv() => pending,
        };
        let Some(PendingTrial { trial, answer }) = pending else {
            return;
        };
        let (read, places, handle) = (
            ReadSettings::clone(&read),
            places.clone(),
            Handle::current(),
        );
        let tried = tokio::task::spawn_blocking(move || {
            // Nobody reads the answer of somebody who has gone away.
            if !answer.is_closed() {
                let report = handle.block_on(report(&trial, &*read, &places));
                let _ = answer.send(report);
            }
        });
        // It is logged where it panics.
        let _ = tried.await;
    }
}

async fn report(
    trial: &RuleTrial,
    read: &(dyn Fn() -> anyhow::Result<Config> + Send + Sync),
    places: &Paths,
) -> Result<TrialReport, String> {
    let words = |error: anyhow::Error| format!("{error:#}");
    let (now, settings) = (Pipeline::clock(), || read().map_err(words));
    let (before, mut after) = (settings()?, settings()?);
    change(&mut after, trial)?;
    let source = || source(places, now).map_err(words);
    let was = replayed(source()?, &before).await.map_err(words)?;
    let would = replayed(source()?, &after).await.map_err(words)?;
    // Both must have seen the same.
    let until = was.to.min(would.to);
    let changes = compare(&was.incidents, &would.incidents).into_iter();
    let changes = changes.filter(|change| until.is_some_and(|until| change.since <= until));
    Ok(TrialReport {
        from: would.from,
        until,
        scrapes: would.scrapes,
        changes: changes.map(tried).collect(),
        firings: firings(&would, trial),
    })
}

fn source(places: &Paths, now: Timestamp) -> anyhow::Result<ScrapeSource> {
    let from = now.checked_sub(BACK).unwrap_or(Timestamp::MIN);
    match &places.record {
        Some((folder, _)) if has_files(folder) => ScrapeSource::record(folder),
        _ => ScrapeSource::stored(&places.state, from, now),
    }
}

fn has_files(folder: &Path) -> bool {
    folder
        .read_dir()
        .is_ok_and(|mut files| files.next().is_some())
}

/// Replays what was recorded lately, for so long as it may take.
async fn replayed(source: ScrapeSource, config: &Config) -> anyhow::Result<Replayed> {
    let begun = Instant::now();
    let go_on = |_| begun.elapsed() < LIMIT;
    replay(source, config, None, EVERY, go_on).await
}

fn tried(change: ComparedIncident) -> TriedIncident {
    TriedIncident {
        fate: match change.fate {
            IncidentFate::New => TriedFate::New,
            IncidentFate::Gone => TriedFate::Gone,
            IncidentFate::Moved => TriedFate::Moved,
            IncidentFate::Same => TriedFate::Same,
        },
        title: change.title,
        since: change.since,
        begins_later: change.begins_later,
        ends_later: change.ends_later,
    }
}

fn firings(would: &Replayed, trial: &RuleTrial) -> Vec<(Timestamp, Option<Timestamp>)> {
    let own = would.firings.iter().filter(|one| one.rule == trial.rule);
    own.map(|one| (one.since, one.until)).collect()
}
