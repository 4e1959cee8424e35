//! Writes the post-mortem into the file of an incident: the headings, the timeline,
//! the worst values and the picture. Pure.
//!
//! It is at the end of the body, below everything that people wrote, and is written
//! once: what people delete or change in it stays so (law 6). Only an untouched
//! timeline is replaced if the incident recurs.

use std::time::Duration;

use jiff::Timestamp;

use crate::incident::file::document::Document;
use crate::incident::file::edit::Set;
use crate::incident::file::head::DocumentError;
use crate::incident::file::plain;
use crate::incident::file::sections::{BodySection, mark, sections, unwritten};
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::postmortem::worst::worst;
use crate::incident::postmortem::{picture, record};
use crate::incident::reconcile::wording::Wording;
use crate::language::speech::Speech;
use crate::model::incident::Incident;
use crate::model::incidents::managed::{Afterwards, Managed};
use crate::model::text::language::Language;

/// The messages of the headings of a post-mortem, in their order.
const HEADINGS: [&str; 5] = [
    "mortem-background",
    "mortem-problem",
    "mortem-solution",
    TIMELINE,
    "mortem-future",
];

/// The heading of the timeline.
const TIMELINE: &str = "mortem-timeline";

/// The heading of a second timeline.
const CONTINUED: &str = "mortem-continued";

/// Whether words, in small letters, are one of some messages in any language.
fn is_said_as(words: &str, names: &[&str]) -> bool {
    Language::ALL.iter().any(|language| {
        let speech = Speech::of(*language);
        let mut names = names.iter();
        names.any(|name| speech.say(name).to_lowercase() == words)
    })
}

/// How long the last samples may take to reach the disk.
const SETTLES: Duration = Duration::from_secs(5);

/// How long we wait for an end that its author left out.
const PATIENCE: Duration = Duration::from_hours(1);

/// The end of an incident of ours, if its file has no post-mortem yet and all of
/// its facts are recorded at `now`.
pub fn due(incident: &Incident, now: Timestamp) -> Option<Timestamp> {
    let managed = &incident.managed;
    let written = managed.afterwards.as_ref();
    let over = incident.is_issue
        && incident.resolved == Some(true)
        && !incident.informational
        && !managed.rules.is_empty()
        && written.is_none_or(|written| written.recurrences < managed.recurrences);
    let begun = incident.date.filter(|_| over)?;
    let newest = incident.updates.iter().filter_map(|update| update.at).max();
    let after = |at: Timestamp, wait: Duration| at.checked_add(wait).is_ok_and(|due| now >= due);
    let end = match incident.resolved_when.filter(|end| *end <= now) {
        Some(end) => end,
        None => newest.filter(|newest| after(*newest, PATIENCE))?,
    };
    let last = newest.filter(|newest| *newest <= now).max(Some(end))?;
    (end >= begun && after(last, SETTLES)).then_some(end)
}

/// Whether something may be added: a body of markdown, and text to the last byte.
fn is_open_to(document: &Document, incident: &Incident) -> bool {
    std::str::from_utf8(document.body_bytes()).is_ok() && !incident.is_html()
}

/// Whether a person has already written a post-mortem into a body.
fn has_post_mortem(body: &str) -> bool {
    let more = ["post-mortem", "postmortem", "post mortem", "what happened"];
    sections(body)
        .iter()
        .any(|section| is_said_as(&section.heading, &HEADINGS) || more.contains(&&*section.heading))
}

/// Whether the file refers, or will refer, to a picture.
pub fn wants_picture(document: &Document, story: &IncidentFacts<'_>) -> bool {
    let body = document.body();
    match &story.incident.managed.afterwards {
        None => !has_post_mortem(&body) && is_open_to(document, story.incident),
        Some(_) => body.contains(&picture::reference(&story.incident.picture())),
    }
}

/// Writes the post-mortem into the file, or records that it exists.
pub fn write(document: &Document, story: &IncidentFacts<'_>) -> Result<Document, DocumentError> {
    let managed = &story.incident.managed;
    let body = document.body().into_owned();
    let mut written = Afterwards {
        recurrences: managed.recurrences,
        ..managed.afterwards.clone().unwrap_or_default()
    };
    let changed = match &managed.afterwards {
        _ if !is_open_to(document, story.incident) => None,
        None if has_post_mortem(&body) => None,
        None => {
            let block = block(TIMELINE, story, None);
            written.timeline = Some(mark(&block));
            Some(joined(&body, &whole(&block, story.wording)))
        }
        Some(before) => again(&body, before, story, &mut written),
    };
    written.until = last(story).or(written.until);
    let mut document = match changed {
        Some(changed) => {
            let head = document.bytes().len() - document.body_bytes().len();
            let mut bytes = document.bytes()[..head].to_vec();
            if !bytes.is_empty() && !bytes.ends_with(b"\n") {
                bytes.push(b'\n');
            }
            bytes.extend(changed.bytes());
            document.with_bytes(bytes)?
        }
        None => document.clone(),
    };
    let managed = Managed {
        afterwards: Some(written),
        ..managed.clone()
    };
    let map = document.managed_map(&managed);
    document.set("critwatch", &Set::Map(&map))?;
    Ok(document)
}

/// Extends the timeline after a recurrence: in place if nobody touched it, else in a
/// second one; not at all if there is none.
fn again(
    body: &str,
    before: &Afterwards,
    story: &IncidentFacts<'_>,
    written: &mut Afterwards,
) -> Option<String> {
    let timelines: Vec<_> = sections(body)
        .into_iter()
        .filter(|section| is_timeline(&section.heading))
        .collect();
    let written_mark = before.timeline.as_ref()?;
    let untouched = |section: &&BodySection| mark(&body[section.range.clone()]) == *written_mark;
    if let Some(section) = timelines.iter().find(untouched) {
        let heading = if before.from.is_some() {
            CONTINUED
        } else {
            TIMELINE
        };
        let block = block(heading, story, before.from);
        written.timeline = Some(mark(&block));
        let range = section.range.clone();
        let below = if range.end == body.len() { "" } else { "\n" };
        let text = in_lines_of(body, &format!("{block}\n{below}"));
        return Some([&body[..range.start], &text, &body[range.end..]].concat());
    }
    if timelines.is_empty() {
        written.timeline = None;
        return None;
    }
    written.from = before.until;
    let block = block(CONTINUED, story, written.from);
    written.timeline = Some(mark(&block));
    Some(joined(body, &block))
}

/// Whether a heading is that of a timeline, which people may have added to.
fn is_timeline(heading: &str) -> bool {
    heading.starts_with("timeline") || is_said_as(heading, &[TIMELINE, CONTINUED])
}

/// The post-mortem around its timeline.
fn whole(timeline: &str, wording: &Wording) -> String {
    let parts = HEADINGS.map(|heading| {
        if heading == TIMELINE {
            timeline.to_owned()
        } else {
            let (heading, text) = (wording.say(heading), unwritten(wording.speech()));
            format!("## {heading}\n\n{text}")
        }
    });
    parts.join("\n\n")
}

/// The timeline with the measured values, under its heading.
fn block(heading: &str, story: &IncidentFacts<'_>, from: Option<Timestamp>) -> String {
    let wording = story.wording;
    let rows = record::rows(story.incident, &story.events, from, wording);
    let mut parts = vec![
        format!("## {}", wording.say(heading)),
        record::table(&rows, wording),
        record::delays(story.incident, wording),
        worst(story, from),
    ];
    if story.pictured && from.is_none() {
        let title = [("title", story.incident.title.as_str().into())];
        let title = plain::escaped(&wording.tell("picture-title", title));
        let file = picture::reference(&story.incident.picture());
        parts.push(format!("![{title}]({file})"));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// The last moment in the timeline.
fn last(story: &IncidentFacts<'_>) -> Option<Timestamp> {
    let rows = record::rows(story.incident, &story.events, None, story.wording);
    rows.last().map(|row| row.at)
}

/// A body with a text appended after an empty line.
fn joined(body: &str, text: &str) -> String {
    let above = if body.trim().is_empty() || body.ends_with("\n\n") || body.ends_with("\n\r\n") {
        ""
    } else if body.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    format!("{body}{}", in_lines_of(body, &format!("{above}{text}\n")))
}

/// A text with the line ends of the body.
fn in_lines_of(body: &str, text: &str) -> String {
    if body.contains("\r\n") {
        text.replace('\n', "\r\n")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
