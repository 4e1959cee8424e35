//! What operators and their programs read and change: `/api/v1/` of the operators'
//! listener, and Statuspage's own API beside it.

pub(crate) mod components;
pub(crate) mod desk;
pub(crate) mod edits;
pub(crate) mod fields;
pub(crate) mod incidents;
pub(crate) mod limit;
pub(crate) mod list;
pub(crate) mod maintenance;
pub(crate) mod openapi;
pub(crate) mod replay;
pub(crate) mod show;
pub(crate) mod subscribers;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch, post, put};

use crate::web::ops::api::desk::WriteApi;

/// Longest file that somebody may send.
const FILE_LIMIT: usize = 256 * 1024;

/// The routes of `/api/v1/` that read and change what visitors see, and who subscribed.
pub(crate) fn routes() -> Router<WriteApi> {
    let file = get(incidents::file)
        .merge(put(incidents::replace).layer(DefaultBodyLimit::max(FILE_LIMIT)));
    Router::new()
        .route("/api/v1/openapi.json", get(openapi::document))
        .route(
            "/api/v1/incidents",
            get(list::incidents).post(incidents::open),
        )
        .route(
            "/api/v1/incidents/{id}",
            get(incidents::one)
                .patch(incidents::patch)
                .delete(incidents::delete),
        )
        .route("/api/v1/incidents/{id}/file", file)
        .route("/api/v1/incidents/{id}/updates", post(incidents::update))
        .route(
            "/api/v1/incidents/{id}/updates/{update}",
            patch(incidents::correct),
        )
        .route("/api/v1/incidents/{id}/resolve", post(incidents::resolve))
        .route("/api/v1/incidents/{id}/reopen", post(incidents::reopen))
        .route("/api/v1/incidents/{id}/withdraw", post(incidents::withdraw))
        .route("/api/v1/incidents/{id}/publish", post(incidents::publish))
        .route("/api/v1/incidents/{id}/accept", post(incidents::accept))
        .route("/api/v1/incidents/{id}/post-mortem", put(incidents::report))
        .route(
            "/api/v1/maintenance",
            get(list::maintenance).post(maintenance::plan),
        )
        .route("/api/v1/maintenance/{id}", get(maintenance::one))
        .route("/api/v1/maintenance/{id}/extend", post(maintenance::extend))
        .route("/api/v1/maintenance/{id}/end", post(maintenance::end))
        .route("/api/v1/maintenance/{id}/cancel", post(maintenance::cancel))
        .route("/api/v1/components", get(components::list))
        .route("/api/v1/components/{id}", get(components::one))
        .route("/api/v1/components/{id}/state", put(components::hold))
        .route(
            "/api/v1/subscribers",
            get(subscribers::count).post(subscribers::add),
        )
        .route(
            "/api/v1/subscribers/{address}",
            get(subscribers::export).delete(subscribers::remove),
        )
}
