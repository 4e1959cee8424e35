//! The operators' console: pages on the operators' listener that need no script.
//!
//! A page is a row in `page_table.rs`, a handler and a template, a route below and a row
//! in `access/route_table.rs`. A handler asks `ConsoleDesk` to show a template that
//! extends `console/frame.html`; the script fetches the page again and replaces the
//! elements with `data-part` that changed. A form brings the form token, is taken by
//! `CheckedForm<SentForm>`, calls the function of the API, and leads back with a
//! `DoneNotice`, or shows the page with a `FormView` that says what is wrong with which
//! field. `events.rs` does all of this. An `OpsError` that a handler returns becomes a
//! page by `refusal.rs`.

pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod deliveries;
pub(crate) mod desk;
pub(crate) mod done_notice;
pub(crate) mod etag;
pub(crate) mod events;
pub(crate) mod explore;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod incidents;
pub(crate) mod moments;
pub(crate) mod now;
pub(crate) mod page_table;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod settings;
pub(crate) mod silences;
pub(crate) mod subscribers;

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tower_http::timeout::TimeoutLayer;

use crate::web::ops::api::limit::{self, ChangeLimit};
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::page_table::CONSOLE;

/// Slower requests are cut off.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Longest form: a whole incident file fits.
const BODY_LIMIT: usize = 256 * 1024;

/// The pages.
pub(crate) fn routes(desk: ConsoleDesk, limit: ChangeLimit) -> Router {
    Router::new()
        .route("/console/", get(now::page::show))
        .route("/console/rules", get(rules::list::show))
        .route("/console/rules/{id}", get(rules::page::show))
        .route("/console/rules/{id}/try", get(rules::attempt::show))
        .route("/console/explore", get(explore::page::show))
        .merge(incidents::routes())
        .merge(silences::routes())
        .route("/console/events", get(events::show).post(events::add))
        .route(
            "/console/subscribers",
            get(subscribers::show).post(subscribers::send),
        )
        .route("/console/deliveries", get(deliveries::show))
        .route("/console/deliveries/{id}/resend", post(deliveries::resend))
        .route("/console/settings", get(settings::show))
        .route("/console/settings/reload", post(settings::reload))
        .route("/console/audit", get(audit::show))
        .route("/", get(async || Redirect::to(CONSOLE)))
        .route("/console", get(async || Redirect::to(CONSOLE)))
        .route("/console.js", get(assets::script))
        .route_layer(middleware::from_fn_with_state(limit, limit::guard))
        .layer(middleware::from_fn(etag::mark))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .with_state(desk)
}
