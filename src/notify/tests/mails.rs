//! Mails as their readers get them, read back by a parser of others.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_parser::{Message, MessageParser};
use proptest::prelude::*;
use secrecy::SecretString;

use crate::model::fixtures::golden;
use crate::model::text::language::Language;
use crate::notify::mail::letters::compose::{MessageName, Sender};
use crate::notify::mail::letters::content::{
    LinkOffer, Mail, MailContent, ReportedIncident, ReportedUptime, UptimeReport,
};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::outgoing::names::MessageNames;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;

use super::{OPEN, incident, message};

const SITE: &str = "https://status.example.org";

fn sender(title: &str) -> Sender {
    let settings: MailSettings = toml::from_str(
        "relay = 'smtp.example.org'\nfrom = 'Example – Status <status@example.org>'\n\
         reply_to = 'help@example.org'",
    )
    .unwrap();
    Sender {
        settings,
        site: MailSite {
            title: title.to_owned(),
            url: Some(SITE.to_owned()),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
        },
    }
}

fn reader(language: Language, is_subscriber: bool) -> MailReader {
    MailReader {
        address: "mia@example.net".parse().unwrap(),
        language,
        origin: if is_subscriber {
            ReaderOrigin::Subscriber {
                id: 7,
                token: SecretString::from("a1b2c3"),
            }
        } else {
            ReaderOrigin::Fixed
        },
    }
}

fn announcement(text: &str, occasion: Occasion) -> Announcement {
    message(
        &incident("2026-03-01-rolls-fail.md", text),
        occasion,
        Some(SITE),
    )
}

fn mail(content: MailContent) -> Mail {
    Mail {
        key: "team/incident:2026-03-01-rolls-fail/2".to_owned(),
        notifier: "team".to_owned(),
        topic: Some("incident:2026-03-01-rolls-fail".to_owned()),
        content,
    }
}

fn opened() -> Mail {
    let message = announcement(OPEN, Occasion::Opened);
    mail(MailContent::Announcement(Box::new(message)))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn composed(mail: &Mail, reader: &MailReader, first: Option<&str>) -> Vec<u8> {
    let now = at("2026-03-01T19:00:00Z");
    let sender = sender("Example");
    let name = named(&mail.key, first, reader);
    let message = sender.compose(mail, reader, &name, now).unwrap();
    message.formatted()
}

fn named(key: &str, first: Option<&str>, reader: &MailReader) -> MessageName {
    let names = MessageNames::new(b"a secret of this database");
    names.both(key, first, reader.address.as_ref())
}

fn parsed(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

fn header(message: &Message<'_>, name: &str) -> Option<String> {
    let raw = message.header_raw(name)?;
    Some(raw.trim().to_owned())
}

#[test]
fn a_mail_about_an_incident() {
    let bytes = composed(&opened(), &reader(Language::En, true), Some("team/first"));
    let mail = parsed(&bytes);
    golden("mail-opened.txt", &mail.body_text(0).unwrap());
    golden("mail-opened.html", &mail.body_html(0).unwrap());
    assert_eq!(mail.subject(), Some("Down: Rolls <b>fail</b> & \"more\""));
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Example – Status"));
    assert_eq!(from.address(), Some("status@example.org"));
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!(to.address(), Some("mia@example.net"));
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("List-Id", "<status.example.org>"),
        (
            "List-Unsubscribe",
            "<https://status.example.org/unsubscribe/a1b2c3>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Reply-To", "help@example.org"),
    ] {
        assert_eq!(header(&mail, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn mails_of_an_incident_are_one_conversation_for_each_reader() {
    let reader = reader(Language::En, false);
    let first = "team/incident:2026-03-01-rolls-fail/1";
    let opening = Mail {
        key: first.to_owned(),
        ..opened()
    };
    let opening = composed(&opening, &reader, Some(first));
    let opening = parsed(&opening);
    let later = composed(&opened(), &reader, Some(first));
    let again = composed(&opened(), &reader, Some(first));
    assert_eq!(
        later_id(&later),
        later_id(&again),
        "the name of a mail stays"
    );
    let later = parsed(&later);
    let root = header(&opening, "Message-ID").unwrap();
    assert_ne!(header(&later, "Message-ID").unwrap(), root);
    assert_eq!(header(&later, "In-Reply-To").unwrap(), root);
    assert_eq!(header(&later, "References").unwrap(), root);
    assert_eq!(header(&opening, "References"), None);
    assert_eq!(
        header(&opening, "List-Unsubscribe"),
        None,
        "nobody subscribed"
    );
    let other = MailReader {
        address: "ben@example.net".parse().unwrap(),
        ..reader
    };
    let other = composed(&opened(), &other, None);
    assert_ne!(
        header(&parsed(&other), "Message-ID"),
        header(&later, "Message-ID")
    );
}

fn later_id(bytes: &[u8]) -> String {
    header(&parsed(bytes), "Message-ID").unwrap()
}

/// Where pictures of mails can be taken from: `CRITWATCH_MAILS`.
#[expect(clippy::disallowed_methods, reason = "a person looks at the mails")]
fn shown_in() -> Option<PathBuf> {
    std::env::var_os("CRITWATCH_MAILS").map(PathBuf::from)
}

#[test]
fn every_mail_is_said_in_every_language() {
    let until = at("2026-03-02T19:00:00Z");
    let link = LinkOffer { until };
    let report = UptimeReport {
        from: "2026-02-01".parse().unwrap(),
        until: "2026-02-28".parse().unwrap(),
        components: vec![ReportedUptime {
            name: "API".to_owned(),
            uptime: Some(0.9987),
        }],
        incidents: vec![ReportedIncident {
            title: "Rolls fail".to_owned(),
            severity: crate::model::component::Severity::Down,
            began: at("2026-02-03T10:00:00Z"),
            seconds: Some(2700),
            url: Some(format!("{SITE}/issues/x/")),
        }],
    };
    let occasions = Occasion::ALL.map(Announcement::sample);
    let mut contents: Vec<_> = occasions
        .iter()
        .map(|message| MailContent::Announcement(Box::new(message.clone())))
        .collect();
    contents.extend([
        MailContent::Digest(occasions.to_vec()),
        MailContent::Confirmation(link),
        MailContent::Manage(link),
        MailContent::Report(report),
    ]);
    let folder = shown_in();
    for language in Language::ALL {
        for (number, content) in contents.iter().enumerate() {
            let mail = mail(content.clone());
            let bytes = composed(&mail, &reader(language, true), None);
            let mail = parsed(&bytes);
            let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
            assert!(!text.contains("mail-"), "{language}: {text}");
            assert!(html.contains(&format!("lang=\"{language}\"")));
            assert!(bytes.is_ascii(), "every relay can take it");
            let lines = bytes.split(|byte| *byte == b'\n');
            assert!(lines.map(<[u8]>::len).max().unwrap() < 999);
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{language}-{number}.html")), &*html).unwrap();
            }
        }
    }
}

#[test]
fn what_a_person_asked_for_is_no_mail_of_a_list() {
    let until = at("2026-03-02T19:00:00Z");
    let link = LinkOffer { until };
    let mail = mail(MailContent::Confirmation(link));
    let bytes = composed(&mail, &reader(Language::De, true), None);
    let mail = parsed(&bytes);
    assert_eq!(header(&mail, "List-Unsubscribe"), None);
    assert_eq!(header(&mail, "List-Id"), None);
    golden("mail-confirmation.txt", &mail.body_text(0).unwrap());
}

/// Names of the headers that we write, in small letters.
const HEADERS: [&str; 13] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "reply-to",
    "in-reply-to",
    "references",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
];

proptest! {
    #[test]
    fn no_header_contains_a_line_that_we_did_not_write(
        title in "(\r\n|\n|\r|[a-zA-Z:<> @,]|Bcc: x@y\\.org|\u{202e}|\u{200b}|é|日){0,80}",
        token in "([a-z0-9]|\r\n|\n|>|,| |Bcc: x){0,30}",
    ) {
        let mut message = announcement(OPEN, Occasion::Update);
        message.title.clone_from(&title);
        message.updates[0].word.clone_from(&title);
        message.affected = vec![title.clone()];
        let mail = mail(MailContent::Announcement(Box::new(message)));
        let reader = MailReader {
            origin: ReaderOrigin::Subscriber { id: 7, token: SecretString::from(token) },
            ..reader(Language::Fr, true)
        };
        let now = at("2026-03-01T19:00:00Z");
        let name = named(&mail.key, Some("other"), &reader);
        let bytes = sender(&title).compose(&mail, &reader, &name, now).unwrap().formatted();
        let parsed = parsed(&bytes);
        let names: Vec<_> = parsed.headers().iter().map(|header| header.name().to_lowercase()).collect();
        for name in &names {
            let is_ours = HEADERS.contains(&&**name) || name == "content-type";
            prop_assert!(is_ours, "{}", name);
            prop_assert_eq!(names.iter().filter(|other| *other == name).count(), 1);
        }
        prop_assert_eq!(parsed.from().unwrap().iter().count(), 1);
        prop_assert_eq!(parsed.to().unwrap().iter().count(), 1);
        // In HTML the title is text.
        let html = parsed.body_html(0).unwrap();
        prop_assert!(!html.contains("<b>"));
    }
}
