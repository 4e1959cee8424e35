//! *Silences*: what opens nothing for a while, and a form that says what it is about
//! before it is kept.

pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod matched;

use axum::Router;
use axum::routing::{get, post};

use crate::web::ops::console::desk::ConsoleDesk;

/// The pages.
pub(crate) fn routes() -> Router<ConsoleDesk> {
    Router::new()
        .route("/console/silences", get(list::show))
        .route("/console/silences/new", get(form::show_new).post(form::add))
        .route(
            "/console/silences/{id}",
            get(form::show_one).post(form::replace),
        )
        .route("/console/silences/{id}/end", post(list::end))
}
