//! Who reads a mail.

use lettre::address::Address;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::model::text::language::Language;

/// An address as the settings write it. Nothing prints it but what asks for it by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Recipient(String);

impl Recipient {
    /// A recipient by its address.
    pub(crate) fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address itself, for who sends mail to it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// Who reads a mail.
///
/// Its `Debug` shows no address, because no address is ever logged.
#[derive(Clone)]
pub(crate) struct MailReader {
    /// Where the mail goes.
    pub address: Address,
    /// The language of the mail's own words.
    pub language: Language,
    /// How the address came to us.
    pub origin: ReaderOrigin,
}

/// How an address came to us.
#[derive(Clone)]
pub(crate) enum ReaderOrigin {
    /// By the settings.
    Fixed,
    /// By a subscription.
    Subscriber {
        /// Its number.
        id: i64,
        /// What opens the pages on which it is managed and ended.
        token: SecretString,
    },
}

impl MailReader {
    /// The address, to be compared with those of the settings.
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient::new(self.address.to_string())
    }

    /// The number of the subscription, if it is one.
    pub(crate) fn subscriber(&self) -> Option<i64> {
        match self.origin {
            ReaderOrigin::Fixed => None,
            ReaderOrigin::Subscriber { id, .. } => Some(id),
        }
    }
}

impl std::fmt::Debug for MailReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.origin {
            ReaderOrigin::Fixed => write!(f, "a fixed recipient ({})", self.language),
            ReaderOrigin::Subscriber { id, .. } => write!(f, "subscriber {id} ({})", self.language),
        }
    }
}
