//! What an earlier run left, and what keeps it for the next one.

use std::collections::BTreeSet;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::places::Places;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::events::Events;
use crate::history::figures::Figures;
use crate::history::gathering::Chosen;
use crate::history::keeper::{Keeper, Keeping};
use crate::history::lookups::Lookups;
use crate::history::minutes::Minutes;
use crate::history::recorder::{self, Recorder, Recording};
use crate::model::ask::Lookup;
use crate::model::sample::CollectorId;
use crate::model::verdict::RuleId;
use crate::store;

/// The evaluator as an earlier run left it, and what keeps it for the next one.
#[derive(Debug)]
pub struct Kept {
    /// The rules, and what they are judged by.
    pub evaluator: Evaluator,
    /// What is written down from now on.
    pub history: History,
    /// Writes it, on a thread of its own.
    pub keeper: Keeper,
    /// Reads what was written, on a thread of its own.
    pub lookups: Lookups,
    /// Asks for what was written.
    pub asks: mpsc::Sender<Lookup>,
    /// Writes everything that is measured, if that is wanted.
    pub recording: Option<Recording>,
}

impl Kept {
    /// Opens the database and goes on from what is in it; takes the rules away.
    pub fn open(
        config: &mut Config,
        places: &Places,
        figures: &Figures,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let limits = config
            .keep
            .limits_with(&config.rules, &config.figures, &config.collectors);
        let awaited = config
            .collectors
            .iter()
            .map(|(schedule, _)| (CollectorId(schedule.id.clone()), schedule.good_for()));
        let mut evaluator = Evaluator::new(std::mem::take(&mut config.rules), limits, now, awaited);
        evaluator.publish(std::mem::take(&mut config.figures));
        let keeping = Keeping {
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

        let (samples, ledger) = (store::open(&places.state)?, store::open(&places.state)?);
        let unread = "cannot read history";
        let (mut keeper, queue) =
            Keeper::open(samples, ledger, keeping, figures.clone()).context(unread)?;
        let ledger = keeper.read_ledger(now).context(unread)?;
        let rules: BTreeSet<RuleId> = evaluator.runs().map(|(id, ..)| id.clone()).collect();
        let runs = keeper.read_back(now, &rules, |scrape| {
            evaluator.ingest(scrape);
        });
        evaluator.resume(&runs);
        let reading = || store::open_to_read(&places.state);
        let minutes = Minutes::new(reading().context(unread)?);
        let (lookups, asks) = Lookups::new(minutes, Events::new(reading().context(unread)?));
        let (recorder, recording) = recorder(places, figures)?.unzip();
        let zone = config.names.zone.clone();
        Ok(Self {
            evaluator,
            history: History::new(ledger, zone, queue, recorder),
            keeper,
            lookups,
            asks,
            recording,
        })
    }
}

/// Begins the recording, if one is wanted.
fn recorder(places: &Places, figures: &Figures) -> anyhow::Result<Option<(Recorder, Recording)>> {
    let Some((folder, limit)) = &places.record else {
        return Ok(None);
    };
    let opened = recorder::open(folder, *limit, figures);
    opened
        .map(Some)
        .with_context(|| format!("cannot record to {}", folder.display()))
}
