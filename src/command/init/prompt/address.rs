//! Addresses as people type them: several at once, often without a scheme.

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetKind {
    /// A Redis.
    Redis,
    /// What users open.
    Site,
    /// A metrics page.
    Metrics,
    /// A Prometheus.
    Prometheus,
    /// A host whose usual ports are tried.
    Host,
}

impl TargetKind {
    /// The option that names one.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self::Redis => "--redis",
            Self::Site => "--page",
            Self::Metrics => "--metrics",
            Self::Prometheus => "--prometheus",
            Self::Host => "--host",
        }
    }

    /// What one is called in a question.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Redis => "URL of a Redis",
            Self::Site => "URL that your users open",
            Self::Metrics => "URL of a metrics page of a worker, an API or an exporter",
            Self::Prometheus => "URL of a Prometheus",
            Self::Host => "Host to probe on the usual ports",
        }
    }

    /// The addresses in what somebody typed, each once and with its scheme.
    pub(crate) fn addresses(self, typed: &str) -> Vec<String> {
        let mut addresses = Vec::new();
        for word in typed.split_whitespace() {
            for address in parted(word) {
                let address = self.complete(&address);
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        addresses
    }

    /// Adds the scheme, where there is none.
    fn complete(self, address: &str) -> String {
        let has_scheme = address.contains("://");
        match self {
            Self::Host => {
                let host = address.split_once("://").map_or(address, |(_, rest)| rest);
                host.split('/').next().unwrap_or(host).to_owned()
            }
            Self::Redis if has_scheme || address.starts_with("unix:") => address.to_owned(),
            Self::Redis if address.starts_with('/') => format!("unix://{address}"),
            Self::Redis => format!("redis://{address}"),
            _ if has_scheme => address.to_owned(),
            // What the public opens is encrypted; a port of its own seldom is.
            Self::Site if is_public(address) => format!("https://{address}"),
            Self::Site | Self::Metrics | Self::Prometheus => format!("http://{address}"),
        }
    }
}

/// Addresses between commas; a comma within an address stays.
fn parted(word: &str) -> Vec<String> {
    let has_scheme = word.contains("://");
    let mut parts: Vec<String> = Vec::new();
    for part in word.split(',') {
        match parts.last_mut() {
            Some(last) if has_scheme && !part.contains("://") => {
                last.extend([",", part]);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether an address names a host of the public, without a port.
fn is_public(address: &str) -> bool {
    let place = address.split(['/', '?', '#']).next().unwrap_or_default();
    let is_number = place.chars().all(|c| c.is_ascii_digit() || c == '.');
    place.contains('.') && !place.contains(':') && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_the_scheme_that_it_lacks() {
        for (kind, typed, expected) in [
            (
                TargetKind::Redis,
                "127.0.0.1:7102",
                vec!["redis://127.0.0.1:7102"],
            ),
            (
                TargetKind::Redis,
                "/run/redis.sock",
                vec!["unix:///run/redis.sock"],
            ),
            (
                TargetKind::Redis,
                "a:1,b:2  c redis://a:1",
                vec!["redis://a:1", "redis://b:2", "redis://c"],
            ),
            (TargetKind::Redis, "redis://:p,q@h", vec!["redis://:p,q@h"]),
            (TargetKind::Redis, "unix:/x", vec!["unix:/x"]),
            (
                TargetKind::Site,
                "https://a/x,y,https://b/,",
                vec!["https://a/x,y", "https://b/,"],
            ),
            (
                TargetKind::Site,
                "shop.example.org/a",
                vec!["https://shop.example.org/a"],
            ),
            (
                TargetKind::Site,
                "localhost/a shop.example:8080 10.0.0.1",
                vec![
                    "http://localhost/a",
                    "http://shop.example:8080",
                    "http://10.0.0.1",
                ],
            ),
            (
                TargetKind::Metrics,
                "h:9100/metrics",
                vec!["http://h:9100/metrics"],
            ),
            (
                TargetKind::Prometheus,
                "prom.example.org",
                vec!["http://prom.example.org"],
            ),
            (
                TargetKind::Host,
                "http://h/x 10.0.0.1",
                vec!["h", "10.0.0.1"],
            ),
            (TargetKind::Host, "  ", vec![]),
        ] {
            assert_eq!(kind.addresses(typed), expected, "{typed}");
        }
    }
}
