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
use axum::routing::{get, patch};

use crate::web::ops::api::desk::WriteApi;

/// Its routes.
pub(crate) fn routes() -> Router<WriteApi> {
    let incidents = || get(incidents::list).post(incidents::create);
    let components = || {
        get(components::list)
            .post(components::fixed)
            .put(components::fixed)
    };
    Router::new()
        .route("/v1/pages/{page}", get(incidents::page))
        .route("/v1/pages/{page}/incidents", incidents())
        .route("/v1/pages/{page}/incidents.json", incidents())
        .route(
            "/v1/pages/{page}/incidents/{id}",
            get(incidents::one)
                .patch(incidents::change)
                .put(incidents::change)
                .delete(incidents::delete),
        )
        .route(
            "/v1/pages/{page}/incidents/{id}/incident_updates/{update}",
            patch(incidents::correct).put(incidents::correct),
        )
        .route("/v1/pages/{page}/components", components())
        .route("/v1/pages/{page}/components.json", components())
        .route(
            "/v1/pages/{page}/components/{id}",
            get(components::one)
                .patch(components::change)
                .put(components::change)
                .delete(components::fixed),
        )
        .route("/v1/pages/{page}/component-groups", get(components::groups))
        .route(
            "/v1/pages/{page}/component-groups.json",
            get(components::groups),
        )
}
