//! Reads reports of mails that could not be delivered (RFC 3464).

use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

/// Recipients of one report that are read; each mail of ours has one.
const MAX_RECIPIENTS: usize = 10;

/// What a report says of one recipient. Its `Debug` shows no address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ReturnedMail {
    /// The name of the message that came back, without its domain.
    pub name: String,
    /// To whom it went.
    pub address: String,
    /// Why, as an enhanced status code.
    pub status: String,
}

impl std::fmt::Debug for ReturnedMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReturnedMail({})", self.status)
    }
}

/// What a mail reports as failed for good; `None` if it is no report.
pub(crate) fn read(bytes: &[u8]) -> Option<Vec<ReturnedMail>> {
    let mail = MessageParser::default().parse(bytes)?;
    let statuses = mail.parts.iter().find(|part| is(part, "delivery-status"))?;
    let name = mail.parts.iter().find_map(original_name);
    let name = name.unwrap_or_default();
    // A block about the report itself, then one for each recipient.
    let text = String::from_utf8_lossy(statuses.contents()).replace("\r\n", "\n");
    let recipients = text.split("\n\n").filter_map(|block| {
        let block = MessageParser::default().parse_headers(block.trim_start())?;
        if !field(&block, "Action")?.eq_ignore_ascii_case("failed") {
            return None;
        }
        let asked = field(&block, "Original-Recipient");
        let address = asked.or_else(|| field(&block, "Final-Recipient"))?;
        // `rfc822; ann@example.org`
        let (_, address) = address.split_once(';')?;
        let status = field(&block, "Status")?;
        Some(ReturnedMail {
            name: name.clone(),
            address: address.trim().trim_matches(['<', '>']).to_owned(),
            // Some add words.
            status: status.split_whitespace().next()?.to_owned(),
        })
    });
    Some(recipients.take(MAX_RECIPIENTS).collect())
}

fn is(part: &MessagePart<'_>, subtype: &str) -> bool {
    let kind = part.content_type();
    kind.is_some_and(|kind| {
        let own = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message") && own.eq_ignore_ascii_case(subtype)
    })
}

/// The name of the message that a report holds, whole or by its head.
fn original_name(part: &MessagePart<'_>) -> Option<String> {
    let id = match &part.body {
        PartType::Message(original) => original.message_id()?.to_owned(),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => {
            let kind = part.content_type()?.subtype()?;
            if !kind.eq_ignore_ascii_case("rfc822-headers") {
                return None;
            }
            let head = MessageParser::default().parse_headers(part.contents())?;
            head.message_id()?.to_owned()
        }
    };
    let (name, _) = id.split_once('@')?;
    Some(name.to_owned())
}

fn field(block: &Message<'_>, name: &'static str) -> Option<String> {
    let raw = block.header_raw(HeaderName::Other(name.into()))?;
    Some(raw.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POSTFIX: &str = "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\n\
To: status@example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
--B\r\nContent-Description: Notification\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n\r\n\
--B\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
Reporting-MTA: dns; mx.example.org\r\nArrival-Date: Sun,  1 Mar 2026 19:00:00 +0000\r\n\r\n\
Final-Recipient: rfc822; ann@example.net\r\nOriginal-Recipient: rfc822;ann@example.net\r\n\
Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\n\
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.net>:\r\n    no such user\r\n\r\n\
--B\r\nContent-Description: Undelivered Message\r\nContent-Type: ORIGINAL\r\n\r\n\
From: status@example.org\r\nTo: ann@example.net\r\nMessage-ID: <a1b2@example.org>\r\n\
Subject: Down\r\n\r\nIt is down.\r\n\r\n--B--\r\n";

    #[test]
    fn a_report_names_the_message_the_address_and_the_reason() {
        for original in ["message/rfc822", "text/rfc822-headers"] {
            let text = POSTFIX.replace("ORIGINAL", original);
            let expected = ReturnedMail {
                name: "a1b2".to_owned(),
                address: "ann@example.net".to_owned(),
                status: "5.1.1".to_owned(),
            };
            let returned = read(text.as_bytes()).unwrap();
            assert_eq!(returned.len(), 1, "{original}");
            assert!(returned[0] == expected, "{original}: {}", returned[0].name);
        }
        let late = POSTFIX.replace("Action: failed", "Action: delayed");
        assert!(read(late.as_bytes()).unwrap().is_empty(), "it may arrive");
    }

    #[test]
    fn a_letter_of_a_person_is_no_report() {
        let letter = "From: ann@example.net\r\nSubject: Hello\r\n\r\nStatus: 5.1.1\r\n";
        assert!(read(letter.as_bytes()).is_none());
    }

    proptest! {
        #[test]
        fn no_mail_makes_it_panic(
            from in 0..POSTFIX.len(), to in 0..POSTFIX.len(), more in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let mut bytes = POSTFIX.as_bytes()[..to].to_vec();
            let _ = bytes.splice(from.min(to)..from.min(to), more);
            let _ = read(&bytes);
        }
    }
}
