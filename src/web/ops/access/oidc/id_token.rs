//! What a token of the provider says of a person, and whether it is meant for us.

use jiff::Timestamp;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use crate::model::request::access::{OpenIdUser, is_name};

/// Clocks may differ by so much, in seconds.
const LEEWAY: f64 = 60.0;

/// Groups of a person that are looked at.
const MAX_GROUPS: usize = 500;

/// The claims that we look at (OpenID Connect Core 1.0, 2).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct IdClaims {
    iss: String,
    sub: String,
    aud: OneOrMany,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Verified>,
    preferred_username: Option<String>,
    groups: Option<OneOrMany>,
}

/// One text, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(all) => all,
        }
    }
}

/// Some providers write a text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Verified {
    Flag(bool),
    Word(String),
}

impl Verified {
    fn is_true(&self) -> bool {
        match self {
            Self::Flag(flag) => *flag,
            Self::Word(word) => word == "true",
        }
    }
}

/// Why a token is not believed although the provider signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClaimsError {
    /// Another provider made it.
    #[error("the token is from another issuer")]
    Issuer,
    /// It is meant for somebody else.
    #[error("the token is meant for another client")]
    Audience,
    /// It is too old, or not valid yet.
    #[error("the token has expired, or is not valid yet; compare the clocks")]
    Time,
    /// It belongs to another login.
    #[error("the token belongs to another login")]
    Nonce,
    /// It names nobody.
    #[error("the token names no user")]
    Name,
}

impl IdClaims {
    /// The person, if the token is from the issuer, for us, for this login, and still
    /// holds.
    pub(crate) fn user(
        self,
        issuer: &str,
        client: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<OpenIdUser, ClaimsError> {
        let now = now.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64();
        if self.iss != issuer {
            return Err(ClaimsError::Issuer);
        }
        let audience = self.aud.all();
        let is_for_us = audience.iter().any(|one| one == client)
            && (audience.len() == 1 || self.azp.is_some())
            && self.azp.as_ref().is_none_or(|party| party == client);
        if !is_for_us {
            return Err(ClaimsError::Audience);
        }
        // Written so that what is no number holds never.
        let holds = self.exp + LEEWAY > now
            && self.iat - LEEWAY <= now
            && self.nbf.is_none_or(|from| from - LEEWAY <= now);
        if !holds {
            return Err(ClaimsError::Time);
        }
        let sent = self.nonce.as_deref().unwrap_or_default();
        if !bool::from(sent.as_bytes().ct_eq(nonce.as_bytes())) {
            return Err(ClaimsError::Nonce);
        }
        let is_verified = self.email_verified.as_ref().is_some_and(Verified::is_true);
        let email = self.email.filter(|email| is_verified && is_name(email));
        // People may choose it, and choose another's: what they cannot choose stands behind.
        let chosen = self.preferred_username;
        let chosen = chosen.map(|name| format!("{name} ({})", self.sub));
        let named = [email.clone(), chosen, Some(self.sub.clone())];
        let name = named.into_iter().flatten().find(|name| is_name(name));
        let groups = self.groups.as_ref().map_or(&[][..], OneOrMany::all);
        Ok(OpenIdUser {
            issuer: self.iss,
            name: name
                .filter(|_| !self.sub.is_empty())
                .ok_or(ClaimsError::Name)?,
            subject: self.sub,
            email,
            groups: groups.iter().take(MAX_GROUPS).cloned().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(change: &Value) -> Result<OpenIdUser, ClaimsError> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "7", "aud": "cw", "exp": 1_300, "iat": 1_000,
            "nonce": "n", "email": "ann@example.org", "email_verified": true,
            "preferred_username": "ann", "groups": ["sre"],
        });
        for (key, value) in change.as_object().unwrap() {
            claims[key] = value.clone();
        }
        let claims: IdClaims = serde_json::from_value(claims).unwrap();
        let now = Timestamp::from_second(1_100).unwrap();
        claims.user("https://id.example", "cw", "n", now)
    }

    #[test]
    fn a_person_is_named_by_what_was_verified() {
        let ann = read(&json!({})).unwrap();
        assert_eq!((&*ann.name, &*ann.subject), ("ann@example.org", "7"));
        assert_eq!(
            (ann.email.as_deref(), ann.groups.len()),
            (Some("ann@example.org"), 1)
        );
        for (change, name, has_email) in [
            (
                json!({ "email_verified": "true", "groups": "sre" }),
                "ann@example.org",
                true,
            ),
            (json!({ "email_verified": false }), "ann (7)", false),
            (json!({ "email_verified": null }), "ann (7)", false),
            (json!({ "email_verified": "false" }), "ann (7)", false),
            (
                json!({ "email": "a\nb@example.org", "groups": null }),
                "ann (7)",
                false,
            ),
            (
                json!({ "email": null, "preferred_username": "\u{202e}" }),
                "7",
                false,
            ),
        ] {
            let user = read(&change).unwrap();
            assert_eq!(
                (&*user.name, user.email.is_some()),
                (name, has_email),
                "{change}"
            );
        }
    }

    #[test]
    fn what_is_not_for_this_login_is_refused() {
        for (change, expected) in [
            (json!({ "iss": "https://id.example/" }), ClaimsError::Issuer),
            (json!({ "aud": "other" }), ClaimsError::Audience),
            (json!({ "aud": ["cw", "other"] }), ClaimsError::Audience),
            (json!({ "aud": [] }), ClaimsError::Audience),
            (json!({ "azp": "other" }), ClaimsError::Audience),
            (json!({ "exp": 1_040 }), ClaimsError::Time),
            (json!({ "iat": 1_161 }), ClaimsError::Time),
            (json!({ "nbf": 1_161 }), ClaimsError::Time),
            (json!({ "nonce": "m" }), ClaimsError::Nonce),
            (json!({ "nonce": null }), ClaimsError::Nonce),
            (json!({ "sub": "" }), ClaimsError::Name),
        ] {
            assert_eq!(read(&change), Err(expected), "{change}");
        }
        let shared = json!({ "aud": ["cw", "other"], "azp": "cw", "exp": 1_041.5, "iat": 1_160 });
        assert!(read(&shared).is_ok());
    }
}
