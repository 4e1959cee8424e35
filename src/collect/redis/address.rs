//! Where a Redis is, and how one speaks to it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use redis::{ConnectionAddr, IntoConnectionInfo as _};
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};

use crate::collect::failure::Failure;
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::tls;

/// The place of one server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// A host by name or number, and its port.
    Tcp(String, u16),
    /// A socket of this machine.
    Unix(PathBuf),
}

impl Address {
    /// Reads `host:port`, the host of version 6 in brackets.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let host = match host.strip_prefix('[') {
            Some(host) => host.strip_suffix(']')?,
            None if host.contains(':') => return None,
            None => host,
        };
        let odd = |c: char| c.is_whitespace() || matches!(c, '/' | '@');
        if host.is_empty() || host.contains(odd) {
            return None;
        }
        Some(Self::Tcp(host.to_owned(), port.parse().ok()?))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// How one speaks to a server: as whom, to which database, and whether over TLS.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Our name; without one the password alone is said.
    pub user: Option<String>,
    /// Our password.
    pub password: Option<SecretString>,
    /// Number of the database.
    pub database: i64,
    /// Whom to trust, if the server speaks TLS.
    pub tls: Option<Arc<ClientConfig>>,
}

/// Reads the settings' address into a place and a manner of speaking.
pub fn read(settings: &RedisSettings) -> Result<(Address, Access), Failure> {
    let fault = |words: &str| Failure::Answer(words.to_owned());
    let no_address = "this is no address of a Redis; write redis://host:port/db, rediss://… or \
        unix:///path";
    // With sentinels alone the host is theirs to name.
    let url = settings
        .url
        .as_ref()
        .map_or("redis://-", |url| url.expose_secret());
    let info = url.into_connection_info().map_err(|_| fault(no_address))?;
    let (address, encrypted) = match info.addr() {
        ConnectionAddr::Tcp(host, port) => (Address::Tcp(host.clone(), *port), false),
        ConnectionAddr::TcpTls { insecure: true, .. } => {
            return Err(fault(
                "`#insecure` would believe anybody; name who vouches for the server by `ca_file`",
            ));
        }
        ConnectionAddr::TcpTls { host, port, .. } => (Address::Tcp(host.clone(), *port), true),
        ConnectionAddr::Unix(path) => (Address::Unix(path.clone()), false),
        _ => return Err(fault(no_address)),
    };
    let many = settings.cluster || !settings.sentinels.is_empty();
    if many && matches!(address, Address::Unix(_)) {
        return Err(fault(
            "sentinels and clusters name hosts and ports; write redis:// or rediss://",
        ));
    }
    let redis = info.redis_settings();
    if settings.cluster && redis.db() != 0 {
        return Err(fault("a cluster has only the database 0"));
    }
    let certificates = [&settings.ca, &settings.cert];
    if !encrypted && certificates.iter().any(|given| given.is_some()) {
        return Err(fault(
            "certificates are for TLS; open the address with rediss://",
        ));
    }
    let access = Access {
        user: redis.username().map(str::to_owned),
        password: redis.password().map(SecretString::from),
        database: redis.db(),
        tls: encrypted.then(|| tls::trust(settings)).transpose()?,
    };
    Ok((address, access))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for text in ["localhost:1", "10.0.0.1:26379", "[::1]:6379"] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "host",
            "host:",
            "host:99999",
            ":1",
            "::1:2",
            "u@h:1",
            "[::1:2",
            "a b:1",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let settings = RedisSettings {
            url: Some("redis://someone:hidden@localhost:1/3".into()),
            ..RedisSettings::default()
        };
        let (address, access) = read(&settings).unwrap();
        assert_eq!(
            (access.database, access.user.as_deref()),
            (3, Some("someone"))
        );
        let shown = format!("{settings:?} {address} {address:?} {access:?}");
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
