//! Links: who gets one, how long it works, and what it does.

use jiff::Timestamp;

use crate::model::request::receivers::subscription::{MailToken, SubscriptionChoice};
use crate::model::request::receivers::subscription::{
    SubscriptionAnswer as Answer, SubscriptionErrand as Errand, SubscriptionLimits,
};
use crate::model::text::language::Language;
use crate::notify::mail::outgoing::table::{MailState, MailingNote};
use crate::notify::mail::outgoing::{mails, table as mail_table};
use crate::notify::subscribers::errands::execute;
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table;
use crate::notify::subscribers::tests::{Book, at, everything, mail};

const DAY: i64 = 24 * 60;

#[test]
fn nobody_subscribes_without_the_link_and_the_link_lasts_two_days() {
    let mut book = Book::new();
    let choice = everything();
    let letter = book.ask("ann@example.org", &choice, 0).unwrap();
    assert!(letter.subscriber.state == SubscriptionState::Asked && letter.until == at(2 * DAY));
    let state = |book: &Book| {
        let found = table::of_address(&book.store, &mail("Ann@example.org")).unwrap();
        found.map(|subscriber| subscriber.state)
    };
    assert_eq!(state(&book), Some(SubscriptionState::Asked));
    let look = Errand::Look(letter.token.clone());
    assert_eq!(book.execute(look, 1).0, Answer::Waiting(choice.clone()));
    assert_eq!(
        state(&book),
        Some(SubscriptionState::Asked),
        "looking changes nothing"
    );
    let confirm = || Errand::Confirm(letter.token.clone());
    assert_eq!(book.execute(confirm(), 2 * DAY).0, Answer::Unknown);
    assert_eq!(state(&book), Some(SubscriptionState::Asked));
    assert_eq!(
        book.execute(confirm(), 2 * DAY - 1).0,
        Answer::Subscribed(choice)
    );
    assert_eq!(state(&book), Some(SubscriptionState::Confirmed));
    let forged = MailToken([7; 32]);
    assert_eq!(book.execute(Errand::Leave(forged), 5).0, Answer::Unknown);
}

#[test]
fn an_address_gets_few_links_however_often_it_is_typed() {
    let mut book = Book::new();
    let choice = everything();
    let mut sent = Vec::new();
    for minute in 0..2 * DAY {
        sent.extend(book.ask("ann@example.org", &choice, minute).map(|_| minute));
    }
    assert_eq!(sent, [0, 10, 20]);
    // Once they have expired there may be others.
    assert!(book.ask("ann@example.org", &choice, 2 * DAY).is_some());
    assert!(book.ask("ben@example.org", &choice, 11).is_some());
}

#[test]
fn one_mailbox_gets_few_links_whatever_its_addresses() {
    let mut book = Book::new();
    let mut sent = 0;
    for (minute, tag) in (0..100).enumerate() {
        let address = format!("ann+{tag}@example.org");
        let link = book.ask(&address, &everything(), i64::try_from(minute).unwrap());
        sent += usize::from(link.is_some());
    }
    assert_eq!(sent, 3);
    assert!(book.ask("ben@example.org", &everything(), 100).is_some());
}

#[test]
fn one_domain_gets_so_many_links_an_hour() {
    let mut book = Book::new();
    let mut ask = |who: usize, minute| {
        let address = format!("n{who}@example.org");
        book.ask(&address, &everything(), minute).is_some()
    };
    assert_eq!((0..250).filter(|who| ask(*who, 0)).count(), 200);
    assert!(!ask(300, 59));
    assert!(ask(301, 60), "an hour later");
    assert!(book.ask("ann@example.net", &everything(), 59).is_some());
}

#[test]
fn whoever_types_the_address_of_a_subscriber_changes_nothing() {
    let mut book = Book::new();
    let mine = SubscriptionChoice {
        maintenance: false,
        ..SubscriptionChoice::new(Language::De)
    };
    book.subscribe("ann@example.org", &mine, 0);
    let letter = book.ask("ANN@example.org", &everything(), 30).unwrap();
    assert!(
        letter.subscriber.state == SubscriptionState::Confirmed,
        "it leads to what is subscribed"
    );
    assert_eq!(letter.subscriber.choice.language, Language::De);
    let look = Errand::Look(letter.token);
    assert_eq!(book.execute(look, 31).0, Answer::Subscribed(mine));
    assert_eq!(table::list(&book.store).unwrap().len(), 1);
}

#[test]
fn who_leaves_is_forgotten_and_old_links_say_so() {
    let mut book = Book::new();
    let letter = book.subscribe("ann@example.org", &everything(), 0);
    let other = book.ask("ann@example.org", &everything(), 30).unwrap();
    let leave = |token: &MailToken| Errand::Leave(token.clone());
    assert_eq!(book.execute(leave(&letter.token), 40).0, Answer::Left);
    assert_eq!(
        book.execute(leave(&letter.token), 41).0,
        Answer::Left,
        "it may be sent twice"
    );
    assert_eq!(book.execute(Errand::Look(other.token), 42).0, Answer::Left);
    assert_eq!(table::list(&book.store).unwrap(), []);
    // A new subscription is another one: old links do not reach it.
    book.subscribe("ann@example.org", &everything(), 50);
    assert_eq!(book.execute(leave(&letter.token), 51).0, Answer::Left);
    assert_eq!(table::list(&book.store).unwrap().len(), 1);
}

#[test]
fn what_is_chosen_can_be_changed_once_it_is_confirmed() {
    let mut book = Book::new();
    let letter = book.ask("ann@example.org", &everything(), 0).unwrap();
    let other = SubscriptionChoice {
        incidents: false,
        ..SubscriptionChoice::new(Language::Fr)
    };
    let change = || Errand::Change(letter.token.clone(), other.clone());
    assert_eq!(book.execute(change(), 1).0, Answer::Waiting(everything()));
    book.execute(Errand::Confirm(letter.token.clone()), 2);
    assert_eq!(
        book.execute(change(), 3).0,
        Answer::Subscribed(other.clone())
    );
}

#[test]
fn who_is_paused_can_come_back() {
    let mut book = Book::new();
    let letter = book.subscribe("ann@example.org", &everything(), 0);
    let state = |book: &Book| table::list(&book.store).unwrap()[0].state;
    for bounce in 1..=3 {
        assert_eq!(state(&book), SubscriptionState::Confirmed, "{bounce}");
        table::note_bounce(&book.store, letter.subscriber.id, 3).unwrap();
    }
    assert_eq!(state(&book), SubscriptionState::Paused);
    let again = book.ask("ann@example.org", &everything(), 60).unwrap();
    assert!(again.subscriber.state == SubscriptionState::Paused);
    book.execute(Errand::Confirm(again.token), 61);
    assert_eq!(state(&book), SubscriptionState::Confirmed);
    assert_eq!(table::list(&book.store).unwrap()[0].bounces, 0);
}

#[test]
fn what_was_never_confirmed_is_forgotten_and_what_was_is_kept() {
    let mut book = Book::new();
    book.ask("ann@example.org", &everything(), 0);
    book.subscribe("ben@example.org", &everything(), 0);
    let prune = |book: &Book, at: Timestamp| table::prune(&book.store, at).unwrap();
    prune(&book, at(2 * DAY - 1));
    assert_eq!(
        (count(&book, "subscriber"), count(&book, "subscriber_token")),
        (2, 2)
    );
    prune(&book, at(2 * DAY));
    assert_eq!(
        (count(&book, "subscriber"), count(&book, "subscriber_token")),
        (1, 0)
    );
    prune(&book, at(10_000 * DAY));
    assert_eq!(count(&book, "subscriber"), 1);
}

#[test]
fn no_token_and_no_hidden_text_stands_in_the_database() {
    let mut book = Book::new();
    let letter = book.subscribe("ann@example.org", &everything(), 0);
    let mut rows = book
        .store
        .prepare("SELECT hash FROM subscriber_token")
        .unwrap();
    let hashes: Vec<Vec<u8>> = rows
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        hashes
            .iter()
            .all(|hash| !letter.token.0.windows(8).any(|part| hash.starts_with(part)))
    );
}

#[test]
fn a_mail_that_is_done_keeps_no_token() {
    let mut book = Book::new();
    let link = book.subscribe("ann@example.org", &everything(), 0);
    let row = mail_table::heads(&book.store, at(0), 1).unwrap().remove(0);
    let mail = mails::mail(&book.store, row.mail).unwrap().unwrap();
    let kept = serde_json::to_string(&mail).unwrap();
    assert!(!kept.contains(&link.token.expose()), "{kept}");
    for (state, kept) in [(MailState::Due, true), (MailState::Sent, false)] {
        let note = MailingNote {
            id: row.id,
            state,
            tries: 0,
            doubts: 0,
            next: at(0),
            reason: None,
        };
        mail_table::note(&book.store, &note, at(1)).unwrap();
        let sql = "SELECT token IS NOT NULL FROM mailing";
        let is_kept: bool = book.store.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(is_kept, kept, "{state:?}");
    }
}

/// How many rows a table has.
fn count(book: &Book, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    book.store.query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn the_mails_of_who_leaves_or_never_confirms_go_in_the_same_step() {
    let mut book = Book::new();
    let ann = book.subscribe("ann@example.org", &everything(), 0);
    book.ask("ben@example.org", &everything(), 0).unwrap();
    assert_eq!(count(&book, "mailing"), 2);
    // Whoever leaves gets none, even if the monitor ends right afterwards.
    book.execute(Errand::Leave(ann.token), 1);
    assert_eq!(count(&book, "mailing"), 1);
    table::prune(&book.store, at(2 * DAY)).unwrap();
    assert_eq!(count(&book, "mailing"), 0);
}

#[test]
fn asking_and_its_mail_are_one_step() {
    let mut book = Book::new();
    // As if the monitor ended before the mail is written.
    let fails = "CREATE TEMP TRIGGER fails BEFORE INSERT ON main.mailing \
                 BEGIN SELECT raise(ABORT, 'ended'); END";
    book.store.execute_batch(fails).unwrap();
    let errand = Errand::Ask(mail("ann@example.org"), everything());
    execute(
        &mut book.store,
        errand,
        &SubscriptionLimits::default(),
        at(0),
    )
    .unwrap_err();
    let tables = ["subscriber", "subscriber_token", "mail", "mailing"];
    assert_eq!(tables.map(|table| count(&book, table)), [0; 4]);
    book.store.execute_batch("DROP TRIGGER fails").unwrap();
    // Nothing was lost: the address may ask at once, and gets one mail.
    book.ask("ann@example.org", &everything(), 0).unwrap();
    assert_eq!(tables.map(|table| count(&book, table)), [1; 4]);
}

#[test]
fn strangers_who_never_confirm_keep_nobody_out() {
    let mut book = Book::new();
    for stranger in 0..2_000 {
        let address = format!("stranger{stranger}@example.org");
        assert!(book.ask(&address, &everything(), stranger).is_some());
    }
    let ann = book.ask("ann@example.org", &everything(), 2_000);
    assert!(ann.is_some(), "the oldest stranger makes room");
    let asked = table::count(&book.store, SubscriptionState::Asked).unwrap();
    assert_eq!(asked, 2_000);
    let first = table::of_address(&book.store, &mail("stranger0@example.org"));
    assert_eq!(first.unwrap(), None);
}
