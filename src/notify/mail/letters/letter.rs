//! A mail as its templates show it, in the language of its reader.

use std::fmt;

use askama::Template;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret as _;

use crate::language::speech::Speech;
use crate::notify::mail::letters::content::MailContent;
use crate::notify::mail::letters::links;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::letters::sections::{
    MailLink, Section, announced, asked, digested, managed, reported,
};
use crate::notify::mail::letters::words::subject;

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

/// A mail as its templates show it. Its `Debug` shows nothing but how much there is.
#[derive(Clone)]
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

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sections = self.sections.len();
        write!(f, "Letter({}, {sections} sections)", self.language)
    }
}

#[derive(Template)]
#[template(path = "mail/mail.html", whitespace = "suppress")]
struct MailHtml<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/mail.txt", escape = "none")]
struct MailText<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// Says a content to a reader.
    pub(crate) fn new(content: &MailContent, reader: &MailReader, site: &MailSite) -> Self {
        let speech = Speech::of(reader.language);
        Self::of(content, (&speech, &reader.origin), site)
    }

    /// The same in a language, to somebody who came to us that way.
    pub(crate) fn of(
        content: &MailContent,
        (speech, origin): (&Speech, &ReaderOrigin),
        site: &MailSite,
    ) -> Self {
        let name = &*site.title;
        let mut letter = Self {
            language: speech.language().tag(),
            direction: speech.language().direction(),
            site: name.to_owned(),
            site_url: site.url.clone(),
            subject: subject(speech, content, name),
            intro: String::new(),
            sections: Vec::new(),
            why: String::new(),
            links: Vec::new(),
        };
        let mut is_personal = false;
        let own = manage_link(origin, site);
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
                vec![asked(speech, name, (own, link.until), &site.zone)]
            }
            MailContent::Manage(link) => {
                is_personal = true;
                vec![managed(speech, name, (own, link.until), &site.zone)]
            }
            MailContent::Report(report) => reported(speech, report, &site.zone),
        };
        if !is_personal {
            letter.sign(speech, origin, site);
        }
        letter
    }

    /// Whether it offers the link for which it is sent, if it is sent for one.
    pub(crate) fn is_whole(&self, content: &MailContent) -> bool {
        match content {
            MailContent::Confirmation(_) | MailContent::Manage(_) => {
                self.sections.iter().all(|section| section.link.is_some())
            }
            MailContent::Announcement(_) | MailContent::Digest(_) | MailContent::Report(_) => true,
        }
    }

    /// Says why it was sent, and what the reader can do about that.
    fn sign(&mut self, speech: &Speech, origin: &ReaderOrigin, site: &MailSite) {
        let why = match origin {
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
        MailHtml { letter: self }.render()
    }

    /// The part for those who read text.
    pub(crate) fn text(&self) -> askama::Result<String> {
        let text = MailText { letter: self }.render()?;
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

/// Where its reader manages the subscription; `None` for who has none, or without a page.
fn manage_link(origin: &ReaderOrigin, site: &MailSite) -> Option<String> {
    match origin {
        ReaderOrigin::Fixed => None,
        ReaderOrigin::Subscriber { token, .. } => {
            let url = site.url.as_ref()?;
            Some(links::manage(url, token.expose_secret()))
        }
    }
}
