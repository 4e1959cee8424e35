//! Our own events: `docs/webhook.schema.json`.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;
use crate::notify::texts::text::cut;

/// Bytes of a body; the standard recommends less than 20 kB.
pub(crate) const MAX_BODY: usize = 20_000;

/// How much a body holds: updates, bytes of a text, and names of components.
type BodySize = (usize, usize, usize);

/// From all that there is to what always fits.
const SIZES: [BodySize; 4] = [
    (10, 8_000, 100),
    (5, 2_000, 50),
    (2, 1_000, 30),
    (1, 500, 20),
];

/// Bytes of a title, and of the name of a component.
const MAX_TITLE: usize = 400;
const MAX_NAME: usize = 100;

/// The event of a message. Of long ones the older updates are left out.
pub(crate) fn payload(message: &Announcement, now: Timestamp) -> Value {
    let bodies = SIZES.into_iter().map(|size| sized(message, now, size));
    let mut body = Value::Null;
    for smaller in bodies {
        body = smaller;
        if body.to_string().len() < MAX_BODY {
            break;
        }
    }
    body
}

fn sized(message: &Announcement, now: Timestamp, size: BodySize) -> Value {
    let (updates, bytes, names) = size;
    let line = |text: &str| cut(text, MAX_TITLE, char::len_utf8);
    let text = |text: &str| cut(text, bytes, char::len_utf8);
    let affected = message.affected.iter().take(names);
    let affected = affected.map(|name| cut(name, MAX_NAME, char::len_utf8));
    let updates = message.updates.iter().take(updates).map(|entry| {
        json!({
            "at": entry.at,
            "day": entry.day,
            "phase": entry.phase.map(|phase| phase.word().to_lowercase()),
            "word": line(&entry.word),
            "text": text(&entry.text),
            "by_team": entry.by_team,
        })
    });
    let has_end = message.kind == Kind::Maintenance || message.is_over();
    json!({
        "type": event_type(message),
        "timestamp": happened(message).unwrap_or(now),
        "data": {
            "id": message.name,
            "kind": message.kind,
            "occasion": message.occasion,
            "stage": message.stage,
            "severity": message.severity,
            "withdrawn": message.withdrawn,
            "title": line(&message.title),
            "headline": line(&message.headline()),
            "text": text(message.text()),
            "affected": affected.collect::<Vec<_>>(),
            "began": message.began.map(|began| began.at),
            "ended": message.ended.filter(|_| has_end).map(|ended| ended.at),
            "url": message.url,
            "updates": updates.collect::<Vec<_>>(),
        },
    })
}

/// When that happened of which the message tells last; the same over all tries.
fn happened(message: &Announcement) -> Option<Timestamp> {
    let newest = message.updates.first().and_then(|entry| entry.at);
    newest.or(message.began.map(|began| began.at))
}

/// The name of an event.
pub(crate) fn event_type(message: &Announcement) -> &'static str {
    if message.test {
        return "test";
    }
    match message.kind {
        Kind::Incident => incident(message),
        Kind::Maintenance => work(message),
        Kind::Operation => match message.stage {
            Stage::Open if message.occasion == Occasion::Opened => "operation.opened",
            Stage::Open | Stage::Scheduled | Stage::Begun => "operation.updated",
            Stage::Over | Stage::Completed | Stage::Cancelled => "operation.resolved",
        },
    }
}

fn incident(message: &Announcement) -> &'static str {
    match message.occasion {
        Occasion::Opened => "incident.opened",
        Occasion::Recurred => "incident.reopened",
        Occasion::Withdrawn => "incident.withdrawn",
        _ if message.withdrawn => "incident.withdrawn",
        Occasion::Resolved | Occasion::Missed => "incident.resolved",
        _ => "incident.updated",
    }
}

fn work(message: &Announcement) -> &'static str {
    match message.occasion {
        Occasion::Announced | Occasion::Opened => "maintenance.scheduled",
        Occasion::Upcoming | Occasion::Reminder => "maintenance.reminder",
        Occasion::Rescheduled => "maintenance.rescheduled",
        Occasion::Begun => "maintenance.begun",
        Occasion::Extended => "maintenance.extended",
        Occasion::Completed | Occasion::Resolved | Occasion::Missed => "maintenance.completed",
        Occasion::Cancelled | Occasion::Withdrawn => "maintenance.cancelled",
        Occasion::Worse | Occasion::Recurred | Occasion::Update | Occasion::Edited => {
            "maintenance.updated"
        }
    }
}
