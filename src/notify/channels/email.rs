//! Sends mails: writes down who reads an announcement, and leaves the rest to the queue.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use lettre::address::Address;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::facts::notifier_state::{Failing, MailCounts};
use crate::model::text::language::Language;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::letters::letter::{Letter, MailSite};
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin, Recipient};
use crate::notify::mail::outgoing::addresses;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::queue::{MailQueue, ReaderPage};
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::subscribers::recipients::{self, ComponentNames, Topical};

/// A `[[notifier]]` of `type = "email"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailSettings {
    /// Fixed recipients.
    #[serde(default)]
    pub to: Vec<Recipient>,
    /// Whether to include subscribers of the page.
    #[serde(default)]
    pub subscribers: bool,
}

impl EmailSettings {
    /// The fixed recipients as mails name them.
    pub(crate) fn recipients(&self) -> BTreeSet<Recipient> {
        let addresses = addresses(&self.to);
        let names = addresses.map(|address| Recipient::new(address.to_string()));
        names.collect()
    }
}

/// The addresses; what is none was a fault of the settings.
fn addresses(to: &[Recipient]) -> impl Iterator<Item = Address> {
    to.iter().filter_map(|to| to.expose().trim().parse().ok())
}

/// What mails need besides their settings.
#[derive(Clone, Debug)]
pub(crate) struct MailTools {
    /// Where they wait.
    pub queue: MailQueue,
    /// What is counted.
    pub metrics: MailMetrics,
    /// The language of fixed recipients.
    pub language: Language,
    /// The components that subscribers choose from, by the names of incident files.
    pub components: Arc<ComponentNames>,
    /// Tells the moment (law 8).
    pub clock: fn() -> Timestamp,
}

/// Recipients of mails. Its `Debug` shows no address.
pub(crate) struct Email {
    to: Vec<Address>,
    subscribers: bool,
    site: MailSite,
    tools: Option<MailTools>,
}

impl Email {
    /// Keeps the recipients and the way to the queue.
    pub(crate) fn new(settings: &EmailSettings, site: MailSite, tools: Option<MailTools>) -> Self {
        Self {
            to: addresses(&settings.to).collect(),
            subscribers: settings.subscribers,
            site,
            tools,
        }
    }

    /// The text of the mail that a fixed recipient would get.
    pub(crate) fn preview(&self, message: &Announcement) -> String {
        let speech = message.speech();
        let content = MailContent::Announcement(Box::new(message.clone()));
        let origin = ReaderOrigin::Fixed;
        let letter = Letter::of(&content, (&speech, &origin), &self.site);
        let text = letter.text().unwrap_or_default();
        format!("Subject: {}\n\n{text}", letter.subject)
    }

    /// Writes down who reads a message.
    pub(crate) async fn deliver(
        &self,
        notifier: &str,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        let Some(tools) = &self.tools else {
            return Err(DeliveryError::Dead {
                reason: "the settings have no `[mail]`".to_owned(),
            });
        };
        let mail = Mail {
            key: place.key.to_owned(),
            notifier: notifier.to_owned(),
            topic: Some(format!("{}:{}", message.kind.word(), message.name)),
            content: MailContent::Announcement(Box::new(message.clone())),
        };
        let fixed = self.to.iter().map(|address| MailReader {
            address: address.clone(),
            language: tools.language,
            origin: ReaderOrigin::Fixed,
        });
        let fixed: Vec<_> = fixed.collect();
        let has_subscribers = self.subscribers;
        let what = Topical::of(message, &tools.components);
        let now = (tools.clock)();
        let page = move |store: &rusqlite::Connection, after: i64| {
            // Who is fixed and subscribed gets one mail, and may end it.
            if has_subscribers {
                let page = recipients::readers(store, &what, after, now)?;
                if page.next.is_some() {
                    return Ok(page);
                }
            }
            let paused = addresses::paused(store)?;
            let is_there = |reader: &&MailReader| !paused.contains(&reader.recipient());
            Ok(ReaderPage {
                readers: fixed.iter().filter(is_there).cloned().collect(),
                next: None,
            })
        };
        let written = tools.queue.put(mail, page, now).await;
        // Some of its readers may be there already.
        written.map_err(|error| DeliveryError::Doubtful {
            reason: format!("the mails cannot be written down: {error}"),
            pause: None,
        })?;
        Ok(Delivered::default())
    }

    /// How the mails of a notifier stand.
    pub(crate) fn counts(&self, notifier: &str) -> Option<MailCounts> {
        let tools = self.tools.as_ref()?;
        let paused = tools.metrics.paused();
        let places = self.to.iter().zip(1..).filter(|(address, _)| {
            let recipient = Recipient::new(address.to_string());
            paused.contains(&recipient)
        });
        Some(MailCounts {
            paused: places.map(|(_, place)| place).collect(),
            ..tools.metrics.counts(notifier)
        })
    }

    /// Why the relay takes nothing.
    pub(crate) fn failing(&self) -> Option<Failing> {
        self.tools.as_ref()?.metrics.failing()
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mails to {} fixed recipients", self.to.len())?;
        if self.subscribers {
            f.write_str(" and to subscribers")?;
        }
        Ok(())
    }
}
