//! The table `[ops]`: the token, names of the listener, the proxy, the provider.

use ipnet::IpNet;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::model::access::{Scope, Scopes};
use crate::model::request::access::OpenIdUser;
use crate::model::text::shape::SecretText;
use crate::model::token_hash::TokenHash;
use crate::web::ops::access::hosts::is_listable;
use crate::web::ops::access::oidc::settings::OidcSettings;
use crate::web::ops::access::ops_fault::OpsFault;
use crate::web::ops::access::proxy::{ProxySettings, UserHeader};
use crate::web::serving::connections::visitor::Proxies;

/// A shorter token can be guessed.
const SHORTEST: usize = 16;

/// The name of the token in the settings.
pub(crate) const OPS: &str = "ops";

/// The table `[ops]`, as it is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpsSettings {
    /// A token with all scopes.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) token: Option<SecretString>,
    /// The SHA-256 of the token instead, in hexadecimal.
    pub(crate) token_sha256: Option<String>,
    /// Accepted host names of the listener.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Your own authenticating proxy.
    pub(crate) proxy: Option<ProxySettings>,
    /// Logins with an OpenID Connect provider.
    pub(crate) oidc: Option<OidcSettings>,
}

impl OpsSettings {
    /// What is wrong, but for the token.
    pub(crate) fn faults(&self) -> Vec<OpsFault> {
        let mut faults = Vec::new();
        for (at, name) in self.hosts.iter().enumerate() {
            if !is_listable(name) {
                let words = "this is not a host name; write it without scheme and port: \
                    `ops.example.org`";
                faults.push((format!("hosts.{at}"), words.to_owned()));
            }
        }
        let within = |table: &'static str, all: Vec<OpsFault>| {
            let faults = all.into_iter();
            faults.map(move |(key, words)| (format!("{table}.{key}"), words))
        };
        let proxy = self.proxy.as_ref().map(ProxySettings::faults);
        faults.extend(within("proxy", proxy.unwrap_or_default()));
        let oidc = self.oidc.as_ref().map(OidcSettings::faults);
        faults.extend(within("oidc", oidc.unwrap_or_default()));
        faults
    }

    /// The hash of the token, if there is one; a text says what is wrong with it.
    pub(crate) fn key(&self) -> Result<Option<TokenHash>, &'static str> {
        match (&self.token, &self.token_sha256) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err("keep one of `token` and `token_sha256`"),
            (Some(token), None) if token.expose_secret().len() < SHORTEST => {
                Err("a token has at least 16 characters; make one with `openssl rand -hex 32`")
            }
            (Some(token), None) => Ok(Some(TokenHash::of(token.expose_secret()))),
            (None, Some(hash)) => TokenHash::read(hash).map(Some).ok_or(
                "a SHA-256 has 64 hexadecimal digits; `printf %s \"$TOKEN\" | sha256sum` makes it",
            ),
        }
    }

    /// The settings as they are used, with the hash of the token.
    pub(crate) fn with_key(self, key: Option<TokenHash>) -> AccessSettings {
        let mut hosts = self.hosts;
        hosts.extend(self.oidc.as_ref().and_then(OidcSettings::host));
        AccessSettings {
            key,
            hosts,
            proxy: self.proxy.and_then(ProxySettings::checked),
            oidc: self.oidc,
        }
    }
}

/// Who may use the operators' listener, as far as the settings say it.
#[derive(Debug, Default)]
pub(crate) struct AccessSettings {
    /// The hash of the token with all scopes.
    pub(crate) key: Option<TokenHash>,
    /// Accepted host names of the listener.
    pub(crate) hosts: Vec<String>,
    /// The header of the operator's own proxy.
    pub(crate) proxy: Option<UserHeader>,
    /// The provider.
    pub(crate) oidc: Option<OidcSettings>,
}

impl AccessSettings {
    /// Whether the settings let anybody prove who they are.
    pub(crate) fn locks(&self) -> bool {
        self.key.is_some() || self.proxy.is_some() || self.oidc.is_some()
    }

    /// What somebody may do whom the provider named, by the present settings.
    pub(crate) fn scopes_of(&self, user: &OpenIdUser) -> Option<Scopes> {
        self.oidc.as_ref()?.scopes_of(user)
    }

    /// The proxies before the listener: those of the page, and those that name users.
    pub(crate) fn proxies(&self, page: &Proxies) -> Proxies {
        let named = self.proxy.iter().flat_map(UserHeader::from);
        let mut trusted: Vec<IpNet> = page.trusted.clone();
        trusted.extend(named);
        Proxies {
            trusted,
            says: page.says,
        }
    }
}

/// Every scope.
pub(crate) fn all_scopes() -> Scopes {
    Scope::ALL.into()
}
