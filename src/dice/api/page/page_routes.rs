//! The addresses of the page.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::dice::api::page::{access_page, home_page, table_page};
use crate::dice::api::state::ApiState;

/// Lists the pages and their forms.
pub(crate) fn routes() -> Router<Arc<ApiState>> {
    Router::new()
        .route("/", get(home_page::show))
        .route("/rooms", post(home_page::make_room))
        .route("/session", post(access_page::log_in))
        .route("/session/end", post(access_page::log_out))
        .route(
            "/activate",
            get(access_page::show_activation).post(access_page::confirm),
        )
        .route("/room/{slug}", get(table_page::show))
        .route("/room/{slug}/join", post(table_page::join))
        .route("/room/{slug}/roll", post(table_page::roll))
}
