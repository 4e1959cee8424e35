//! A message in Discord's form: one embed.

use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::notify::message::announcement::{Announcement, Entry, TimeOrDay};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;
use crate::notify::texts::text::{cut, cut_lines, escaped};

/// Discord's limits of an embed, in UTF-16 units, which is never more than it allows.
const MAX_TITLE: usize = 256;
const MAX_DESCRIPTION: usize = 4096;
const MAX_FIELD: usize = 1024;
const MAX_EMBED: usize = 6000;

/// The name of a forum's post.
const MAX_THREAD: usize = 100;

/// Characters that mean something in Discord's markdown.
const SPECIAL: &str = "*_~`|<>[]()#@";

/// The message in Discord's form. Nobody is mentioned but that role, if something is down.
pub(crate) fn payload(message: &Announcement, role: Option<&str>) -> Value {
    let title = cut(&text(&message.headline()), MAX_TITLE, char::len_utf16);
    let speech = message.speech();
    let mut fields = Vec::new();
    if !message.affected.is_empty() {
        let names: Vec<_> = message.affected.iter().map(|name| text(name)).collect();
        let label = speech.say("notify-affected");
        fields.push(field(&label, &names.join(", "), true));
    }
    let (from, until) = match message.kind {
        Kind::Maintenance => ("notify-from", "notify-until"),
        Kind::Incident | Kind::Operation => ("notify-started", "notify-ended"),
    };
    if let Some(began) = message.began {
        fields.push(field(&speech.say(from), &moment(began, 'f'), true));
    }
    let has_end = message.kind == Kind::Maintenance || message.is_over();
    if let Some(ended) = message.ended.filter(|_| has_end) {
        fields.push(field(&speech.say(until), &moment(ended, 'f'), true));
    }
    let description = cut(&text(message.text()), MAX_DESCRIPTION, char::len_utf16);
    let used = |fields: &[Value]| {
        let texts = fields
            .iter()
            .flat_map(|field| [&field["name"], &field["value"]]);
        let texts = texts.filter_map(Value::as_str).map(size).sum::<usize>();
        texts + size(&title) + size(&description)
    };
    let earlier: Vec<_> = message.updates.iter().skip(1).map(line).collect();
    let label = speech.say("notify-earlier");
    let room = MAX_EMBED.saturating_sub(used(&fields) + size(&label));
    let room = room.min(MAX_FIELD);
    let earlier = cut_lines(&earlier, room, char::len_utf16);
    if !earlier.is_empty() {
        fields.push(json!({ "name": label, "value": earlier, "inline": false }));
    }
    let mut embed = json!({
        "title": title,
        "description": description,
        "color": colour(message),
        "fields": fields,
    });
    if let Some(url) = &message.url {
        embed["url"] = json!(url);
    }
    let mut payload = json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } });
    let is_alarm = message.severity == Severity::Down
        && matches!(
            message.occasion,
            Occasion::Opened | Occasion::Worse | Occasion::Recurred
        );
    if let (Some(role), true) = (role, is_alarm) {
        // A mark in the text notifies the members of the role.
        payload["content"] = json!(format!("<@&{role}>"));
        payload["allowed_mentions"] = json!({ "parse": [], "roles": [role] });
    }
    payload
}

/// The name of the post that a forum gets for an incident.
pub(crate) fn thread_name(message: &Announcement) -> String {
    cut(&message.title, MAX_THREAD, char::len_utf16)
}

fn colour(message: &Announcement) -> u32 {
    match (message.stage, message.severity) {
        (Stage::Over | Stage::Completed, _) => 0x002e_7d32,
        (Stage::Cancelled, _) => 0x0061_6161,
        (Stage::Open, Severity::Down) => 0x00c6_2828,
        (Stage::Open, Severity::Disrupted) => 0x00e0_8a00,
        (Stage::Scheduled | Stage::Begun, _) | (Stage::Open, Severity::Notice) => 0x0028_5fc6,
    }
}

/// What is written as it is read.
fn text(text: &str) -> String {
    escaped(text, SPECIAL)
}

fn field(name: &str, value: &str, inline: bool) -> Value {
    let value = cut(value, MAX_FIELD, char::len_utf16);
    json!({ "name": name, "value": value, "inline": inline })
}

/// An earlier update on a line of its own.
fn line(entry: &Entry) -> String {
    let at = match (entry.at, entry.day) {
        (_, Some(day)) => format!("{day} "),
        (Some(at), None) => format!("<t:{}:t> ", at.as_second()),
        (None, None) => String::new(),
    };
    let words = text(&entry.text.replace('\n', " "));
    if entry.word.is_empty() {
        format!("{at}{words}")
    } else {
        format!("{at}**{}** {words}", text(&entry.word))
    }
}

/// A moment as a mark that Discord shows in the reader's own time zone; a day
/// without a time is the same in all of them.
fn moment(at: TimeOrDay, style: char) -> String {
    at.day.map_or_else(
        || format!("<t:{}:{style}>", at.at.as_second()),
        |day| day.to_string(),
    )
}

fn size(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
