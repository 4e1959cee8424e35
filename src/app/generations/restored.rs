//! What an earlier run left, and what keeps it for the next one.

use std::collections::BTreeSet;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::app::generations::prepared::Judging;
use crate::app::metrics::OwnMetrics;
use crate::app::paths::Paths;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::charts::lookups::Lookups;
use crate::history::detection::log::DetectionLog;
use crate::history::events::follow::EventFollower;
use crate::history::events::recent::{self, RecentEvents};
use crate::history::events::table::{self, EventTable};
use crate::history::health::log::HealthLog;
use crate::history::minutes::table::Minutes;
use crate::history::samples::recorder::{self, Recorder, Recording};
use crate::history::writer::Writer;
use crate::history::writer::metrics::WriterMetrics;
use crate::model::request::ask::HistoryQuery;
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::verdict::RuleId;
use crate::pipeline::stages::Pipeline;
use crate::runtime::tasks::Tasks;
use crate::store;

/// The evaluator as an earlier run left it, and what keeps it for the next one.
#[derive(Debug)]
pub(crate) struct Restored {
    /// The rules, and what they are judged by.
    pub evaluator: Evaluator,
    /// What is written down from now on.
    pub history: History,
    /// Writes it, on a thread of its own.
    pub writer: Writer,
    /// Asks for what was written.
    pub asks: mpsc::Sender<HistoryQuery>,
    /// What waits for the disk besides.
    pub threads: Threads,
    /// The way to it.
    pub door: NotesDoor,
}

/// What waits for the disk on threads of its own, until nobody asks any more.
#[derive(Debug)]
pub(crate) struct Threads {
    /// Reads what was written.
    lookups: Lookups,
    /// Writes everything that is measured, if that is wanted.
    recording: Option<Recording>,
    /// Writes what is noted from outside, and looks for it.
    events: EventFollower,
}

impl Threads {
    /// Starts them.
    pub(crate) fn start(self, tasks: &mut Tasks) {
        tasks.start_blocking("lookups", move || self.lookups.run());
        if let Some(recording) = self.recording {
            tasks.start_blocking("recording", move || recording.run());
        }
        tasks.start_blocking("events", move || self.events.run());
    }
}

impl Restored {
    /// Opens the database and goes on from what is in it.
    pub(crate) fn open(
        judging: Judging,
        zone: TimeZone,
        places: &Paths,
        metrics: &OwnMetrics,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let Judging {
            mut evaluator,
            retention,
            subjects,
            language,
        } = judging;
        let (samples, ledger) = (store::open(&places.state)?, store::open(&places.state)?);
        let unread = "cannot read history";
        let (mut writer, queue) =
            Writer::open(samples, ledger, retention, metrics.writer.clone()).context(unread)?;
        let past = read_back(&mut writer, &mut evaluator, now)?;
        let revisions = writer.read_revisions().context(unread)?;
        let readable = writer.read_readable().context(unread)?;
        // An earlier run told it.
        evaluator.seen();
        evaluator.count_by(metrics.rules.clone());
        let store = store::open(&places.state)?;
        let notices = table::notices(&store, now).context(unread)?;
        let (events, door) = EventFollower::open(store, Pipeline::clock).context(unread)?;
        let recent_events = RecentEvents::new(door.noted.clone(), notices, recent::ids(&subjects));
        let reading = || store::open_to_read(&places.state);
        let minutes = Minutes::new(reading().context(unread)?);
        let (lookups, asks) = Lookups::new(minutes, EventTable::new(reading().context(unread)?));
        let (recorder, recording) = recorder(places, &metrics.writer)?.unzip();
        let mut history = History::new(past, zone, queue, recorder)
            .with_events(recent_events)
            .with_revisions(revisions)
            .with_readable(readable);
        history.concern(&subjects, language);
        Ok(Self {
            evaluator,
            history,
            writer,
            threads: Threads {
                lookups,
                recording,
                events,
            },
            asks,
            door,
        })
    }
}

/// Begins the recording, if one is wanted.
fn recorder(
    places: &Paths,
    metrics: &WriterMetrics,
) -> anyhow::Result<Option<(Recorder, Recording)>> {
    let Some((folder, limit)) = &places.record else {
        return Ok(None);
    };
    let opened = recorder::open(folder, *limit, metrics);
    opened
        .map(Some)
        .with_context(|| format!("cannot record to {}", folder.display()))
}

/// Reads what earlier runs left; the rules go on from where they stood.
pub(crate) fn read_back(
    writer: &mut Writer,
    evaluator: &mut Evaluator,
    now: Timestamp,
) -> anyhow::Result<(HealthLog, DetectionLog)> {
    let unread = "cannot read history";
    let past = (
        writer.read_health(now).context(unread)?,
        writer.read_detection().context(unread)?,
    );
    let rules: BTreeSet<RuleId> = evaluator.runs().map(|(id, ..)| id.clone()).collect();
    let runs = writer.read_back(now, &rules, |scrape| {
        evaluator.ingest(scrape);
    });
    evaluator.resume(&runs);
    Ok(past)
}
