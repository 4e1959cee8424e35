//! What visitors ask of the table, and the links that are sent for it.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use crate::model::request::receivers::subscription::{
    MailAddress, MailToken, SubscriptionAnswer, SubscriptionChoice, SubscriptionErrand,
    SubscriptionLimits,
};
use crate::notify::mail::letters::content::{LinkOffer, Mail, MailContent};
use crate::notify::mail::outgoing;
use crate::notify::subscribers::recipients;
use crate::notify::subscribers::subscriber::{Subscriber, SubscriptionState};
use crate::notify::subscribers::table;
use crate::notify::subscribers::token::Purpose;

/// Under which mails of subscriptions are counted.
pub(crate) const SENDER: &str = "subscription";

/// How long a link counts for the domain of its address.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A link that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AskedLink {
    /// Who is sent it.
    pub subscriber: Subscriber,
    /// What it holds.
    pub token: MailToken,
    /// Until when it works.
    pub until: Timestamp,
}

/// What an errand led to.
#[derive(Debug)]
pub(crate) struct ErrandOutcome {
    /// What the visitor is answered; who asks for a link is answered the same in all cases.
    pub answer: SubscriptionAnswer,
    /// The link that was sent.
    pub link: Option<AskedLink>,
}

/// Carries out an errand.
pub(crate) fn execute(
    store: &mut Connection,
    errand: SubscriptionErrand,
    limits: &SubscriptionLimits,
    now: Timestamp,
) -> rusqlite::Result<ErrandOutcome> {
    // Whoever only looks takes no lock from those who write.
    if let SubscriptionErrand::Look(token) = &errand {
        let answer = owner(store, token, now)?.answer();
        return Ok(ErrandOutcome { answer, link: None });
    }
    let store = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (token, link) = match errand {
        SubscriptionErrand::Ask(address, choice) => {
            (None, ask(&store, &address, &choice, limits, now)?)
        }
        SubscriptionErrand::Look(token) => (Some(token), None),
        SubscriptionErrand::Confirm(token) => {
            if let TokenOwner::There(subscriber) = owner(&store, &token, now)? {
                table::confirm(&store, subscriber.id, now)?;
            }
            (Some(token), None)
        }
        SubscriptionErrand::Change(token, choice) => {
            if let TokenOwner::There(subscriber) = owner(&store, &token, now)?
                && subscriber.state == SubscriptionState::Confirmed
            {
                table::choose(&store, subscriber.id, &choice)?;
            }
            (Some(token), None)
        }
        SubscriptionErrand::Leave(token) => {
            if let TokenOwner::There(subscriber) = owner(&store, &token, now)? {
                table::forget(&store, subscriber.id)?;
                outgoing::addresses::erase(&store, subscriber.id)?;
            }
            (Some(token), None)
        }
    };
    let answer = match token {
        None => SubscriptionAnswer::Asked,
        Some(token) => owner(&store, &token, now)?.answer(),
    };
    store.commit()?;
    Ok(ErrandOutcome { answer, link })
}

/// Whose token it is.
enum TokenOwner {
    Nobody,
    Gone,
    There(Subscriber),
}

impl TokenOwner {
    fn answer(self) -> SubscriptionAnswer {
        match self {
            Self::Nobody => SubscriptionAnswer::Unknown,
            Self::Gone => SubscriptionAnswer::Left,
            Self::There(subscriber) => match subscriber.state {
                SubscriptionState::Confirmed => SubscriptionAnswer::Subscribed(subscriber.choice),
                SubscriptionState::Asked | SubscriptionState::Paused => {
                    SubscriptionAnswer::Waiting(subscriber.choice)
                }
            },
        }
    }
}

fn owner(store: &Connection, token: &MailToken, now: Timestamp) -> rusqlite::Result<TokenOwner> {
    let Some(id) = table::token_owner(store, token, now)? else {
        return Ok(TokenOwner::Nobody);
    };
    let found = table::of_id(store, id)?;
    Ok(found.map_or(TokenOwner::Gone, TokenOwner::There))
}

/// The link for an address that somebody typed; none if it had one of late, or if there
/// is no room for it.
fn ask(
    store: &Connection,
    address: &MailAddress,
    choice: &SubscriptionChoice,
    limits: &SubscriptionLimits,
    now: Timestamp,
) -> rusqlite::Result<Option<AskedLink>> {
    if is_pestered(store, address, limits, now)? {
        return Ok(None);
    }
    let id = match table::of_address(store, address)? {
        Some(subscriber) => {
            // What the owner chose is not changed by whoever types the address.
            if subscriber.state == SubscriptionState::Asked {
                table::choose(store, subscriber.id, choice)?;
            }
            subscriber.id
        }
        None if is_full(store, limits)? => return Ok(None),
        None => table::insert(store, address, SubscriptionState::Asked, choice, now)?,
    };
    let Some(subscriber) = table::of_id(store, id)? else {
        return Ok(None);
    };
    table::note_asked(store, id, now)?;
    let (token, until) = table::add_token(store, id, Purpose::Ask, now)?;
    let link = AskedLink {
        subscriber,
        token,
        until,
    };
    write(store, &link, now)?;
    Ok(Some(link))
}

/// Whether a mailbox or a domain was sent enough links.
fn is_pestered(
    store: &Connection,
    address: &MailAddress,
    limits: &SubscriptionLimits,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let (links, mailed) = table::asked_links(store, &address.mailbox(), now)?;
    let pause = SignedDuration::from_mins(limits.pause_minutes.into());
    if links >= limits.mailbox || now.duration_since(mailed) < pause {
        return Ok(true);
    }
    let of_domain = table::links_of_domain(store, address.domain(), now, HOUR)?;
    Ok(of_domain >= limits.domain)
}

/// Whether there is no room for one more subscriber. Strangers who never confirm must not
/// keep others out: the oldest of them makes room.
fn is_full(store: &Connection, limits: &SubscriptionLimits) -> rusqlite::Result<bool> {
    if table::count(store, SubscriptionState::Asked)? >= limits.unconfirmed.into()
        && let Some(oldest) = table::oldest_asked(store)?
    {
        table::forget(store, oldest)?;
        outgoing::addresses::erase(store, oldest)?;
    }
    let confirmed = table::count(store, SubscriptionState::Confirmed)?;
    let paused = table::count(store, SubscriptionState::Paused)?;
    let is_full = confirmed + paused >= limits.subscribers.into();
    if is_full {
        tracing::warn!(
            confirmed,
            paused,
            "a subscription was refused: there are too many"
        );
    }
    Ok(is_full)
}

/// Writes the mail with a link.
fn write(store: &Connection, link: &AskedLink, now: Timestamp) -> rusqlite::Result<()> {
    let Some(reader) = recipients::reader(&link.subscriber, &link.token) else {
        return Ok(());
    };
    let offer = LinkOffer { until: link.until };
    let mail = Mail {
        key: format!("{SENDER}:{}:{}", link.subscriber.id, now.as_millisecond()),
        notifier: SENDER.to_owned(),
        topic: None,
        content: match link.subscriber.state {
            SubscriptionState::Confirmed => MailContent::Manage(offer),
            SubscriptionState::Asked | SubscriptionState::Paused => {
                MailContent::Confirmation(offer)
            }
        },
    };
    outgoing::mails::add_personal(store, &mail, reader, now)
}
