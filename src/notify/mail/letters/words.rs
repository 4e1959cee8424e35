//! The words that open an announcement, and the subjects of mails.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::moments::dated;
use crate::language::speech::Speech;
use crate::notify::mail::letters::content::MailContent;
use crate::notify::message::announcement::{Announcement, TimeOrDay};

/// How things stand, in a word or two: `Down`, `Maintenance soon`.
pub(crate) fn word(speech: &Speech, message: &Announcement) -> String {
    message.clone().spoken(speech.language()).state()
}

/// The subject of a mail; `site` is the name of the page.
pub(crate) fn subject(speech: &Speech, content: &MailContent, site: &str) -> String {
    match content {
        MailContent::Announcement(message) => headline(speech, message),
        MailContent::Digest(messages) => speech.tell(
            "mail-digest-subject",
            [("n", messages.len().into()), ("site", site.into())],
        ),
        MailContent::Confirmation(_) => speech.with("mail-confirm-subject", "site", site),
        MailContent::Manage(_) => speech.with("mail-manage-subject", "site", site),
        MailContent::Report(report) => speech.tell(
            "mail-report-subject",
            [
                ("site", site.into()),
                ("from", report.from.to_string().into()),
                ("until", report.until.to_string().into()),
            ],
        ),
    }
}

/// One line that says it all: `Down: Rolls are failing`.
pub(crate) fn headline(speech: &Speech, message: &Announcement) -> String {
    message.clone().spoken(speech.language()).headline()
}

/// A moment in the zone of the site with its name, or a day without a time.
pub(crate) fn when(at: TimeOrDay, zone: &TimeZone) -> String {
    at.day
        .map_or_else(|| moment(at.at, zone), |day| day.to_string())
}

/// A moment in the zone of the site with its name.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    dated(&at.to_zoned(zone.clone()))
}
