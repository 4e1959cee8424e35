//! Who asks, also where a proxy asks for somebody.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::web::serving::connections::client::ClientConnection;

/// Sizes of networks by which visitors are counted.
pub const LEVELS: usize = 3;

/// Stations between us and a visitor that are looked at.
const STATIONS: usize = 32;

/// The header in which proxies name the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardingHeader {
    /// `X-Forwarded-For`, as nearly all do.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies before us.
///
/// Only one header is read: the other may be a visitor's own, which proxies pass
/// on as they pass on everything.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Those that are believed.
    pub trusted: Vec<IpNet>,
    /// Where they write who asks.
    pub says: ForwardingHeader,
}

impl Proxies {
    /// Whether an address is that of one of them.
    pub fn has(&self, address: &IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(address))
    }

    /// The stations on the way, the last first; `None` for one without an address.
    fn stations(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let (name, one): (_, fn(&str) -> Option<IpAddr>) = match self.says {
            ForwardingHeader::XForwardedFor => (HeaderName::from_static("x-forwarded-for"), node),
            ForwardingHeader::Forwarded => (FORWARDED, forwarded),
        };
        let lines = headers.get_all(name).iter().rev();
        let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()));
        let stations = lines.flat_map(|line| line.rsplit(',').map(one).collect::<Vec<_>>());
        stations.take(STATIONS).collect()
    }
}

/// The address of who asks, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Visitor(pub IpAddr);

impl Visitor {
    /// Finds who asks: the last one on the way to us that is no proxy of ours.
    ///
    /// What a visitor says of itself counts for nothing: only what our own
    /// proxies wrote is read, from the right, up to the first stranger.
    pub(crate) fn of(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let peer = peer.to_canonical();
        if !proxies.has(&peer) {
            return Self(peer);
        }
        let mut visitor = peer;
        for station in proxies.stations(headers) {
            match station {
                Some(address) => visitor = address,
                // A station that hides its name: the one before it asked.
                None => break,
            }
            if !proxies.has(&visitor) {
                break;
            }
        }
        Self(visitor)
    }

    /// What limits are counted by: one visitor has a whole network of the new
    /// addresses.
    pub(crate) fn counted(self) -> IpAddr {
        let [.., narrowest] = self.networks();
        narrowest.addr()
    }

    /// The networks that the address is in, the widest first.
    ///
    /// Who rents a server is often given a /48 of IPv6, which holds 65,536 networks
    /// of visitors; a home has a /56. Neighbours in IPv4 are often of one owner, too.
    pub(crate) fn networks(self) -> [IpNet; LEVELS] {
        let lengths = match self.0 {
            IpAddr::V4(_) => [24, 28, 32],
            IpAddr::V6(_) => [48, 56, 64],
        };
        let whole = IpNet::from(self.0);
        lengths.map(|length| IpNet::new(self.0, length).map_or(whole, |network| network.trunc()))
    }
}

/// Tells routes who asks.
pub(crate) async fn name(
    State(proxies): State<Proxies>,
    Extension(client): Extension<Arc<ClientConnection>>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = Visitor::of(client.peer(), request.headers(), &proxies);
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// The `for` of one element of `Forwarded` (RFC 7239).
fn forwarded(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (_, value) = found.next()?;
    node(value.trim().trim_matches('"'))
}

/// Reads `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use axum::http::HeaderValue;

    use super::*;

    fn visitor(peer: &str, lines: &[(&str, &str)], says: ForwardingHeader) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        let trusted = trusted.into();
        Visitor::of(peer.parse().unwrap(), &headers, &Proxies { trusted, says })
            .0
            .to_string()
    }

    #[test]
    fn what_a_visitor_writes_into_the_other_header_counts_for_nothing() {
        let both = [
            ("forwarded", "for=1.1.1.1"),
            ("x-forwarded-for", "203.0.113.1"),
        ];
        assert_eq!(
            visitor("10.0.0.1", &both, ForwardingHeader::XForwardedFor),
            "203.0.113.1"
        );
        assert_eq!(
            visitor("10.0.0.1", &both, ForwardingHeader::Forwarded),
            "1.1.1.1"
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_hides_nobody_behind_it() {
        let line = [("x-forwarded-for", "ä, 203.0.113.1")];
        assert_eq!(
            visitor("10.0.0.1", &line, ForwardingHeader::XForwardedFor),
            "203.0.113.1"
        );
    }

    #[test]
    fn only_our_own_proxies_are_believed_and_only_up_to_the_first_stranger() {
        let xff = "x-forwarded-for";
        for (peer, lines, expected) in [
            ("192.0.2.9", vec![(xff, "203.0.113.1")], "192.0.2.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec![(xff, "203.0.113.1")], "203.0.113.1"),
            (
                "::ffff:10.0.0.1",
                vec![(xff, "203.0.113.1:4711")],
                "203.0.113.1",
            ),
            (
                "10.0.0.1",
                vec![(xff, "1.1.1.1, 203.0.113.1, 10.0.0.2")],
                "203.0.113.1",
            ),
            (
                "10.0.0.1",
                vec![(xff, "1.1.1.1"), (xff, "203.0.113.1")],
                "203.0.113.1",
            ),
            ("10.0.0.1", vec![(xff, "10.0.0.3, 10.0.0.2")], "10.0.0.3"),
            ("10.0.0.1", vec![(xff, "1.1.1.1, unknown")], "10.0.0.1"),
            (
                "10.0.0.1",
                vec![(
                    "forwarded",
                    "for=192.0.2.43, for=\"[2001:db8::17]:80\";proto=http",
                )],
                "2001:db8::17",
            ),
            (
                "10.0.0.1",
                vec![
                    ("forwarded", "proto=https;For=192.0.2.43"),
                    (xff, "1.1.1.1"),
                ],
                "192.0.2.43",
            ),
            (
                "10.0.0.1",
                vec![("forwarded", "for=1.1.1.1, for=_hidden")],
                "10.0.0.1",
            ),
            ("fd00::1", vec![(xff, "2001:db8::1")], "2001:db8::1"),
        ] {
            let says = if lines.iter().any(|(name, _)| *name == "forwarded") {
                ForwardingHeader::Forwarded
            } else {
                ForwardingHeader::XForwardedFor
            };
            assert_eq!(visitor(peer, &lines, says), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_network_of_new_addresses_counts_as_one() {
        let counted = |text: &str| Visitor(text.parse().unwrap()).counted().to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("192.0.2.1"), "192.0.2.1");
        let networks = |text: &str| {
            let networks = Visitor(text.parse().unwrap()).networks();
            networks.map(|network| network.to_string())
        };
        assert_eq!(
            networks("2001:db8:1:2:3:4:5:6"),
            ["2001:db8:1::/48", "2001:db8:1::/56", "2001:db8:1:2::/64"]
        );
        assert_eq!(
            networks("192.0.2.77"),
            ["192.0.2.0/24", "192.0.2.64/28", "192.0.2.77/32"]
        );
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(one in "[ -~]{0,60}", other in "[0-9a-f:.,\\[\\] ]{0,60}") {
            let _ = visitor("10.0.0.1", &[("forwarded", &one)], ForwardingHeader::Forwarded);
            let _ = visitor("10.0.0.1", &[("x-forwarded-for", &other)], ForwardingHeader::XForwardedFor);
        }
    }
}
