//! Who gets an announcement: who chose it, and was there before it began.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Connection, params};
use secrecy::SecretString;

use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{MailToken, ReportRhythm, SubscriptionChoice};
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::outgoing::queue::ReaderPage;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Kind;
use crate::notify::subscribers::subscriber::Subscriber;
use crate::notify::subscribers::table;
use crate::notify::subscribers::token::Purpose;

/// Subscribers that are read at a time.
const PAGE: usize = 500;

/// Components by the names with which messages name them.
pub(crate) type ComponentNames = BTreeMap<String, ComponentId>;

/// Something that is sent to subscribers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topical {
    /// What it is about: messages of one topic go to who was told of its beginning.
    pub topic: String,
    /// Who wants it.
    pub matter: Matter,
    /// Whether it tells of an end: who was not told of the beginning needs none.
    pub ends: bool,
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matter {
    /// An incident that concerns these components.
    Incident(BTreeSet<ComponentId>),
    /// Planned work on these components.
    Maintenance(BTreeSet<ComponentId>),
    /// A report on all components.
    Report(ReportRhythm),
    /// Nothing for the public.
    Internal,
}

impl Topical {
    /// What an announcement is for subscribers; components are named as in files.
    pub(crate) fn of(message: &Announcement, names: &ComponentNames) -> Self {
        let affected = message.affected.iter();
        // A name that no component has any more concerns those only who chose everything.
        let components = affected
            .map(|name| names.get(name).cloned())
            .map(|id| id.unwrap_or_else(|| ComponentId(String::new())))
            .collect();
        Self {
            topic: format!("{}:{}", message.kind.word(), message.name),
            matter: match message.kind {
                Kind::Incident => Matter::Incident(components),
                Kind::Maintenance => Matter::Maintenance(components),
                Kind::Operation => Matter::Internal,
            },
            ends: matches!(
                message.occasion,
                Occasion::Resolved
                    | Occasion::Withdrawn
                    | Occasion::Completed
                    | Occasion::Cancelled
            ),
        }
    }
}

impl Matter {
    /// Whether a choice has its kind.
    fn has_kind(&self, choice: &SubscriptionChoice) -> bool {
        match self {
            Self::Incident(_) => choice.incidents,
            Self::Maintenance(_) => choice.maintenance,
            Self::Report(rhythm) => choice.report == Some(*rhythm),
            Self::Internal => false,
        }
    }

    /// Whether a subscriber is to get it: who was told of its beginning is told the rest,
    /// and nobody gets a report twice.
    pub(crate) fn is_for(&self, choice: &SubscriptionChoice, told: bool, ends: bool) -> bool {
        let is_due = match self {
            Self::Report(_) => !told,
            Self::Incident(components) | Self::Maintenance(components) => {
                told || (concerns(components, choice) && !ends)
            }
            Self::Internal => false,
        };
        self.has_kind(choice) && is_due
    }
}

/// Whether a choice is concerned. What concerns nobody by name concerns everybody.
fn concerns(components: &BTreeSet<ComponentId>, choice: &SubscriptionChoice) -> bool {
    components.is_empty()
        || choice.components.is_empty()
        || !choice.components.is_disjoint(components)
}

/// The next readers of something, by number, after the one of `after`; notes that they are
/// told of it.
///
/// It is part of the caller's transaction: nobody is told without a mail.
pub(crate) fn readers(
    store: &Connection,
    what: &Topical,
    after: i64,
    now: Timestamp,
) -> rusqlite::Result<ReaderPage> {
    let first = first_announced(store, &what.topic, now)?;
    let page = page(store, &what.topic, after, first)?;
    let next = page.last().map(|(last, _)| last.id);
    let mut readers = Vec::new();
    for (subscriber, told) in page {
        if what.matter.is_for(&subscriber.choice, told, what.ends) {
            if !told {
                note_told(store, &what.topic, subscriber.id)?;
            }
            let (token, _) = table::add_token(store, subscriber.id, Purpose::Mail, now)?;
            readers.extend(reader(&subscriber, &token));
        }
    }
    Ok(ReaderPage { readers, next })
}

/// A subscriber as a reader of a mail, and what its links hold.
pub(crate) fn reader(subscriber: &Subscriber, token: &MailToken) -> Option<MailReader> {
    Some(MailReader {
        address: subscriber.address.expose().parse().ok()?,
        language: subscriber.choice.language,
        origin: ReaderOrigin::Subscriber {
            id: subscriber.id,
            token: SecretString::from(token.expose()),
        },
    })
}

/// When a topic was announced first, which is now if it never was.
fn first_announced(store: &Connection, topic: &str, now: Timestamp) -> rusqlite::Result<i64> {
    store
        .prepare_cached(
            "INSERT INTO subscriber_topic VALUES (?1, ?2, ?2)
             ON CONFLICT (topic) DO UPDATE SET newest_ms = ?2 RETURNING first_ms",
        )?
        .query_row(params![topic, now.as_millisecond()], |row| row.get(0))
}

/// A page of those who were confirmed before a topic was announced, and whether each was
/// told of it.
fn page(
    store: &Connection,
    topic: &str,
    after: i64,
    first: i64,
) -> rusqlite::Result<Vec<(Subscriber, bool)>> {
    let columns = table::COLUMNS;
    let sql = format!(
        "SELECT {columns}, EXISTS (SELECT 1 FROM subscriber_told WHERE topic = ?1 \
         AND subscriber = subscriber.id) FROM subscriber WHERE id > ?2 \
         AND state = 'confirmed' AND confirmed_ms <= ?3 ORDER BY id LIMIT ?4"
    );
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut rows = store.prepare_cached(&sql)?;
    let rows = rows.query_map(params![topic, after, first, most], |row| {
        let told = row.get(11)?;
        Ok(table::read(row)?.map(|subscriber| (subscriber, told)))
    })?;
    rows.filter_map(Result::transpose).collect()
}

fn note_told(store: &Connection, topic: &str, id: i64) -> rusqlite::Result<()> {
    store
        .prepare_cached("INSERT OR IGNORE INTO subscriber_told VALUES (?1, ?2)")?
        .execute(params![topic, id])?;
    Ok(())
}
