//! One visit to the queue of mails: what ended is noted, what is next is taken.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::notify::mail::letters::reader::Recipient;
use crate::notify::mail::outgoing::in_hand::{MailInHand, take};
use crate::notify::mail::outgoing::names::digest_key;
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::mail::outgoing::settle::{came_back, settled};
use crate::notify::mail::outgoing::table::{self, MailingRow, WaitingMails};
use crate::notify::mail::outgoing::{addresses, mails};
use crate::notify::mail::returned::report::ReturnedMail;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::subscribers::bounce;

/// What a visit to the queue is for, besides noting what ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueVisit {
    /// How many mails are taken at most.
    pub room: usize,
    /// Whether it is the first one since the settings were read.
    pub begins: bool,
    /// Whether what waits is counted.
    pub counts: bool,
}

/// What a visit to the queue brought.
#[derive(Debug)]
pub(crate) struct ExchangedMails {
    /// The mails that are to be sent.
    pub taken: Vec<MailInHand>,
    /// When the next one is due.
    pub next: Option<Timestamp>,
    /// How many wait, and which fixed recipients are paused; `None` if not counted.
    pub counted: Option<(Vec<WaitingMails>, BTreeSet<Recipient>)>,
}

/// Notes what ended and takes what is next, in one transaction.
pub(crate) fn exchange(
    store: &Connection,
    done: &[(MailInHand, RelayAnswer)],
    visit: QueueVisit,
    present: &PresentState,
    now: Timestamp,
) -> rusqlite::Result<ExchangedMails> {
    // Whoever only looks waits for nobody.
    let behavior = if done.is_empty() && visit.room == 0 {
        TransactionBehavior::Deferred
    } else {
        TransactionBehavior::Immediate
    };
    let transaction = Transaction::new_unchecked(store, behavior)?;
    if visit.begins {
        table::prune(&transaction, now)?;
        addresses::resume(&transaction)?;
        doubt(&transaction, now)?;
    }
    for (mail, answer) in done {
        note(&transaction, mail, answer, now)?;
    }
    let taken = take(&transaction, visit.room, present, now)?;
    let next = table::next(&transaction)?;
    let counted = if visit.counts {
        let queued = table::queued(&transaction)?;
        Some((queued, addresses::paused(&transaction)?))
    } else {
        None
    };
    transaction.commit()?;
    Ok(ExchangedMails {
        taken,
        next,
        counted,
    })
}

/// Mails that were in hand when the monitor ended may have arrived.
fn doubt(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let answer = RelayAnswer::Unknown("the monitor ended while it was sent".to_owned());
    for row in table::interrupted(store)? {
        let (note, _) = settled(&row, &answer, rand::random(), now);
        table::note(store, &note, now)?;
    }
    Ok(())
}

/// Notes what became of a mail.
pub(crate) fn note(
    store: &Connection,
    mail: &MailInHand,
    answer: &RelayAnswer,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let mut bounced = None;
    // What was one mail stays one.
    let (dice, tries) = (rand::random(), mail.rows.iter().map(|row| row.tries).max());
    for row in &mail.rows {
        let row = &MailingRow {
            tries: tries.unwrap_or_default(),
            ..row.clone()
        };
        let (note, bounce) = settled(row, answer, dice, now);
        table::note(store, &note, now)?;
        bounced = bounced.or(bounce);
    }
    match (bounced, mail.rows.first()) {
        (Some(bounce), Some(row)) => bounce::bounced(store, &row.reader, bounce, now),
        _ => Ok(()),
    }
}

/// Notes a mail of which a report says that it came back; returns whether it is one that
/// we sent to that address. Reports are easily forged, and only who was sent the mail, or
/// who carried it, can say its name.
pub(crate) fn note_returned(
    store: &Connection,
    returned: &ReturnedMail,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let names = mails::names(store)?;
    for (row, key) in addresses::handed_over(store, &returned.address)? {
        let address: &str = row.reader.address.as_ref();
        let keys = [digest_key(&key), key];
        if keys
            .iter()
            .all(|key| names.of(key, address) != returned.name)
        {
            continue;
        }
        let (note, bounce) = came_back(&row, &returned.status, now);
        table::note(store, &note, now)?;
        if let Some(bounce) = bounce {
            bounce::bounced(store, &row.reader, bounce, now)?;
        }
        return Ok(true);
    }
    Ok(false)
}
