//! What a mail says, the same for all who read it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::component::Severity;
use crate::notify::message::announcement::Announcement;

/// One mail, which goes to one reader or to many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// The same over all tries: nobody gets two mails of one key.
    pub key: String,
    /// The notifier that sends it, or a word such as `subscription`, under which it is
    /// counted.
    pub notifier: String,
    /// The conversation of which it is part: `incident:2026-03-01-rolls-fail`.
    pub topic: Option<String>,
    /// What it says.
    pub content: MailContent,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailContent {
    /// What every channel is told.
    Announcement(Box<Announcement>),
    /// Much that was due at once, the oldest first. The queue alone makes these.
    Digest(Vec<Announcement>),
    /// Whether the reader wants to subscribe.
    Confirmation(LinkOffer),
    /// Where the reader manages the subscription.
    Manage(LinkOffer),
    /// How available everything was.
    Report(UptimeReport),
}

/// A link that only its reader may follow. What it holds is the token of the reader, which
/// stands with the address and goes when the mail is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkOffer {
    /// Until when it works.
    pub until: Timestamp,
}

/// How available everything was in some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UptimeReport {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Each component, in the order of the page.
    pub components: Vec<ReportedUptime>,
    /// What happened, newest first.
    pub incidents: Vec<ReportedIncident>,
}

/// How available one component was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportedUptime {
    /// Its name.
    pub name: String,
    /// The share of the measured time, from 0 to 1; `None` without data.
    pub uptime: Option<f64>,
}

/// One incident of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportedIncident {
    /// Its title.
    pub title: String,
    /// How bad it was.
    pub severity: Severity,
    /// When it began.
    pub began: Timestamp,
    /// How long it lasted, in seconds; `None` while it is open.
    pub seconds: Option<u64>,
    /// Its page.
    pub url: Option<String>,
}
