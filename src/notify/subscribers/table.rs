//! The tables of subscribers (law 4): who they are, and the tokens of their links.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{
    MailAddress, MailToken, ReportRhythm, SubscriptionChoice,
};
use crate::model::text::language::Language;
use crate::notify::subscribers::subscriber::{Subscriber, SubscriptionState};
use crate::notify::subscribers::token::{self, Purpose};

/// How long it is remembered who was told of a topic after its last message.
const TOLD: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Rows that are deleted at a time, so that a clock that leaps does not delete all of them.
const PRUNED: i64 = 1_000;

/// How many times as many tokens are forgotten.
const TOKEN_BATCHES: usize = 20;

/// What is read of each row, in this order.
pub(crate) const COLUMNS: &str = "id, address, state, language, components, incidents, \
     maintenance, report, asked_ms, confirmed_ms, bounces";

/// The subscriber of an address.
pub(crate) fn of_address(
    store: &Connection,
    address: &MailAddress,
) -> rusqlite::Result<Option<Subscriber>> {
    let sql = format!("SELECT {COLUMNS} FROM subscriber WHERE address = ?1");
    let found = store
        .prepare_cached(&sql)?
        .query_row([address.expose()], read)
        .optional()?;
    Ok(found.flatten())
}

/// The subscriber of a number.
pub(crate) fn of_id(store: &Connection, id: i64) -> rusqlite::Result<Option<Subscriber>> {
    let sql = format!("SELECT {COLUMNS} FROM subscriber WHERE id = ?1");
    let found = store
        .prepare_cached(&sql)?
        .query_row([id], read)
        .optional()?;
    Ok(found.flatten())
}

/// Every subscriber, by number.
pub(crate) fn list(store: &Connection) -> rusqlite::Result<Vec<Subscriber>> {
    let mut rows = store.prepare(&format!("SELECT {COLUMNS} FROM subscriber ORDER BY id"))?;
    let rows = rows.query_map([], read)?;
    rows.filter_map(Result::transpose).collect()
}

/// How many subscribers are in a state.
pub(crate) fn count(store: &Connection, state: SubscriptionState) -> rusqlite::Result<i64> {
    store
        .prepare_cached("SELECT count(*) FROM subscriber WHERE state = ?1")?
        .query_row([state.word()], |row| row.get(0))
}

/// Adds a subscriber; the address must not be there yet.
pub(crate) fn insert(
    store: &Connection,
    address: &MailAddress,
    state: SubscriptionState,
    choice: &SubscriptionChoice,
    now: Timestamp,
) -> rusqlite::Result<i64> {
    let confirmed = (state == SubscriptionState::Confirmed).then_some(now.as_millisecond());
    store
        .prepare_cached(
            "INSERT INTO subscriber (address, state, language, components, incidents, maintenance, \
             report, asked_ms, mailed_ms, confirmed_ms, bounces, mailbox)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, 0, ?10)",
        )?
        .execute(params![
            address.expose(),
            state.word(),
            choice.language.tag(),
            names(&choice.components)?,
            choice.incidents,
            choice.maintenance,
            choice.report.map(ReportRhythm::word),
            now.as_millisecond(),
            confirmed,
            address.mailbox(),
        ])?;
    Ok(store.last_insert_rowid())
}

/// Keeps what a subscriber chose.
pub(crate) fn choose(
    store: &Connection,
    id: i64,
    choice: &SubscriptionChoice,
) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE subscriber SET language = ?2, components = ?3, incidents = ?4, \
             maintenance = ?5, report = ?6 WHERE id = ?1",
        )?
        .execute(params![
            id,
            choice.language.tag(),
            names(&choice.components)?,
            choice.incidents,
            choice.maintenance,
            choice.report.map(ReportRhythm::word),
        ])?;
    Ok(())
}

/// Confirms a subscription; one that is confirmed stays as it is.
pub(crate) fn confirm(store: &Connection, id: i64, now: Timestamp) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE subscriber SET state = 'confirmed', confirmed_ms = ?2, bounces = 0 \
             WHERE id = ?1 AND state <> 'confirmed'",
        )?
        .execute(params![id, now.as_millisecond()])?;
    Ok(())
}

/// Notes that mails of a subscriber came back, and pauses it from so many on.
pub(crate) fn note_bounce(store: &Connection, id: i64, most: u32) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "UPDATE subscriber SET bounces = bounces + 1, state = CASE \
             WHEN bounces + 1 >= ?2 AND state = 'confirmed' THEN 'paused' ELSE state END
             WHERE id = ?1",
        )?
        .execute(params![id, most])?;
    Ok(())
}

/// Forgets a subscriber. Its tokens stay until they expire: they say nothing of it, and
/// whoever follows an old link learns that nothing is sent any more.
pub(crate) fn forget(store: &Connection, id: i64) -> rusqlite::Result<bool> {
    store
        .prepare_cached("DELETE FROM subscriber_told WHERE subscriber = ?1")?
        .execute([id])?;
    let forgotten = store
        .prepare_cached("DELETE FROM subscriber WHERE id = ?1")?
        .execute([id])?;
    Ok(forgotten > 0)
}

/// The topics of which a subscriber was told.
pub(crate) fn topics(store: &Connection, id: i64) -> rusqlite::Result<Vec<String>> {
    let mut rows =
        store.prepare("SELECT topic FROM subscriber_told WHERE subscriber = ?1 ORDER BY topic")?;
    let rows = rows.query_map([id], |row| row.get(0))?;
    rows.collect()
}

/// Makes a token for a subscriber.
pub(crate) fn add_token(
    store: &Connection,
    id: i64,
    purpose: Purpose,
    now: Timestamp,
) -> rusqlite::Result<(MailToken, Timestamp)> {
    let token = token::generate();
    let expires = now
        .saturating_add(purpose.lifetime())
        .unwrap_or(Timestamp::MAX);
    store
        .prepare_cached("INSERT INTO subscriber_token VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            token::selector(&token),
            id,
            purpose.word(),
            token::hash(&token),
            expires.as_millisecond(),
        ])?;
    Ok((token, expires))
}

/// Whose token it is; `None` if it is not known or has expired.
pub(crate) fn token_owner(
    store: &Connection,
    token: &MailToken,
    now: Timestamp,
) -> rusqlite::Result<Option<i64>> {
    let row = store
        .prepare_cached(
            "SELECT subscriber, hash FROM subscriber_token WHERE selector = ?1 AND expires_ms > ?2",
        )?
        .query_row(
            params![token::selector(token), now.as_millisecond()],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
        )
        .optional()?;
    let own = row.filter(|(_, kept)| token::is_hash(token, kept));
    Ok(own.map(|(id, _)| id))
}

/// How many links that were asked for still work in one mailbox, whatever its addresses,
/// and when the last was sent.
pub(crate) fn asked_links(
    store: &Connection,
    mailbox: &str,
    now: Timestamp,
) -> rusqlite::Result<(u32, Timestamp)> {
    store
        .prepare_cached(
            "SELECT (SELECT count(*) FROM subscriber JOIN subscriber_token AS token \
             ON token.subscriber = subscriber.id AND purpose = 'ask' AND expires_ms > ?2 \
             WHERE mailbox = ?1), \
             (SELECT coalesce(max(mailed_ms), 0) FROM subscriber WHERE mailbox = ?1)",
        )?
        .query_row(params![mailbox, now.as_millisecond()], |row| {
            Ok((row.get(0)?, moment(row, 1)?))
        })
}

/// How many links were sent to addresses of a domain within a time.
pub(crate) fn links_of_domain(
    store: &Connection,
    domain: &str,
    now: Timestamp,
    within: SignedDuration,
) -> rusqlite::Result<u32> {
    let lifetime = SignedDuration::try_from(Purpose::Ask.lifetime());
    let rest = lifetime
        .unwrap_or(SignedDuration::MAX)
        .saturating_sub(within);
    let newest = now.saturating_add(rest).unwrap_or(Timestamp::MAX);
    store
        .prepare_cached(
            "SELECT count(*) FROM subscriber_token AS token INDEXED BY subscriber_token_asked \
             JOIN subscriber ON subscriber.id = token.subscriber \
             WHERE purpose = 'ask' AND expires_ms > ?2 \
             AND substr(address, instr(address, '@') + 1) = ?1",
        )?
        .query_row(params![domain, newest.as_millisecond()], |row| row.get(0))
}

/// Notes that a link was asked for and sent.
pub(crate) fn note_asked(store: &Connection, id: i64, now: Timestamp) -> rusqlite::Result<()> {
    store
        .prepare_cached("UPDATE subscriber SET asked_ms = ?2, mailed_ms = ?2 WHERE id = ?1")?
        .execute(params![id, now.as_millisecond()])?;
    Ok(())
}

/// The one who asked first of those who have not confirmed.
pub(crate) fn oldest_asked(store: &Connection) -> rusqlite::Result<Option<i64>> {
    store
        .prepare_cached(
            "SELECT id FROM subscriber WHERE state = 'asked' ORDER BY asked_ms, id LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()
}

/// Forgets who never confirmed, tokens that expired, and who was told of topics long ago.
pub(crate) fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = |age: SignedDuration| {
        let moment = now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        moment.as_millisecond()
    };
    let lifetime = SignedDuration::try_from(Purpose::Ask.lifetime());
    let asked = before(lifetime.unwrap_or(SignedDuration::MAX));
    let unconfirmed = "SELECT id FROM subscriber \
        WHERE state = 'asked' AND asked_ms <= ?1 ORDER BY id LIMIT ?2";
    // Their mails hold their addresses.
    for (table, key) in [("mailing", "subscriber"), ("subscriber", "id")] {
        store.execute(
            &format!("DELETE FROM {table} WHERE {key} IN ({unconfirmed})"),
            [asked, PRUNED],
        )?;
    }
    // Each mail to each reader has a token of its own.
    for _ in 0..TOKEN_BATCHES {
        let pruned = store.execute(
            "DELETE FROM subscriber_token WHERE selector IN (SELECT selector \
             FROM subscriber_token WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)",
            [now.as_millisecond(), PRUNED],
        )?;
        if pruned == 0 {
            break;
        }
    }
    let old = "SELECT topic FROM subscriber_topic WHERE newest_ms <= ?1 ORDER BY topic LIMIT 1";
    store.execute(
        &format!("DELETE FROM subscriber_told WHERE topic IN ({old})"),
        [before(TOLD)],
    )?;
    store.execute(
        &format!("DELETE FROM subscriber_topic WHERE topic IN ({old})"),
        [before(TOLD)],
    )?;
    Ok(())
}

fn names(components: &BTreeSet<ComponentId>) -> rusqlite::Result<String> {
    serde_json::to_string(components)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let ms: i64 = row.get(column)?;
    Ok(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Reads a row; `None` for what another version wrote.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Option<Subscriber>> {
    let address = MailAddress::parse(&row.get::<_, String>(1)?);
    let state = SubscriptionState::from_word(&row.get::<_, String>(2)?);
    let language = Language::from_tag(&row.get::<_, String>(3)?);
    let components = serde_json::from_str(&row.get::<_, String>(4)?).ok();
    let (Some((address, state)), Some((language, components))) =
        (address.zip(state), language.zip(components))
    else {
        return Ok(None);
    };
    let report: Option<String> = row.get(7)?;
    let confirmed: Option<i64> = row.get(9)?;
    Ok(Some(Subscriber {
        id: row.get(0)?,
        address,
        state,
        choice: SubscriptionChoice {
            language,
            components,
            incidents: row.get(5)?,
            maintenance: row.get(6)?,
            report: report.as_deref().and_then(ReportRhythm::from_word),
        },
        asked: moment(row, 8)?,
        confirmed: confirmed.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        bounces: row.get(10)?,
    }))
}
