//! What a mail tells, section by section.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::phases::phase;
use crate::language::spans::span;
use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::notify::mail::letters::content::UptimeReport;
use crate::notify::mail::letters::words::{moment, when, word};
use crate::notify::message::announcement::{Announcement, Entry};
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

/// A label and an address. Its `Debug` shows no address, which may hold a token.
#[derive(Clone)]
pub(crate) struct MailLink {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

impl fmt::Debug for MailLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailLink({}, …)", self.label)
    }
}

/// One dated line of a section.
#[derive(Clone, Debug)]
pub(crate) struct MailLine {
    /// When.
    pub when: String,
    /// The word that opens it.
    pub word: String,
    /// What it says, by paragraph.
    pub text: Vec<String>,
    /// Where there is more.
    pub url: Option<String>,
}

/// One thing that a mail tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// The name of its colour.
    pub tone: &'static str,
    /// The word above its title.
    pub word: String,
    /// Its title.
    pub title: String,
    /// Where the title leads, if no link of its own does.
    pub url: Option<String>,
    /// The newest words, by paragraph.
    pub text: Vec<String>,
    /// Labels with what they are about.
    pub facts: Vec<(String, String)>,
    /// What stands above the lines.
    pub heading: String,
    /// What came before.
    pub lines: Vec<MailLine>,
    /// Where there is more, or what is to be done.
    pub link: Option<MailLink>,
    /// What else is to be known of the link.
    pub note: Vec<String>,
}

impl Section {
    /// Its colour on white, for clients that know no classes; others show it by `tone`.
    pub(crate) fn colour(&self) -> &'static str {
        match self.tone {
            "down" => "#b5231b",
            "disrupted" => "#955400",
            "notice" => "#2257b5",
            "maintenance" => "#6a40bf",
            "ok" => "#1d7a46",
            _ => "#5c656e",
        }
    }
}

/// An announcement in full.
pub(crate) fn announced(speech: &Speech, message: &Announcement, zone: &TimeZone) -> Section {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((speech.say(name), value));
    if !message.affected.is_empty() {
        fact("affected", speech.row(&message.affected));
    }
    if let Some(began) = message.began {
        fact("began", when(began, zone));
    }
    let has_end = message.kind == Kind::Maintenance || message.is_over();
    if let Some(ended) = message.ended.filter(|_| has_end) {
        let is_planned = message.kind == Kind::Maintenance && !message.is_over();
        let name = if is_planned { "planned-until" } else { "over" };
        fact(name, when(ended, zone));
    }
    let mut updates = message.updates.iter();
    let newest = updates.next();
    let lines: Vec<_> = updates.map(|entry| line(speech, entry, zone)).collect();
    let heading = if lines.is_empty() { "" } else { "mail-earlier" };
    Section {
        tone: tone(message),
        word: word(speech, message),
        title: message.title.clone(),
        url: None,
        text: newest.map_or_else(Vec::new, |entry| paragraphs(&entry.text)),
        facts,
        heading: said(speech, heading),
        lines,
        link: message.url.as_ref().map(|url| MailLink {
            label: speech.say("mail-details"),
            url: url.clone(),
        }),
        note: Vec::new(),
    }
}

/// An announcement among others: only its newest words.
pub(crate) fn digested(speech: &Speech, message: &Announcement, zone: &TimeZone) -> Section {
    Section {
        url: message.url.clone(),
        facts: Vec::new(),
        heading: String::new(),
        lines: Vec::new(),
        link: None,
        ..announced(speech, message, zone)
    }
}

/// Asks whether the reader wants to subscribe, by a link that works until a moment.
pub(crate) fn asked(
    speech: &Speech,
    site: &str,
    link: (Option<String>, Timestamp),
    zone: &TimeZone,
) -> Section {
    Section {
        title: speech.with("mail-confirm-subject", "site", site),
        text: vec![speech.with("mail-confirm-text", "site", site)],
        ..offered(speech, "mail-confirm-button", link, zone)
    }
}

/// Leads to the page on which a subscription is managed.
pub(crate) fn managed(
    speech: &Speech,
    site: &str,
    link: (Option<String>, Timestamp),
    zone: &TimeZone,
) -> Section {
    Section {
        title: speech.with("mail-manage-subject", "site", site),
        text: vec![speech.with("mail-manage-text", "site", site)],
        ..offered(speech, "mail-manage-button", link, zone)
    }
}

/// The link of a mail that is sent for its sake.
fn offered(
    speech: &Speech,
    label: &str,
    (url, until): (Option<String>, Timestamp),
    zone: &TimeZone,
) -> Section {
    let label = speech.say(label);
    Section {
        tone: "notice",
        link: url.map(|url| MailLink { label, url }),
        note: vec![
            speech.with("mail-link-until", "until", moment(until, zone)),
            speech.say("mail-confirm-ignore"),
        ],
        ..Section::default()
    }
}

/// How available everything was, and what happened.
pub(crate) fn reported(speech: &Speech, report: &UptimeReport, zone: &TimeZone) -> Vec<Section> {
    let share = |uptime: Option<f64>| match uptime {
        Some(ratio) => speech.percent(ratio),
        None => speech.say("day-unseen"),
    };
    let components = report.components.iter();
    let uptime = Section {
        tone: "ok",
        title: speech.say("uptime"),
        text: vec![format!("{} – {}", report.from, report.until)],
        facts: components
            .map(|component| (component.name.clone(), share(component.uptime)))
            .collect(),
        ..Section::default()
    };
    let incidents = report.incidents.iter();
    let lines: Vec<_> = incidents
        .map(|incident| MailLine {
            when: moment(incident.began, zone),
            word: incident.title.clone(),
            text: incident
                .seconds
                .map(|seconds| span(speech, Duration::from_secs(seconds)))
                .into_iter()
                .collect(),
            url: incident.url.clone(),
        })
        .collect();
    let worst = report.incidents.iter().map(|incident| incident.severity);
    let incidents = Section {
        tone: worst.max().map_or("ok", tone_of),
        title: speech.say("incidents-heading"),
        text: if lines.is_empty() {
            vec![speech.say("mail-report-none")]
        } else {
            Vec::new()
        },
        lines,
        ..Section::default()
    };
    vec![uptime, incidents]
}

fn line(speech: &Speech, entry: &Entry, zone: &TimeZone) -> MailLine {
    let when = match (entry.at, entry.day) {
        (_, Some(day)) => day.to_string(),
        (Some(at), None) => moment(at, zone),
        (None, None) => String::new(),
    };
    MailLine {
        when,
        word: phase(speech, &entry.word),
        text: paragraphs(&entry.text),
        url: None,
    }
}

/// A text by its paragraphs.
fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn said(speech: &Speech, name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        speech.say(name)
    }
}

fn tone(message: &Announcement) -> &'static str {
    match message.stage {
        _ if message.withdrawn => "quiet",
        Stage::Over | Stage::Completed => "ok",
        Stage::Cancelled => "quiet",
        Stage::Scheduled | Stage::Begun => "maintenance",
        Stage::Open => tone_of(message.severity),
    }
}

fn tone_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Down => "down",
        Severity::Disrupted => "disrupted",
        Severity::Notice => "notice",
    }
}
