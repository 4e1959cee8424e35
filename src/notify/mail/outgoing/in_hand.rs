//! Mails in hand: taken out of the queue, and noted when they are done.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::compose::MessageName;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::letters::reader::Recipient;
use crate::notify::mail::outgoing::names::{MessageNames, digest_key};
use crate::notify::mail::outgoing::settle::{came_back, settled};
use crate::notify::mail::outgoing::table::{self, MailingRow, WaitingMails};
use crate::notify::mail::outgoing::{addresses, mails};
use crate::notify::mail::returned::report::ReturnedMail;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::subscribers::bounce;

/// Announcements that wait for one reader, from which on they are one mail.
const DIGEST: usize = 4;

/// Announcements that one mail holds at most.
const MOST_IN_DIGEST: usize = 20;

/// One mail to one reader, in hand.
#[derive(Clone, Debug)]
pub(crate) struct MailInHand {
    /// Its rows: more than one if it is a digest.
    pub rows: Vec<MailingRow>,
    /// What it says.
    pub mail: Mail,
    /// How the message is called.
    pub name: MessageName,
}

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
    now: Timestamp,
) -> rusqlite::Result<ExchangedMails> {
    let transaction = store.unchecked_transaction()?;
    if visit.begins {
        table::prune(&transaction, now)?;
        addresses::resume(&transaction)?;
        doubt(&transaction, now)?;
    }
    for (mail, answer) in done {
        note(&transaction, mail, answer, now)?;
    }
    let taken = take(&transaction, visit.room, now)?;
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
    for row in &mail.rows {
        let (note, bounce) = settled(row, answer, rand::random(), now);
        table::note(store, &note, now)?;
        bounced = bounced.or(bounce.map(|bounce| (&row.reader, bounce)));
    }
    match bounced {
        Some((reader, bounce)) => bounce::bounced(store, reader, bounce, now),
        None => Ok(()),
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

/// Takes the mails that are next, and notes that they are being sent.
pub(crate) fn take(
    store: &Connection,
    room: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<MailInHand>> {
    let mut taken = Vec::new();
    if room == 0 {
        return Ok(taken);
    }
    let names = mails::names(store)?;
    for head in table::heads(store, now, room)? {
        let Some(mail) = mails::mail(store, head.mail)? else {
            let reason = "another version wrote the mail".to_owned();
            let (note, _) = settled(&head, &RelayAnswer::Refused(reason), 0.5, now);
            table::note(store, &note, now)?;
            continue;
        };
        let mail = conversing(store, &names, head, mail)?;
        for row in &mail.rows {
            table::begin(store, row.id, now)?;
        }
        taken.push(mail);
    }
    Ok(taken)
}

/// A mail as part of its conversation, or of a digest if much waits for its reader.
fn conversing(
    store: &Connection,
    names: &MessageNames,
    head: MailingRow,
    mail: Mail,
) -> rusqlite::Result<MailInHand> {
    let mut first = None;
    if let Some(topic) = &mail.topic {
        let waiting = table::waiting(store, &head, MOST_IN_DIGEST)?;
        if waiting.len() >= DIGEST {
            return digest(store, names, waiting, mail);
        }
        first = mails::first_key(store, &mail.notifier, topic, &head.reader.address)?;
    }
    let name = names.both(&mail.key, first.as_deref(), head.reader.address.as_ref());
    Ok(MailInHand {
        rows: vec![head],
        mail,
        name,
    })
}

/// All that waits for a reader as one mail.
fn digest(
    store: &Connection,
    names: &MessageNames,
    rows: Vec<MailingRow>,
    head: Mail,
) -> rusqlite::Result<MailInHand> {
    let mut messages = Vec::new();
    let mut key = String::new();
    for row in &rows {
        if let Some(mail) = mails::mail(store, row.mail)?
            && let MailContent::Announcement(message) = mail.content
        {
            messages.push(*message);
            key = digest_key(&mail.key);
        }
    }
    let address = rows.first().map(|row| row.reader.address.to_string());
    let name = names.both(&key, None, &address.unwrap_or_default());
    let mail = Mail {
        key,
        topic: None,
        content: MailContent::Digest(messages),
        ..head
    };
    Ok(MailInHand { rows, mail, name })
}
