//! Refuses requests of those who send too many, and tells all others how many they have left.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::dice::api::caller::{ClientAddress, MaybeCaller};
use crate::dice::api::limits::rate::{RateRule, RateStanding};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;

/// How many requests a window allows.
pub(crate) const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
/// How many of them are left.
pub(crate) const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// Addresses that make something for somebody who is not known yet.
const MAKERS: [&str; 4] = [
    "/api/1.0/user",
    "/api/1.0/session",
    "/api/1.0/activate",
    "/session",
];

/// Counts a request by the caller and by the address.
pub(crate) async fn throttle(
    State(desk): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    let standings = desk.limits.count(&rules(&desk, &request)).await;
    let Some(tightest) = standings.first() else {
        return next.run(request).await;
    };
    let mut response = if tightest.is_exceeded() {
        desk.metrics
            .throttled
            .with_label_values(&[tightest.name])
            .inc();
        ApiError::TooMany(tightest.resets_in).into_response()
    } else {
        next.run(request).await
    };
    tell(&mut response, tightest);
    response
}

fn rules(desk: &ApiState, request: &Request) -> Vec<RateRule> {
    let settings = &desk.limits.settings;
    let extensions = request.extensions();
    let caller = extensions
        .get::<MaybeCaller>()
        .and_then(|caller| caller.0.as_ref());
    let address = extensions
        .get::<ClientAddress>()
        .map(|address| address.0.to_string());
    let address = address.unwrap_or_default();
    let path = extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let is_maker = request.method() == Method::POST && MAKERS.contains(&path);
    let account = caller.map(|user| RateRule {
        name: "account",
        who: user.uuid.to_string(),
        limit: settings.per_account,
    });
    let guests = is_maker.then(|| RateRule {
        name: "guests",
        who: address.clone(),
        limit: settings.guests_per_address,
    });
    let all = RateRule {
        name: "address",
        who: address,
        limit: settings.per_address,
    };
    let rules = account.into_iter().chain(guests).chain([all]);
    rules.filter(|rule| rule.limit > 0).collect()
}

fn tell(response: &mut Response, tightest: &RateStanding) {
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(tightest.limit));
    headers.insert(REMAINING, HeaderValue::from(tightest.remaining()));
}
