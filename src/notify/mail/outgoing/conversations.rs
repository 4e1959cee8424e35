//! What waits for one reader of each conversation, and what is told in its place.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::gathered::gathered;
use crate::notify::mail::outgoing::mails;
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::mail::outgoing::settle::superseded;
use crate::notify::mail::outgoing::table::{self, MailingRow};
use crate::notify::mail::outgoing::waiting;
use crate::notify::message::announcement::Announcement;

/// Incidents and planned work of which something waits for one reader, from which on all
/// that waits is one mail.
pub(super) const DIGEST: usize = 4;

/// How many of them one mail tells at most.
pub(super) const MOST_IN_DIGEST: usize = 20;

/// Why a row is not sent of which there is nothing to tell any more.
const OVER: &str = "it was withdrawn before anybody got it";

/// Rows of one conversation that are looked at for one mail; of more the newest, which say
/// all that older ones said.
const MOST_GATHERED: usize = 100;

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
pub(crate) struct ToldConversation {
    /// Its topic.
    pub topic: String,
    /// The key of its oldest mail, which nobody got yet: others refer to it.
    pub key: String,
    /// All that waits of it, the oldest first.
    pub rows: Vec<MailingRow>,
    /// What is told.
    pub message: Announcement,
}

/// What is told in place of all that waits with a row that is due: of its conversation, and
/// of all others if there are enough for a digest. What may have arrived is repeated as it
/// was.
pub(crate) fn told_with(
    store: &Connection,
    head: &MailingRow,
    (topic, notifier): (&String, &str),
    present: &PresentState,
    now: Timestamp,
) -> rusqlite::Result<Vec<ToldConversation>> {
    if head.doubts > 0 {
        let rows = waiting::sent_with(store, head)?;
        return told(store, notifier, conversations(store, rows)?, now);
    }
    let all = all_waiting(store, head, topic, now)?;
    let mut told = told(store, notifier, all, now)?;
    for one in &mut told {
        correct(store, one, present)?;
    }
    Ok(told)
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

/// What waits of the conversation of a row, and of all others if there are enough for a
/// digest.
fn all_waiting(
    store: &Connection,
    head: &MailingRow,
    topic: &String,
    now: Timestamp,
) -> rusqlite::Result<Vec<WaitingConversation>> {
    let mut topics = waiting::due_topics(store, head, now, MOST_IN_DIGEST)?;
    if topics.len() < DIGEST || !topics.contains(topic) {
        topics = vec![topic.clone()];
    }
    let mut all = Vec::new();
    for topic in topics {
        let rows = waiting::waiting(store, head, &topic, MOST_GATHERED)?;
        if let Some(first) = rows.first().filter(|_| rows.len() >= MOST_GATHERED) {
            waiting::supersede_before(store, first, &topic, now)?;
        }
        all.extend(conversations(store, rows)?);
    }
    Ok(all)
}

/// Rows with what they say, by conversations.
fn conversations(
    store: &Connection,
    rows: Vec<MailingRow>,
) -> rusqlite::Result<Vec<WaitingConversation>> {
    let mut all: Vec<WaitingConversation> = Vec::new();
    for row in rows {
        let Some(mail) = mails::mail(store, row.mail)? else {
            continue;
        };
        let (Some(topic), MailContent::Announcement(message)) = (mail.topic, mail.content) else {
            continue;
        };
        match all.iter_mut().find(|one| one.topic == topic) {
            Some(one) => {
                one.rows.push(row);
                one.messages.push(*message);
            }
            None => all.push(WaitingConversation {
                topic,
                key: mail.key,
                rows: vec![row],
                messages: vec![*message],
            }),
        }
    }
    Ok(all)
}

/// What is told of each conversation. Rows of which there is nothing left to tell are done
/// with it.
fn told(
    store: &Connection,
    notifier: &str,
    all: Vec<WaitingConversation>,
    now: Timestamp,
) -> rusqlite::Result<Vec<ToldConversation>> {
    let mut told = Vec::new();
    for one in all {
        let WaitingConversation {
            topic,
            key,
            rows,
            messages,
        } = one;
        let knows = match rows.first() {
            Some(first) => {
                let begins = messages.first().is_some_and(Announcement::begins);
                knows(store, first, (&topic, notifier), begins)?
            }
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

/// Whether a reader may know of a conversation, of which a row waits. What does not begin one
/// was written for who had got its beginning; rows of long ago are gone.
fn knows(
    store: &Connection,
    row: &MailingRow,
    (topic, notifier): (&str, &str),
    begins: bool,
) -> rusqlite::Result<bool> {
    match waiting::before(store, row, topic, notifier)? {
        Some(may_have_arrived) => Ok(may_have_arrived),
        None => Ok(!begins),
    }
}
