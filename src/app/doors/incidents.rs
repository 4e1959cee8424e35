//! The incidents' desk: what operators change while we run, written as a person would.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::paths::Paths;
use crate::config::Config;
use crate::incident::manual::desk::{IncidentDesk, ManualSettings};
use crate::incident::reconcile::wording::Wording;
use crate::model::board::Board;
use crate::model::request::incidents::authorship::Authors;
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangeTarget, ChangedFile, DeskErrand, IncidentChange, PendingChange,
};
use crate::model::time::moment;
use crate::pipeline::stages::Pipeline;

/// What the desk must know of the settings; the components are those of the board.
pub(crate) fn settings(config: &Config, places: &Paths) -> ManualSettings {
    let names = &config.names;
    ManualSettings {
        folder: places.incidents.clone(),
        dates: names.dates.clone(),
        languages: names.cstate.languages.clone(),
        wording: Wording::new(names.language(None), names.zone.clone()),
        components: Vec::new(),
    }
}

/// Works until told to stop, one errand after another.
///
/// The journal follows the files as it follows an editor. Nothing of the folder is
/// kept from one errand to the next: there may be thousands of files.
pub(crate) async fn run(
    mut pending: mpsc::Receiver<PendingChange>,
    authors: Authors,
    settings: watch::Receiver<ManualSettings>,
    boards: watch::Receiver<Arc<Board>>,
    stop: CancellationToken,
) {
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = pending.recv() => next,
        };
        let Some(PendingChange { errand, answer }) = next else {
            stop.cancelled().await;
            return;
        };
        let (settings, board) = (settings.borrow().clone(), boards.borrow().clone());
        // Who asked may have gone away.
        let _ = answer.send(execute(errand, (settings, &authors), &board).await);
    }
}

async fn execute(
    errand: DeskErrand,
    (settings, authors): (ManualSettings, &Authors),
    board: &Board,
) -> Result<ChangedFile, ChangeRefusal> {
    let components = board.components.iter();
    let settings = ManualSettings {
        components: components.map(|state| state.component.clone()).collect(),
        ..settings
    };
    let zone = settings.wording.zone().clone();
    let folder = settings.folder.display().to_string();
    let mut desk = IncidentDesk::new(settings).with_authors(authors);
    let target = match &errand {
        DeskErrand::Look(target) => Some(target),
        DeskErrand::Change(request) => match &request.change {
            IncidentChange::Edit(target, _) => Some(target),
            IncidentChange::Open(_) | IncidentChange::Plan(_) | IncidentChange::State { .. } => {
                None
            }
        },
    };
    // The board knows the file of almost every incident, which spares a look at all.
    if let Some(ChangeTarget::Id(id)) = target
        && let Some(incident) = board.facts.incidents.named(&id.0).next()
    {
        desk.refresh_file(&incident.name).await;
    }
    let now = moment::whole(Pipeline::clock());
    match errand {
        DeskErrand::Look(target) => desk.look(&target, now).await,
        DeskErrand::Change(_) if board.facts.reader => Err(ChangeRefusal::Reader(folder)),
        DeskErrand::Change(request) => {
            let changed = desk.change(&request, now).await;
            changed.map_err(|refusal| refusal.told(&zone))
        }
    }
}
