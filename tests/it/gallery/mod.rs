//! Boards of every state that the page must show well, as of any moment.

mod edges;
mod languages;
mod parts;
mod stage;
mod states;

use std::time::Duration;

use critwatch::model::board::{Board, Sight};
use critwatch::model::request::receivers::subscription::SubscribersDoor;
use critwatch::model::request::samples::event_feed::NotesDoor;
use critwatch::model::text::language::Language;
use critwatch::web::reports::counter::ReportCounter;
use critwatch::web::reports::submit::Reports;
use critwatch::web::serving::public::Forms;
use critwatch::web::site::{Names, View};
use critwatch::web::subscriptions::submit::Subscriptions;
use jiff::Timestamp;

pub(crate) use self::parts::periods;
use self::stage::Stage;

/// Every state, by its name.
pub(crate) const SCENES: [&str; 22] = [
    "healthy",
    "notice",
    "disrupted",
    "outage",
    "watched",
    "maintenance",
    "blind",
    "first-day",
    "crowd",
    "forty",
    "figures",
    "long-title",
    "right-to-left",
    "german",
    "japanese",
    "arabic",
    "unmeasured",
    "empty",
    "after",
    "watched-blind",
    "settling",
    "long-names",
];

/// A picture beside an incident.
const PICTURE: &str = include_str!("../../golden/chart-alone.svg.snap");

/// A folder with the pictures that incidents show.
pub(crate) fn pictures(board: &Board) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (_, svg) = PICTURE.split_once("---\n<svg").unwrap();
    let shown = board.facts.incidents.iter();
    for incident in shown.filter(|one| one.body.contains(".svg)")) {
        let file = folder.path().join(incident.picture());
        std::fs::write(file, format!("<svg{svg}")).unwrap();
    }
    folder
}

/// Where forms of visitors go; nobody reads them.
pub(crate) fn forms() -> Forms {
    let (errands, _) = tokio::sync::mpsc::channel(1);
    Forms {
        reports: reports(),
        subscriptions: Subscriptions::new(SubscribersDoor { errands }),
    }
}

fn reports() -> Reports {
    let (entries, _) = std::sync::mpsc::sync_channel(1);
    let (_, noted) = tokio::sync::watch::channel(std::sync::Arc::default());
    let tallied = ReportCounter::register(&prometheus::Registry::new()).unwrap();
    Reports::new(NotesDoor { entries, noted }, tallied)
}

/// A board with the words of its site.
pub(crate) struct Scene {
    pub(crate) names: Names,
    pub(crate) board: Board,
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
}

impl Scene {
    /// Makes something of its view.
    pub(crate) fn show<T>(&self, page: impl FnOnce(&View<'_>) -> T) -> T {
        page(&View {
            language: self.language,
            ..View::new(&self.names, &self.board, self.now)
        })
    }
}

/// The scene of that name.
pub(crate) fn scene(name: &str, now: Timestamp) -> Scene {
    let mut stage = Stage::new(now);
    match name {
        "disrupted" => stage.disrupted(),
        "outage" => {
            stage.firsthand();
            stage.outage();
        }
        "watched" => stage.watched(),
        "maintenance" => stage.maintenance(),
        "blind" => {
            let since = now - Duration::from_mins(12);
            stage.sight = Sight::Blind { since };
            stage.unknown();
        }
        "first-day" => stage.first_day(),
        "notice" => stage.notice(),
        "crowd" => stage.crowd(),
        "forty" => stage.forty(),
        "figures" => stage.figures(),
        "long-title" => {
            let title = "Rolls of more than a hundred dice at once appear late or twice \
                on tables with many guests, and exports of them are empty";
            assert_eq!(title.len(), 120);
            stage.open(
                title,
                "disrupted",
                &["API", "Worker"],
                "Some rolls are late.",
            );
        }
        "right-to-left" => {
            let title = "انقطاع الخدمة: لا تظهر رميات النرد";
            stage.open(
                title,
                "down",
                &["API", "Cache"],
                "نبحث عن السبب. الرميات لا تظهر.",
            );
        }
        "german" => stage.german(),
        "japanese" => stage.japanese(),
        "arabic" => stage.arabic(),
        "unmeasured" => stage.unmeasured(),
        "empty" => stage.empty(),
        "after" => stage.after(),
        "watched-blind" => {
            stage.watched();
            let since = now - Duration::from_mins(3);
            stage.sight = Sight::Blind { since };
            stage.outlooks.clear();
        }
        "settling" => stage.settling(),
        "long-names" => stage.long_names(),
        _ => {}
    }
    stage.scene()
}
