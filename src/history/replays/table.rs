//! The table of keys, and the thread that owns it.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use crate::model::request::replay::{
    ReplayErrand, ReplayKey, ReplayState, ReplaysDoor, StoredAnswer,
};
use crate::model::request::samples::push::PushRefusal;
use crate::store::file::Store;
use crate::store::follower::{FollowedTable, Follower};

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Keys that are kept at most; the oldest go first.
const MOST: i64 = 5_000;

/// Keeps keys and answers.
pub type ReplayFollower = Follower<Replays>;

/// The only writer of the table `replay` (law 4).
#[derive(Debug)]
pub struct Replays {
    store: Store,
}

impl Replays {
    /// Takes the database.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    fn begin(
        &mut self,
        key: &ReplayKey,
        print: &str,
        now: Timestamp,
    ) -> rusqlite::Result<ReplayState> {
        let store = self.store.transaction()?;
        let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        store.execute(
            "DELETE FROM replay WHERE at_ms < ?1 OR at_ms < (SELECT at_ms FROM replay \
            ORDER BY at_ms DESC LIMIT 1 OFFSET ?2)",
            [before.as_millisecond(), MOST - 1],
        )?;
        let found = store.query_row(
            "SELECT print, status, headers, body FROM replay WHERE actor = ?1 AND key = ?2",
            [&owner(key), &key.key],
            |row| Ok((row.get::<_, String>(0)?, answer(row)?)),
        );
        let state = match found.optional()? {
            Some((used, _)) if used != print => ReplayState::Other,
            Some((_, Some(answer))) => ReplayState::Answered(answer),
            Some((_, None)) => ReplayState::Unfinished,
            None => {
                store.execute(
                    "INSERT INTO replay (actor, key, print, at_ms) VALUES (?1, ?2, ?3, ?4)",
                    params![owner(key), key.key, print, now.as_millisecond()],
                )?;
                ReplayState::New
            }
        };
        store.commit()?;
        Ok(state)
    }

    fn finish(&mut self, key: &ReplayKey, answer: &StoredAnswer) -> rusqlite::Result<()> {
        let headers = serde_json::to_string(&answer.headers).unwrap_or_default();
        self.store.execute(
            "UPDATE replay SET status = ?3, headers = ?4, body = ?5 WHERE actor = ?1 AND key = ?2",
            params![owner(key), key.key, answer.status, headers, answer.body],
        )?;
        Ok(())
    }

    fn forget(&mut self, key: &ReplayKey) -> rusqlite::Result<()> {
        self.store.execute(
            "DELETE FROM replay WHERE actor = ?1 AND key = ?2",
            [&owner(key), &key.key],
        )?;
        Ok(())
    }
}

/// Whose key it is: two who show in other ways who they are may have one name.
fn owner(key: &ReplayKey) -> String {
    format!("{}:{}", key.actor.proof.word(), key.actor.name)
}

/// The answer in a row; `None` if there is none yet.
fn answer(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<StoredAnswer>> {
    let Some(status) = row.get(1)? else {
        return Ok(None);
    };
    let headers: String = row.get(2)?;
    Ok(Some(StoredAnswer {
        status,
        headers: serde_json::from_str(&headers).unwrap_or_default(),
        body: row.get(3)?,
    }))
}

impl FollowedTable for Replays {
    const ROWS: &'static str = "keys of requests";
    type Request = ReplayErrand;
    type Answer = ReplayState;
    /// Nobody reads them but who asks.
    type Row = ();

    fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    fn execute(
        &mut self,
        request: ReplayErrand,
        now: Timestamp,
    ) -> Result<ReplayState, PushRefusal> {
        let done = match &request {
            ReplayErrand::Begin(key, print) => self.begin(key, print, now),
            ReplayErrand::Finish(key, answer) => {
                self.finish(key, answer).map(|()| ReplayState::Noted)
            }
            ReplayErrand::Forget(key) => self.forget(key).map(|()| ReplayState::Noted),
        };
        done.map_err(|error| {
            tracing::error!(%error, "cannot write the key of a request");
            PushRefusal::Unwritten
        })
    }

    fn read(&self, _now: Timestamp) -> rusqlite::Result<Vec<()>> {
        Ok(Vec::new())
    }
}

impl ReplayFollower {
    /// Opens the door to the table.
    pub fn open(store: Store, clock: fn() -> Timestamp) -> rusqlite::Result<(Self, ReplaysDoor)> {
        let (follower, (errands, _)) = Self::new(Replays::new(store), clock)?;
        Ok((follower, ReplaysDoor { errands }))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::access::{Actor, Proof};

    use super::*;

    fn key(name: &str) -> ReplayKey {
        ReplayKey {
            actor: Actor::new(name, Proof::Token),
            key: "k".into(),
        }
    }

    #[test]
    fn a_key_is_used_once_a_day_by_each_who_sends_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = Replays::new(crate::store::open(folder.path()).unwrap());
        let now = Timestamp::from_second(1_000_000).unwrap();
        let mut ask = |errand, now| table.execute(errand, now).unwrap();
        let begin = |actor, print: &str| ReplayErrand::Begin(key(actor), print.to_owned());
        assert_eq!(ask(begin("ann", "1"), now), ReplayState::New);
        assert_eq!(ask(begin("ann", "1"), now), ReplayState::Unfinished);
        assert_eq!(ask(begin("ann", "2"), now), ReplayState::Other);
        assert_eq!(ask(begin("ben", "2"), now), ReplayState::New);
        let answer = StoredAnswer {
            status: 201,
            headers: vec![("etag".into(), "\"a\"".into())],
            body: b"{}".to_vec(),
        };
        ask(ReplayErrand::Finish(key("ann"), answer.clone()), now);
        let answered = ReplayState::Answered(answer);
        assert_eq!(ask(begin("ann", "1"), now), answered);
        assert_eq!(ask(begin("ann", "2"), now), ReplayState::Other);
        let proxied = ReplayKey {
            actor: Actor::new("ann", Proof::Proxy),
            ..key("ann")
        };
        let begin_proxied = ReplayErrand::Begin(proxied, "1".to_owned());
        assert_eq!(ask(begin_proxied, now), ReplayState::New);
        ask(ReplayErrand::Forget(key("ben")), now);
        assert_eq!(ask(begin("ben", "3"), now), ReplayState::New);
        let soon = now + SignedDuration::from_hours(24);
        assert_eq!(ask(begin("ann", "1"), soon), answered);
        let later = soon + SignedDuration::from_secs(1);
        assert_eq!(ask(begin("ann", "1"), later), ReplayState::New);
    }
}
