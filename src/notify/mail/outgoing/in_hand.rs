//! Mails in hand: what is said to a reader of all that waits for them.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::compose::MessageName;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::gathered::gathered;
use crate::notify::mail::outgoing::mails;
use crate::notify::mail::outgoing::names::{MessageNames, digest_key};
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::mail::outgoing::settle::{settled, superseded};
use crate::notify::mail::outgoing::table::{self, MailingRow};
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::message::announcement::Announcement;

/// Incidents and planned work of which something waits for one reader, from which on all
/// that waits is one mail.
const DIGEST: usize = 4;

/// How many of them one mail tells at most.
const MOST_IN_DIGEST: usize = 20;

/// Why a row is not sent of which there is nothing to tell any more.
const OVER: &str = "it was withdrawn before anybody got it";

/// Rows of one reader that are looked at for one mail.
const MOST_GATHERED: usize = 200;

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

/// Takes the mails that are next, and notes that they are being sent.
pub(crate) fn take(
    store: &Connection,
    room: usize,
    present: &PresentState,
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
        let Some(mail) = in_hand(store, &names, (head, mail), present, now)? else {
            continue;
        };
        if let Some(first) = mail.rows.first() {
            for row in &mail.rows {
                table::begin(store, row.id, first.id, now)?;
            }
        }
        taken.push(mail);
    }
    Ok(taken)
}

/// What waits of one conversation, the oldest first.
#[derive(Debug)]
struct WaitingConversation {
    topic: String,
    /// The key of its oldest mail.
    key: String,
    rows: Vec<MailingRow>,
    messages: Vec<Announcement>,
}

/// What is told of one conversation in place of all that waits of it.
#[derive(Debug)]
struct ToldConversation {
    /// Its topic.
    topic: String,
    /// The key of its oldest mail, which nobody got yet: others refer to it.
    key: String,
    /// All that waits of it, the oldest first.
    rows: Vec<MailingRow>,
    /// What is told.
    message: Announcement,
}

/// The mail that is sent for a row: all that waits of its conversation, or of all
/// conversations if much waits for its reader; `None` if nothing of it is true any more.
fn in_hand(
    store: &Connection,
    names: &MessageNames,
    (head, mail): (MailingRow, Mail),
    present: &PresentState,
    now: Timestamp,
) -> rusqlite::Result<Option<MailInHand>> {
    let address = head.reader.address.to_string();
    let Some(topic) = &mail.topic else {
        let name = names.both(&mail.key, None, &address);
        let rows = vec![head];
        return Ok(Some(MailInHand { rows, mail, name }));
    };
    // What may have arrived is repeated as it was.
    let told = if head.doubts > 0 {
        let rows = table::sent_with(store, &head)?;
        told(store, &mail.notifier, rows, now)?
    } else {
        let rows = table::waiting(store, &head, now, MOST_GATHERED)?;
        let mut told = told(store, &mail.notifier, rows, now)?;
        for one in &mut told {
            correct(store, one, present)?;
        }
        told
    };
    if told.len() >= DIGEST {
        return Ok(Some(digest(names, told, mail, &address)));
    }
    let own = told.into_iter().find(|one| one.topic == *topic);
    let Some(own) = own else {
        return Ok(None);
    };
    let first = mails::first_key(store, &mail.notifier, topic, &head.reader.address)?;
    let name = names.both(&own.key, first.as_deref(), &address);
    let mail = Mail {
        key: own.key,
        content: MailContent::Announcement(Box::new(own.message)),
        ..mail
    };
    let rows = own.rows;
    Ok(Some(MailInHand { rows, mail, name }))
}

/// Gives a conversation the words that its incident has by now, also for the next readers,
/// and in case that it must be repeated.
fn correct(
    store: &Connection,
    told: &mut ToldConversation,
    present: &PresentState,
) -> rusqlite::Result<()> {
    let (Some(corrected), Some(newest)) = (present.corrected(&told.message), told.rows.last())
    else {
        return Ok(());
    };
    if let Some(mail) = mails::mail(store, newest.mail)?
        && let MailContent::Announcement(written) = mail.content
    {
        let message = Announcement {
            occasion: written.occasion,
            ..corrected.clone()
        };
        let content = MailContent::Announcement(Box::new(message));
        mails::rewrite(store, newest.mail, &Mail { content, ..mail })?;
    }
    told.message = corrected;
    Ok(())
}

/// What is told of each conversation, in the order in which they began to wait. Rows of
/// which there is nothing left to tell are done with it.
fn told(
    store: &Connection,
    notifier: &str,
    rows: Vec<MailingRow>,
    now: Timestamp,
) -> rusqlite::Result<Vec<ToldConversation>> {
    let mut waiting: Vec<WaitingConversation> = Vec::new();
    for row in rows {
        let Some(mail) = mails::mail(store, row.mail)? else {
            continue;
        };
        let (Some(topic), MailContent::Announcement(message)) = (mail.topic, mail.content) else {
            continue;
        };
        match waiting.iter_mut().find(|one| one.topic == topic) {
            Some(one) => {
                one.rows.push(row);
                one.messages.push(*message);
            }
            None => waiting.push(WaitingConversation {
                topic,
                key: mail.key,
                rows: vec![row],
                messages: vec![*message],
            }),
        }
    }
    let mut told = Vec::new();
    for one in waiting {
        let WaitingConversation {
            topic,
            key,
            rows,
            messages,
        } = one;
        let first = rows.first().filter(|_| rows.len() > 1);
        let knows = match first {
            Some(first) => table::may_know(store, first, &topic, notifier)?,
            None => true,
        };
        if let Some(message) = gathered(messages, knows) {
            told.push(ToldConversation {
                topic,
                key,
                rows,
                message,
            });
        } else {
            for row in &rows {
                table::note(store, &superseded(row, OVER, now), now)?;
            }
        }
    }
    Ok(told)
}

/// All that waits for a reader as one mail.
fn digest(
    names: &MessageNames,
    mut told: Vec<ToldConversation>,
    mail: Mail,
    address: &str,
) -> MailInHand {
    told.truncate(MOST_IN_DIGEST);
    let key = told.first().map(|first| digest_key(&first.key));
    let key = key.unwrap_or_default();
    let (mut rows, mut messages) = (Vec::new(), Vec::new());
    for conversation in told {
        rows.extend(conversation.rows);
        messages.push(conversation.message);
    }
    rows.sort_by_key(|row| row.id);
    let name = names.both(&key, None, address);
    let mail = Mail {
        key,
        topic: None,
        content: MailContent::Digest(messages),
        ..mail
    };
    MailInHand { rows, mail, name }
}
