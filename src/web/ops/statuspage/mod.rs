//! Statuspage's REST API as far as tools that post to it need it: `/v1/pages/…` on the
//! operators' listener.
//!
//! Its words (*impact*, *component status*) stop in this folder.

pub(crate) mod components;
pub(crate) mod errors;
pub(crate) mod incidents;
pub(crate) mod input;
pub(crate) mod planned;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::web::ops::api::desk::WriteApi;

/// What may be read.
pub(crate) fn reading() -> Router<WriteApi> {
    Router::new()
        .route("/v1/pages/{page}", get(incidents::page))
        .route("/v1/pages/{page}/incidents", get(incidents::list))
        .route("/v1/pages/{page}/incidents.json", get(incidents::list))
        .route("/v1/pages/{page}/incidents/{id}", get(incidents::one))
        .route("/v1/pages/{page}/components", get(components::list))
        .route("/v1/pages/{page}/components.json", get(components::list))
        .route("/v1/pages/{page}/components/{id}", get(components::one))
        .route("/v1/pages/{page}/component-groups", get(components::groups))
        .route(
            "/v1/pages/{page}/component-groups.json",
            get(components::groups),
        )
}

/// What changes what visitors see.
pub(crate) fn writing() -> Router<WriteApi> {
    let fixed = || post(components::fixed).put(components::fixed);
    Router::new()
        .route("/v1/pages/{page}/incidents", post(incidents::create))
        .route("/v1/pages/{page}/incidents.json", post(incidents::create))
        .route(
            "/v1/pages/{page}/incidents/{id}",
            patch(incidents::change)
                .put(incidents::change)
                .delete(incidents::delete),
        )
        .route(
            "/v1/pages/{page}/incidents/{id}/incident_updates/{update}",
            patch(incidents::correct).put(incidents::correct),
        )
        .route("/v1/pages/{page}/components", fixed())
        .route("/v1/pages/{page}/components.json", fixed())
        .route(
            "/v1/pages/{page}/components/{id}",
            patch(components::change)
                .put(components::change)
                .delete(components::fixed),
        )
}
