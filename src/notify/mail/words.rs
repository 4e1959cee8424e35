//! The words that open an announcement, and the subjects of mails.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::moments::dated;
use crate::language::phases::phase;
use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::notify::mail::content::MailContent;
use crate::notify::message::announcement::{Announcement, TimeOrDay};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

/// Why an announcement is sent, in a word or two: `Down`, `Maintenance soon`.
pub(crate) fn word(speech: &Speech, message: &Announcement) -> String {
    let is_for_operators = message.kind == Kind::Operation;
    speech.say(match message.occasion {
        Occasion::Edited => return state(speech, message),
        Occasion::Opened | Occasion::Worse if is_for_operators => "mail-operators",
        Occasion::Opened | Occasion::Worse => severity(message.severity),
        Occasion::Recurred => "mail-recurred",
        Occasion::Reminder => "mail-reminder",
        Occasion::Update => {
            let entry = message.updates.first();
            let word = entry.map(|entry| &*entry.word);
            let word = word.filter(|word| !word.is_empty());
            return phase(speech, word.unwrap_or("Update"));
        }
        Occasion::Resolved if is_for_operators => "mail-settled",
        Occasion::Resolved => "phase-resolved",
        Occasion::Missed => "mail-missed",
        Occasion::Withdrawn => "mail-withdrawn",
        Occasion::Announced => "mail-announced",
        Occasion::Upcoming => "mail-upcoming",
        Occasion::Rescheduled => "mail-rescheduled",
        Occasion::Begun => "mail-begun",
        Occasion::Extended => "mail-extended",
        Occasion::Completed => "mail-completed",
        Occasion::Cancelled => "mail-cancelled",
    })
}

/// How far a topic has come.
fn state(speech: &Speech, message: &Announcement) -> String {
    let is_for_operators = message.kind == Kind::Operation;
    speech.say(match message.stage {
        _ if message.withdrawn => "mail-withdrawn",
        Stage::Open if is_for_operators => "mail-operators",
        Stage::Open => severity(message.severity),
        Stage::Over if is_for_operators => "mail-settled",
        Stage::Over => "phase-resolved",
        Stage::Scheduled => "mail-announced",
        Stage::Begun => "mail-begun",
        Stage::Completed => "mail-completed",
        Stage::Cancelled => "mail-cancelled",
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Down => "mail-down",
        Severity::Disrupted => "mail-disrupted",
        Severity::Notice => "mail-notice",
    }
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
    let slots = [
        ("word", word(speech, message).into()),
        ("title", message.title.as_str().into()),
    ];
    speech.tell("mail-subject", slots)
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
