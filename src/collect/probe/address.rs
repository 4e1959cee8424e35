//! Addresses of probes; what is secret in them is never shown.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;

/// An address with a host: `https://name:word@host:port/path?query`.
///
/// Everything but scheme and host may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ProbeAddress(Url);

impl ProbeAddress {
    /// Reads an address with one of the schemes; the error says how to write it.
    pub(crate) fn parse(text: &str, schemes: [&str; 2]) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| {
            if text.contains("://") {
                format!("this is not a URL: {error}")
            } else {
                let plain = schemes[0];
                format!("this is not a URL; put the scheme in front, as in {plain}://HOST")
            }
        })?;
        if !schemes.contains(&url.scheme()) {
            let [plain, secure] = schemes;
            return Err(format!(
                "a URL must begin with {plain}:// or {secure}:// here"
            ));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("this URL names no host".to_owned());
        }
        Ok(Self(url))
    }

    /// Whether the line to it is a TLS one.
    pub(crate) fn is_secure(&self) -> bool {
        matches!(self.0.scheme(), "https" | "wss")
    }

    /// The host as it is looked up, without brackets.
    pub(crate) fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, by default the scheme's.
    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(80)
    }

    /// Host and port as the header `host` has them.
    pub(crate) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Path and query: what is asked for.
    pub(crate) fn target(&self) -> String {
        match self.0.query() {
            Some(query) => format!("{}?{query}", self.0.path()),
            None => self.0.path().to_owned(),
        }
    }

    /// The header `authorization` for a name and a password within the address.
    pub(crate) fn login(&self) -> Option<String> {
        let name = decoded(self.0.username());
        let word = decoded(self.0.password().unwrap_or_default());
        (!name.is_empty() || !word.is_empty()).then(|| basic(&name, &word))
    }

    /// Where a `location` leads from here; `None` if to nothing that is asked over HTTP.
    pub(crate) fn follow(&self, location: &str) -> Option<Self> {
        let url = self.0.join(location).ok()?;
        let known = matches!(url.scheme(), "http" | "https") && url.has_host();
        known.then_some(Self(url))
    }

    /// The same with more behind its path.
    pub(crate) fn append(&self, path: &str) -> Result<Self, String> {
        let base = self.0.as_str().trim_end_matches('/');
        Self::parse(&format!("{base}{path}"), ["http", "https"])
    }

    /// Whether both speak to the same server, so that it may be told the same secrets.
    pub(crate) fn is_same_server(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }
}

impl fmt::Debug for ProbeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/…", self.0.scheme(), self.authority())
    }
}

/// The header `authorization` for a name and a password.
pub(crate) fn basic(name: &str, word: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{word}")))
}

/// Whether a host is this machine itself, told by its name alone.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Reads `host:port`; an IPv6 address stands in brackets.
pub(crate) fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let host = match bare {
        Some(bare) => bare.parse::<std::net::Ipv6Addr>().ok()?.to_string(),
        None if host.is_empty() || host.contains([':', '/', '@', ' ']) => return None,
        None => host.to_owned(),
    };
    Some((host, port.parse().ok().filter(|port| *port > 0)?))
}

/// Undoes the `%` signs that an address writes special letters with.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEB: [&str; 2] = ["http", "https"];

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let address = ProbeAddress::parse("https://me:word@host:1/path?key=value", WEB).unwrap();
        assert_eq!(format!("{address:?}"), "https://host:1/…");
        assert_eq!(address.login().unwrap(), "Basic bWU6d29yZA==");
        assert_eq!(address.target(), "/path?key=value");
        assert_eq!((address.host(), address.port()), ("host", 1));
        let same = ProbeAddress::parse("https://me:a%40b@[::1]/", WEB).unwrap();
        assert_eq!((same.host(), same.port()), ("::1", 443));
        assert_eq!(same.authority(), "[::1]");
        assert_eq!(same.login().unwrap(), basic("me", "a@b"));
    }

    #[test]
    fn a_path_is_put_behind_the_address() {
        for base in ["http://h/api", "http://h/api/"] {
            let address = ProbeAddress::parse(base, WEB).unwrap();
            assert_eq!(address.append("/roll").unwrap().target(), "/api/roll");
        }
    }

    #[test]
    fn hosts_with_ports_are_read() {
        for (text, read) in [
            ("host:1", Some(("host", 1))),
            ("[::1]:80", Some(("::1", 80))),
            ("10.0.0.1:6379", Some(("10.0.0.1", 6379))),
            ("host", None),
            (":80", None),
            ("host:0", None),
            ("host:99999", None),
            ("::1:80", None),
            ("http://host:80", None),
        ] {
            let read = read.map(|(host, port)| (host.to_owned(), port));
            assert_eq!(host_and_port(text), read, "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("LOCALHOST", true),
            ("10.0.0.1", false),
            ("example.org", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = host_and_port(&text);
            if let Ok(address) = ProbeAddress::parse(&format!("http://{text}"), WEB) {
                let _ = (address.target(), address.login(), address.append(&text));
            }
        }
    }
}
