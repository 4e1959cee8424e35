//! What operators do with subscribers, by command and by their API.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::model::request::receivers::subscriber_care::{
    CareAnswer, SubscriberCare, SubscriberRecord,
};
use crate::model::request::receivers::subscription::{MailAddress, SubscriptionChoice};
use crate::notify::mail::outgoing::addresses;
use crate::notify::subscribers::subscriber::{Subscriber, SubscriptionState};
use crate::notify::subscribers::table;
use crate::store::file::Store;

/// Carries out what an operator asks.
pub(crate) fn execute(
    store: &mut Store,
    care: SubscriberCare,
    now: Timestamp,
) -> rusqlite::Result<CareAnswer> {
    let found = match care {
        SubscriberCare::Count => {
            let counts = SubscriptionState::ALL.into_iter();
            let counts = counts.map(|state| Ok((state.word(), table::count(store, state)?)));
            return Ok(CareAnswer::Counts(counts.collect::<rusqlite::Result<_>>()?));
        }
        SubscriberCare::Add(address, choice) => {
            let Some(added) = add(store, &address, &choice, now)? else {
                return Ok(CareAnswer::Known);
            };
            Some(record(store, added)?)
        }
        SubscriberCare::Remove(address) => {
            // What was kept is answered, and then it is gone.
            let kept = table::of_address(store, &address)?;
            let kept = kept
                .map(|subscriber| record(store, subscriber))
                .transpose()?;
            remove(store, &address)?;
            kept
        }
        SubscriberCare::Export(address) => {
            let kept = table::of_address(store, &address)?;
            kept.map(|subscriber| record(store, subscriber))
                .transpose()?
        }
    };
    Ok(found.map_or(CareAnswer::Nobody, |record| {
        CareAnswer::Record(Box::new(record))
    }))
}

/// Adds somebody who asked the operator; `None` if they have subscribed.
pub(crate) fn add(
    store: &mut Connection,
    address: &MailAddress,
    choice: &SubscriptionChoice,
    now: Timestamp,
) -> rusqlite::Result<Option<Subscriber>> {
    let store = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let id = match table::of_address(&store, address)? {
        Some(known) if known.state == SubscriptionState::Confirmed => return Ok(None),
        Some(known) => {
            table::choose(&store, known.id, choice)?;
            known.id
        }
        None => table::insert(&store, address, SubscriptionState::Asked, choice, now)?,
    };
    table::confirm(&store, id, now)?;
    let added = table::of_id(&store, id)?;
    store.commit()?;
    Ok(added)
}

/// Erases somebody and all that is kept of them; what was kept.
pub(crate) fn remove(
    store: &mut Store,
    address: &MailAddress,
) -> rusqlite::Result<Option<Subscriber>> {
    let erasing = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(subscriber) = table::of_address(&erasing, address)? else {
        return Ok(None);
    };
    table::forget(&erasing, subscriber.id)?;
    addresses::erase(&erasing, subscriber.id)?;
    erasing.commit()?;
    // Who left must not stand in the log, either.
    store.empty_log()?;
    Ok(Some(subscriber))
}

fn record(store: &Connection, subscriber: Subscriber) -> rusqlite::Result<SubscriberRecord> {
    Ok(SubscriberRecord {
        told_of: table::topics(store, subscriber.id)?,
        address: subscriber.address,
        state: subscriber.state.word(),
        choice: subscriber.choice,
        asked: subscriber.asked,
        confirmed: subscriber.confirmed,
        bounces: subscriber.bounces,
    })
}
