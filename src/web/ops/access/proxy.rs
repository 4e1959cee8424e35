//! The header in which the operator's own proxy names who asks.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, FORWARDED, HOST,
    ORIGIN, TRANSFER_ENCODING, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::access::Scopes;
use crate::model::request::access::is_name;
use crate::web::ops::access::ops_fault::OpsFault;

/// Headers that say something else, and that clients set themselves.
const OTHERS: [HeaderName; 11] = [
    ACCEPT,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    FORWARDED,
    HOST,
    ORIGIN,
    TRANSFER_ENCODING,
    USER_AGENT,
];

/// The table `[ops.proxy]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProxySettings {
    /// The header in which the proxy names the user.
    header: String,
    /// Addresses and networks of the proxy.
    from: Vec<String>,
    /// The scopes of every user that it names.
    #[serde(default)]
    scopes: Scopes,
    /// Other scopes for single users.
    #[serde(default)]
    users: BTreeMap<String, Scopes>,
}

/// The header, from where it is believed, and what it allows.
#[derive(Debug)]
pub(crate) struct UserHeader {
    header: HeaderName,
    from: Vec<IpNet>,
    scopes: Scopes,
    users: BTreeMap<String, Scopes>,
}

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamedUser {
    /// Nothing: it is not there.
    Nobody,
    /// It is there, but its sender is not the proxy.
    Forged,
    /// The proxy sent what cannot be a name.
    Unusable,
    /// This person asks, and may do this.
    User(String, Scopes),
}

impl ProxySettings {
    /// What is wrong.
    pub(crate) fn faults(&self) -> Vec<OpsFault> {
        let mut faults: Vec<OpsFault> = Vec::new();
        let mut fault = |key: &str, words: &str| faults.push((key.to_owned(), words.to_owned()));
        match HeaderName::try_from(&*self.header) {
            Err(_) => fault(
                "header",
                "this is not a header name; write one as in `X-Forwarded-User`",
            ),
            Ok(name) if OTHERS.contains(&name) || is_forwarding(&name) => fault(
                "header",
                "this header says something else; write the one in which your proxy names the \
                user, as in `X-Forwarded-User`",
            ),
            Ok(_) => {}
        }
        if self.from.is_empty() {
            fault(
                "from",
                "name the addresses of the proxy, as in `[\"127.0.0.1/32\"]`",
            );
        }
        for (at, text) in self.from.iter().enumerate() {
            match network(text) {
                None => fault(
                    &format!("from.{at}"),
                    "this is not an address; write one as in `10.0.0.7`, or a network as in `10.0.0.0/24`",
                ),
                Some(net) if net.prefix_len() == 0 => fault(
                    &format!("from.{at}"),
                    "this lets everybody claim any name; write the addresses of the proxy",
                ),
                Some(_) => {}
            }
        }
        if self.scopes.0.is_empty() && self.users.values().all(|scopes| scopes.0.is_empty()) {
            fault(
                "scopes",
                "nobody has a scope; write `scopes = [\"read\"]`, or `users` with their scopes",
            );
        }
        faults
    }

    /// The same, checked.
    pub(crate) fn checked(self) -> Option<UserHeader> {
        let from = self.from.iter().map(|text| network(text));
        Some(UserHeader {
            header: HeaderName::try_from(self.header).ok()?,
            from: from.collect::<Option<_>>()?,
            scopes: self.scopes,
            users: self.users,
        })
    }
}

/// Whether a header tells of the request's way, and not of its sender.
fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "x-forwarded-for" | "x-forwarded-proto" | "x-forwarded-host" | "x-real-ip"
    ) || name.starts_with("sec-")
}

/// Reads an address, or a network of them.
fn network(text: &str) -> Option<IpNet> {
    let net = text.parse::<IpNet>();
    net.or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .ok()
}

impl UserHeader {
    /// The name of the header.
    pub(crate) fn header(&self) -> &HeaderName {
        &self.header
    }

    /// From where it is believed.
    pub(crate) fn from(&self) -> impl Iterator<Item = IpNet> {
        self.from.iter().copied()
    }

    /// What the header of a request says.
    pub(crate) fn read(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> NamedUser {
        let mut lines = headers.get_all(&self.header).iter();
        let Some(line) = lines.next() else {
            return NamedUser::Nobody;
        };
        let peer = peer.map(|peer| peer.to_canonical());
        if !peer.is_some_and(|peer| self.from.iter().any(|net| net.contains(&peer))) {
            return NamedUser::Forged;
        }
        // Of two lines one is not the proxy's.
        let name = std::str::from_utf8(line.as_bytes()).ok();
        match name.filter(|name| lines.next().is_none() && is_name(name)) {
            None => NamedUser::Unusable,
            Some(name) => {
                let scopes = self.users.get(name).unwrap_or(&self.scopes);
                NamedUser::User(name.to_owned(), scopes.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use crate::model::access::Scope;

    use super::*;

    fn settings(header: &str, from: &[&str]) -> ProxySettings {
        ProxySettings {
            header: header.to_owned(),
            from: from.iter().map(|&net| net.to_owned()).collect(),
            scopes: [Scope::Read].into(),
            users: [("ann".to_owned(), [Scope::Admin].into())].into(),
        }
    }

    fn read(peer: &str, lines: &[&[u8]]) -> NamedUser {
        let header = settings("X-Forwarded-User", &["127.0.0.1/32", "fd00::/8"]);
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-user", HeaderValue::from_bytes(line).unwrap());
        }
        let header = header.checked().unwrap();
        header.read(peer.parse().ok(), &headers)
    }

    #[test]
    fn only_the_proxy_names_users_and_each_has_their_scopes() {
        let user = |name: &str, scope| NamedUser::User(name.to_owned(), [scope].into());
        let here = "127.0.0.1";
        assert_eq!(read(here, &[b"ann"]), user("ann", Scope::Admin));
        assert_eq!(
            read("::ffff:127.0.0.1", &[b"Ben B."]),
            user("Ben B.", Scope::Read)
        );
        assert_eq!(
            read("fd00::7", &["Zoë".as_bytes()]),
            user("Zoë", Scope::Read)
        );
        assert_eq!(read(here, &[]), NamedUser::Nobody);
        for peer in ["127.0.0.2", "10.0.0.1", "::1", ""] {
            assert_eq!(read(peer, &[b"ann"]), NamedUser::Forged, "{peer}");
        }
        let long = "x".repeat(129);
        let bad: [&[&[u8]]; 7] = [
            &[b"ann", b"ann"],
            &[b"ben", b"ann"],
            &[b""],
            &[b"a\tb"],
            &[b"\xff"],
            &[long.as_bytes()],
            &["a\u{202e}b".as_bytes()],
        ];
        for lines in bad {
            assert_eq!(read(here, lines), NamedUser::Unusable, "{lines:?}");
        }
    }

    #[test]
    fn settings_that_would_let_strangers_in_are_faults() {
        let keys = |settings: &ProxySettings| -> Vec<_> {
            let faults = settings.faults().into_iter();
            faults.map(|(key, _)| key).collect()
        };
        assert!(keys(&settings("X-Forwarded-User", &["10.0.0.7"])).is_empty());
        for header in ["", "a b", "Cookie", "X-Forwarded-For", "Sec-Fetch-Site"] {
            assert_eq!(
                keys(&settings(header, &["10.0.0.7"])),
                ["header"],
                "{header}"
            );
        }
        for net in ["0.0.0.0/0", "::/0", "x", "10.0.0.0/99"] {
            assert_eq!(
                keys(&settings("X-User", &["::1", net])),
                ["from.1"],
                "{net}"
            );
        }
        assert_eq!(keys(&settings("X-User", &[])), ["from"]);
        let nobody = ProxySettings {
            scopes: Scopes::default(),
            users: [("ann".to_owned(), Scopes::default())].into(),
            ..settings("X-User", &["::1"])
        };
        assert_eq!(keys(&nobody), ["scopes"]);
    }

    proptest! {
        #[test]
        fn no_bytes_name_somebody_who_is_no_name(line in prop::collection::vec(any::<u8>(), 0..200)) {
            if HeaderValue::from_bytes(&line).is_ok()
                && let NamedUser::User(name, _) = read("127.0.0.1", &[&line])
            {
                prop_assert!(is_name(&name) && name.as_bytes() == line);
            }
        }
    }
}
