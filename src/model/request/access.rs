//! Who may come in, what is asked of the rooms that keep it, and what was done.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};

use crate::model::access::{Actor, Scopes};
use crate::model::request::samples::push::Push;
use crate::model::time::duration::elapsed;
use crate::model::token_hash::TokenHash;

/// After this a session ends, whatever is done in it.
pub const SESSION_AGE: Duration = Duration::from_hours(12);

/// After so long without a request a session ends.
pub const SESSION_IDLE: Duration = Duration::from_hours(2);

/// The last use of a token or a session is written this often at most.
pub const USE_INTERVAL: Duration = Duration::from_mins(1);

/// Longest name of a token or a person, in characters.
pub const MAX_NAME: usize = 128;

/// A named token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its number, which is never given again.
    pub id: i64,
    /// Its name; no two that are in force have the same.
    pub name: String,
    /// The hash of its secret.
    pub hash: TokenHash,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it was used last, to the minute.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// How a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// It may be used.
    Valid,
    /// It ended by itself.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl TokenState {
    /// The word that commands print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl TokenRecord {
    /// How it stands at a moment.
    pub fn state(&self, now: Timestamp) -> TokenState {
        if self.revoked.is_some() {
            TokenState::Revoked
        } else if self.expires.is_some_and(|end| end <= now) {
            TokenState::Expired
        } else {
            TokenState::Valid
        }
    }
}

/// Whether a name can be that of a token or a person: one line that is not too long
/// and has nothing in it that a reader cannot see.
pub fn is_name(name: &str) -> bool {
    let is_plain = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    !name.is_empty()
        && name.trim() == name
        && name.chars().count() <= MAX_NAME
        && name.chars().all(is_plain)
}

/// A person, as an OpenID Connect provider named them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdUser {
    /// Who vouches for them.
    pub issuer: String,
    /// Their number there, which stays the same.
    pub subject: String,
    /// Their name, in one line.
    pub name: String,
    /// Their address, if the provider verified it.
    pub email: Option<String>,
    /// Their groups there.
    pub groups: Vec<String>,
}

/// By what somebody logged in; the session lasts no longer than that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionOrigin {
    /// By the token with this hash.
    Token(TokenHash),
    /// By an OpenID Connect provider.
    OpenId(OpenIdUser),
}

/// A login, without the secret of its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The hash of the cookie's secret.
    pub hash: TokenHash,
    /// By what they logged in.
    pub origin: SessionOrigin,
    /// When.
    pub created: Timestamp,
    /// When it was used last, to the minute.
    pub seen: Timestamp,
}

impl SessionRecord {
    /// Whether it still lasts.
    pub fn lasts(&self, now: Timestamp) -> bool {
        elapsed(self.created, now) < SESSION_AGE && elapsed(self.seen, now) < SESSION_IDLE
    }
}

/// What shows who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A token, whether or not it is still in force.
    Token(TokenRecord),
    /// A login.
    Session(SessionRecord),
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who.
    pub actor: Actor,
    /// What, as a verb and a noun: `add silence`.
    pub act: String,
    /// To what: a name or a number.
    pub target: String,
    /// What else is worth knowing, in one line.
    pub detail: String,
}

impl AuditEntry {
    /// Somebody did something to a target.
    pub fn new(actor: &Actor, act: &str, target: impl Into<String>) -> Self {
        Self {
            actor: actor.clone(),
            act: act.to_owned(),
            target: target.into(),
            detail: String::new(),
        }
    }

    /// The same with more to know.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { detail, ..self }
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; later ones are larger.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub entry: AuditEntry,
}

/// What is asked of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessRequest {
    /// The token of this number was used.
    Used(i64),
    /// The session with this hash was used.
    Seen(TokenHash),
    /// Keep a session.
    Begin(SessionRecord),
    /// End the session with this hash.
    End(TokenHash),
    /// Write down what was done.
    Note(AuditEntry),
    /// Read so many entries of the audit log, the newest first, older than this one.
    Audit(Option<i64>, u32),
}

/// What the tables answer: the entries that were asked for.
pub type AccessAnswer = Vec<AuditRecord>;

/// A request on its way to the tables.
pub type PendingAccess = Push<AccessRequest, AccessAnswer>;

/// Where requests go in, and who may come in at present.
#[derive(Clone, Debug)]
pub struct AccessDoor {
    /// Where requests go.
    pub requests: SyncSender<PendingAccess>,
    /// Every token and every session.
    pub credentials: watch::Receiver<Arc<Vec<Credential>>>,
}

impl AccessDoor {
    /// Asks for something that nobody waits for; false if there is no room.
    pub fn send(&self, what: AccessRequest) -> bool {
        let (answer, _) = oneshot::channel();
        self.requests.try_send(Push { what, answer }).is_ok()
    }

    /// Asks for something and waits until it is done; `None` if it was not.
    pub async fn ask(&self, what: AccessRequest) -> Option<AccessAnswer> {
        let (answer, wait) = oneshot::channel();
        self.requests.try_send(Push { what, answer }).ok()?;
        wait.await.ok()?.ok()
    }

    /// Writes down that somebody did something. What was done stays done: a full
    /// disk is logged where it is found.
    pub async fn note(&self, entry: AuditEntry) {
        if self.ask(AccessRequest::Note(entry.clone())).await.is_none() {
            let AuditEntry {
                actor, act, target, ..
            } = entry;
            tracing::error!(
                actor = %actor.name, act, act.target = target,
                "cannot write to the audit log",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_mins(minutes)
    }

    #[test]
    fn a_token_ends_when_it_is_revoked_and_when_it_expires() {
        let token = TokenRecord {
            id: 1,
            name: "ci".to_owned(),
            hash: TokenHash::of("x"),
            scopes: Scopes::default(),
            created: at(0),
            expires: Some(at(10)),
            used: None,
            revoked: None,
        };
        assert_eq!(token.state(at(9)), TokenState::Valid);
        assert_eq!(token.state(at(10)), TokenState::Expired);
        let revoked = Some(at(3));
        let token = TokenRecord { revoked, ..token };
        assert_eq!(token.state(at(4)), TokenState::Revoked);
    }

    #[test]
    fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
        let session = |created, seen| SessionRecord {
            hash: TokenHash::of("x"),
            origin: SessionOrigin::Token(TokenHash::of("y")),
            created: at(created),
            seen: at(seen),
        };
        assert!(session(0, 0).lasts(at(119)) && !session(0, 0).lasts(at(120)));
        assert!(session(0, 719).lasts(at(719)) && !session(0, 719).lasts(at(720)));
        // A clock that steps back ends nothing.
        assert!(session(50, 60).lasts(at(0)));
    }

    #[test]
    fn a_name_is_one_line_that_shows_all_it_has() {
        for name in ["ci", "Ann Müller", "ann@example.org", &"x".repeat(MAX_NAME)] {
            assert!(is_name(name), "{name}");
        }
        let long = "x".repeat(MAX_NAME + 1);
        for name in [
            "",
            " ci",
            "ci ",
            "a\nb",
            "a\u{202e}b",
            "a\u{200b}b",
            "\u{1b}[2J",
            &long,
        ] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
