//! The table of sessions: who is logged in, by the hash of the cookie.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::model::request::access::{
    OpenIdUser, SESSION_AGE, SESSION_IDLE, SessionOrigin, SessionRecord, USE_INTERVAL,
};
use crate::model::token_hash::TokenHash;

/// Sessions at once; the one that was used longest ago makes room.
const MAX_SESSIONS: i64 = 500;

/// The column `origin`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredOrigin {
    Token(Vec<u8>),
    OpenId(OpenIdUser),
}

/// Keeps a session, and forgets those that have ended.
pub(crate) fn begin(
    store: &Connection,
    session: &SessionRecord,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let before = |age| {
        now.checked_sub(age)
            .unwrap_or(Timestamp::MIN)
            .as_millisecond()
    };
    store.execute(
        "DELETE FROM session WHERE created_ms <= ?1 OR seen_ms <= ?2",
        [before(SESSION_AGE), before(SESSION_IDLE)],
    )?;
    write(store, session)?;
    store.execute(
        "DELETE FROM session WHERE hash IN (SELECT hash FROM session \
        ORDER BY seen_ms DESC, created_ms DESC LIMIT -1 OFFSET ?1)",
        [MAX_SESSIONS],
    )?;
    Ok(())
}

/// Writes a session down.
pub(crate) fn write(store: &Connection, session: &SessionRecord) -> rusqlite::Result<()> {
    let origin = match &session.origin {
        SessionOrigin::Token(hash) => StoredOrigin::Token(hash.bytes().to_vec()),
        SessionOrigin::OpenId(user) => StoredOrigin::OpenId(user.clone()),
    };
    let origin = serde_json::to_string(&origin)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    store.execute(
        "INSERT OR IGNORE INTO session VALUES (?1, ?2, ?3, ?4)",
        params![
            session.hash.bytes(),
            origin,
            session.created.as_millisecond(),
            session.seen.as_millisecond(),
        ],
    )?;
    Ok(())
}

/// Notes that a session was used.
pub(crate) fn seen(store: &Connection, hash: &TokenHash, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.checked_sub(USE_INTERVAL).unwrap_or(Timestamp::MIN);
    store.execute(
        "UPDATE session SET seen_ms = ?2 WHERE hash = ?1 AND seen_ms <= ?3",
        params![hash.bytes(), now.as_millisecond(), before.as_millisecond()],
    )?;
    Ok(())
}

/// Ends a session.
pub(crate) fn end(store: &Connection, hash: &TokenHash) -> rusqlite::Result<()> {
    store.execute("DELETE FROM session WHERE hash = ?1", [hash.bytes()])?;
    Ok(())
}

/// All of them.
pub(crate) fn list(store: &Connection) -> rusqlite::Result<Vec<SessionRecord>> {
    let mut rows = store.prepare("SELECT hash, origin, created_ms, seen_ms FROM session")?;
    let found: Vec<_> = rows.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Reads a row; `None` for what cannot have been written by us.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<SessionRecord>> {
    let (hash, origin): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
    let (created, seen) = (row.get(2)?, row.get(3)?);
    let origin = match serde_json::from_str(&origin) {
        Ok(StoredOrigin::Token(hash)) => TokenHash::from_bytes(&hash).map(SessionOrigin::Token),
        Ok(StoredOrigin::OpenId(user)) => Some(SessionOrigin::OpenId(user)),
        Err(_) => None,
    };
    let found = (
        TokenHash::from_bytes(&hash),
        origin,
        Timestamp::from_millisecond(created),
        Timestamp::from_millisecond(seen),
    );
    let (Some(hash), Some(origin), Ok(created), Ok(seen)) = found else {
        return Ok(None);
    };
    Ok(Some(SessionRecord {
        hash,
        origin,
        created,
        seen,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session(secret: &str, second: i64) -> SessionRecord {
        SessionRecord {
            hash: TokenHash::of(secret),
            origin: SessionOrigin::Token(TokenHash::of("t")),
            created: at(second),
            seen: at(second),
        }
    }

    #[test]
    fn a_session_is_kept_seen_ended_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        let user = OpenIdUser {
            issuer: "https://id.example".to_owned(),
            subject: "7".to_owned(),
            name: "Ann".to_owned(),
            email: Some("ann@example.org".to_owned()),
            groups: vec!["ops".to_owned()],
        };
        let one = session("a", 1_000);
        let other = SessionRecord {
            origin: SessionOrigin::OpenId(user),
            ..session("b", 1_010)
        };
        begin(&store, &one, at(1_000)).unwrap();
        begin(&store, &other, at(1_010)).unwrap();
        let all = list(&store).unwrap();
        assert!(all.len() == 2 && all.contains(&one) && all.contains(&other));
        seen(&store, &one.hash, at(1_059)).unwrap();
        assert!(list(&store).unwrap().contains(&one));
        seen(&store, &one.hash, at(1_060)).unwrap();
        let later = SessionRecord {
            seen: at(1_060),
            ..one.clone()
        };
        assert!(list(&store).unwrap().contains(&later));
        end(&store, &one.hash).unwrap();
        assert_eq!(list(&store).unwrap(), [other]);
        // Who is idle for two hours is forgotten at the next login.
        let next = session("c", 1_010 + 7_200);
        begin(&store, &next, next.created).unwrap();
        assert_eq!(list(&store).unwrap(), [next]);
    }

    #[test]
    fn the_one_that_was_used_longest_ago_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        for number in 0..=MAX_SESSIONS {
            let session = session(&number.to_string(), 1_000 + number);
            begin(&store, &session, session.created).unwrap();
        }
        let all = list(&store).unwrap();
        assert_eq!(i64::try_from(all.len()), Ok(MAX_SESSIONS));
        assert!(!all.iter().any(|one| one.hash == TokenHash::of("0")));
    }
}
