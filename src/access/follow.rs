//! Follows tokens and sessions, and writes the audit log: commands change them while
//! we run.

use jiff::Timestamp;

use crate::access::{audit, sessions, tokens};
use crate::model::request::access::{
    AccessAnswer, AccessDoor, AccessRequest, AuditEntry, Credential,
};
use crate::model::request::samples::push::PushRefusal;
use crate::store::file::Store;
use crate::store::follower::{FollowedTable, Follower};

/// Entries of the audit log that are read at once.
const MAX_PAGE: u32 = 500;

/// The tables `token`, `session` and `audit` (law 4).
#[derive(Debug)]
pub struct AccessTables {
    store: Store,
}

/// Changes them, and reads all tokens and sessions.
pub type AccessFollower = Follower<AccessTables>;

impl AccessTables {
    fn carry_out(&self, request: AccessRequest, now: Timestamp) -> rusqlite::Result<AccessAnswer> {
        let done = match request {
            AccessRequest::Used(id) => tokens::used(&self.store, id, now),
            AccessRequest::Seen(hash) => sessions::seen(&self.store, &hash, now),
            AccessRequest::Begin(session) => sessions::begin(&self.store, &session, now),
            AccessRequest::End(hash) => sessions::end(&self.store, &hash),
            AccessRequest::Note(entry) => {
                log(&entry);
                audit::add(&self.store, &entry, now)
            }
            AccessRequest::Audit(before, limit) => {
                return audit::page(&self.store, before, limit.min(MAX_PAGE));
            }
        };
        done.map(|()| AccessAnswer::new())
    }
}

/// Tells the log what was done, also if the disk is full.
fn log(entry: &AuditEntry) {
    tracing::info!(
        actor = audit::line(&entry.actor.name),
        proof = entry.actor.proof.word(),
        act = audit::line(&entry.act),
        act.target = audit::line(&entry.target),
        detail = audit::line(&entry.detail),
        "audit",
    );
}

impl FollowedTable for AccessTables {
    const ROWS: &'static str = "tokens and sessions";
    type Request = AccessRequest;
    type Answer = AccessAnswer;
    type Row = Credential;

    fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    fn execute(
        &mut self,
        request: AccessRequest,
        now: Timestamp,
    ) -> Result<AccessAnswer, PushRefusal> {
        self.carry_out(request, now).map_err(|error| {
            tracing::error!(%error, "cannot write tokens, sessions or the audit log");
            PushRefusal::Unwritten
        })
    }

    fn read(&self, _now: Timestamp) -> rusqlite::Result<Vec<Credential>> {
        let tokens = tokens::list(&self.store)?;
        let sessions = sessions::list(&self.store)?;
        let tokens = tokens.into_iter().map(Credential::Token);
        Ok(tokens
            .chain(sessions.into_iter().map(Credential::Session))
            .collect())
    }

    /// A token that was handed out outlives the file, and so does its end.
    fn restore(&self, rows: &[Credential]) -> rusqlite::Result<()> {
        rows.iter().try_for_each(|row| match row {
            Credential::Token(token) => tokens::write_again(&self.store, token),
            Credential::Session(session) => sessions::write(&self.store, session),
        })
    }
}

impl AccessFollower {
    /// Reads tokens and sessions, and opens the door for changes.
    pub fn open(store: Store, clock: fn() -> Timestamp) -> rusqlite::Result<(Self, AccessDoor)> {
        let (follower, (requests, credentials)) = Self::new(AccessTables { store }, clock)?;
        Ok((
            follower,
            AccessDoor {
                requests,
                credentials,
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::access::tokens::NewToken;
    use crate::model::access::{Actor, Proof, Scope};
    use crate::model::request::access::{SessionOrigin, SessionRecord};
    use crate::model::token_hash::TokenHash;

    use super::*;

    fn clock() -> Timestamp {
        Timestamp::from_second(1_000_000).unwrap()
    }

    fn token(name: &str) -> NewToken {
        NewToken {
            name: name.to_owned(),
            hash: TokenHash::of(name),
            scopes: [Scope::Read].into(),
            lasts: None,
        }
    }

    #[test]
    fn tokens_of_commands_are_followed_and_outlive_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let open = || crate::store::open(path).unwrap();
        let (mut follower, door) = AccessFollower::open(open(), clock).unwrap();
        let names = || {
            let all = door.credentials.borrow();
            let names = all.iter().map(|one| match one {
                Credential::Token(token) => {
                    format!("{} {}", token.name, token.state(clock()).word())
                }
                Credential::Session(_) => "session".to_owned(),
            });
            names.collect::<Vec<_>>()
        };
        let other = open();
        tokens::add(&other, token("a"), clock()).unwrap();
        tokens::add(&other, token("b"), clock()).unwrap();
        tokens::revoke(&other, "a", clock()).unwrap();
        follower.step(Duration::ZERO);
        assert_eq!(names(), ["a revoked", "b valid"]);
        let session = SessionRecord {
            hash: TokenHash::of("s"),
            origin: SessionOrigin::Token(TokenHash::of("b")),
            created: clock(),
            seen: clock(),
        };
        assert!(door.send(AccessRequest::Begin(session)));
        follower.step(Duration::ZERO);
        let all = ["a revoked", "b valid", "session"];
        assert_eq!(names(), all);
        drop(other);
        std::fs::remove_file(path.join(crate::store::file::FILE)).unwrap();
        follower.step(Duration::ZERO);
        assert_eq!(names(), all);
        assert_eq!(tokens::list(&open()).unwrap().len(), 2);
    }

    #[test]
    fn what_was_done_is_written_and_read_by_whoever_asks() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let (follower, door) = AccessFollower::open(store, clock).unwrap();
        let thread = std::thread::spawn(move || follower.run());
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().unwrap();
        let entry = AuditEntry::new(&Actor::new("Ann", Proof::Token), "reload", "settings");
        runtime.block_on(door.note(entry.clone()));
        let page = runtime.block_on(door.ask(AccessRequest::Audit(None, u32::MAX)));
        let page = page.unwrap();
        assert_eq!(page.len(), 1);
        assert_eq!((page[0].at, &page[0].entry), (clock(), &entry));
        drop(door);
        thread.join().unwrap();
    }
}
