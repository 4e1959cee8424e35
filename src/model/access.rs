//! Who may do what on the operators' listener, and who did it.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a token or a login allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To look at everything, drafts included.
    Read,
    /// To change what visitors see: incidents, maintenance, events, silences.
    Write,
    /// To push heartbeats, alerts and samples.
    Push,
    /// To do everything: also tokens, subscribers and the settings.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// An `OpenID Connect` provider named them.
    OpenId,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name of the person or of the token, in one line.
    pub name: String,
    /// How they showed who they are.
    pub proof: Proof,
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
}
