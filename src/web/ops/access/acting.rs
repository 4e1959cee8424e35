//! Who asks and what they may do, as handlers take it from a request.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::model::access::{Actor, Scopes};
use crate::model::token_hash::TokenHash;
use crate::web::ops::access::browser::form_token::FormToken;
use crate::web::serving::connections::visitor::Visitor;

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requester {
    /// The address, as far as it can be believed.
    pub(crate) visitor: Visitor,
    /// Whether it came by TLS, by the word of a proxy of ours.
    pub(crate) is_secure: bool,
}

/// Somebody who showed who they are.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// Who.
    pub(crate) actor: Actor,
    /// What they may do.
    pub(crate) scopes: Scopes,
    /// Their session, if a cookie shows it.
    pub(crate) session: Option<TokenHash>,
    /// What forms of theirs must bring, if a browser shows by itself who they are.
    pub(crate) form_token: Option<FormToken>,
}

impl Admitted {
    /// Somebody who sent a token with the request itself.
    pub(crate) fn new(actor: Actor, scopes: Scopes) -> Self {
        Self {
            actor,
            scopes,
            session: None,
            form_token: None,
        }
    }

    /// The same by what a browser sends with every request.
    pub(crate) fn by_browser(self, session: Option<TokenHash>, form_token: FormToken) -> Self {
        Self {
            session,
            form_token: Some(form_token),
            ..self
        }
    }
}

/// What is known of who asks.
#[derive(Clone, Debug)]
pub(crate) enum Identified {
    /// Nothing, or nothing that holds.
    Nobody,
    /// Too many wrong tokens came from there, or at all: none is looked at for so long.
    Limited(Duration),
    /// The proxy sent what cannot be a name.
    Unusable,
    /// All that we need.
    Known(Admitted),
}

/// Who acts; whoever reaches the listener, while nobody needs a token.
#[derive(Clone, Debug)]
pub(crate) struct Acting(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let admission = parts.extensions.get::<Admitted>();
        Ok(Self(
            admission.map_or_else(Actor::anyone, |one| one.actor.clone()),
        ))
    }
}
