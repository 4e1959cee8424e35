//! The security headers of every response.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::web::formats::embed;
use crate::web::table::answer::{AnswerTraits, CacheLifetime, Policy};

/// What a page may load: our own style sheet and script, and pictures. Nothing
/// in the page itself runs, and nobody shows it within another.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// A picture brings its colours and nothing else; a person's may bring more,
/// which does not run.
const PICTURE: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What a page of the owner's loads is the owner's business.
const OWN: &str = "frame-ancestors 'none'";

/// Nothing of a visitor's device is of use to us.
const PERMISSIONS: &str = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), \
    magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// What the security headers of a response depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SecurityHeaders {
    /// Programs may read it from any site.
    pub(crate) open: bool,
    /// What it may load, and where it may be shown.
    pub(crate) policy: Policy,
    /// The site's own address opens with `https`.
    pub(crate) secure: bool,
}

impl SecurityHeaders {
    /// The headers of a response for its client only.
    pub(crate) fn closed(secure: bool) -> Self {
        Self {
            open: false,
            policy: Policy::Page,
            secure,
        }
    }

    /// The headers of a response with these traits.
    pub(crate) fn of(traits: AnswerTraits, secure: bool) -> Self {
        Self {
            open: traits.open,
            policy: traits.policy,
            secure,
        }
    }

    /// The headers, by name.
    pub(crate) fn headers(self) -> Vec<(HeaderName, &'static str)> {
        let name = HeaderName::from_static;
        let policy = match self.policy {
            Policy::Page => POLICY,
            Policy::Frame => embed::POLICY,
            Policy::Picture => PICTURE,
            Policy::Own => OWN,
        };
        let mut headers = vec![
            (CONTENT_SECURITY_POLICY, policy),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "same-origin"),
            (name("permissions-policy"), PERMISSIONS),
            (name("cross-origin-opener-policy"), "same-origin"),
        ];
        let sharing = if self.open {
            "cross-origin"
        } else {
            "same-origin"
        };
        headers.push((name("cross-origin-resource-policy"), sharing));
        if self.policy != Policy::Frame {
            headers.push((X_FRAME_OPTIONS, "DENY"));
        }
        if self.open {
            headers.push((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
            headers.push((ACCESS_CONTROL_EXPOSE_HEADERS, "etag"));
        }
        if self.secure {
            headers.push((STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
        }
        headers
    }

    /// Adds the headers that a response lacks; it is not cached unless it says so.
    pub(crate) fn fill(self, headers: &mut HeaderMap) {
        let control = (CACHE_CONTROL, CacheLifetime::Never.control(false));
        for (name, value) in self.headers().into_iter().chain([control]) {
            let value = HeaderValue::from_static(value);
            headers.entry(name).or_insert(value);
        }
    }

    /// Adds them to a response that has no security headers of its own.
    pub(crate) fn apply(self, mut answer: Response) -> Response {
        if !answer.headers().contains_key(CONTENT_SECURITY_POLICY) {
            self.fill(answer.headers_mut());
        }
        answer
    }

    /// Sets them on a response.
    pub(crate) fn insert_into(self, headers: &mut HeaderMap) {
        for (name, value) in self.headers() {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
