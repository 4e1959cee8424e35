//! What operators change while we run: the doors, and the tasks behind them.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::build;
use crate::app::doors::incidents;
use crate::app::file_findings::answering;
use crate::app::file_findings::checker::CheckedSite;
use crate::app::generations::read_settings::ReadSettings;
use crate::app::paths::Paths;
use crate::app::replay::trials;
use crate::config::Config;
use crate::history::replays::table::ReplayFollower;
use crate::incident::manual::desk::ManualSettings;
use crate::model::board::Board;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::request::incidents::authorship::Authors;
use crate::model::request::incidents::file_findings::{FileFindingsDoor, FindingsAnswer};
use crate::model::request::incidents::incident_change::{ChangesDoor, PendingChange};
use crate::model::request::receivers::resend::ResendDoors;
use crate::model::request::receivers::subscriber_care::CareDoor;
use crate::model::request::replay::ReplaysDoor;
use crate::model::request::samples::trial::PendingTrial;
use crate::runtime::tasks::{Tasks, ending};
use crate::web::ops::access::operators::Operators;
use crate::web::ops::api::desk::WriteApi;
use crate::web::ops::api::replay::{self, KeyedRequest, KeyedRequests};

/// Trials of rules that may wait.
const TRIALS: usize = 2;

/// Questions for findings that may wait.
const FINDINGS: usize = 4;

/// Changes that may wait.
const ERRANDS: usize = 32;

/// Ways in for what operators change.
#[derive(Debug)]
pub(crate) struct OperatorDoors {
    changes: ChangesDoor,
    care: CareDoor,
    /// For messages that somebody wants to be sent once more.
    pub resends: ResendDoors,
    /// Takes rules that somebody wants to try.
    pub trials: mpsc::Sender<PendingTrial>,
    /// For requests that are done once.
    pub keyed: KeyedRequests,
    /// Asks what is to be found in the incident files.
    pub file_findings: FileFindingsDoor,
    /// What the incidents' desk must know.
    settings: watch::Sender<ManualSettings>,
    /// What the incident files are compared with.
    sites: watch::Sender<CheckedSite>,
}

/// What comes in by them.
#[derive(Debug)]
pub(crate) struct OperatorInbox {
    changes: mpsc::Receiver<PendingChange>,
    authors: Authors,
    settings: watch::Receiver<ManualSettings>,
    keyed: mpsc::Receiver<KeyedRequest>,
    replays: ReplaysDoor,
    table: ReplayFollower,
    trials: mpsc::Receiver<PendingTrial>,
    findings: mpsc::Receiver<FindingsAnswer>,
    sites: watch::Receiver<CheckedSite>,
}

/// Opens the doors; that of the subscribers is open already.
pub(crate) fn open(
    config: &Config,
    places: &Paths,
    care: CareDoor,
    authors: Authors,
) -> anyhow::Result<(OperatorDoors, OperatorInbox)> {
    let (errands, changes) = mpsc::channel(ERRANDS);
    let (sender, settings) = watch::channel(incidents::settings(config, places));
    let (keyed_sender, keyed) = replay::channel();
    let (table, replays) = build::replays(places)?;
    let (trial_sender, trials) = mpsc::channel(TRIALS);
    let (findings_sender, findings) = mpsc::channel(FINDINGS);
    let site = CheckedSite::new(&places.incidents, Some(config));
    let (sites_sender, sites) = watch::channel(site);
    let doors = OperatorDoors {
        changes: ChangesDoor { errands },
        care,
        resends: ResendDoors::default(),
        trials: trial_sender,
        keyed: keyed_sender,
        file_findings: FileFindingsDoor::new(findings_sender),
        settings: sender,
        sites: sites_sender,
    };
    let inbox = OperatorInbox {
        changes,
        authors,
        settings,
        keyed,
        replays,
        table,
        trials,
        findings,
        sites,
    };
    Ok((doors, inbox))
}

impl OperatorDoors {
    /// Lets the desk work by other settings.
    pub(crate) fn put(&self, config: &Config, places: &Paths) {
        self.settings
            .send_replace(incidents::settings(config, places));
        self.sites
            .send_replace(CheckedSite::new(&places.incidents, Some(config)));
    }

    /// What the handlers of the API are given.
    pub(crate) fn api(&self, operators: Operators, notifiers: NotifierStates) -> WriteApi {
        WriteApi {
            operators,
            changes: self.changes.clone(),
            care: self.care.clone(),
            notifiers,
            resends: self.resends.clone(),
        }
    }
}

impl OperatorInbox {
    /// Starts the tasks and the thread behind the doors.
    pub(crate) fn start(
        self,
        tasks: &mut Tasks,
        boards: watch::Receiver<Arc<Board>>,
        (read, places): (ReadSettings, Paths),
        stop: &CancellationToken,
    ) {
        let desk = incidents::run(
            self.changes,
            self.authors,
            self.settings,
            boards.clone(),
            stop.clone(),
        );
        tasks.start("incidents", ending(desk));
        let findings = answering::run(self.findings, self.sites, boards, stop.clone());
        tasks.start("file findings", ending(findings));
        let keyed = replay::work(self.keyed, self.replays, stop.clone());
        tasks.start("keyed requests", ending(keyed));
        let trials = trials::run(self.trials, read, places, stop.clone());
        tasks.start("trials", ending(trials));
        let table = self.table;
        tasks.start_blocking("keys", move || table.run());
    }
}
