//! What a receiver wants to be told: the common keys of a `[[notifier]]`.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::component::Severity;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::notify::message::announcement::{Announcement, OwnWords};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::quiet::QuietHours;
use crate::notify::message::topic::{Kind, Topic};
use crate::notify::message::words::template::{self, MessageTemplate, TemplateFault};

/// How a notifier sends updates between the beginning and the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Updates {
    /// Edits the existing message.
    Edit,
    /// Posts a new message for each.
    Post,
    /// Not at all.
    Off,
}

/// The readers of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Visitors: what the page says.
    #[default]
    Public,
    /// Operators: also messages about what visitors do not see.
    Operators,
}

/// What a receiver wants to be told: the keys that every `[[notifier]]` may have.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiverRules {
    /// The readers of the messages.
    pub audience: Audience,
    /// How to send updates; by default as an edit if the channel can edit, else as a new message.
    pub updates: Option<Updates>,
    /// Only messages about these components, by name or id.
    pub components: Option<Vec<String>>,
    /// Only incidents of at least this severity.
    pub severity: Option<Severity>,
    /// Only these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Hours in which only messages about severity `down` are sent.
    pub quiet_hours: Option<QuietHours>,
    /// How often to repeat an open incident.
    #[serde(deserialize_with = "interval")]
    #[schemars(with = "Option<DurationText>")]
    pub remind_every: Option<Duration>,
    /// How long before planned work to send reminders.
    #[serde(deserialize_with = "intervals")]
    #[schemars(with = "Option<Vec<DurationText>>")]
    pub maintenance_reminders: Option<Vec<Duration>>,
    /// A template for the headline.
    #[serde(deserialize_with = "template::title")]
    pub title: Option<MessageTemplate>,
    /// A template for the text.
    pub text: Option<MessageTemplate>,
}

/// How long before planned work it is told again if the settings do not say.
const REMINDERS: [Duration; 2] = [Duration::from_hours(24), Duration::from_hours(1)];

impl ReceiverRules {
    /// Whether a topic of which nothing was told yet is told at all.
    pub(crate) fn wants(&self, topic: &Topic<'_>) -> bool {
        let kind = topic.id.kind();
        let by_kind = match &self.kinds {
            Some(kinds) => kinds.contains(&kind),
            None => true,
        };
        let is_for_them = kind != Kind::Operation || self.audience == Audience::Operators;
        let by_severity =
            kind != Kind::Incident || self.severity.is_none_or(|least| topic.severity >= least);
        let by_component = match &self.components {
            // What concerns nobody by name concerns everybody.
            Some(names) if !topic.components.is_empty() => {
                let mut concerned = topic.components.iter();
                concerned.any(|component| names.contains(component))
            }
            Some(_) | None => true,
        };
        is_for_them && by_kind && by_severity && by_component && !topic.is_informational()
    }

    /// Whether a message has to wait for the end of the quiet hours; `told` is the severity
    /// of which the receiver knows.
    pub(crate) fn is_quiet(
        &self,
        topic: &Topic<'_>,
        told: Option<Severity>,
        occasion: Occasion,
        (at, zone): (Timestamp, &TimeZone),
    ) -> bool {
        let Some(hours) = self.quiet_hours else {
            return false;
        };
        let is_silent = occasion == Occasion::Edited;
        let is_grave = told.max(Some(topic.severity)) == Some(Severity::Down)
            && !matches!(occasion, Occasion::Update | Occasion::Reminder);
        !is_silent && !is_grave && hours.hold(at, zone)
    }

    /// What the operator's templates make of a message.
    pub(crate) fn own_words(&self, message: &Announcement) -> Result<OwnWords, TemplateFault> {
        let title = self.title.as_ref().map(|one| one.fill_line(message));
        let text = self.text.as_ref().map(|one| one.fill(message));
        Ok(OwnWords {
            title: title.transpose()?,
            text: text.transpose()?,
        })
    }

    /// How long before planned work it is told again, the longest first.
    pub(crate) fn leads(&self) -> Vec<Duration> {
        let leads = self.maintenance_reminders.as_deref();
        let mut leads = leads.unwrap_or(&REMINDERS).to_vec();
        leads.sort_unstable();
        leads.reverse();
        leads
    }
}

/// The shortest interval in which an open incident may be told again.
const SHORTEST_REMINDER: Duration = Duration::from_mins(1);

fn interval<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let interval = duration::deserialize(from)?;
    if interval < SHORTEST_REMINDER {
        return Err(serde::de::Error::custom(
            "this is too often to be read; one minute (`1m`) at least",
        ));
    }
    Ok(Some(interval))
}

fn intervals<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Vec<Duration>>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let leads = texts.iter().map(|text| duration::parse(text));
    let leads = leads.collect::<Result<_, _>>();
    leads.map(Some).map_err(serde::de::Error::custom)
}
