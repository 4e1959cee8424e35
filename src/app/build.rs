//! Makes the parts that the settings name.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch;

use crate::app::paths::Paths;
use crate::collect::Collector;
use crate::collect::http::clients::HttpClients;
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::network::Network;
use crate::collect::push::entry::Tools;
use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::Config;
use crate::history::samples::series;
use crate::history::silences::follow::SilenceFollower;
use crate::history::silences::table::Silences;
use crate::incident::journal::Journal;
use crate::incident::journal::settings::JournalSettings;
use crate::model::request::leadership::Leadership;
use crate::model::request::report_count::ReportCounts;
use crate::model::request::silence_request::SilencesDoor;
use crate::model::sample::Metric;
use crate::pipeline::stages::Pipeline;
use crate::runtime::client;
use crate::store;
use crate::web::ops::push::metrics::PushMetrics;
use crate::web::ops::push::targets::PushTargets;

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

/// The thread that follows the silences, and their door.
pub(crate) fn silences(places: &Paths) -> anyhow::Result<(SilenceFollower, SilencesDoor)> {
    let silences = Silences::new(store::open(&places.state)?);
    SilenceFollower::open(silences, Pipeline::clock).context("cannot read silences")
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
) -> anyhow::Result<PushTargets> {
    let clock = Pipeline::clock;
    let tools = Tools {
        state: &places.state,
        clock,
        tally,
    };
    let mut opened = Vec::new();
    for (schedule, collector) in collectors {
        let door = collector
            .open(&tools)
            .with_context(|| format!("cannot set up the collector {}", schedule.id))?;
        opened.extend(door);
    }
    if !opened.is_empty() && !locked && !places.ops_listen.ip().is_loopback() {
        tracing::warn!(
            "anyone who reaches {} may push heartbeats and alerts; set a `token` in `[ops]`",
            places.ops_listen,
        );
    }
    Ok(PushTargets::new(opened, clock(), metrics))
}
