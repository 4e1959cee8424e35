//! *Incidents* and *Maintenance*: lists, the page of one file, and a form for everything
//! that people do to it. `acts.rs` says what that is.

pub(crate) mod acts;
pub(crate) mod addresses;
pub(crate) mod body;
pub(crate) mod editing;
pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod opening;
pub(crate) mod preview;
pub(crate) mod rows;
pub(crate) mod seen;
pub(crate) mod sheet;
pub(crate) mod works;

use axum::Router;
use axum::routing::get;

use crate::web::ops::console::desk::ConsoleDesk;

/// The pages.
pub(crate) fn routes() -> Router<ConsoleDesk> {
    Router::new()
        .route("/console/incidents", get(list::show))
        .route(
            "/console/incidents/new",
            get(opening::show_incident).post(opening::open),
        )
        .route("/console/incidents/{id}", get(one::show))
        .route(
            "/console/incidents/{id}/{act}",
            get(editing::show).post(editing::send),
        )
        .route("/console/maintenance", get(works::show))
        .route(
            "/console/maintenance/new",
            get(opening::show_work).post(opening::plan),
        )
}
