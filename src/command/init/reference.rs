//! Addresses as the settings may hold them: a secret stays outside.

use reqwest::Url;

use crate::config::reading::reader::Environment;

/// An address as it stands in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetReference {
    /// The address, or the variable that holds it.
    pub(crate) written: String,
    /// The variable that must be set, if it is not.
    pub(crate) variable: Option<String>,
    /// The address as people may see it.
    pub(crate) shown: String,
}

impl TargetReference {
    /// How an address is written: one with a secret, or one that the environment
    /// holds already, by the name of its variable.
    pub(crate) fn of(url: &str, name: &str, number: usize, environment: &Environment) -> Self {
        let holds = |variable: &str| environment.get(variable).is_some_and(|held| held == url);
        let variable = match number {
            0 => name.to_owned(),
            number => format!("{name}_{}", number + 1),
        };
        if holds(&variable) {
            return Self {
                written: format!("${{{variable}}}"),
                variable: None,
                shown: shown(url),
            };
        }
        if has_secret(url) {
            return Self {
                written: format!("${{{variable}}}"),
                variable: Some(variable),
                shown: shown(url),
            };
        }
        Self {
            written: url.to_owned(),
            variable: None,
            shown: shown(url),
        }
    }

    /// Whether the address itself stands in the settings.
    pub(crate) fn is_plain(&self) -> bool {
        !self.written.starts_with("${")
    }
}

/// Whether an address holds what others must not read: a login, or a query, which
/// may be one.
pub(crate) fn has_secret(url: &str) -> bool {
    match Url::parse(url) {
        Ok(url) => !url.username().is_empty() || url.password().is_some() || url.query().is_some(),
        // Whoever cannot be read is not shown.
        Err(_) => url.contains('@'),
    }
}

/// An address as it may be shown: without its login and its query.
pub(crate) fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return shown_roughly(url);
    };
    // What cannot have a login has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

/// The same for a text that is no address: what may belong to a login is left out.
fn shown_roughly(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let scheme = match scheme {
        "" => String::new(),
        scheme => format!("{scheme}://"),
    };
    let rest = rest.split('?').next().unwrap_or_default();
    let (is_login, rest) = match rest.rsplit_once('@') {
        Some((_, rest)) => (true, rest),
        None => (false, rest),
    };
    let place = rest.split('/').next().unwrap_or_default();
    let port = place.rsplit_once(':').map_or("", |(_, port)| port);
    let is_plain = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    match (is_login, is_plain) {
        (false, true) => format!("{scheme}{rest}"),
        (true, true) => format!("{scheme}…@{rest}"),
        (_, false) => format!("{scheme}…"),
    }
}

/// Whether an address is on this machine.
pub(crate) fn is_local(url: &str) -> bool {
    if url.starts_with("unix:") || url.starts_with("redis+unix:") {
        return true;
    }
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_stands_in_the_settings() {
        let environment: Environment =
            [("REDIS_URL".to_owned(), "redis://cache:6379".to_owned())].into();
        for (url, number, written, variable) in [
            ("redis://cache:6379", 0, "${REDIS_URL}", None),
            ("redis://other:6379", 0, "redis://other:6379", None),
            (
                "redis://:pw@other:6379",
                0,
                "${REDIS_URL}",
                Some("REDIS_URL"),
            ),
            (
                "redis://u:pw@other",
                1,
                "${REDIS_URL_2}",
                Some("REDIS_URL_2"),
            ),
            (
                "https://a/?token=x",
                1,
                "${REDIS_URL_2}",
                Some("REDIS_URL_2"),
            ),
            ("unix:///run/redis.sock", 0, "unix:///run/redis.sock", None),
            (
                "unix:///run/redis.sock?pass=x",
                0,
                "${REDIS_URL}",
                Some("REDIS_URL"),
            ),
        ] {
            let reference = TargetReference::of(url, "REDIS_URL", number, &environment);
            assert_eq!(reference.written, written, "{url}");
            assert_eq!(reference.variable.as_deref(), variable, "{url}");
        }
        for (url, words) in [
            ("redis://u:pw@h:1/2?x=y", "redis://h:1/2"),
            ("redis://:pw/x@h:1", "redis://…@h:1"),
            ("redis://:pw", "redis://…"),
            ("redis://", "redis://"),
            ("http://a b", "http://a b"),
        ] {
            assert_eq!(shown(url), words);
        }
        assert!(is_local("redis://127.0.0.1:1") && is_local("unix:///x") && !is_local("redis://h"));
    }
}
