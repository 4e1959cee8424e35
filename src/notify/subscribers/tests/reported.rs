//! The report of uptime, from the schedule to the mail.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use prometheus::Registry;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Component;
use crate::model::facts::uptime::{Day, DayTally, Uptime};
use crate::model::fixtures;
use crate::model::request::receivers::subscription::{
    ReportRhythm, SubscriptionChoice, SubscriptionLimits,
};
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::outgoing::in_hand::take;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::subscribers::desk::{DeskInbox, DeskSettings, SubscriberDesk, SubscriberJob};
use crate::notify::subscribers::metrics::SubscriberCounts;
use crate::notify::subscribers::tests::{Book, everything};
use crate::notify::tests::nothing_present;

const SITE: &str = "https://status.example.org";

/// A Monday morning.
fn monday() -> Timestamp {
    "2026-03-09T08:05:00Z".parse().unwrap()
}

/// A week in which the API was down for six hours of 48.
fn board() -> Board {
    let day = |date: &str, ok: u64, down: u64| Day {
        date: date.parse().unwrap(),
        tally: DayTally {
            ok: Duration::from_hours(ok),
            down: Duration::from_hours(down),
            ..DayTally::default()
        },
        incidents: Vec::new(),
        parts: Vec::new(),
    };
    let uptime = Uptime {
        days: vec![
            day("2026-03-01", 0, 24),
            day("2026-03-02", 18, 6),
            day("2026-03-08", 24, 0),
        ],
        ..Uptime::default()
    };
    let api = Component {
        name: "API".to_owned(),
        ..fixtures::component("api", "api")
    };
    let last = monday();
    let facts = Facts::of(Sight::Fresh { last });
    Board::new(last, [(api, Arc::new(uptime))], facts)
}

/// Runs the desk as the schedule asks it to: each hour.
async fn work(book: &Book) {
    let queue = MailQueue::new(crate::store::open(book.folder.path()).unwrap());
    let ((_visitors, errands), (_operators, care)) = (mpsc::channel(1), mpsc::channel(1));
    let (due, jobs) = mpsc::unbounded_channel();
    let settings = DeskSettings {
        site: Some(SITE.to_owned()),
        zone: TimeZone::UTC,
        bounces: None,
        limits: SubscriptionLimits::default(),
    };
    let (_settings, settings) = watch::channel(settings);
    let (_boards, boards) = watch::channel(Arc::new(board()));
    let desk = SubscriberDesk {
        queue,
        counts: SubscriberCounts::register(&Registry::new()).unwrap(),
        clock: monday,
    };
    let inbox = DeskInbox {
        errands,
        care,
        jobs,
        settings,
        boards,
    };
    // The schedule asks each hour; the second time nothing is due any more.
    for job in [
        SubscriberJob::Report,
        SubscriberJob::Report,
        SubscriberJob::Prune,
    ] {
        due.send(job).unwrap();
    }
    let stop = CancellationToken::new();
    let done = desk.run(inbox, stop.clone());
    let sent = async {
        // The last job forgets links that were asked for long ago.
        let sql = "SELECT count(*) FROM subscriber_token WHERE purpose = 'ask'";
        let asked = || book.store.query_row(sql, [], |row| row.get::<_, i64>(0));
        while asked().unwrap() > 0 {
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    tokio::join!(done, sent);
}

#[tokio::test]
async fn who_asked_for_a_weekly_report_gets_the_numbers_of_the_week_once() {
    let mut book = Book::new();
    let weekly = SubscriptionChoice {
        report: Some(ReportRhythm::Weekly),
        ..everything()
    };
    book.subscribe("ann@example.org", &weekly, 0);
    book.subscribe("ben@example.net", &everything(), 0);
    book.store.execute("DELETE FROM mailing", []).unwrap();
    work(&book).await;
    let taken = take(&book.store, 9, &nothing_present(), monday()).unwrap();
    assert_eq!(taken.len(), 1, "{taken:?}");
    let sender = Sender {
        settings: toml::from_str("relay = 'h'\nfrom = 'status@example.org'").unwrap(),
        site: MailSite {
            title: "Example".to_owned(),
            url: Some(SITE.to_owned()),
            zone: TimeZone::UTC,
        },
    };
    let reader = &taken[0].rows[0].reader;
    let message = sender.compose(&taken[0].mail, reader, &taken[0].name, monday());
    let bytes = message.unwrap().formatted();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!(to.address(), Some("ann@example.org"));
    let text = mail.body_text(0).unwrap();
    for part in ["2026-03-02 – 2026-03-08", "API", "87.5"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("/unsubscribe/"), "{text}");
}
