//! Mails that come back later: only their names, which no stranger knows, count.

use std::path::Path;

use crate::model::request::receivers::subscription::SubscriptionErrand;
use crate::notify::mail::outgoing::exchange;
use crate::notify::mail::outgoing::in_hand::take;
use crate::notify::mail::returned::collect::collect;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::subscribers::subscriber::SubscriptionState;
use crate::notify::subscribers::table;
use crate::notify::subscribers::tests::{Book, at, everything, mail};
use crate::notify::tests::nothing_present;

/// A report as Postfix writes it.
fn report(name: &str, address: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.org\nTo: status@example.org\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nI am sorry.\n\n\
         --B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n\
         Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n\n\
         --B\nContent-Type: text/rfc822-headers\n\n\
         From: status@example.org\nMessage-ID: <{name}@example.org>\n\n--B--\n"
    )
}

/// Delivers mails into a Maildir and has them collected; tells how many are left for people.
fn deliver(book: &mut Book, folder: &Path, mails: &[String]) -> usize {
    for part in ["new", "cur"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    for (number, mail) in mails.iter().enumerate() {
        std::fs::write(folder.join("new").join(number.to_string()), mail).unwrap();
    }
    collect(&mut book.store, folder, at(9)).unwrap();
    let left = |part| std::fs::read_dir(folder.join(part)).unwrap().count();
    assert_eq!(left("new"), 0);
    left("cur")
}

/// Hands over the mail that waits, and returns its name.
fn handed_over(book: &Book) -> String {
    let taken = take(&book.store, 1, &nothing_present(), at(5))
        .unwrap()
        .remove(0);
    exchange::note(&book.store, &taken, &RelayAnswer::Taken, at(5)).unwrap();
    taken.name.own
}

fn state(book: &Book) -> Option<SubscriptionState> {
    let found = table::of_address(&book.store, &mail("ann@example.net")).unwrap();
    found.map(|subscriber| subscriber.state)
}

#[test]
fn a_report_about_a_mail_of_ours_forgets_who_has_no_mailbox() {
    let mut book = Book::new();
    book.subscribe("ann@example.net", &everything(), 0);
    let name = handed_over(&book);
    let folder = tempfile::tempdir().unwrap();
    let forged = [
        report(
            "0123456789abcdef0123456789abcdef",
            "ann@example.net",
            "5.1.1",
        ),
        report(&name, "ben@example.net", "5.1.1"),
        report("", "ann@example.net", "5.1.1"),
        // About us, not about the address.
        "Subject: Hello\n\nStatus: 5.1.1\n".to_owned(),
    ];
    let confirmed = Some(SubscriptionState::Confirmed);
    assert_eq!(
        deliver(&mut book, folder.path(), &forged),
        1,
        "a letter is for people"
    );
    assert_eq!(state(&book), confirmed, "nobody unsubscribes strangers");
    let ours = report(&name, "Ann@example.net", "5.1.1");
    deliver(&mut book, folder.path(), &[ours]);
    assert_eq!(state(&book), None);
}

#[test]
fn mailboxes_that_stay_full_are_paused_and_each_report_counts_once() {
    let mut book = Book::new();
    book.subscribe("ann@example.net", &everything(), 0);
    let folder = tempfile::tempdir().unwrap();
    let mut names = vec![handed_over(&book)];
    let policy = report(&names[0], "ann@example.net", "5.7.1");
    for more in 1..4 {
        let link = book
            .ask("ann@example.net", &everything(), more * 3_000)
            .unwrap();
        book.execute(SubscriptionErrand::Look(link.token), more * 3_000);
        let now = at(more * 3_000);
        let taken = take(&book.store, 1, &nothing_present(), now)
            .unwrap()
            .remove(0);
        exchange::note(&book.store, &taken, &RelayAnswer::Taken, now).unwrap();
        names.push(taken.name.own);
    }
    let confirmed = Some(SubscriptionState::Confirmed);
    deliver(&mut book, folder.path(), &[policy]);
    assert_eq!(state(&book), confirmed, "that concerns us");
    let full = |name: &String| report(name, "ann@example.net", "5.2.2");
    let twice = [
        full(&names[1]),
        full(&names[1]),
        full(&names[2]),
        full(&names[2]),
    ];
    deliver(&mut book, folder.path(), &twice);
    assert_eq!(state(&book), confirmed);
    deliver(&mut book, folder.path(), &[full(&names[3])]);
    assert_eq!(state(&book), Some(SubscriptionState::Paused));
}
