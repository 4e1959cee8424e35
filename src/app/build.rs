//! Makes the parts that the settings name.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;

use crate::access::follow::AccessFollower;
use crate::app::paths::Paths;
use crate::collect::Collector;
use crate::collect::http::clients::HttpClients;
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::network::Network;
use crate::collect::push::entry::Tools;
use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::replays::table::ReplayFollower;
use crate::history::samples::series;
use crate::history::silences::follow::SilenceFollower;
use crate::history::silences::table::Silences;
use crate::history::writer::metrics::WriterMetrics;
use crate::incident::journal::Journal;
use crate::incident::journal::settings::JournalSettings;
use crate::model::request::access::AccessDoor;
use crate::model::request::leadership::Leadership;
use crate::model::request::replay::ReplaysDoor;
use crate::model::request::samples::report_count::ReportCounts;
use crate::model::request::samples::silence_request::SilencesDoor;
use crate::model::sample::Metric;
use crate::pipeline::stages::Pipeline;
use crate::runtime::client;
use crate::runtime::tasks::Tasks;
use crate::store;
use crate::web::ops::push::metrics::PushMetrics;
use crate::web::ops::push::targets::PushTargets;
use crate::web::push::doors::PushDoors;

/// Longest time that any request of ours may take.
pub(crate) const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The writer of the incidents folder.
pub(crate) fn journal(config: &Config, places: &Paths, lease: &Leadership) -> Journal {
    Journal::new(JournalSettings {
        folder: places.incidents.clone(),
        hold: config.hold,
        zone: config.names.zone.clone(),
        dates: config.names.dates.clone(),
        build_future: config.build_future,
        language: config.names.language(None),
        languages: config.names.cstate.languages.clone(),
        plans: config.plans.clone(),
        lease: lease.clone(),
    })
}

/// What judges and writes.
pub(crate) fn pipeline(
    config: &mut Config,
    places: &Paths,
    (evaluator, history): (Evaluator, History),
    (silences, lease): (&SilencesDoor, &Leadership),
    metrics: &WriterMetrics,
) -> Pipeline {
    let components = std::mem::take(&mut config.components);
    let journal = journal(config, places, lease);
    let newest = silences.newest.clone();
    Pipeline::new(
        components,
        evaluator,
        history,
        journal,
        newest,
        metrics.clone(),
    )
}

/// What follows tables that commands change, each on a thread of its own.
pub(crate) type Followers = (SilenceFollower, AccessFollower);

/// The followers of silences, and of tokens and sessions, with their doors.
pub(crate) fn followers(places: &Paths) -> anyhow::Result<(Followers, SilencesDoor, AccessDoor)> {
    let (table, clock) = (Silences::new(store::open(&places.state)?), Pipeline::clock);
    let (silences, errands) =
        SilenceFollower::open(table, clock).context("cannot read silences")?;
    let store = store::open(&places.state)?;
    let (access, door) = AccessFollower::open(store, clock).context("cannot read the tokens")?;
    Ok(((silences, access), errands, door))
}

/// Starts the threads that follow tables.
pub(crate) fn follow((silences, access): Followers, tasks: &mut Tasks) {
    tasks.start_blocking("silences", move || silences.run());
    tasks.start_blocking("access", move || access.run());
}

/// The thread that keeps the keys of requests, and its door.
pub(crate) fn replays(places: &Paths) -> anyhow::Result<(ReplayFollower, ReplaysDoor)> {
    let store = store::open(&places.state)?;
    ReplayFollower::open(store, Pipeline::clock).context("cannot read the keys of requests")
}

/// The collectors, those from outside with what they share.
pub(crate) fn collectors(
    settings: Vec<(Schedule, Target)>,
    network: Option<&Network>,
) -> anyhow::Result<Vec<(Schedule, Collector)>> {
    let clients = HttpClients {
        redirecting: client::new(CLIENT_TIMEOUT, true).context("cannot make an HTTP client")?,
        direct: client::direct(CLIENT_TIMEOUT).context("cannot make an HTTP client")?,
    };
    let trust = Trust::new(None).map_err(anyhow::Error::msg)?;
    let collectors = settings.into_iter().map(|(schedule, target)| {
        let reference = target.reference();
        let collector = Collector::new(target, &clients)
            .with_context(|| format!("cannot set up the collector {}", schedule.id))?
            .with_trust(&trust);
        let collector = match network {
            Some(network) => collector.with_network(network, reference),
            None => collector,
        };
        Ok((schedule, collector))
    });
    collectors.collect()
}

/// Tells collectors what earlier runs, or earlier settings, saw of their targets.
pub(crate) fn recall(collectors: &mut [(Schedule, Collector)], state: &Path) {
    let read = || {
        let store = store::open_to_read(state)?;
        anyhow::Ok(series::named(&store, Collector::is_recalled)?)
    };
    match read() {
        Ok(recalled) => {
            for (schedule, collector) in collectors {
                let is_own = |series: &&Metric| series.labels.get("job") == Some(&schedule.id);
                recalled
                    .iter()
                    .filter(is_own)
                    .for_each(|series| collector.recall(series));
            }
        }
        Err(error) => tracing::warn!(%error, "cannot read which series there were"),
    }
}

/// Opens the doors of those that are pushed to.
pub(crate) fn doors(
    collectors: &mut [(Schedule, Collector)],
    places: &Paths,
    tally: &watch::Receiver<ReportCounts>,
    (metrics, locked): (PushMetrics, bool),
) -> anyhow::Result<(PushTargets, PushDoors)> {
    let clock = Pipeline::clock;
    let tools = Tools {
        state: &places.state,
        clock,
        tally,
    };
    let mut opened = Vec::new();
    for (schedule, collector) in collectors {
        let door = collector
            .open(&tools, schedule)
            .with_context(|| format!("cannot set up the collector {}", schedule.id))?;
        opened.extend(door);
    }
    if !opened.is_empty() && !locked && !places.ops_listen.ip().is_loopback() {
        tracing::warn!(
            "anyone who reaches {} may push heartbeats and alerts; create a token with `critwatch token add`, or set \
            a `token` in `[ops]`",
            places.ops_listen,
        );
    }
    let outside = PushDoors::new(&opened);
    Ok((PushTargets::new(opened, clock(), metrics), outside))
}
