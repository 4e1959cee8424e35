//! Mails in hand: what is said to a reader of all that waits for them.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::compose::MessageName;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::conversations::{
    DIGEST, MOST_IN_DIGEST, ToldConversation, told_with,
};
use crate::notify::mail::outgoing::mails;
use crate::notify::mail::outgoing::names::{MessageNames, digest_key};
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::mail::outgoing::settle::{settled, superseded};
use crate::notify::mail::outgoing::table::{self, MailingRow};
use crate::notify::mail::smtp::answer::RelayAnswer;

/// Why a row is not sent whose recipient is gone.
const REMOVED: &str = "the settings do not have this recipient any more";

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
        if mail.topic.is_some() && !present.has_recipient(&mail.notifier, &head.reader) {
            table::note(store, &superseded(&head, REMOVED, now), now)?;
            continue;
        }
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
    let told = told_with(store, &head, (topic, &mail.notifier), present, now)?;
    if told.len() >= DIGEST {
        return Ok(Some(digest(names, told, mail, &address)));
    }
    let Some(own) = told.into_iter().find(|one| one.topic == *topic) else {
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
