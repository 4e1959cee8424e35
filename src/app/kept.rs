//! What an earlier run left, and what keeps it for the next one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::Timestamp;

use crate::app::places::Places;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::chronicle::Chronicle;
use crate::history::events;
use crate::history::figures::Figures;
use crate::history::gathering::Chosen;
use crate::history::keeper::{Keeper, Keeping};
use crate::history::notes::Notes;
use crate::history::recorder::{self, Recorder, Recording};
use crate::model::component::Component;
use crate::model::noted::NotesDoor;
use crate::model::sample::CollectorId;
use crate::model::verdict::RuleId;
use crate::pipeline::Pipeline;
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
    /// Writes everything that is measured, if that is wanted.
    pub recording: Option<Recording>,
    /// Writes what is noted from outside, and looks for it.
    pub notes: Notes,
    /// The way to it.
    pub door: NotesDoor,
}

impl Kept {
    /// Opens the database and goes on from what is in it; takes the rules away.
    pub fn open(
        config: &mut Config,
        places: &Places,
        figures: &Figures,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let limits = config.keep.limits(&config.rules, &config.collectors);
        let awaited = config
            .collectors
            .iter()
            .map(|(schedule, _)| (CollectorId(schedule.id.clone()), schedule.good_for()));
        let mut evaluator = Evaluator::new(std::mem::take(&mut config.rules), limits, now, awaited);
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

        let subjects = subjects(config);
        evaluator.watch_changes(subjects.clone());

        let (samples, ledger) = (store::open(&places.state)?, store::open(&places.state)?);
        let unread = "cannot read history";
        let (mut keeper, queue) =
            Keeper::open(samples, ledger, keeping, figures.clone()).context(unread)?;
        let past = (
            keeper.read_ledger(now).context(unread)?,
            keeper.read_diary(now).context(unread)?,
        );
        let rules: BTreeSet<RuleId> = evaluator.runs().map(|(id, ..)| id.clone()).collect();
        let runs = keeper.read_back(now, &rules, |scrape| {
            evaluator.ingest(scrape);
        });
        evaluator.resume(&runs);
        // An earlier run told it.
        evaluator.seen();
        let store = store::open(&places.state)?;
        let notices = events::notices(&store, now).context(unread)?;
        let (notes, door) = Notes::open(store, Pipeline::clock).context(unread)?;
        let ids = |components: &Vec<Component>| {
            let ids = components.iter().map(|component| component.id.clone());
            ids.collect()
        };
        let subjects = subjects.iter().map(|(id, all)| (id.clone(), ids(all)));
        let chronicle = Chronicle::new(door.noted.clone(), notices, subjects.collect());
        let (recorder, recording) = recorder(places, figures)?.unzip();
        let zone = config.names.zone.clone();
        Ok(Self {
            evaluator,
            history: History::new(past, zone, queue, recorder).with_chronicle(chronicle),
            keeper,
            recording,
            notes,
            door,
        })
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
