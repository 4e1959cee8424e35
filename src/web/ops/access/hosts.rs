//! The host names under which the operators' listener answers.
//!
//! A page of a stranger can have its own name point at this listener (DNS
//! rebinding). The browser of an operator then takes us for a part of that page,
//! which may read what it likes and post what it likes. Only the name gives it away.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::watch;

use crate::web::ops::access::acting::{Admitted, Identified};
use crate::web::ops::access::error::OpsError;
use crate::web::serving::response::host;

/// They say no more than that we are alive, to balancers that ask by any name; the style
/// sheet holds no secret, and the refusal needs it.
const OPEN: [&str; 3] = ["/-/healthy", "/-/ready", "/style.css"];

/// Unlisted names that are logged; a client with more of them wants to fill the log.
const MAX_LOGGED: usize = 8;

/// Which host names are accepted, and which rejected ones were logged; clones share
/// both.
#[derive(Clone, Debug)]
pub(crate) struct HostCheck {
    listed: Arc<[String]>,
    logged: Arc<watch::Sender<BTreeSet<String>>>,
}

/// Lets those through who ask by an address, by `localhost` or by a listed name,
/// and those who sent a valid token: no page of a stranger knows one.
pub(crate) async fn guard(
    State(check): State<HostCheck>,
    request: Request,
    next: Next,
) -> Response {
    let has_token = match request.extensions().get::<Identified>() {
        Some(Identified::Known(Admitted { form_token, .. })) => form_token.is_none(),
        _ => false,
    };
    // A client that sends no host is not a browser.
    let stranger = host::name(request.headers()).filter(|name| {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_open = is_read && OPEN.contains(&request.uri().path());
        !is_open && !has_token && !is_safe(name) && !check.lists(name)
    });
    let Some(name) = stranger else {
        return next.run(request).await;
    };
    check.log_once(&name);
    OpsError::whole(
        StatusCode::MISDIRECTED_REQUEST,
        format!(
            "the host name `{name}` is not listed; use the IP address, send a token, or add \
             `hosts = [\"{name}\"]` to `[ops]` in the settings"
        ),
    )
    .into_response()
}

impl HostCheck {
    /// Accepts these names.
    pub(crate) fn new(listed: Vec<String>) -> Self {
        Self {
            listed: listed.into(),
            logged: Arc::default(),
        }
    }

    fn lists(&self, name: &str) -> bool {
        let name = without_dot(name);
        let mut listed = self.listed.iter();
        listed.any(|listed| without_dot(listed).eq_ignore_ascii_case(name))
    }

    /// A scraper may show only the status code: the log names the way out.
    fn log_once(&self, name: &str) {
        let is_new = self
            .logged
            .send_if_modified(|logged| logged.len() < MAX_LOGGED && logged.insert(name.to_owned()));
        if is_new {
            tracing::warn!(
                host = name,
                "refused an operator request with an unlisted host name; if it is a name of \
                 this listener, add it to `hosts` in `[ops]`"
            );
        }
    }
}

/// Whether no stranger can have this name: nobody looks up an address.
fn is_safe(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok() || without_dot(name).eq_ignore_ascii_case("localhost")
}

/// Whether this can be listed as a name.
pub(crate) fn is_listable(name: &str) -> bool {
    let labels = without_dot(name).split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    labels.into_iter().all(is_label)
}

fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_safe_and_names_like_them_are_not() {
        for name in [
            "127.0.0.1",
            "10.0.0.7",
            "::1",
            "2001:db8::1",
            "LocalHost",
            "localhost.",
        ] {
            assert!(is_safe(name), "{name}");
        }
        for name in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil",
            "2130706433",
            "",
        ] {
            assert!(!is_safe(name), "{name}");
        }
    }

    #[test]
    fn listed_names_are_hosts_alone() {
        for name in [
            "critwatch",
            "critwatch.monitoring.svc",
            "ops.example.",
            "my_host",
        ] {
            assert!(is_listable(name), "{name}");
        }
        for name in ["", "*", "a:9180", "http://a", "a/b", "a..b", "[::1]", "a b"] {
            assert!(!is_listable(name), "{name}");
        }
    }
}
