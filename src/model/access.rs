//! Who may do what on the operators' listener, and who did it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a token or a login allows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reading everything, including drafts.
    Read,
    /// Changing what visitors see: incidents, maintenance, events, silences.
    Write,
    /// Pushing heartbeats, alerts and samples.
    Push,
    /// Everything, including tokens, subscribers and the settings.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Push, Self::Admin];

    /// The word that settings and commands use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Push => "push",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// The scopes of a token or a login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scopes(pub BTreeSet<Scope>);

impl Scopes {
    /// Whether these allow what needs `scope`: who may write may read, and an
    /// admin may do everything.
    pub fn allow(&self, scope: Scope) -> bool {
        let has = |scope| self.0.contains(&scope);
        has(Scope::Admin)
            || match scope {
                Scope::Read => has(Scope::Read) || has(Scope::Write),
                Scope::Write | Scope::Push | Scope::Admin => has(scope),
            }
    }
}

/// Why a text names no scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scope `{0}`; write some of read, write, push, admin")]
pub struct ScopeError(String);

/// Reads `read,write`.
impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let words = text.split(',').map(str::trim);
        let scopes = words.map(|word| {
            let scope = Scope::from_word(word);
            scope.ok_or_else(|| ScopeError(word.to_owned()))
        });
        scopes.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|scope| scope.word()).collect();
        f.write_str(&words.join(","))
    }
}

impl<const N: usize> From<[Scope; N]> for Scopes {
    fn from(scopes: [Scope; N]) -> Self {
        Self(scopes.into())
    }
}

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// They run commands on the machine itself.
    Command,
    /// They sent a token.
    Token,
    /// The operator's own proxy named them.
    Proxy,
    /// A provider of `OpenID` Connect named them.
    OpenId,
    /// They only reached the listener, while nobody needs a token.
    Open,
}

impl Proof {
    /// Every proof.
    pub const ALL: [Self; 5] = [
        Self::Command,
        Self::Token,
        Self::Proxy,
        Self::OpenId,
        Self::Open,
    ];

    /// The word of the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Token => "token",
            Self::Proxy => "proxy",
            Self::OpenId => "openid",
            Self::Open => "open",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.word() == word)
    }
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name of the person or of the token, in one line.
    pub name: String,
    /// How they showed who they are.
    pub proof: Proof,
}

impl Actor {
    /// Names somebody who showed who they are.
    pub fn new(name: impl Into<String>, proof: Proof) -> Self {
        let name = name.into();
        Self { name, proof }
    }

    /// Whoever reaches the listener while nobody needs a token.
    pub fn anyone() -> Self {
        Self::new("anyone", Proof::Open)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_may_read_and_an_admin_may_do_everything() {
        let allowed = |scopes: Scopes| Scope::ALL.map(|scope| scopes.allow(scope));
        assert_eq!(allowed([Scope::Read].into()), [true, false, false, false]);
        assert_eq!(allowed([Scope::Write].into()), [true, true, false, false]);
        assert_eq!(allowed([Scope::Push].into()), [false, false, true, false]);
        assert_eq!(allowed([Scope::Admin].into()), [true; 4]);
        assert_eq!(allowed(Scopes::default()), [false; 4]);
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let scopes: Scopes = [Scope::Write, Scope::Read].into();
        assert_eq!(scopes.to_string(), "read,write");
        assert_eq!("write, read".parse(), Ok(scopes));
        for bad in ["", "raed", "read,", "read write"] {
            assert!(bad.parse::<Scopes>().is_err(), "{bad}");
        }
        for proof in Proof::ALL {
            assert_eq!(Proof::from_word(proof.word()), Some(proof));
        }
    }
}
