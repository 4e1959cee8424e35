//! Who acts on the operators' listener, what they need for it, and what they did.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::middleware;

use crate::model::access::{Actor, Proof, Scope};
use crate::web::ops::access::operators;
use crate::web::ops::access::token::TokenHash;

/// The name of who has the token of the settings.
const OPS: &str = "ops";

/// Who acts: handlers are given it.
#[derive(Clone, Debug)]
pub(crate) struct Acting(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Infallible;

    /// Whoever got past the guard has the token of the settings.
    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Actor {
            name: OPS.to_owned(),
            proof: Proof::Token,
        }))
    }
}

/// Lets those through who have a scope. The one token of the settings has all.
pub(crate) fn needs<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    _scope: Scope,
    key: Option<&TokenHash>,
) -> Router<S> {
    routes.route_layer(middleware::from_fn_with_state(
        key.cloned().map(Arc::new),
        operators::guard,
    ))
}

/// Notes who did what to what.
pub(crate) fn note(actor: &Actor, act: &str, target: &str) {
    tracing::info!(kind = "audit", actor.name = %actor, act, target, "{actor}: {act} {target}");
}
