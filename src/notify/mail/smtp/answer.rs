//! What an answer of the relay means for a mail and for its address.
//!
//! By the enhanced status codes of RFC 3463 and the registry of IANA.

use crate::notify::texts::text::one_line;

/// Characters of an answer that a reason quotes.
const MAX_QUOTED: usize = 200;

/// Codes of addresses that there are not.
const NO_ADDRESS: [&str; 3] = ["5.1.1", "5.1.6", "5.1.10"];

/// Codes of mailboxes that may take a mail some other day. A relay whose name service
/// fails says of every domain that there is none (`5.1.2`).
const NO_ROOM: [&str; 6] = ["4.2.1", "4.2.2", "5.1.2", "5.1.3", "5.2.1", "5.2.2"];

/// What the relay made of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RelayAnswer {
    /// It took it.
    Taken,
    /// Not now.
    Later(String),
    /// Not now, because the mailbox is full or closed.
    Full(String),
    /// There is no such address.
    NoAddress(String),
    /// Never in this form; nothing is wrong with the address.
    Refused(String),
    /// It was never asked: the mail cannot be written.
    Unsendable(String),
    /// Nobody knows whether it took it.
    Unknown(String),
    /// It is busy, or takes nothing for this reader at present: its answer does not say which.
    Busy(String),
    /// It takes nothing at present, whoever reads it.
    Trouble(String),
}

impl RelayAnswer {
    /// What a reply code and its text mean.
    pub(crate) fn of(code: u16, text: &str) -> Self {
        let reason = reason(code, text);
        let enhanced = enhanced(text);
        match (code, enhanced) {
            // No authentication.
            (530 | 534 | 535 | 538, _) => Self::Trouble(reason),
            // Closing, too many connections, or a recipient for whom it does not relay.
            (421 | 432 | 454, _) => Self::Busy(reason),
            (_, Some(status)) if NO_ADDRESS.contains(&status) => Self::NoAddress(reason),
            (_, Some(status)) if NO_ROOM.contains(&status) => Self::Full(reason),
            (552, None) => Self::Full(reason),
            (400..=499, _) => Self::Later(reason),
            _ => Self::Refused(reason),
        }
    }

    /// Why the relay did not take it.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            Self::Taken => None,
            Self::Later(reason)
            | Self::Full(reason)
            | Self::NoAddress(reason)
            | Self::Refused(reason)
            | Self::Unsendable(reason)
            | Self::Unknown(reason)
            | Self::Busy(reason)
            | Self::Trouble(reason) => Some(reason),
        }
    }

    /// The word under which it is counted.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Taken => "delivered",
            Self::Later(_) | Self::Full(_) | Self::Busy(_) | Self::Trouble(_) => "later",
            Self::Unknown(_) => "unknown",
            Self::NoAddress(_) | Self::Refused(_) | Self::Unsendable(_) => "never",
        }
    }
}

/// The enhanced status code with which a text begins.
fn enhanced(text: &str) -> Option<&str> {
    let first = text.split_whitespace().next()?;
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.parse::<u16>().is_ok();
    let parts: Vec<_> = first.split('.').collect();
    (parts.len() == 3 && parts.iter().all(|part| is_number(part))).then_some(first)
}

/// An answer in one line and without addresses, which stand nowhere.
fn reason(code: u16, text: &str) -> String {
    let text = one_line(text);
    let words = text.split(' ');
    let words: Vec<_> = words
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect();
    let words: String = words.join(" ").chars().take(MAX_QUOTED).collect();
    format!("the relay answered {code} {words}")
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(code: u16, text: &str) -> &'static str {
        match RelayAnswer::of(code, text) {
            RelayAnswer::Taken => "taken",
            RelayAnswer::Later(_) => "later",
            RelayAnswer::Full(_) => "full",
            RelayAnswer::NoAddress(_) => "no address",
            RelayAnswer::Refused(_) | RelayAnswer::Unsendable(_) => "refused",
            RelayAnswer::Unknown(_) => "unknown",
            RelayAnswer::Busy(_) => "busy",
            RelayAnswer::Trouble(_) => "trouble",
        }
    }

    #[test]
    fn each_code_has_its_meaning() {
        for (code, text, meaning) in [
            (550, "5.1.1 no such user", "no address"),
            (550, "5.1.10 recipient address has null MX", "no address"),
            (550, "5.2.1 mailbox disabled", "full"),
            (452, "4.2.2 mailbox full", "full"),
            (552, "5.2.2 over quota", "full"),
            (552, "too much", "full"),
            (552, "5.3.4 message too big", "refused"),
            (554, "5.4.6 routing loop", "refused"),
            (550, "5.7.26 unauthenticated", "refused"),
            (550, "5.7.1 spam", "refused"),
            (554, "spam", "refused"),
            (550, "no such user", "refused"),
            (450, "4.7.28 rate", "later"),
            (451, "greylisted", "later"),
            (421, "4.7.0 too many connections", "busy"),
            (454, "4.7.1 relay access denied", "busy"),
            (535, "5.7.8 bad password", "trouble"),
            (450, "5.1 odd", "later"),
        ] {
            assert_eq!(word(code, text), meaning, "{code} {text}");
        }
    }

    #[test]
    fn no_address_stands_in_a_reason() {
        let answer = RelayAnswer::of(550, "5.1.1 <mia@example.org>: user\r\nunknown");
        let reason = "the relay answered 550 5.1.1 … user unknown";
        assert_eq!(answer.reason(), Some(reason));
    }
}
