//! A mail to many is written page by page, and goes on where it was cut off.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::SubscriptionChoice;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::queue::{MailQueue, ReaderPage};
use crate::notify::message::occasion::Occasion;
use crate::notify::subscribers::recipients::{Matter, Topical, readers};
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table;
use crate::notify::subscribers::tests::{at, everything, mail};
use crate::notify::tests::{OPEN, incident, message};
use crate::store;
use crate::store::file::Store;

const MANY: usize = 1_700;

/// Subscribers by the hundred, confirmed at once.
fn subscribed(folder: &Path) -> Store {
    let mut store = store::open(folder).unwrap();
    let writing = store.transaction().unwrap();
    for who in 0..MANY {
        let address = mail(&format!("n{who}@example.org"));
        let state = SubscriptionState::Confirmed;
        table::insert(&writing, &address, state, &everything(), at(0)).unwrap();
    }
    writing.commit().unwrap();
    store
}

fn opened() -> (Mail, Topical) {
    let topic = "incident:rolls-fail".to_owned();
    let mail = Mail {
        key: "readers/incident:rolls-fail/1".to_owned(),
        notifier: "readers".to_owned(),
        topic: Some(topic.clone()),
        content: MailContent::Digest(Vec::new()),
    };
    let api = BTreeSet::from([ComponentId("api".to_owned())]);
    let what = Topical {
        topic,
        matter: Matter::Incident(api),
        ends: false,
    };
    (mail, what)
}

fn count(store: &Store, sql: &str) -> i64 {
    store.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn each_page_is_written_before_the_next_is_read() {
    let place = tempfile::tempdir().unwrap();
    let store = subscribed(place.path());
    let folder = place.path().to_owned();
    let (mail, what) = opened();
    let written = Arc::new(AtomicI64::new(0));
    let seen = Arc::clone(&written);
    let page = move |store: &rusqlite::Connection, after| {
        // Whoever else writes had a turn by now: nothing of this mail is open.
        let other = store::open_to_read(&folder).unwrap();
        let there = count(&other, "SELECT count(*) FROM mailing");
        assert_eq!(there, seen.load(Ordering::SeqCst));
        let page: ReaderPage = readers(store, &what, after, at(1))?;
        let new = i64::try_from(page.readers.len()).unwrap();
        assert!(new <= 500, "{new}");
        seen.fetch_add(new, Ordering::SeqCst);
        Ok(page)
    };
    let queue = MailQueue::new(store);
    assert_eq!(queue.put(mail, page, at(1)).await.unwrap(), MANY);
}

#[tokio::test]
async fn a_mail_that_was_cut_off_between_two_pages_reaches_everybody_once() {
    let place = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let queue = MailQueue::new(subscribed(place.path()));
    let (mail, what) = opened();
    let (from, to) = (place.path().to_owned(), copy.path().to_owned());
    let pages = AtomicI64::new(0);
    let page = {
        let what = what.clone();
        move |store: &rusqlite::Connection, after| {
            // What is on the disk in the middle is what kill -9 leaves.
            if pages.fetch_add(1, Ordering::SeqCst) == 2 {
                for name in ["critwatch.db", "critwatch.db-wal"] {
                    std::fs::copy(from.join(name), to.join(name)).unwrap();
                }
            }
            readers(store, &what, after, at(1))
        }
    };
    assert_eq!(queue.put(mail.clone(), page, at(1)).await.unwrap(), MANY);

    let store = store::open(copy.path()).unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM mailing"), 1_000);
    let queue = MailQueue::new(store);
    let again = move |store: &rusqlite::Connection, after| readers(store, &what, after, at(9));
    let rest = queue.put(mail.clone(), again.clone(), at(9)).await.unwrap();
    assert_eq!(rest, MANY - 1_000);
    assert_eq!(queue.put(mail, again, at(10)).await.unwrap(), 0);
    let counts = queue.with(|store| {
        Ok([
            "SELECT count(DISTINCT address) FROM mailing",
            "SELECT count(*) FROM subscriber_told",
            "SELECT count(*) FROM subscriber_token",
        ]
        .map(|sql| count(store, sql)))
    });
    let many = i64::try_from(MANY).unwrap();
    assert_eq!(counts.await.unwrap(), [many; 3], "and nobody has two links");
}

#[test]
fn a_component_of_another_name_concerns_nobody_who_chose_others() {
    let file = incident("2026-03-01-rolls-fail.md", OPEN);
    let message = message(&file, Occasion::Update, None);
    let web = SubscriptionChoice {
        components: [ComponentId("web".to_owned())].into(),
        ..everything()
    };
    let of = |name: &str, id: &str| {
        let names = [(name.to_owned(), ComponentId(id.to_owned()))].into();
        Topical::of(&message, &names).matter
    };
    // It affects `API` and `Cache`, which the settings call otherwise by now.
    assert!(!of("Frontend", "web").is_for(&web, false, false));
    assert!(
        of("Frontend", "web").is_for(&web, true, false),
        "whoever was told goes on"
    );
    assert!(of("Frontend", "web").is_for(&everything(), false, false));
    assert!(of("API", "web").is_for(&web, false, false));
}
