//! The public page: its parts, and the router that visitors come in by.
//!
//! What can be read stands in `table/mod.rs`; here is what else visitors ask for.

pub mod export;
pub(crate) mod files;
pub mod formats;
pub mod ops;
pub mod pages;
pub(crate) mod parts;
pub(crate) mod push;
pub mod reports;
pub mod serving;
pub mod site;
pub mod site_elements;
pub mod subscriptions;
pub mod table;
pub mod text;

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any_service, get};
use axum::{Extension, Router};
use tower::ServiceBuilder;
use tower::util::MapResponseLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::web::reports::submit;
use crate::web::serving::connections::listen::Routes;
use crate::web::serving::connections::visitor;
use crate::web::serving::live_stream::listen;
use crate::web::serving::metrics::{self, AddressForm};
use crate::web::serving::public::Public;
use crate::web::serving::response::base_path;
use crate::web::serving::response::host;
use crate::web::serving::response::security_headers::SecurityHeaders;
use crate::web::serving::search::search;
use crate::web::subscriptions::submit as subscribing;
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// Slower requests are cut off; none of them waits for anything.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Visitors send little.
const BODY_LIMIT: usize = 16 * 1024;

/// The public routes: forms, live events and search, then all pages.
///
/// The layers stand around the router and not within it: one of them changes the
/// address that is looked up, and around the whole they cost each request no memory
/// of their own. What may take long or fail is in the routes; pages are made by
/// [`Workers`](serving::workers::Workers), which outlive a page that fails.
#[expect(clippy::result_large_err, reason = "the layer asks for the answer")]
pub fn routes(public: Public) -> Routes {
    let (proxies, metrics) = (public.proxies.clone(), public.metrics.clone());
    let names = public.site.names();
    let security_headers = SecurityHeaders::closed(names.is_secure());
    let pages = any_service(public.pages.clone());
    let mut router = Router::new()
        .route("/live", pages.clone().get(listen))
        .route("/{code}/live", pages.clone().get(listen))
        .route("/issues/", pages.clone().get(search))
        .route("/{code}/issues/", pages.clone().get(search));
    if names.takes_reports() {
        let form = metrics::form(Some(&Address::site(Page::Report)), None);
        let take = pages.clone().post(submit::take);
        let take = take.layer(MapResponseLayer::new(move |answer: Response| {
            (Extension(form), answer).into_response()
        }));
        router = router
            .route("/report", take.clone())
            .route("/{code}/report", take);
    }
    router = with_subscriptions(router, names.subscriptions.then_some(&pages));
    let router = router
        .route_layer(middleware::from_fn_with_state(
            proxies.clone(),
            visitor::name,
        ))
        .route_layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .route_layer(CatchPanicLayer::new())
        .fallback_service(public.pages.clone())
        .with_state(public);
    let router = ServiceBuilder::new()
        .map_future(move |answer| metrics.clone().visited(answer))
        .map_response(move |answer: Response| security_headers.apply(answer))
        .layer(ValidateRequestHeaderLayer::custom(host::check))
        .layer(ValidateRequestHeaderLayer::custom(
            move |request: &mut Request| {
                base_path::take_away(names.base(), security_headers, request)
            },
        ))
        .map_response(IntoResponse::into_response)
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .service(router);
    Routes::new(router, proxies)
}

/// Adds the links of subscriptions by e-mail, which lead somewhere as long as there are
/// mails with them; and the form, where visitors may subscribe.
fn with_subscriptions(
    router: Router<Public>,
    pages: Option<&MethodRouter<Public, Infallible>>,
) -> Router<Public> {
    let counted = |form: AddressForm| {
        MapResponseLayer::new(move |answer: Response| (Extension(form), answer).into_response())
    };
    let manage = get(subscribing::look).post(subscribing::change);
    let manage = manage.layer(counted(metrics::MANAGING));
    let leave = get(subscribing::leaving).post(subscribing::leave);
    let leave = leave.layer(counted(metrics::LEAVING));
    let router = router
        .route("/subscription/{token}", manage)
        .route("/unsubscribe/{token}", leave);
    let Some(pages) = pages else {
        return router;
    };
    let form = metrics::form(Some(&Address::site(Page::Subscribe)), None);
    let subscribe = pages.clone().post(subscribing::subscribe);
    let subscribe = subscribe.layer(counted(form));
    router
        .route("/subscribe", subscribe.clone())
        .route("/{code}/subscribe", subscribe)
}
