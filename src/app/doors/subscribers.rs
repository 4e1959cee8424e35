//! The subscribers' desk: its door, its settings and its tasks.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::model::board::Board;
use crate::model::request::receivers::subscriber_care::{CareDoor, PendingCare};
use crate::model::request::receivers::subscription::{PendingSubscription, SubscribersDoor};
use crate::model::request::samples::event_feed::NotesDoor;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::subscribers::desk::{self, DeskInbox, DeskSettings, SubscriberDesk};
use crate::notify::subscribers::metrics::SubscriberCounts;
use crate::notify::subscribers::recipients::ComponentNames;
use crate::notify::texts::text::one_line;
use crate::pipeline::stages::Pipeline;
use crate::runtime::schedule;
use crate::runtime::tasks::{Tasks, ending};
use crate::web::reports::counter::ReportCounter;
use crate::web::reports::submit::Reports;
use crate::web::serving::public::Forms;
use crate::web::site::Site;
use crate::web::subscriptions::submit::Subscriptions;

/// What visitors ask of the desk that may wait.
const ERRANDS: usize = 64;

/// What visitors and operators ask of the desk.
#[derive(Debug)]
pub(crate) struct SubscriberInbox {
    errands: mpsc::Receiver<PendingSubscription>,
    care: mpsc::Receiver<PendingCare>,
}

/// What takes the forms of visitors, the door for operators, and what both hand over.
pub(crate) fn forms(
    notes: &NotesDoor,
    reports: &ReportCounter,
) -> (Forms, CareDoor, SubscriberInbox) {
    let (errands, pending) = mpsc::channel(ERRANDS);
    let (care, pending_care) = mpsc::channel(ERRANDS);
    let forms = Forms {
        reports: Reports::new(notes.clone(), reports.clone()),
        subscriptions: Subscriptions::new(SubscribersDoor { errands }),
    };
    let inbox = SubscriberInbox {
        errands: pending,
        care: pending_care,
    };
    (forms, CareDoor { errands: care }, inbox)
}

/// What the desk must know of the settings.
pub(crate) fn settings(config: &Config) -> DeskSettings {
    let has_form = config.names.subscriptions;
    DeskSettings {
        site: config.names.url.clone().filter(|_| has_form),
        zone: config.names.zone.clone(),
        bounces: config.mail.as_ref().and_then(|mail| mail.bounces.clone()),
        limits: config.names.limits,
    }
}

/// The components of a site, by the names with which messages name them.
pub(crate) fn component_names(site: &Site) -> Arc<ComponentNames> {
    Arc::new(site.show(|view| {
        let components = view.board.components.iter();
        let named = components.map(|state| {
            let component = &state.component;
            (one_line(&component.name), component.id.clone())
        });
        named.collect()
    }))
}

/// Starts the desk and its schedule.
pub(crate) fn start(
    tasks: &mut Tasks,
    (queue, counts): (MailQueue, SubscriberCounts),
    asked: SubscriberInbox,
    settings: watch::Receiver<DeskSettings>,
    boards: watch::Receiver<Arc<Board>>,
    stop: &CancellationToken,
) {
    let (due, jobs) = mpsc::unbounded_channel();
    let due = move |job| {
        // A desk that has gone has nothing to do any more.
        let _ = due.send(job);
    };
    let schedule = schedule::run(&desk::SCHEDULE, due, stop.clone());
    tasks.start("schedule of subscribers", ending(schedule));
    let desk = SubscriberDesk {
        queue,
        counts,
        clock: Pipeline::clock,
    };
    let inbox = DeskInbox {
        errands: asked.errands,
        care: asked.care,
        jobs,
        settings,
        boards,
    };
    tasks.start("subscribers", ending(desk.run(inbox, stop.clone())));
}
