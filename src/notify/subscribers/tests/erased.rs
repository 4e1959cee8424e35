//! Who is erased leaves no trace in the files.

use std::path::Path;

use crate::model::request::receivers::subscription::{
    MailToken, SubscriptionErrand, SubscriptionLimits,
};
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::outgoing::mails;
use crate::notify::subscribers::errands::execute;
use crate::notify::subscribers::recipients::reader;
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table;
use crate::notify::subscribers::tests::{at, everything, mail};
use crate::notify::subscribers::token::Purpose;
use crate::store;
use crate::store::error::StoreError;
use crate::store::file::Store;

/// All that stands in the database and beside it.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.collect::<Vec<_>>().concat()
}

fn stands(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// Writes many subscribers and erases them; tells whether an address stands in the files
/// afterwards, and whether a token does.
fn traces(open: fn(&Path) -> Result<Store, StoreError>) -> (bool, bool) {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(place.path()).unwrap();
    let mut tokens = Vec::new();
    let writing = store.transaction().unwrap();
    // Enough that pages of every table and index are split.
    for who in 0..600_u32 {
        let name = who.wrapping_mul(2_654_435_761);
        let address = mail(&format!("{name}victim@example.org"));
        let state = SubscriptionState::Confirmed;
        let id = table::insert(&writing, &address, state, &everything(), at(0)).unwrap();
        let subscriber = table::of_id(&writing, id).unwrap().unwrap();
        let (token, _) = table::add_token(&writing, id, Purpose::Mail, at(0)).unwrap();
        for topic in 0..3 {
            let mail = Mail {
                key: format!("k{topic}"),
                notifier: "n".to_owned(),
                topic: None,
                content: MailContent::Digest(Vec::new()),
            };
            let reader = reader(&subscriber, &token).unwrap();
            mails::add_personal(&writing, &mail, reader, at(0)).unwrap();
        }
        tokens.push(token);
    }
    writing.commit().unwrap();
    store.empty_log().unwrap();
    let secrets: Vec<_> = tokens.iter().step_by(60).map(MailToken::expose).collect();
    let before = bytes(place.path());
    assert!(stands(&before, "victim"));
    assert!(secrets.iter().all(|secret| stands(&before, secret)));
    let limits = SubscriptionLimits::default();
    for token in tokens {
        execute(&mut store, SubscriptionErrand::Leave(token), &limits, at(1)).unwrap();
    }
    store.empty_log().unwrap();
    let after = bytes(place.path());
    let has_token = secrets.iter().any(|secret| stands(&after, secret));
    (stands(&after, "victim"), has_token)
}

#[test]
fn who_is_erased_leaves_no_trace_in_the_files() {
    assert_eq!(traces(store::open_erasing), (false, false));
    // Not every way to the database is such a one.
    assert_eq!(traces(store::open), (true, true));
}
