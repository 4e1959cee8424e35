//! Mails in hand: taken out of the queue, and noted when they are done.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::settle::settled;
use crate::notify::mail::outgoing::table::{self, MailingRow};
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
    /// The key of the mail that opened its conversation.
    pub first: Option<String>,
}

/// Mails that were in hand when the monitor ended may have arrived.
pub(crate) fn doubt(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
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
        bounced = bounced.or(bounce.and_then(|bounce| Some((row.reader.subscriber()?, bounce))));
    }
    match bounced {
        Some((subscriber, bounce)) => bounce::bounced(store, subscriber, bounce),
        None => Ok(()),
    }
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
    for head in table::heads(store, now, room)? {
        let Some(mail) = table::mail(store, head.mail)? else {
            let reason = "another version wrote the mail".to_owned();
            let (note, _) = settled(&head, &RelayAnswer::Refused(reason), 0.5, now);
            table::note(store, &note, now)?;
            continue;
        };
        let mail = match &mail.topic {
            Some(topic) => {
                let waiting = table::waiting(store, &head, MOST_IN_DIGEST)?;
                if waiting.len() >= DIGEST {
                    digest(store, waiting, mail)?
                } else {
                    let address = &head.reader.address;
                    let first = table::first_key(store, &mail.notifier, topic, address)?;
                    MailInHand {
                        rows: vec![head],
                        mail,
                        first,
                    }
                }
            }
            None => MailInHand {
                rows: vec![head],
                mail,
                first: None,
            },
        };
        for row in &mail.rows {
            table::begin(store, row.id, now)?;
        }
        taken.push(mail);
    }
    Ok(taken)
}

/// All that waits for a reader as one mail. Its key is that of the newest, so that it is
/// another mail if more was added.
fn digest(store: &Connection, rows: Vec<MailingRow>, head: Mail) -> rusqlite::Result<MailInHand> {
    let mut messages = Vec::new();
    let mut key = String::new();
    for row in &rows {
        if let Some(mail) = table::mail(store, row.mail)?
            && let MailContent::Announcement(message) = mail.content
        {
            messages.push(*message);
            key = format!("digest/{}", mail.key);
        }
    }
    let mail = Mail {
        key,
        topic: None,
        content: MailContent::Digest(messages),
        ..head
    };
    Ok(MailInHand {
        rows,
        mail,
        first: None,
    })
}
