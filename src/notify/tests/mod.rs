//! Messages as channels take them, and what is due to whom.

mod channels;
mod doubtful;
mod due;
mod gathered;
mod mails;
mod patient;
mod previews;
mod random;
mod relayed;
mod renamed;
mod replaced;
mod resent;
mod secrets;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::Client;
use reqwest::redirect::Policy;

use crate::incident::file::document::Document;
use crate::language::speech::Speech;
use crate::model::board::{Board, Facts, Sight};
use crate::model::fixtures::golden;
use crate::model::incident::Incident;
use crate::model::text::language::Language;
use crate::notify::channels::discord::payload;
use crate::notify::mail::outgoing::present::PresentState;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Topic;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::wording::SiteWording;

/// What channels share; a remote side has a second to answer. Nothing here speaks
/// TLS, and to read the machine's certificates takes longer than all the rest.
fn tools() -> HttpTools {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().redirect(Policy::none());
    let client = client.timeout(Duration::from_secs(3)).tls_certs_only([]);
    HttpTools {
        client: client.build().unwrap(),
        wording: SiteWording {
            speech: Speech::of(Language::En),
            zone: TimeZone::UTC,
        },
    }
}

/// A page of which nothing is known, and no fixed recipients.
pub(in crate::notify) fn nothing_present() -> PresentState {
    PresentState {
        board: Arc::new(Board::new(
            Timestamp::UNIX_EPOCH,
            [],
            Facts::of(Sight::Unwatched),
        )),
        site: None,
        recipients: Arc::default(),
    }
}

pub(in crate::notify) const OPEN: &str = "---
section: issue
title: \"Rolls <b>fail</b> & \\\"more\\\"\"
date: 2026-03-01T18:48:00Z
resolved: false
affected: [API, Cache]
severity: down
---
*Identified* - A person wrote <script>alert(1)</script> [here](javascript:alert(1)). {{< track \"2026-03-01 18:55:00\" >}}

*Investigating* - The cache is full. {{< track \"2026-03-01 18:48:00\" >}}
";

const PAST: &str = include_str!("../../../incidents/2023-01-19-cache-outage.md");

pub(in crate::notify) fn incident(file: &str, text: &str) -> Incident {
    Document::parse(text).unwrap().incident(file)
}

pub(in crate::notify) fn message(
    incident: &Incident,
    occasion: Occasion,
    site: Option<&str>,
) -> Announcement {
    Announcement::new(&Topic::incident(incident).unwrap(), occasion, site)
}

#[test]
fn a_message_for_discord() {
    let open = incident("2026-03-01-rolls-fail.md", OPEN);
    let site = Some("https://status.example.org");
    let opened = payload::payload(&message(&open, Occasion::Opened, site), Some("77"));
    golden("discord-opened.json", &format!("{opened:#}"));
    let past = incident("2023-01-19-cache-outage.md", PAST);
    let resolved = payload::payload(&message(&past, Occasion::Resolved, None), Some("77"));
    golden("discord-resolved.json", &format!("{resolved:#}"));
}
