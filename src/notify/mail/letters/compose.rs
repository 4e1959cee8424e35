//! The MIME message of a mail, by lettre.

use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use secrecy::ExposeSecret as _;

use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::letters::letter::{Letter, MailSite};
use crate::notify::mail::letters::links;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::texts::text::{cut, one_line};

/// Bytes of a subject; clients show less.
const MAX_SUBJECT: usize = 200;

/// How a message and the conversation to which it belongs are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageName {
    /// Its own name, the same over all tries.
    pub own: String,
    /// The name of the message that opened the conversation.
    pub first: Option<String>,
}

/// Who sends a mail, and for which page.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// The relay's settings, with the names of the sender and the list.
    pub settings: MailSettings,
    /// The page.
    pub site: MailSite,
}

impl Sender {
    /// The MIME message of a mail to a reader.
    ///
    /// # Errors
    ///
    /// Fails if the mail cannot be written, or is sent for a link that it would not have.
    pub(crate) fn compose(
        &self,
        mail: &Mail,
        reader: &MailReader,
        name: &MessageName,
        now: Timestamp,
    ) -> Result<Message, String> {
        let letter = Letter::new(&mail.content, reader, &self.site);
        if !letter.is_whole(&mail.content) {
            return Err("the settings have no address of the page for its link".to_owned());
        }
        let subject = cut(&one_line(&letter.subject), MAX_SUBJECT, char::len_utf8);
        let mut builder = Message::builder()
            .from(self.settings.from.clone())
            .to(Mailbox::new(None, reader.address.clone()))
            .subject(subject)
            .date(now.into())
            .message_id(Some(self.message_id(&name.own)))
            .raw_header(plain("Auto-Submitted", "auto-generated"));
        if let Some(answers) = &self.settings.reply_to {
            builder = builder.reply_to(answers.clone());
        }
        if let Some(first) = name.first.as_ref().filter(|first| **first != name.own) {
            let first = self.message_id(first);
            builder = builder.in_reply_to(first.clone()).references(first);
        }
        // What a person asked for is no mail of a list.
        let is_personal = matches!(
            mail.content,
            MailContent::Confirmation(_) | MailContent::Manage(_)
        );
        if !is_personal {
            let list = format!("<status.{}>", self.settings.list_domain());
            builder = builder.raw_header(plain("List-Id", &list));
            if let (ReaderOrigin::Subscriber { token, .. }, Some(site)) =
                (&reader.origin, &self.site.url)
            {
                let address = links::unsubscribe(site, token.expose_secret());
                let one_click = "List-Unsubscribe=One-Click";
                builder = builder
                    .raw_header(plain("List-Unsubscribe", &format!("<{address}>")))
                    .raw_header(plain("List-Unsubscribe-Post", one_click));
            }
        }
        let parts = letter.text().and_then(|text| Ok((text, letter.html()?)));
        let (text, html) = parts.map_err(|error| error.to_string())?;
        let parts = MultiPart::alternative_plain_html(text, html);
        builder.multipart(parts).map_err(|error| error.to_string())
    }

    fn message_id(&self, name: &str) -> String {
        format!("<{name}@{}>", self.settings.list_domain())
    }
}

/// A header for programs: only characters that need no encoding, in one line.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    let is_plain = |char: &char| char.is_ascii_graphic() || *char == ' ';
    let value: String = value.chars().filter(is_plain).collect();
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}
