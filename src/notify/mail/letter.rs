//! A mail as its templates show it, in the language of its reader.

use askama::Template;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret as _;

use crate::language::phases::phase;
use crate::language::spans::span;
use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::notify::mail::content::{MailContent, PersonalLink, UptimeReport};
use crate::notify::mail::links;
use crate::notify::mail::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::words::{moment, subject, when, word};
use crate::notify::message::announcement::{Announcement, Entry};
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

/// The page for which mails are sent.
#[derive(Clone, Debug)]
pub(crate) struct MailSite {
    /// Its name.
    pub title: String,
    /// Its public address.
    pub url: Option<String>,
    /// Whose clock its times follow.
    pub zone: TimeZone,
}

/// A label and an address.
#[derive(Clone, Debug)]
pub(crate) struct MailLink {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
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
    fn colour(&self) -> &'static str {
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

/// A mail as its templates show it.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// The tag of its language.
    pub language: &'static str,
    /// Its direction.
    pub direction: &'static str,
    /// The name of the page.
    pub site: String,
    /// The address of the page.
    pub site_url: Option<String>,
    /// The subject.
    pub subject: String,
    /// What stands above the sections.
    pub intro: String,
    /// What it tells.
    pub sections: Vec<Section>,
    /// Why it was sent.
    pub why: String,
    /// What the reader can do about that.
    pub links: Vec<MailLink>,
}

#[derive(Template)]
#[template(path = "mail/mail.html", whitespace = "suppress")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/mail.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// Says a content to a reader.
    pub(crate) fn new(content: &MailContent, reader: &MailReader, site: &MailSite) -> Self {
        let speech = Speech::of(reader.language);
        let speech = &*speech;
        let name = &*site.title;
        let mut letter = Self {
            language: reader.language.tag(),
            direction: reader.language.direction(),
            site: name.to_owned(),
            site_url: site.url.clone(),
            subject: subject(speech, content, name),
            intro: String::new(),
            sections: Vec::new(),
            why: String::new(),
            links: Vec::new(),
        };
        let mut is_personal = false;
        letter.sections = match content {
            MailContent::Announcement(message) => vec![announced(speech, message, &site.zone)],
            MailContent::Digest(messages) => {
                letter.intro = speech.say("mail-digest-text");
                let sections = messages.iter();
                sections
                    .map(|one| digested(speech, one, &site.zone))
                    .collect()
            }
            MailContent::Confirmation(link) => {
                is_personal = true;
                vec![asked(speech, name, link, &site.zone)]
            }
            MailContent::Manage(link) => {
                is_personal = true;
                vec![managed(speech, name, link, &site.zone)]
            }
            MailContent::Report(report) => reported(speech, report, &site.zone),
        };
        if !is_personal {
            letter.sign(speech, reader, site);
        }
        letter
    }

    /// Says why it was sent, and what the reader can do about that.
    fn sign(&mut self, speech: &Speech, reader: &MailReader, site: &MailSite) {
        let why = match &reader.origin {
            ReaderOrigin::Fixed => "mail-why-fixed",
            ReaderOrigin::Subscriber { token, .. } => {
                if let Some(url) = &site.url {
                    let token = token.expose_secret();
                    let link = |name: &str, url| MailLink {
                        label: speech.say(name),
                        url,
                    };
                    self.links = vec![
                        link("mail-manage-button", links::manage(url, token)),
                        link("mail-unsubscribe", links::unsubscribe(url, token)),
                    ];
                }
                "mail-why-subscriber"
            }
        };
        self.why = speech.with(why, "site", &*site.title);
    }

    /// The part for those who read HTML.
    pub(crate) fn html(&self) -> askama::Result<String> {
        Html { letter: self }.render()
    }

    /// The part for those who read text.
    pub(crate) fn text(&self) -> askama::Result<String> {
        let text = Text { letter: self }.render()?;
        // Sections without some of their parts would leave holes.
        let mut lines: Vec<&str> = Vec::new();
        for line in text.lines() {
            // A signature begins with `-- `.
            let line = if line == "-- " { line } else { line.trim_end() };
            if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
                lines.push(line);
            }
        }
        Ok(lines.join("\n").trim_end().to_owned() + "\n")
    }
}

/// An announcement in full.
fn announced(speech: &Speech, message: &Announcement, zone: &TimeZone) -> Section {
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
fn digested(speech: &Speech, message: &Announcement, zone: &TimeZone) -> Section {
    Section {
        url: message.url.clone(),
        facts: Vec::new(),
        heading: String::new(),
        lines: Vec::new(),
        link: None,
        ..announced(speech, message, zone)
    }
}

fn asked(speech: &Speech, site: &str, link: &PersonalLink, zone: &TimeZone) -> Section {
    let until = moment(link.until, zone);
    Section {
        tone: "notice",
        title: speech.with("mail-confirm-subject", "site", site),
        text: vec![speech.with("mail-confirm-text", "site", site)],
        link: Some(MailLink {
            label: speech.say("mail-confirm-button"),
            url: link.url.clone(),
        }),
        note: vec![
            speech.with("mail-link-until", "until", until),
            speech.say("mail-confirm-ignore"),
        ],
        ..Section::default()
    }
}

fn managed(speech: &Speech, site: &str, link: &PersonalLink, zone: &TimeZone) -> Section {
    let until = moment(link.until, zone);
    Section {
        tone: "notice",
        title: speech.with("mail-manage-subject", "site", site),
        text: vec![speech.with("mail-manage-text", "site", site)],
        link: Some(MailLink {
            label: speech.say("mail-manage-button"),
            url: link.url.clone(),
        }),
        note: vec![
            speech.with("mail-link-until", "until", until),
            speech.say("mail-confirm-ignore"),
        ],
        ..Section::default()
    }
}

fn reported(speech: &Speech, report: &UptimeReport, zone: &TimeZone) -> Vec<Section> {
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
                .map(|seconds| span(speech, std::time::Duration::from_secs(seconds)))
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
