//! Where a Redis is, and how one speaks to it.

use std::fmt;
use std::path::PathBuf;

use redis::{ConnectionAddr, IntoConnectionInfo as _, RedisConnectionInfo};
use secrecy::{ExposeSecret, SecretString};

use crate::collect::failure::cause::Failure;
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::wire::tls::Handshake;

/// The place of one server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ServerAddress {
    /// A host by name or number, and its port.
    Tcp(String, u16),
    /// A socket of this machine.
    Unix(PathBuf),
}

impl ServerAddress {
    /// Reads `host:port`, the host of version 6 in brackets.
    pub(crate) fn parse(text: &str) -> Option<Self> {
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

impl fmt::Display for ServerAddress {
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
pub(crate) struct Login {
    /// Our name; without one the password alone is said.
    pub(crate) user: Option<String>,
    /// Our password.
    pub(crate) password: Option<SecretString>,
    /// Number of the database.
    pub(crate) database: i64,
    /// Whom to trust, if the server speaks TLS.
    pub(crate) tls: Option<Handshake>,
    /// Whether the password was written in an address with a `%` in it.
    pub(crate) is_decoded: bool,
}

/// What to do with a password that an address cannot hold as it is.
const ENCODING: &str = "in an address `/ # ? % @` of a password are written as `%2F %23 %3F %25 \
    %40`; or set it by `password`, as it is";

/// Reads the settings' address into a place and a manner of speaking.
pub(crate) fn read(settings: &RedisSettings) -> Result<(ServerAddress, Login), Failure> {
    let fault = |words: &str| Failure::Answer(words.to_owned());
    let no_address = "this is not a Redis URL; write redis://host:port/db, rediss://… or \
        unix:///path";
    // With sentinels alone the host is theirs to name.
    let url = settings
        .url
        .as_ref()
        .map_or("redis://-", |url| url.expose_secret());
    if has_stray_login(url) {
        return Err(fault(&format!("{no_address}; {ENCODING}")));
    }
    let info = url.into_connection_info().map_err(|_| {
        let encoded = if url.contains('%') { ENCODING } else { "" };
        fault(format!("{no_address}; {encoded}").trim_end_matches("; "))
    })?;
    let (address, encrypted) = match info.addr() {
        ConnectionAddr::Tcp(host, port) => (ServerAddress::Tcp(host.clone(), *port), false),
        ConnectionAddr::TcpTls { insecure: true, .. } => {
            return Err(fault(
                "`#insecure` would trust any server; set the trusted authority with `ca_file`",
            ));
        }
        ConnectionAddr::TcpTls { host, port, .. } => {
            (ServerAddress::Tcp(host.clone(), *port), true)
        }
        ConnectionAddr::Unix(path) => (ServerAddress::Unix(path.clone()), false),
        _ => return Err(fault(no_address)),
    };
    let many = settings.cluster || !settings.sentinels.is_empty();
    if many && matches!(address, ServerAddress::Unix(_)) {
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
    check_login(settings, redis)?;
    let password = settings.password.clone();
    let access = Login {
        user: settings
            .username
            .clone()
            .or(redis.username().map(str::to_owned)),
        is_decoded: password.is_none() && url.contains('%'),
        password: password.or(redis.password().map(SecretString::from)),
        database: redis.db(),
        tls: encrypted.then(|| Handshake::new(settings)).transpose()?,
    };
    Ok((address, access))
}

/// Refuses two names or two passwords: nobody could say which one counts.
fn check_login(settings: &RedisSettings, url: &RedisConnectionInfo) -> Result<(), Failure> {
    let twice = if url.password().is_some() && settings.password.is_some() {
        "`url` has a password as well as `password`; keep one"
    } else if url.username().is_some() && settings.username.is_some() {
        "`url` has a user's name as well as `username`; keep one"
    } else {
        return Ok(());
    };
    Err(Failure::Answer(twice.to_owned()))
}

/// Whether an address goes on with a login where its host should have ended:
/// then a letter of the password ended the host.
fn has_stray_login(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', '#', '?']);
    !scheme.ends_with("unix") && end.is_some_and(|end| rest[end..].contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for text in ["localhost:1", "10.0.0.1:26379", "[::1]:6379"] {
            assert_eq!(ServerAddress::parse(text).unwrap().to_string(), text);
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
            assert_eq!(ServerAddress::parse(text), None, "{text}");
        }
    }

    fn with(url: &str) -> RedisSettings {
        RedisSettings {
            url: Some(url.into()),
            ..RedisSettings::default()
        }
    }

    #[test]
    fn a_password_that_ends_the_host_is_told_how_it_is_written() {
        for url in [
            "redis://:q9/ss@h:6379",
            "redis://:q9#ss@h:6379/0",
            "redis://u:q9?ss@h",
            "rediss://u:12/3@h:6379",
            "redis://u:12#x@h:1",
        ] {
            let why = read(&with(url)).unwrap_err().to_string();
            assert!(why.contains("`%2F %23 %3F %25 %40`"), "{url}: {why}");
            assert!(!why.contains("q9"), "{why}");
        }
        for url in [
            "redis://:p%2Fa%40@h:1/2",
            "unix:///run/a@b?pass=x",
            "redis://u:p@h/",
        ] {
            assert!(read(&with(url)).is_ok(), "{url}");
        }
        assert_eq!(
            read(&with("redis://:a%2Fb@h"))
                .unwrap()
                .1
                .password
                .unwrap()
                .expose_secret(),
            "a/b"
        );
    }

    #[test]
    fn a_password_of_its_own_key_is_taken_letter_by_letter() {
        let settings = RedisSettings {
            username: Some("cr@w".to_owned()),
            password: Some("a/b#c%40".into()),
            ..with("redis://h/3")
        };
        let (_, access) = read(&settings).unwrap();
        assert_eq!(access.user.as_deref(), Some("cr@w"));
        assert_eq!(access.password.unwrap().expose_secret(), "a/b#c%40");
        for url in ["redis://:p@h", "redis://u:p@h"] {
            let both = RedisSettings {
                password: Some("q".into()),
                ..with(url)
            };
            let why = read(&both).unwrap_err().to_string();
            assert!(why.ends_with("keep one"), "{why}");
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
