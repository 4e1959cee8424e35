//! The page: the gravest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::text::language::Language;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::now::collectors::{self, CollectorRow};
use crate::web::ops::console::now::components::{self, ComponentStanding};
use crate::web::ops::console::now::incidents::{self, IncidentStanding};
use crate::web::ops::console::now::monitor::{self, MonitorLine};
use crate::web::ops::console::now::notifiers::{self, NotifierRow};
use crate::web::ops::console::now::standing::{self, RuleStanding};
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::site::View;

#[derive(Template)]
#[template(path = "console/now.html")]
struct NowPage {
    frame: ConsoleFrame,
    components: Vec<ComponentStanding>,
    incidents: Vec<IncidentStanding>,
    /// Rules that fire, are pending or cannot see.
    rules: Vec<RuleStanding>,
    /// How many rules are quiet.
    quiet: usize,
    collectors: Vec<CollectorRow>,
    notifiers: Vec<NotifierRow>,
    monitor: Vec<MonitorLine>,
}

/// Shows what is the matter.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    // Without an answer the page shows all but the countdowns.
    let runs = desk.samples.runs().await.unwrap_or_default();
    let (families, known) = (desk.levels.counted(), desk.collectors.newest());
    let states = desk.api.notifiers.newest();
    desk.show(ConsolePage::Now, &context, |frame, view| {
        let view = &View {
            language: Language::En,
            ..*view
        };
        let rules = standing::all(&desk.rules, &runs, view);
        let quiet = rules.iter().filter(|rule| rule.is_quiet()).count();
        let mut rules: Vec<_> = rules.into_iter().filter(|rule| !rule.is_quiet()).collect();
        rules.sort_by_key(RuleStanding::order);
        NowPage {
            frame,
            components: components::rows(view),
            incidents: incidents::open(view),
            rules,
            quiet,
            collectors: collectors::rows(&known, view),
            notifiers: notifiers::rows(&states, view),
            monitor: monitor::lines(view, &families, &desk.troubles.newest()),
        }
    })
}
