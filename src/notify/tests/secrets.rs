//! Nothing prints an address or a token by accident.

use std::fmt::Debug;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use prometheus::Registry;
use secrecy::SecretString;

use crate::model::text::language::Language;
use crate::notify::channels::email::{Email, EmailSettings};
use crate::notify::mail::letters::compose::MessageName;
use crate::notify::mail::letters::content::{LinkOffer, Mail, MailContent};
use crate::notify::mail::letters::letter::{Letter, MailSite};
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::in_hand::MailInHand;
use crate::notify::mail::outgoing::names::MessageNames;
use crate::notify::mail::outgoing::queue::ReaderPage;
use crate::notify::mail::outgoing::table::MailingRow;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::occasion::Occasion;
use crate::notify::sending::address::ApiAddress;
use crate::notify::tests::{OPEN, incident, message};

const SECRET: &str = "s3cret";

fn check(what: &str, value: &dyn Debug) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(SECRET), "{what}: {printed}");
        // Bytes are printed as numbers.
        let bytes = format!("{:?}", SECRET.as_bytes());
        let bytes = bytes.trim_matches(['[', ']']);
        assert!(!printed.contains(bytes), "{what}: {printed}");
    }
}

#[test]
fn nothing_that_holds_an_address_or_a_token_prints_it() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let site = MailSite {
        title: "Example".to_owned(),
        url: Some("https://status.example.org".to_owned()),
        zone: TimeZone::UTC,
    };
    let reader = MailReader {
        address: format!("{SECRET}@example.org").parse().unwrap(),
        language: Language::En,
        origin: ReaderOrigin::Subscriber {
            id: 7,
            token: SecretString::from(SECRET),
        },
    };
    check("reader", &reader);
    check("recipient", &reader.recipient());
    let until = Timestamp::UNIX_EPOCH;
    let open = message(&incident("a.md", OPEN), Occasion::Opened, None);
    for content in [
        MailContent::Confirmation(LinkOffer { until }),
        MailContent::Announcement(Box::new(open)),
    ] {
        let mail = Mail {
            key: "k".to_owned(),
            notifier: "n".to_owned(),
            topic: None,
            content,
        };
        let letter = Letter::new(&mail.content, &reader, &site);
        assert!(letter.text().unwrap().contains(SECRET), "its links have it");
        check("letter", &letter);
        check("sections", &letter.sections);
        check("links", &letter.links);
        check("mail", &mail);
        let row = MailingRow {
            id: 1,
            mail: 1,
            reader: reader.clone(),
            tries: 0,
            doubts: 0,
            at: until,
            sent_with: None,
        };
        let name = MessageName {
            own: "x".to_owned(),
            first: None,
        };
        let rows = vec![row];
        check("mail in hand", &MailInHand { rows, mail, name });
    }
    let readers = vec![reader.clone()];
    let page = ReaderPage {
        readers,
        next: None,
    };
    check("page of readers", &page);
    check("names", &MessageNames::new(SECRET.as_bytes()));
    let metrics = MailMetrics::register(&Registry::new()).unwrap();
    metrics.pauses([reader.recipient()].into());
    check("metrics", &metrics);
}

#[tokio::test]
async fn no_settings_print_what_they_keep_to_themselves() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = format!("to = ['{SECRET}@example.org']");
    let settings: EmailSettings = toml::from_str(&settings).unwrap();
    check("settings of a notifier", &settings);
    let site = MailSite {
        title: "Example".to_owned(),
        url: None,
        zone: TimeZone::UTC,
    };
    check("channel", &Email::new(&settings, site, None));
    let server = ApiAddress::public(&format!("https://mia:{SECRET}@example.org"));
    check("server", &server);
    let relay = format!(
        "relay = 'h'\nfrom = 'status@example.org'\nusername = 'mia'\npassword = '{SECRET}'"
    );
    let relay: MailSettings = toml::from_str(&relay).unwrap();
    check("settings of the relay", &relay);
    check("relay", &Relay::new(&relay).unwrap());
}
