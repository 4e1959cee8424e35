//! The table `[ops.oidc]`: who names people, whom of them we let in, and for what.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::Uri;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::model::access::Scopes;
use crate::model::request::access::OpenIdUser;
use crate::model::text::shape::SecretText;
use crate::web::ops::access::ops_fault::OpsFault;

/// The table, as it is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcSettings {
    /// The URL of the provider, exactly as it writes it itself.
    pub(crate) issuer: String,
    /// The client id of critwatch.
    pub(crate) client_id: String,
    /// The client secret of critwatch, if any.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) client_secret: Option<SecretString>,
    /// The URL by which people reach this listener.
    pub(crate) url: String,
    /// The scopes to request from the provider.
    #[serde(default = "usual_request")]
    pub(crate) request: Vec<String>,
    /// E-mail addresses, or `@` and a domain.
    #[serde(default)]
    allow: Vec<String>,
    /// The scopes of these users.
    #[serde(default)]
    scopes: Scopes,
    /// The scopes of members of groups.
    #[serde(default)]
    groups: BTreeMap<String, Scopes>,
}

fn usual_request() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).into()
}

impl OidcSettings {
    /// What is wrong.
    pub(crate) fn faults(&self) -> Vec<OpsFault> {
        let mut faults: Vec<OpsFault> = Vec::new();
        let mut fault = |key: &str, words: &str| faults.push((key.to_owned(), words.to_owned()));
        if !is_private(&self.issuer) {
            fault(
                "issuer",
                "write the provider's address, with `https`: `https://id.example.org`",
            );
        }
        let is_root = self.url.parse::<Uri>().is_ok_and(|url| url.path() == "/");
        if !is_private(&self.url) || !is_root {
            fault(
                "url",
                "write the address by which people reach this listener, with `https` and without \
                a path: `https://ops.example.org`",
            );
        }
        if self.client_id.is_empty() {
            fault(
                "client_id",
                "write the name that the provider gave to critwatch",
            );
        }
        if !self.request.iter().any(|scope| scope == "openid") {
            fault("request", "without `openid` the provider names no user");
        }
        for (at, entry) in self.allow.iter().enumerate() {
            let is_whole = entry.split_once('@').is_some_and(|(_, domain)| {
                domain.contains('.')
                    && !domain.contains('@')
                    && !entry.contains(char::is_whitespace)
            });
            if !is_whole {
                fault(
                    &format!("allow.{at}"),
                    "write an address, `ann@example.org`, or a whole domain, `@example.org`",
                );
            }
        }
        if self.allow.is_empty() && self.groups.is_empty() {
            fault(
                "allow",
                "nobody can log in; write `allow = [\"ann@example.org\"]`, or `groups`",
            );
        }
        if !self.allow.is_empty() && self.scopes.0.is_empty() {
            fault(
                "scopes",
                "those in `allow` may do nothing; write `scopes = [\"read\", \"write\"]`",
            );
        }
        if self.groups.values().any(|scopes| scopes.0.is_empty()) {
            fault(
                "groups",
                "a group may do nothing; write its scopes: `sre = [\"admin\"]`",
            );
        }
        faults
    }

    /// The name of this listener in its address.
    pub(crate) fn host(&self) -> Option<String> {
        let url: Uri = self.url.parse().ok()?;
        url.host().map(str::to_owned)
    }

    /// Where the provider sends people back to.
    pub(crate) fn redirect(&self) -> String {
        format!("{}/login/callback", self.url.trim_end_matches('/'))
    }

    /// What a person may do; `None` if we do not let them in.
    pub(crate) fn scopes_of(&self, user: &OpenIdUser) -> Option<Scopes> {
        if user.issuer != self.issuer {
            return None;
        }
        let mut scopes = Scopes::default();
        if user.email.as_ref().is_some_and(|email| self.allows(email)) {
            scopes.0.extend(&self.scopes.0);
        }
        for group in user
            .groups
            .iter()
            .filter_map(|group| self.groups.get(group))
        {
            scopes.0.extend(&group.0);
        }
        (!scopes.0.is_empty()).then_some(scopes)
    }

    /// Whether an address, which the provider verified, is one of those we let in.
    fn allows(&self, email: &str) -> bool {
        let domain = email.rfind('@').map(|at| &email[at..]);
        self.allow.iter().any(|entry| {
            let whole = if entry.starts_with('@') {
                domain
            } else {
                Some(email)
            };
            whole.is_some_and(|whole| whole.eq_ignore_ascii_case(entry))
        })
    }
}

/// Whether nobody between us and an address can listen: `https`, or this machine.
pub(crate) fn is_private(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_own = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) || host == "localhost";
    let is_plain = uri.query().is_none() && !address.contains(['#', '@']);
    let scheme = uri.scheme_str();
    is_plain && !host.is_empty() && (scheme == Some("https") || scheme == Some("http") && is_own)
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::model::access::Scope;

    use super::*;

    pub(crate) fn settings(text: &str) -> OidcSettings {
        let base =
            "issuer = 'https://id.example'\nclient_id = 'cw'\nurl = 'https://ops.example.org'\n";
        toml::from_str(&format!("{base}{text}")).unwrap()
    }

    fn user(email: Option<&str>, groups: &[&str]) -> OpenIdUser {
        OpenIdUser {
            issuer: "https://id.example".to_owned(),
            subject: "7".to_owned(),
            name: "Ann".to_owned(),
            email: email.map(str::to_owned),
            groups: groups.iter().map(|&group| group.to_owned()).collect(),
        }
    }

    #[test]
    fn only_who_is_listed_is_let_in_and_only_by_what_was_verified() {
        let settings = settings(
            "allow = ['ann@example.org', '@team.example']\nscopes = ['read']\n\
            groups = { sre = ['admin'] }",
        );
        assert!(settings.faults().is_empty());
        let scopes = |user: &OpenIdUser| settings.scopes_of(user);
        let read = Some(Scopes::from([Scope::Read]));
        assert_eq!(scopes(&user(Some("Ann@Example.org"), &[])), read);
        assert_eq!(scopes(&user(Some("x@team.example"), &["other"])), read);
        assert_eq!(scopes(&user(None, &["sre"])), Some([Scope::Admin].into()));
        let both = Some([Scope::Read, Scope::Admin].into());
        assert_eq!(scopes(&user(Some("ann@example.org"), &["sre"])), both);
        for email in [
            "ben@example.org",
            "x@evil.team.example",
            "x@team.example@evil",
            "@",
            "",
        ] {
            assert_eq!(scopes(&user(Some(email), &["SRE"])), None, "{email}");
        }
        let elsewhere = OpenIdUser {
            issuer: "https://evil.example".to_owned(),
            ..user(Some("ann@example.org"), &["sre"])
        };
        assert_eq!(scopes(&elsewhere), None);
    }

    #[test]
    fn settings_that_let_nobody_in_or_anybody_listen_are_faults() {
        let good = "allow = ['@example.org']\nscopes = ['read']\n";
        let keys = |settings: &OidcSettings| -> Vec<_> {
            settings.faults().into_iter().map(|(key, _)| key).collect()
        };
        assert_eq!(keys(&settings("")), ["allow"]);
        assert_eq!(keys(&settings("allow = ['@example.org']")), ["scopes"]);
        assert_eq!(keys(&settings("groups = { sre = [] }")), ["groups"]);
        for entry in ["ann", "@", "a@b", "a b@example.org", "a@b@example.org"] {
            let allow = format!("allow = ['{entry}']\nscopes = ['read']");
            assert_eq!(keys(&settings(&allow)), ["allow.0"], "{entry}");
        }
        let request = format!("{good}request = ['email']");
        assert_eq!(keys(&settings(&request)), ["request"]);
        for (issuer, url, expected) in [
            ("http://127.0.0.1:1/realm", "http://localhost:9180", &[][..]),
            ("http://[::1]:1", "https://ops.example.org/", &[]),
            ("http://id.example", "https://a.b", &["issuer"]),
            ("https://id.example?x=1", "https://a.b", &["issuer"]),
            (
                "https://u@id.example",
                "https://a.b/path",
                &["issuer", "url"],
            ),
            ("id.example", "http://a.b", &["issuer", "url"]),
        ] {
            let settings = OidcSettings {
                issuer: issuer.to_owned(),
                url: url.to_owned(),
                ..settings(good)
            };
            assert_eq!(keys(&settings), expected, "{issuer} {url}");
        }
        let base = settings(good);
        assert_eq!(base.host().unwrap(), "ops.example.org");
        assert_eq!(base.redirect(), "https://ops.example.org/login/callback");
    }
}
