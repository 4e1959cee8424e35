//! Pages that are still to be built.

use askama::Template;
use axum::extract::{MatchedPath, State};
use axum::response::Response;

use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::page_table::ConsolePage;

#[derive(Template)]
#[template(path = "console/unbuilt.html")]
struct UnbuiltPage {
    frame: ConsoleFrame,
}

/// Says that there is nothing to see yet.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    matched: MatchedPath,
) -> Response {
    let mut pages = ConsolePage::ALL.into_iter();
    let page = pages.find(|page| page.address() == matched.as_str());
    let page = page.unwrap_or(ConsolePage::Now);
    desk.show(page, &context, |frame, _| UnbuiltPage { frame })
}
