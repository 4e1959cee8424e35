//! What subscribers by e-mail ask for, on its way from the page to their table.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use email_address::{EmailAddress, Options};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::model::component::ComponentId;
use crate::model::request::samples::push::Push;
use crate::model::text::language::Language;

/// Longer addresses are none (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

/// An address for mail. Nothing prints it but what is asked for it by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress(String);

impl MailAddress {
    /// Reads an address; two that reach the same mailbox almost everywhere are the same.
    ///
    /// ```
    /// # use critwatch::model::request::receivers::subscription::MailAddress;
    /// let address = MailAddress::parse(" Ann@Example.org ").unwrap();
    /// assert_eq!(address.expose(), "ann@example.org");
    /// assert_eq!(format!("{address:?} {}", address.masked()), "MailAddress(…) a…@example.org");
    /// assert_eq!(MailAddress::parse("Ann <ann@example.org>"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let options = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let is_plain =
            text.len() <= MAX_ADDRESS && text.bytes().all(|byte| byte.is_ascii_graphic());
        // A quoted name may hold anything, and belongs to nobody.
        let is_plain = is_plain && !text.contains(['"', '(', ')', '<', '>', ',', ';', ':', '\\']);
        let is_address = is_plain && EmailAddress::parse_with_options(text, options).is_ok();
        is_address.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The address itself, for who sends mail to it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The mailbox that it reaches almost everywhere: `ann+status@example.org` and
    /// `ann@example.org` are one.
    pub(crate) fn mailbox(&self) -> String {
        let (name, domain) = self.0.split_once('@').unwrap_or_default();
        let base = name.split('+').next().filter(|base| !base.is_empty());
        format!("{}@{domain}", base.unwrap_or(name))
    }

    /// Its domain.
    pub(crate) fn domain(&self) -> &str {
        self.0.split_once('@').unwrap_or_default().1
    }

    /// Enough of it to recognize one's own.
    pub fn masked(&self) -> String {
        let (name, domain) = self.0.split_once('@').unwrap_or_default();
        let first: String = name.chars().take(1).collect();
        format!("{first}…@{domain}")
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(…)")
    }
}

/// Limits for subscriptions, so that nobody can use the form to annoy others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SubscriptionLimits {
    /// Links that one visitor can request within an hour; the visitor's network can request three
    /// times as many, the next larger one eight times.
    pub visitor: usize,
    /// Links that all visitors together can request within an hour.
    pub requests: usize,
    /// Links to one mailbox within the 48 hours of their validity.
    pub mailbox: u32,
    /// Minutes between two links to the same mailbox.
    pub pause_minutes: u32,
    /// Links to addresses of one domain within an hour.
    pub domain: u32,
    /// Maximum number of unconfirmed subscriptions.
    pub unconfirmed: u32,
    /// Maximum number of subscribers.
    pub subscribers: u32,
}

impl Default for SubscriptionLimits {
    fn default() -> Self {
        Self {
            visitor: 5,
            requests: 1_000,
            mailbox: 3,
            pause_minutes: 10,
            domain: 200,
            unconfirmed: 2_000,
            subscribers: 200_000,
        }
    }
}

impl SubscriptionLimits {
    /// What cannot be meant, with the key of its place.
    pub(crate) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let counts = [
            self.mailbox,
            self.domain,
            self.unconfirmed,
            self.subscribers,
        ];
        let is_closed = counts.contains(&0) || self.visitor == 0 || self.requests == 0;
        is_closed.then_some((
            "limits",
            "a limit of 0 prevents all subscriptions; to disable them, remove `subscribers = true`",
        ))
    }
}

/// What a link in a mail holds: whoever has it may act for its subscriber.
#[derive(Clone, PartialEq, Eq)]
pub struct MailToken(pub [u8; 32]);

impl MailToken {
    /// Reads a token of a link.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The token itself, for the link.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for MailToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailToken(…)")
    }
}

/// How often a report of uptime is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportRhythm {
    /// Each Monday, of the week before.
    Weekly,
    /// On the first of each month, of the month before.
    Monthly,
}

impl ReportRhythm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Weekly, Self::Monthly];

    /// The word of forms and of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What a subscriber wants to be told, and in which language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionChoice {
    /// The language of the mails.
    pub language: Language,
    /// Only what concerns these components; if empty, everything.
    pub components: BTreeSet<ComponentId>,
    /// Whether incidents are told.
    pub incidents: bool,
    /// Whether planned work is told.
    pub maintenance: bool,
    /// Whether uptime is reported, and how often.
    pub report: Option<ReportRhythm>,
}

impl SubscriptionChoice {
    /// What is sent unless a subscriber says otherwise: all incidents and planned work.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            components: BTreeSet::new(),
            incidents: true,
            maintenance: true,
            report: None,
        }
    }

    /// Whether anything is wanted.
    pub fn is_some(&self) -> bool {
        self.incidents || self.maintenance || self.report.is_some()
    }
}

/// What visitors ask of the table of subscribers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionErrand {
    /// Send a link to this address, with which it subscribes.
    Ask(MailAddress, SubscriptionChoice),
    /// What a token is for.
    Look(MailToken),
    /// The address of the token wants to be told.
    Confirm(MailToken),
    /// It wants to be told something else.
    Change(MailToken, SubscriptionChoice),
    /// It wants to be told nothing more, and to be forgotten.
    Leave(MailToken),
}

/// What the table answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionAnswer {
    /// It was asked for, whatever came of it.
    Asked,
    /// The token is not known, or no longer.
    Unknown,
    /// The token confirms what was chosen.
    Waiting(SubscriptionChoice),
    /// The token is of one who is told this.
    Subscribed(SubscriptionChoice),
    /// The token was of one who is not told anything any more.
    Left,
}

/// An errand on its way to the table.
pub type PendingSubscription = Push<SubscriptionErrand, SubscriptionAnswer>;

/// Where errands go in.
#[derive(Clone, Debug)]
pub struct SubscribersDoor {
    /// Where they go.
    pub errands: mpsc::Sender<PendingSubscription>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_addresses() {
        let long = format!("{}@example.org", "a".repeat(250));
        for wrong in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "ann@localhost",
            "ann@[192.0.2.1]",
            "Ann <ann@example.org>",
            "ann@example.org, ben@example.org",
            "ann@example.org\r\nBcc: ben@example.org",
            "\"ann\nben\"@example.org",
            "\"ann\"@example.org",
            "ann ben@example.org",
            "änn@example.org",
            "ann@exämple.org",
            &long,
        ] {
            assert_eq!(MailAddress::parse(wrong), None, "{wrong}");
        }
        for right in [
            "ann@example.org",
            "ann+status@mail.example.org",
            "a.b-c_d@xn--exmple-cua.org",
        ] {
            assert_eq!(MailAddress::parse(right).unwrap().expose(), right);
        }
    }

    #[test]
    fn a_mailbox_has_many_addresses() {
        for (address, mailbox) in [
            ("ann@example.org", "ann@example.org"),
            ("Ann+1@example.org", "ann@example.org"),
            ("ann+1+2@example.org", "ann@example.org"),
            ("+ann@example.org", "+ann@example.org"),
            // Dots count at most providers.
            ("a.nn@example.org", "a.nn@example.org"),
        ] {
            assert_eq!(MailAddress::parse(address).unwrap().mailbox(), mailbox);
        }
    }

    #[test]
    fn nothing_prints_an_address_or_a_token() {
        let address = MailAddress::parse("secret@example.org").unwrap();
        let token = MailToken(*b"sssssssssssssssssssssssssssssss!");
        assert_eq!(MailToken::parse(&token.expose()), Some(token.clone()));
        let choice = SubscriptionChoice::new(Language::En);
        let printed = format!(
            "{:?} {:?}",
            SubscriptionErrand::Ask(address, choice),
            SubscriptionErrand::Confirm(token)
        );
        assert!(
            !printed.contains("secret") && !printed.contains("c3Nz"),
            "{printed}"
        );
    }
}
