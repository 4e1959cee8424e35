//! What a page of another site has a browser send to us is refused.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::web::ops::access::error::OpsError;

/// Lets those through who only look, and what no page of another site sent.
///
/// Without a token whoever reaches the listener may push, and so may the browser
/// of somebody who does, for any page that it shows. Browsers say where a request
/// comes from; programs do not.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if looks || !is_foreign(request.headers()) {
        return next.run(request).await;
    }
    OpsError::whole(
        StatusCode::FORBIDDEN,
        "a page of another site sent this (`Sec-Fetch-Site`, `Origin`); \
        send it with a program, such as curl",
    )
    .into_response()
}

/// Whether a browser says that a page of another site sent this.
fn is_foreign(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let mut origins = headers.get_all(header::ORIGIN).iter();
    sites.any(|site| site != "none" && site != "same-origin")
        || origins.any(|origin| !origin.to_str().is_ok_and(|origin| is_of(origin, host)))
}

/// Whether an origin has this host and port; a port may be left out if it is the
/// usual one.
fn is_of(origin: &str, host: &str) -> bool {
    let (Ok(origin), Ok(host)) = (origin.parse::<Uri>(), host.parse::<Authority>()) else {
        return false;
    };
    let usual = match origin.scheme_str() {
        Some("http") => 80,
        Some("https") => 443,
        _ => return false,
    };
    let same = |name: &str| name.eq_ignore_ascii_case(host.host());
    origin.host().is_some_and(same)
        && origin.port_u16().unwrap_or(usual) == host.port_u16().unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_ours_if_its_host_and_port_are() {
        for (origin, host, expected) in [
            ("http://127.0.0.1:9180", "127.0.0.1:9180", true),
            ("http://[::1]:9180", "[::1]:9180", true),
            ("https://Ops.example", "ops.example", true),
            ("https://ops.example", "ops.example:443", true),
            ("http://ops.example:80", "ops.example", true),
            ("http://ops.example", "ops.example:443", false),
            ("http://127.0.0.1:9181", "127.0.0.1:9180", false),
            ("http://127.0.0.1.evil:9180", "127.0.0.1:9180", false),
            ("http://evil", "127.0.0.1:9180", false),
            ("file://ops.example", "ops.example", false),
            ("ops.example", "ops.example", false),
            ("null", "null", false),
            ("", "", false),
        ] {
            assert_eq!(is_of(origin, host), expected, "{origin} {host}");
        }
    }

    #[test]
    fn who_says_nothing_is_a_program_and_every_word_of_a_browser_counts() {
        let foreign = |sent: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in sent {
                headers.append(*name, value.parse().unwrap());
            }
            is_foreign(&headers)
        };
        let (host, own) = (("host", "a:1"), ("origin", "http://a:1"));
        assert!(!foreign(&[]) && !foreign(&[host]) && !foreign(&[host, own]));
        assert!(foreign(&[own]) && foreign(&[host, own, ("origin", "http://b")]));
        let (same, cross) = (
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "cross-site"),
        );
        assert!(!foreign(&[host, own, same]) && foreign(&[host, own, same, cross]));
    }
}
