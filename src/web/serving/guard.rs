//! The headers that keep visitors safe, on every answer.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// What a page may load: our own style sheet and script, and pictures. Nothing
/// in the page itself runs, and nobody shows it within another.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// The same for what other sites may show within theirs.
const FRAMED: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'none'; \
    frame-ancestors *";

/// Nothing of a visitor's device is of use to us.
const PERMISSIONS: &str = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), \
    magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// Whom an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Programs may read it from any site.
    pub open: bool,
    /// Other sites may show it within theirs.
    pub frameable: bool,
    /// The site's own address opens with `https`.
    pub secure: bool,
}

impl Guard {
    /// The headers, by name.
    pub fn headers(self) -> Vec<(HeaderName, &'static str)> {
        let name = HeaderName::from_static;
        let mut headers = vec![
            (
                CONTENT_SECURITY_POLICY,
                if self.frameable { FRAMED } else { POLICY },
            ),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
            (name("permissions-policy"), PERMISSIONS),
            (name("cross-origin-opener-policy"), "same-origin"),
        ];
        let sharing = if self.open || self.frameable {
            "cross-origin"
        } else {
            "same-origin"
        };
        headers.push((name("cross-origin-resource-policy"), sharing));
        if !self.frameable {
            headers.push((X_FRAME_OPTIONS, "DENY"));
        }
        if self.open {
            headers.push((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
        }
        if self.secure {
            headers.push((STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
        }
        headers
    }

    /// Puts them on an answer.
    pub fn put(self, headers: &mut HeaderMap) {
        for (name, value) in self.headers() {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
