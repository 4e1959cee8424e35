//! The queue against a real SMTP server: aiosmtpd, as Debian has it.

pub(super) mod office;
mod paused;

use std::sync::Arc;

use jiff::Timestamp;
use prometheus::Registry;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::model::board::{Board, Facts, Sight};
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::store;

use crate::notify::tests::relayed::office::{TestOffice, TestRelay, certificate, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_over_tls_by_a_name_and_a_password() {
    let place = tempfile::tempdir().unwrap();
    let (cert, key, pem) = certificate(place.path());
    for manner in ["starttls", "tls"] {
        let environment = [
            ("TLS", manner),
            ("CERT", &*cert),
            ("KEY", &*key),
            ("AUTH", "mia:secret"),
        ];
        // aiosmtpd lets nobody authenticate who did not begin with STARTTLS.
        let environment = if manner == "tls" {
            &environment[..3]
        } else {
            &environment
        };
        let Some(mut relay) = TestRelay::start(environment) else {
            return;
        };
        let state = tempfile::tempdir().unwrap();
        let more =
            format!("tls = '{manner}'\nca = '''{pem}'''\nusername = 'mia'\npassword = 'secret'");
        let more = if manner == "tls" {
            more.split("\nusername").next().unwrap().to_owned()
        } else {
            more
        };
        let office = TestOffice::open(state.path(), &settings(&relay, &more));
        office
            .put("team/1", "incident:a", &["ben@example.net"])
            .await;
        let mail = relay.next().await;
        assert_eq!(mail["tls"], true);
        assert_eq!(mail["from"], "status@example.org");
        assert_eq!(mail["to"][0], "ben@example.net");
        let text = mail["mail"].as_str().unwrap();
        let parsed = mail_parser::MessageParser::default().parse(text.as_bytes());
        let parsed = parsed.unwrap();
        assert!(parsed.subject().unwrap().starts_with("Down: "));
        assert!(parsed.body_html(0).is_some() && parsed.body_text(0).is_some());
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_holds_the_queue_and_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (cert, key, pem) = certificate(place.path());
    let environment = [
        ("TLS", "starttls"),
        ("CERT", &*cert),
        ("KEY", &*key),
        ("AUTH", "mia:secret"),
    ];
    let Some(mut relay) = TestRelay::start(&environment) else {
        return;
    };
    let with = |password: &str| {
        let more = format!("ca = '''{pem}'''\nusername = 'mia'\npassword = '{password}'");
        settings(&relay, &more)
    };
    let (wrong, right) = (with("wrong"), with("secret"));
    let state = tempfile::tempdir().unwrap();
    let office = TestOffice::open(state.path(), &wrong);
    office
        .put("team/1", "incident:a", &["ben@example.net"])
        .await;
    let mut failing = office.metrics.failing();
    while failing.is_none() {
        tokio::task::yield_now().await;
        failing = office.metrics.failing();
    }
    let reason = failing.unwrap().reason;
    assert!(reason.contains("535"), "{reason}");
    assert!(!reason.contains("wrong"), "{reason}");
    office.close().await;
    // Other settings, and the same mail goes.
    let office = TestOffice::open(state.path(), &right);
    assert_eq!(relay.next().await["to"][0], "ben@example.net");
    office.until_none("sending").await;
    assert_eq!(office.metrics.failing(), None);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_not_there_is_waited_for() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let port = relay.port.to_string();
    let settings = settings(&relay, "tls = 'none'");
    relay.child.kill().unwrap();
    relay.child.wait().unwrap();
    let state = tempfile::tempdir().unwrap();
    let office = TestOffice::open(state.path(), &settings);
    office
        .put("team/1", "incident:a", &["ben@example.net"])
        .await;
    while office.metrics.failing().is_none() {
        tokio::task::yield_now().await;
    }
    let mut relay = TestRelay::start(&[("PORT", &port)]).unwrap();
    assert_eq!(relay.next().await["to"][0], "ben@example.net");
    office.until_none("sending").await;
    assert_eq!(office.metrics.failing(), None);
    let tries = office
        .queue
        .with(|store| store.query_row("SELECT tries FROM mailing", [], |row| row.get(0)));
    let tries: i64 = tries.await.unwrap();
    assert_eq!(tries, 0, "what the mail was not asked is not a try");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_concern_their_reader_alone() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let office = TestOffice::open(state.path(), &settings(&relay, "tls = 'none'"));
    let to = [
        "nobody@example.net",
        "spam@example.net",
        "grey@example.net",
        "drop@example.net",
        "ben@example.net",
        "full@example.net",
    ];
    assert_eq!(office.put("team/1", "incident:a", &to).await, 6);
    assert_eq!(
        office.put("team/1", "incident:a", &to).await,
        0,
        "once for each"
    );
    let mut reached = Vec::new();
    for _ in 0..3 {
        reached.push(relay.next().await["to"][0].as_str().unwrap().to_owned());
    }
    reached.sort_unstable();
    assert_eq!(
        reached,
        ["ben@example.net", "drop@example.net", "grey@example.net"]
    );
    // Refusals that came before the relay took anything are tried again; what broke off may
    // have arrived, and is not repeated at once.
    let expected = ["bounced", "refused", "sent", "due", "sent", "due"];
    office.until_states(&expected).await;
    assert_eq!(office.metrics.counts("team").sent, 2);
    assert_eq!(office.metrics.counts("team").refused, 2);
    office.close().await;
    assert!(relay.lines.try_recv().is_err(), "nothing was repeated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_everybody_is_not_believed_and_loses_nothing() {
    let Some(mut relay) = TestRelay::start(&[("REFUSE", "1")]) else {
        return;
    };
    let port = relay.port.to_string();
    let state = tempfile::tempdir().unwrap();
    let office = TestOffice::open(state.path(), &settings(&relay, "tls = 'none'"));
    let to = ["ben@example.net", "mia@example.net"];
    office.put("team/1", "incident:a", &to).await;
    while office.metrics.failing().is_none() {
        tokio::task::yield_now().await;
    }
    // A connection that breaks would leave a mail in doubt.
    office.until_none("sending").await;
    relay.child.kill().unwrap();
    relay.child.wait().unwrap();
    let mut relay = TestRelay::start(&[("PORT", &port)]).unwrap();
    for _ in to {
        relay.next().await;
    }
    office.until_states(&["sent", "sent"]).await;
    assert_eq!(office.metrics.failing(), None);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_to_whom_the_relay_is_busy_hold_up_nobody_else() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let office = TestOffice::open(state.path(), &settings(&relay, "tls = 'none'"));
    let denied = [
        "denied@example.net",
        "denied+1@example.net",
        "denied+2@example.net",
    ];
    office.put("team/1", "incident:a", &denied).await;
    while office.metrics.failing().is_none() {
        tokio::task::yield_now().await;
    }
    office
        .put("team/2", "incident:b", &["ben@example.net"])
        .await;
    assert_eq!(relay.next().await["to"][0], "ben@example.net");
    office.until_states(&["due", "due", "due", "sent"]).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_mails_in_order_and_much_at_once_as_one() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let settings = settings(&relay, "tls = 'none'");
    {
        // They wait before anybody sends.
        let queue = TestOffice::open(state.path(), &settings);
        queue
            .boards
            .send_modify(|board| Arc::make_mut(board).facts.reader = true);
        for number in 0..4 {
            let (key, topic) = (format!("team/{number}"), format!("incident:{number}"));
            queue.put(&key, &topic, &["ben@example.net"]).await;
        }
        queue.close().await;
    }
    let office = TestOffice::open(state.path(), &settings);
    let mut read = Vec::new();
    for number in 3..6 {
        let mail = relay.next().await;
        let bytes = mail["mail"].as_str().unwrap().as_bytes().to_vec();
        let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let subject = parsed.subject().unwrap().to_owned();
        let references = parsed.references().as_text().map(str::to_owned);
        read.push((subject, parsed.message_id().unwrap().to_owned(), references));
        let key = format!("team/more/{number}");
        office.put(&key, "incident:b", &["ben@example.net"]).await;
    }
    assert_eq!(read[0].0, "Example: 4 updates", "one mail instead of four");
    assert_eq!(read[1].2, None);
    assert_eq!(
        read[2].2.as_ref(),
        Some(&read[1].1),
        "the same conversation"
    );
    office.until_none("sending").await;
    office.until_none("due").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_hand_at_a_crash_is_in_doubt_and_the_rest_goes_on() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let settings = settings(&relay, "tls = 'none'");
    {
        let queue = MailQueue::new(store::open(state.path()).unwrap());
        let office = TestOffice::open(state.path(), &settings);
        office.close().await;
        let closed = TestOffice {
            queue: queue.clone(),
            metrics: MailMetrics::register(&Registry::new()).unwrap(),
            boards: watch::channel(Arc::new(Board::new(
                Timestamp::UNIX_EPOCH,
                [],
                Facts::of(Sight::Unwatched),
            )))
            .0,
            stop: CancellationToken::new(),
            task: JoinSet::new(),
        };
        closed
            .put(
                "team/1",
                "incident:a",
                &["ben@example.net", "mia@example.net"],
            )
            .await;
        // As kill -9 leaves it.
        let begun = queue.with(|store| {
            store.execute(
                "UPDATE mailing SET state = 'sending' WHERE address LIKE 'ben%'",
                [],
            )
        });
        assert_eq!(begun.await.unwrap(), 1);
    }
    let office = TestOffice::open(state.path(), &settings);
    assert_eq!(relay.next().await["to"][0], "mia@example.net");
    office.until_none("sending").await;
    let states: Vec<_> = office
        .rows()
        .await
        .into_iter()
        .map(|(_, state)| state)
        .collect();
    assert_eq!(states, ["due", "sent"]);
    office.close().await;
    assert!(relay.lines.try_recv().is_err(), "what is in doubt waits");
}
