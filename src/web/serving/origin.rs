//! Whether a form was ours: another site must not send one in its visitors' names.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

use crate::web::site::Names;

/// Whether a form was sent by a page of ours.
///
/// Browsers say where a form comes from by one header or the other.
pub(crate) fn is_ours(headers: &HeaderMap, names: &Names) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(from) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(from, "same-origin" | "none");
    }
    text(ORIGIN).is_none_or(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        let url = names.url.as_deref();
        let rest = url.and_then(|url| url.strip_prefix(origin));
        let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_own || (host.is_some() && host == text(HOST))
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn another_site_sends_nothing_in_its_visitors_names() {
        let url = Some("https://status.example.org/dice".to_owned());
        let names = Names {
            url,
            ..Names::new("", TimeZone::UTC)
        };
        for (lines, ours) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("origin", "http://10.0.0.1:8080")], true),
            (vec![("origin", "https://status.example.org")], true),
            (vec![("origin", "https://status.example.or")], false),
            (vec![("origin", "http://evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("host", "10.0.0.1:8080")].into_iter().chain(lines.clone()) {
                headers.insert(name, value.parse().unwrap());
            }
            assert_eq!(is_ours(&headers, &names), ours, "{lines:?}");
        }
    }
}
