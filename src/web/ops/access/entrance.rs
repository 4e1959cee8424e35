//! The entrance of the operators' listener: what every request passes, in order.

use axum::{Router, middleware};
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::web::ops::access::authenticator::{self, Authenticator};
use crate::web::ops::access::authorization;
use crate::web::ops::access::browser::csrf;
use crate::web::ops::access::hosts::{self, HostCheck};
use crate::web::ops::alertmanager::api_error;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::refusal;
use crate::web::ops::push::metrics::{self, PushMetrics};
use crate::web::ops::statuspage::errors;
use crate::web::serving::response::host;

/// Puts the entrance before all routes: a name of ours, who asks, no page of another
/// site, and the scope that the route takes. Pushes that are refused are counted, too,
/// and refusals of the console are pages.
pub(crate) fn guarded(
    routes: Router,
    authenticator: Authenticator,
    pushes: PushMetrics,
    console: ConsoleDesk,
) -> Router {
    let check = HostCheck::new(authenticator.settings().hosts.clone());
    routes
        .route_layer(middleware::from_fn_with_state(
            authenticator.clone(),
            authorization::guard,
        ))
        .route_layer(middleware::from_fn(csrf::guard))
        .route_layer(middleware::from_fn_with_state(pushes, metrics::count))
        .layer(middleware::from_fn_with_state(check, hosts::guard))
        .layer(middleware::from_fn_with_state(console, refusal::dress))
        .layer(middleware::from_fn_with_state(
            authenticator,
            authenticator::identify,
        ))
        .layer(middleware::from_fn(errors::keys))
        .layer(middleware::from_fn(errors::errors))
        .layer(middleware::from_fn(api_error::errors))
        .layer(ValidateRequestHeaderLayer::custom(host::check))
}
