//! The name by which we are asked: the header `Host` (RFC 9112, 3.2).

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::response::{IntoResponse as _, Response};

/// What is wrong with a request's `Host`; `None` if nothing is.
///
/// A proxy that reads another one of two names than we do would let strangers put
/// an answer under a name of ours.
pub(crate) fn fault(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let mut names = headers.get_all(HOST).iter();
    match (names.next(), names.next()) {
        (None, _) if version <= Version::HTTP_10 => None,
        (None, _) => Some("the request has no `Host`; send one\n"),
        (Some(_), Some(_)) => Some("the request has more than one `Host`; send one\n"),
        (Some(name), None) if is_name(name.as_bytes()) => None,
        (Some(_), None) => Some("`Host` is not a host name; send `name` or `name:port`\n"),
    }
}

/// Refuses a request with such a fault.
#[expect(clippy::result_large_err, reason = "the layer asks for the answer")]
pub(crate) fn check(request: &mut Request) -> Result<(), Response> {
    let why = fault(request.version(), request.headers());
    why.map_or(Ok(()), |why| {
        Err((StatusCode::BAD_REQUEST, why).into_response())
    })
}

/// The name in `Host`, without port and brackets; `None` if there is none.
pub(crate) fn name(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let authority: Authority = host.parse().ok()?;
    let name = authority.host();
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    Some(bare.unwrap_or(name).to_owned())
}

/// Whether this is a host, with or without a port. It may be empty: so say those
/// who ask an address that has no name.
fn is_name(host: &[u8]) -> bool {
    if host.is_empty() {
        return true;
    }
    let Ok(authority) = Authority::try_from(host) else {
        return false;
    };
    let rest = authority.as_str().strip_prefix(authority.host());
    let port = rest.map(|rest| rest.strip_prefix(':').unwrap_or(rest));
    !authority.host().is_empty()
        && port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(hosts: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn a_request_has_one_host_that_could_be_one() {
        for (hosts, good) in [
            (&["status.example.org"][..], true),
            (&["status.example.org:8080"], true),
            (&["status_page:"], true),
            (&["127.0.0.1:1"], true),
            (&["[2001:db8::1]:8080"], true),
            (&[""], true),
            (&[], false),
            (&["a", "a"], false),
            (&["a b"], false),
            (&["a<script>"], false),
            (&["a/b"], false),
            (&["user@a"], false),
            (&["a:b"], false),
            (&[":80"], false),
            (&["a:80:80"], false),
            (&["ä"], false),
        ] {
            let fault = fault(Version::HTTP_11, &headers(hosts));
            assert_eq!(fault.is_none(), good, "{hosts:?}: {fault:?}");
        }
        assert_eq!(fault(Version::HTTP_10, &headers(&[])), None);
        assert!(fault(Version::HTTP_10, &headers(&["a", "b"])).is_some());
    }

    #[test]
    fn a_name_is_told_without_its_port() {
        for (host, expected) in [
            ("critwatch:9180", Some("critwatch")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("[::1]:9180", Some("::1")),
            ("", None),
        ] {
            assert_eq!(name(&headers(&[host])).as_deref(), expected, "{host}");
        }
    }

    proptest! {
        #[test]
        fn no_host_makes_it_panic(host in "[ -~]{0,30}|[a-z0-9.:@\\[\\]-]{0,30}") {
            let headers = headers(&[&host]);
            let _ = (fault(Version::HTTP_11, &headers), name(&headers));
        }
    }
}
