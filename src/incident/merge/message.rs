//! What a change of a file says in a history: one line, and who made it.

use std::fmt::Write as _;

use crate::incident::file::document::Document;
use crate::incident::folder::pages::is_page;
use crate::incident::merge::service::is_by_service;
use crate::model::incident::{Author, Incident};
use crate::model::incidents::versions::ChangeMessage;

/// Longer subjects are cut.
const SUBJECT: usize = 100;

/// Describes the change of the file of that name; `None` is a file that is not there.
pub(crate) fn describe(name: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> ChangeMessage {
    let read = |bytes: Option<&[u8]>| bytes.and_then(|bytes| Document::parse(bytes).ok());
    let (old, new) = (read(before), read(after));
    let is_by_service = new
        .as_ref()
        .is_some_and(|new| is_by_service(old.as_ref(), new));
    let incident = |document: &Option<Document>| {
        let document = document.as_ref().filter(|_| is_page(name));
        document.map(|document| document.incident(name))
    };
    let (old, new) = (incident(&old), incident(&new));
    let title = new.as_ref().or(old.as_ref()).map(|one| line(&one.title));
    let title = title.filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| name.to_owned());
    let act = match (&before, &after, &old, &new) {
        (_, None, _, _) => "Delete".to_owned(),
        (None, _, _, Some(new)) => opening(new),
        (None, _, _, None) => "Add".to_owned(),
        (_, _, Some(old), Some(new)) => changing(old, new),
        _ => "Edit".to_owned(),
    };
    let mut subject = act.replace("{}", &format!("“{title}”"));
    if !act.contains("{}") {
        subject = format!("{act} “{title}”");
    }
    let mut body = format!("File: {name}\n");
    let rules = new.iter().flat_map(|one| &one.managed.rules);
    let rules: Vec<_> = rules.map(|rule| rule.0.as_str()).collect();
    // Writing to a text cannot fail.
    let _ = match (is_by_service, rules.is_empty()) {
        (true, true) => writeln!(body, "By: critwatch"),
        (true, false) => writeln!(body, "By: critwatch (rules: {})", rules.join(", ")),
        (false, _) => writeln!(body, "By: a person"),
    };
    ChangeMessage {
        subject: cut(&subject),
        body,
        is_by_service,
    }
}

fn opening(new: &Incident) -> String {
    if new.managed.work.plan.is_some() {
        return "Plan".to_owned();
    }
    let word = if new.draft { "Draft" } else { "Open" };
    match new.severity {
        Some(severity) if new.resolved == Some(false) => {
            format!("{word} {{}} ({})", severity.word())
        }
        _ => "Add".to_owned(),
    }
}

fn changing(old: &Incident, new: &Incident) -> String {
    let updates = new
        .updates
        .iter()
        .filter(|update| !old.updates.contains(update));
    let news = updates.clone().next();
    if !old.managed.withdrawn && new.managed.withdrawn {
        return "Withdraw".to_owned();
    }
    if old.draft && !new.draft {
        return "Publish".to_owned();
    }
    match (old.resolved, new.resolved) {
        (Some(false), Some(true)) => return "Resolve".to_owned(),
        (Some(true), Some(false)) => return "Reopen".to_owned(),
        _ => {}
    }
    if old.managed.afterwards.is_none() && new.managed.afterwards.is_some() {
        return "Write the post-mortem of {}".to_owned();
    }
    if let Some(severity) = new.severity.filter(|_| old.severity != new.severity) {
        return format!("Change the severity of {{}} to {}", severity.word());
    }
    if let Some(news) = news {
        let text = line(&news.text);
        let who = if news.author == Author::Person {
            "Update"
        } else {
            "Tell of"
        };
        return format!("{who} {{}}: {} - {text}", line(&news.word));
    }
    if old.title != new.title {
        return "Rename to {}".to_owned();
    }
    if old.affected != new.affected {
        return "Change what is affected by {}".to_owned();
    }
    if old.body == new.body && old.managed != new.managed {
        return "Note the progress of {}".to_owned();
    }
    "Edit".to_owned()
}

/// A text on one line, with nothing that steers a terminal.
fn line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    line.chars().filter(|sign| !sign.is_control()).collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SUBJECT) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
