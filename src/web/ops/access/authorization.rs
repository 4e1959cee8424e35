//! What somebody may do: each route asks for the scope that the table names.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::model::access::Scope;
use crate::web::ops::access::acting::{Admitted, Identified};
use crate::web::ops::access::authenticator::Authenticator;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::route_table::{self, OpsRoute, Requirement};

/// Lets those through who may use the route.
pub(crate) async fn guard(
    State(authenticator): State<Authenticator>,
    request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let ways = route_table::of(matched.map_or("", MatchedPath::as_str));
    let Some(requirement) = route_table::requirement(&ways, request.method()) else {
        return no_such_way(&ways);
    };
    let identified = request.extensions().get::<Identified>();
    let identified = identified.unwrap_or(&Identified::Nobody);
    match decide(requirement, identified, || authenticator.is_locked()) {
        Err(refusal) => refusal.into_response(),
        Ok(()) if is_unsaid(request.method(), identified, request.headers()) => {
            AccessRefusal::Unsaid.into_response()
        }
        Ok(()) => next.run(request).await,
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AccessRefusal {
    /// The header of the proxy cannot be meant.
    Unusable,
    /// Too many wrong tokens.
    Limited(Duration),
    /// Nobody can have the scope yet.
    Closed,
    /// Nothing shows who asks.
    Unknown,
    /// Somebody lacks the scope.
    Lacks {
        who: String,
        has: String,
        scope: Scope,
    },
    /// A browser shows who asks, but not from where.
    Unsaid,
}

/// Whether somebody may do what takes this.
fn decide(
    requirement: Requirement,
    identified: &Identified,
    is_locked: impl Fn() -> bool,
) -> Result<(), AccessRefusal> {
    let scope = match (identified, requirement) {
        (Identified::Unusable, _) => return Err(AccessRefusal::Unusable),
        (_, Requirement::Nothing) => return Ok(()),
        (_, Requirement::OnceLocked(scope) | Requirement::Always(scope)) => scope,
    };
    match identified {
        Identified::Known(Admitted { scopes, .. }) if scopes.allow(scope) => Ok(()),
        Identified::Known(Admitted { actor, scopes, .. }) => Err(AccessRefusal::Lacks {
            who: actor.name.clone(),
            has: scopes.to_string(),
            scope,
        }),
        Identified::Limited(wait) => Err(AccessRefusal::Limited(*wait)),
        Identified::Nobody | Identified::Unusable if is_locked() => Err(AccessRefusal::Unknown),
        Identified::Nobody | Identified::Unusable => match requirement {
            Requirement::Always(_) => Err(AccessRefusal::Closed),
            Requirement::OnceLocked(_) | Requirement::Nothing => Ok(()),
        },
    }
}

/// Whether a browser sends a cookie of ours without saying where the request comes
/// from. Every browser of today says it of what changes anything.
fn is_unsaid(method: &Method, identified: &Identified, headers: &HeaderMap) -> bool {
    let Identified::Known(Admitted { session, .. }) = identified else {
        return false;
    };
    let says = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    session.is_some() && !matches!(*method, Method::GET | Method::HEAD) && !says
}

/// The answer to a method that a route does not have, or to a route that is not in
/// the table.
fn no_such_way(ways: &[&OpsRoute]) -> Response {
    if ways.is_empty() {
        let words = "this address is closed to everybody";
        return OpsError::whole(StatusCode::FORBIDDEN, words).into_response();
    }
    let methods: Vec<_> = ways.iter().map(|way| way.method.as_str()).collect();
    let methods = methods.join(", ");
    let words = format!("this address has no such method; there are {methods}");
    let refusal = OpsError::whole(StatusCode::METHOD_NOT_ALLOWED, words);
    ([(header::ALLOW, methods)], refusal).into_response()
}

impl AccessRefusal {
    fn into_response(self) -> Response {
        let whole = |status, words: &str| OpsError::whole(status, words);
        let error = match self {
            Self::Unusable => whole(
                StatusCode::BAD_REQUEST,
                "the header of the proxy names no user: it must appear once, in one line of at \
                most 128 visible characters",
            ),
            Self::Limited(wait) => return limited(wait),
            Self::Closed => whole(
                StatusCode::FORBIDDEN,
                "the operators' API is closed; create a token with `critwatch token add NAME \
                --scope admin`, or set a `token` in `[ops]`",
            ),
            Self::Unknown => whole(
                StatusCode::UNAUTHORIZED,
                "send a token as `Authorization: Bearer TOKEN`, or log in at `/login`; \
                `critwatch token add NAME --scope read` creates a token",
            ),
            Self::Lacks { who, has, scope } => {
                let has = if has.is_empty() { "none" } else { &has };
                let word = scope.word();
                let words = format!("this needs the scope `{word}`; `{who}` has {has}");
                OpsError::whole(StatusCode::FORBIDDEN, words)
            }
            Self::Unsaid => whole(
                StatusCode::FORBIDDEN,
                "the request has a cookie, but neither `Origin` nor `Sec-Fetch-Site` shows which \
                page sent it; send a token instead",
            ),
        };
        error.into_response()
    }
}

/// The answer to somebody who sent too many wrong tokens.
pub(crate) fn limited(wait: Duration) -> Response {
    let seconds = wait.as_secs().max(1);
    let words = format!("too many wrong tokens; try again in {seconds} s");
    let refusal = OpsError::whole(StatusCode::TOO_MANY_REQUESTS, words);
    ([(header::RETRY_AFTER, seconds.to_string())], refusal).into_response()
}

#[cfg(test)]
mod tests {
    use crate::model::access::{Actor, Proof, Scopes};
    use crate::web::ops::access::route_table::ROUTES;

    use super::*;

    fn known(scopes: Scopes) -> Identified {
        Identified::Known(Admitted::new(Actor::new("ann", Proof::Token), scopes))
    }

    /// The property of the whole listener: no route lets anybody in without the scope
    /// that the table names, and nobody in who shows nothing once there is a token.
    #[test]
    fn no_route_lets_anybody_in_without_its_scope() {
        for route in ROUTES {
            let may = |identified: &Identified, locked| {
                decide(route.requirement, identified, || locked).is_ok()
            };
            for bits in 0..16_u8 {
                let all = Scope::ALL.into_iter().enumerate();
                let has = all.filter(|(at, _)| bits & (1 << at) != 0);
                let scopes = Scopes(has.map(|(_, scope)| scope).collect());
                let expected = match route.requirement {
                    Requirement::Nothing => true,
                    Requirement::OnceLocked(scope) | Requirement::Always(scope) => {
                        scopes.allow(scope)
                    }
                };
                for locked in [false, true] {
                    assert_eq!(may(&known(scopes.clone()), locked), expected, "{route:?}");
                }
            }
            let is_free = route.requirement == Requirement::Nothing;
            let is_closed = matches!(route.requirement, Requirement::Always(_));
            assert_eq!(may(&Identified::Nobody, true), is_free, "{route:?}");
            assert_eq!(may(&Identified::Nobody, false), !is_closed, "{route:?}");
            let limited = Identified::Limited(Duration::from_secs(1));
            assert_eq!(may(&limited, true), is_free, "{route:?}");
            assert!(!may(&Identified::Unusable, false), "{route:?}");
        }
    }

    #[test]
    fn a_cookie_alone_changes_nothing_unless_the_browser_says_from_where() {
        let hash = crate::model::token_hash::TokenHash::of("x");
        let token = crate::web::ops::access::browser::form_token::FormToken::of("x", "session");
        let ann = Actor::new("ann", Proof::Token);
        let session = Admitted::new(ann, Scopes::default()).by_browser(Some(hash), token);
        let session = Identified::Known(session);
        let (none, mut said) = (HeaderMap::new(), HeaderMap::new());
        said.insert(header::ORIGIN, "http://a".parse().unwrap());
        assert!(is_unsaid(&Method::POST, &session, &none));
        assert!(is_unsaid(&Method::DELETE, &session, &none));
        assert!(!is_unsaid(&Method::GET, &session, &none));
        assert!(!is_unsaid(&Method::POST, &session, &said));
        assert!(!is_unsaid(&Method::POST, &known(Scopes::default()), &none));
    }
}
