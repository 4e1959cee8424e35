//! The list of all rules.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::now::standing::{self, RuleStanding};
use crate::web::ops::console::page_table::ConsolePage;

#[derive(Template)]
#[template(path = "console/rules.html")]
struct RulesPage {
    frame: ConsoleFrame,
    rules: Vec<RuleStanding>,
}

/// Lists the rules, those first that somebody should look at.
pub(crate) async fn show(State(desk): State<ConsoleDesk>, context: FrameContext) -> Response {
    let runs = desk.samples.runs().await.unwrap_or_default();
    desk.show(ConsolePage::Rules, &context, |frame, view| {
        let mut rules = standing::all(&desk.rules, &runs, view);
        rules.sort_by_key(RuleStanding::order);
        RulesPage { frame, rules }
    })
}
