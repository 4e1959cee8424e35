//! The table of named tokens.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::access::audit::KEPT;
use crate::model::access::Scopes;
use crate::model::request::access::{TokenRecord, USE_INTERVAL};
use crate::model::token_hash::TokenHash;

/// What the secret of each token begins with.
pub const PREFIX: &str = "cw_";

/// Tokens that may be in force at once; each request looks at all of them.
pub const MAX_TOKENS: u32 = 500;

/// What a token is to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name.
    pub name: String,
    /// The hash of its secret.
    pub hash: TokenHash,
    /// What it allows.
    pub scopes: Scopes,
    /// How long it lasts, if not until it is revoked.
    pub lasts: Option<Duration>,
}

/// Why a token was not kept.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// Another one has the name.
    #[error("there is a token `{0}` already; revoke it first, or take another name")]
    Taken(String),
    /// There are too many.
    #[error("{MAX_TOKENS} tokens are in force; revoke one first")]
    Crowded,
    /// It would end after the end of time.
    #[error("this is longer than any clock goes; leave `--expires` out")]
    Endless,
    /// The database did not take it.
    #[error("cannot write the token")]
    Database(#[from] rusqlite::Error),
}

/// Keeps a token; within a transaction of the caller.
pub fn add(
    store: &Connection,
    token: NewToken,
    now: Timestamp,
) -> Result<TokenRecord, TokenRefusal> {
    let expires = match token.lasts {
        Some(lasts) => Some(now.checked_add(lasts).map_err(|_| TokenRefusal::Endless)?),
        None => None,
    };
    if named(store, &token.name)?.is_some() {
        return Err(TokenRefusal::Taken(token.name));
    }
    let count = "SELECT count(*) FROM token WHERE revoked_ms IS NULL";
    let count: u32 = store.query_row(count, [], |row| row.get(0))?;
    if count >= MAX_TOKENS {
        return Err(TokenRefusal::Crowded);
    }
    store.execute(
        "INSERT INTO token (name, hash, scopes, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            token.name,
            token.hash.bytes(),
            token.scopes.to_string(),
            now.as_millisecond(),
            expires.map(Timestamp::as_millisecond),
        ],
    )?;
    let id = store.last_insert_rowid();
    let found = store.query_row(&format!("{SELECT} WHERE id = ?1"), [id], read)?;
    found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// Ends the token of a name; `None` if none that was not revoked has it.
pub fn revoke(
    store: &Connection,
    name: &str,
    now: Timestamp,
) -> rusqlite::Result<Option<TokenRecord>> {
    let Some(token) = named(store, name)? else {
        return Ok(None);
    };
    let revoke = "UPDATE token SET revoked_ms = ?2 WHERE id = ?1";
    store.execute(revoke, [token.id, now.as_millisecond()])?;
    let revoked = Timestamp::from_millisecond(now.as_millisecond()).ok();
    Ok(Some(TokenRecord { revoked, ..token }))
}

/// Notes that a token was used.
pub(crate) fn used(store: &Connection, id: i64, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.checked_sub(USE_INTERVAL).unwrap_or(Timestamp::MIN);
    store.execute(
        "UPDATE token SET used_ms = ?2 WHERE id = ?1 AND (used_ms IS NULL OR used_ms <= ?3)",
        [id, now.as_millisecond(), before.as_millisecond()],
    )?;
    Ok(())
}

/// The token of a name that was not revoked.
fn named(store: &Connection, name: &str) -> rusqlite::Result<Option<TokenRecord>> {
    let query = format!("{SELECT} WHERE name = ?1 AND revoked_ms IS NULL");
    let found = store.query_row(&query, [name], read).optional()?;
    Ok(found.flatten())
}

/// All of them, also those that ended, by name.
pub fn list(store: &Connection) -> rusqlite::Result<Vec<TokenRecord>> {
    let mut rows = store.prepare(&format!("{SELECT} ORDER BY name, id"))?;
    let found: Vec<_> = rows.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Writes into a new database what another one had: neither a token nor its end may
/// be lost with the file.
pub(crate) fn write_again(store: &Connection, token: &TokenRecord) -> rusqlite::Result<()> {
    let millisecond = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    store.execute(
        "INSERT OR IGNORE INTO token VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            token.id,
            token.name,
            token.hash.bytes(),
            token.scopes.to_string(),
            token.created.as_millisecond(),
            millisecond(token.expires),
            millisecond(token.used),
            millisecond(token.revoked),
        ],
    )?;
    Ok(())
}

/// Deletes tokens that ended long ago; the newest stays, because the listener is
/// closed to strangers as soon as there has ever been one.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    store.execute(
        "DELETE FROM token WHERE coalesce(revoked_ms, expires_ms) < ?1 \
        AND id <> (SELECT max(id) FROM token)",
        [before.as_millisecond()],
    )?;
    Ok(())
}

const SELECT: &str =
    "SELECT id, name, hash, scopes, created_ms, expires_ms, used_ms, revoked_ms FROM token";

/// Reads a row; `None` for what cannot have been written by us.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<TokenRecord>> {
    let hash: Vec<u8> = row.get(2)?;
    let scopes: String = row.get(3)?;
    let moment = |at: usize| -> rusqlite::Result<Option<Timestamp>> {
        let millisecond: Option<i64> = row.get(at)?;
        Ok(millisecond.and_then(|at| Timestamp::from_millisecond(at).ok()))
    };
    let found = (TokenHash::from_bytes(&hash), scopes.parse(), moment(4)?);
    let (Some(hash), Ok(scopes), Some(created)) = found else {
        return Ok(None);
    };
    Ok(Some(TokenRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        hash,
        scopes,
        created,
        expires: moment(5)?,
        used: moment(6)?,
        revoked: moment(7)?,
    }))
}

#[cfg(test)]
mod tests {
    use crate::model::access::Scope;
    use crate::model::request::access::TokenState;
    use crate::store::file::Store;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn new(name: &str, lasts: Option<u64>) -> NewToken {
        NewToken {
            name: name.to_owned(),
            hash: TokenHash::of(&format!("{name}{lasts:?}")),
            scopes: [Scope::Read].into(),
            lasts: lasts.map(Duration::from_secs),
        }
    }

    fn open(folder: &tempfile::TempDir) -> Store {
        crate::store::open(folder.path()).unwrap()
    }

    #[test]
    fn a_token_is_kept_used_revoked_and_named_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        let ci = add(&store, new("ci", Some(60)), at(100)).unwrap();
        assert_eq!(ci.expires, Some(at(160)));
        let taken = add(&store, new("ci", None), at(100)).unwrap_err();
        assert!(matches!(taken, TokenRefusal::Taken(_)), "{taken}");
        for (moment, written) in [(110, 110), (169, 110), (170, 170)] {
            used(&store, ci.id, at(moment)).unwrap();
            assert_eq!(list(&store).unwrap()[0].used, Some(at(written)), "{moment}");
        }
        let revoked = revoke(&store, "ci", at(120)).unwrap().unwrap();
        assert_eq!(revoked.state(at(120)), TokenState::Revoked);
        assert_eq!(
            list(&store).unwrap(),
            [TokenRecord {
                used: Some(at(170)),
                ..revoked
            }]
        );
        assert_eq!(revoke(&store, "ci", at(121)).unwrap(), None);
        // The name is free again, and its next bearer is another one.
        let next = add(&store, new("ci", None), at(130)).unwrap();
        assert!(next.id > ci.id && next.expires.is_none());
        let endless = add(&store, new("x", Some(u64::MAX)), at(1)).unwrap_err();
        assert!(matches!(endless, TokenRefusal::Endless), "{endless}");
    }

    #[test]
    fn what_ended_long_ago_is_forgotten_but_that_there_was_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        for name in ["a", "b", "c"] {
            add(&store, new(name, None), at(100)).unwrap();
            if name != "a" {
                revoke(&store, name, at(200)).unwrap();
            }
        }
        let days = 400 * 24 * 3600;
        prune(&store, at(200 + days)).unwrap();
        assert_eq!(list(&store).unwrap().len(), 3);
        prune(&store, at(201 + days)).unwrap();
        let names: Vec<_> = list(&store)
            .unwrap()
            .into_iter()
            .map(|one| one.name)
            .collect();
        assert_eq!(names, ["a", "c"]);
    }

    #[test]
    fn there_is_room_for_so_many() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        for number in 0..MAX_TOKENS {
            add(&store, new(&number.to_string(), None), at(1)).unwrap();
        }
        let refused = add(&store, new("more", None), at(1)).unwrap_err();
        assert!(matches!(refused, TokenRefusal::Crowded), "{refused}");
        revoke(&store, "7", at(2)).unwrap();
        add(&store, new("more", None), at(3)).unwrap();
    }
}
