//! Tries settings that are not written yet: reads them as `serve` does, asks every
//! collector a few times, and judges every rule.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::command::workspace::asked::{AskedCollector, CollectorAnswer, CollectorRounds, scrape};
use crate::config;
use crate::config::reading::reader::Environment;
use crate::evaluate::Evaluator;
use crate::model::sample::Scrape;
use crate::model::verdict::Verdict;
use crate::pipeline::stages::Pipeline;

/// The time between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// What came of a trial.
#[derive(Debug)]
pub(crate) struct TrialResult {
    /// What the collectors answered, the last time.
    pub(crate) asked: Vec<AskedCollector>,
    /// All that was measured.
    pub(crate) scrapes: Vec<Scrape>,
    /// What the rules say.
    pub(crate) verdicts: Vec<Verdict>,
    /// Collectors that failed every time, by their ids, with the last reason.
    pub(crate) silent: BTreeMap<String, String>,
}

/// Tries a text as settings that would stand in a folder.
pub(crate) async fn run(
    text: &str,
    (file, folder): (&str, &Path),
    environment: Environment,
    rounds: usize,
) -> anyhow::Result<TrialResult> {
    let mut config = config::read(text, file, folder, environment, None)?;
    let limits = config.keep.limits(&config.rules, &[], &config.collectors);
    let expected = config.expected();
    let mut collectors = CollectorRounds::of(&mut config)?;
    let mut evaluator = Evaluator::new(config.rules, limits, Pipeline::clock(), expected);
    let (mut asked, mut scrapes, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    let mut silent = BTreeMap::new();
    for round in 0..rounds.max(1) {
        if round > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        asked = collectors.ask().await;
        let failures = asked.iter().filter_map(failure);
        silent = if round == 0 {
            failures.collect()
        } else {
            failures.filter(|(id, _)| silent.contains_key(id)).collect()
        };
        let now = Pipeline::clock();
        for scrape in asked.iter().filter_map(|one| scrape(one, now)) {
            evaluator.ingest(scrape.clone());
            scrapes.push(scrape);
        }
        verdicts = evaluator.judge(now);
    }
    Ok(TrialResult {
        asked,
        scrapes,
        verdicts,
        silent,
    })
}

/// A collector that failed, and why.
fn failure(asked: &AskedCollector) -> Option<(String, String)> {
    match &asked.answer {
        CollectorAnswer::Came { failure, .. } => {
            failure.as_ref().map(|why| (asked.id.clone(), why.clone()))
        }
        CollectorAnswer::Pushed(_) => None,
    }
}
