//! A fixed recipient without a mailbox.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::model::text::language::Language;
use crate::notify::channels::email::{Email, EmailSettings, MailTools};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::message::known::place::Place;
use crate::notify::message::occasion::Occasion;
use crate::notify::tests::relayed::office::{TestOffice, TestRelay, now, settings};
use crate::notify::tests::{OPEN, incident, message};

fn channel(office: &TestOffice) -> Email {
    let to = "to = ['ben@example.net', 'nobody@example.net']";
    let settings: EmailSettings = toml::from_str(to).unwrap();
    let site = MailSite {
        title: "Example".to_owned(),
        url: None,
        zone: TimeZone::UTC,
    };
    let tools = MailTools {
        queue: office.queue.clone(),
        metrics: office.metrics.clone(),
        language: Language::En,
        components: Arc::default(),
        clock: now,
    };
    Email::new(&settings, site, Some(tools))
}

/// Announces something, and waits until it is settled; returns each row.
async fn announced(office: &TestOffice, key: &str) -> Vec<(String, String)> {
    let open = incident("2026-03-01-rolls-fail.md", OPEN);
    let message = message(&open, Occasion::Opened, None);
    let place = Place {
        key,
        ..Place::default()
    };
    let email = channel(office);
    email.deliver("team", &message, &place).await.unwrap();
    // A refusal before the relay took anything is tried again.
    office.until_none_of(&["due", "sending"]).await;
    office.rows().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_recipient_without_a_mailbox_is_paused_until_the_settings_are_read_again() {
    let Some(mut relay) = TestRelay::start(&[]) else {
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let settings = settings(&relay, "tls = 'none'");
    let office = TestOffice::open(state.path(), &settings);
    let states = |rows: Vec<(String, String)>| {
        let states = rows.into_iter().map(|(_, state)| state);
        states.collect::<Vec<_>>()
    };
    assert_eq!(
        states(announced(&office, "team/1").await),
        ["sent", "bounced"]
    );
    while channel(&office).counts("team").unwrap().paused.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(channel(&office).counts("team").unwrap().paused, [2]);
    let rows = announced(&office, "team/2").await;
    assert_eq!(
        states(rows),
        ["sent", "bounced", "sent"],
        "it is not asked again"
    );
    office.close().await;
    let office = TestOffice::open(state.path(), &settings);
    office.until_none("bounced").await;
    let rows = states(announced(&office, "team/3").await);
    assert_eq!(rows, ["sent", "refused", "sent", "sent", "bounced"]);
    office.close().await;
    for _ in 0..3 {
        assert_eq!(relay.next().await["to"][0], "ben@example.net");
    }
}
