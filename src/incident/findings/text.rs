//! The words of an incident: its title, its file's name and its body.

use jiff::civil::Date;

use crate::incident::file::sections::CodeFence;
use crate::incident::file::spans;
use crate::incident::findings::dates;
use crate::incident::findings::near;
use crate::incident::findings::page::ExaminedFile;
use crate::model::finding::Fix;
use crate::model::finding::Weight::{Fault, Hint, Warning};
use crate::model::time::date;

/// Shortcodes built into cState and Hugo.
const SHORTCODES: [&str; 15] = [
    "track",
    "figure",
    "gist",
    "highlight",
    "instagram",
    "param",
    "ref",
    "relref",
    "tweet",
    "twitter",
    "x",
    "vimeo",
    "youtube",
    "details",
    "qr",
];

/// Checks the title.
pub fn title(page: &mut ExaminedFile<'_>) {
    let title = page.incident.title.clone();
    let trimmed = title.trim();
    if trimmed != title && !trimmed.is_empty() {
        let at = page.at_value("title");
        let fix = page.instead(page.value("title"), trimmed);
        let message = "the title begins or ends with a blank; remove it";
        *page.add(Hint, "title-blank", at, message) = fix;
    }
}

/// Checks the day in the file's name.
pub fn name(page: &mut ExaminedFile<'_>) {
    let file = page.incident.filename.replace('_', "-");
    let number = |range| file.get(range).and_then(|part: &str| part.parse().ok());
    let dashes = file.get(4..5) == Some("-") && file.get(7..8) == Some("-");
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return;
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return;
    };
    if !dashes {
        return;
    }
    let at = page.at_value("date");
    let Ok(named) = Date::new(year, month, day) else {
        let message = "the day in the file's name is in no calendar; rename the file";
        page.add(Hint, "impossible-day", 0, message);
        return;
    };
    let counted = page.document.string("date").unwrap_or_default();
    let Some(date) = page.incident.date.filter(|_| counted.len() >= 10) else {
        return;
    };
    let date = date.to_zoned(page.document.zone().clone()).date();
    let apart = (date.duration_since(named).as_hours() / 24).abs();
    // Forms name a file by the day of writing, often a few days later.
    if apart > 7 {
        let message =
            format!("the file is named for {named}, but `date` says {date}; is it right?");
        page.add(Hint, "other-day", at, message);
    }
}

/// Checks the text below the head.
pub fn body(page: &mut ExaminedFile<'_>) {
    let document = page.document;
    if let Err(error) = std::str::from_utf8(document.bytes()) {
        let message = "the file is not in UTF-8; save it as UTF-8 in your editor";
        page.add(Fault, "not-utf8", error.valid_up_to(), message);
        return;
    }
    let body = document.body();
    let start = document.head().body;
    invisible(page, &body, start);
    lines(page, &body, start);
    shortcodes(page, &body, start);
}

fn invisible(page: &mut ExaminedFile<'_>, body: &str, start: usize) {
    let count = body.chars().filter(|c| near::is_invisible(*c)).count();
    if let Some(at) = body.find(near::is_invisible) {
        let message = format!(
            "the text has {count} invisible {}, as copying from other programs leaves; remove {}",
            if count == 1 {
                "character"
            } else {
                "characters"
            },
            if count == 1 { "it" } else { "them" },
        );
        page.add(Hint, "invisible-character", start + at, message);
    }
}

/// Looks for markup that has a meaning only at the start of a line.
fn lines(page: &mut ExaminedFile<'_>, body: &str, start: usize) {
    let mut at = 0;
    let mut fence = CodeFence::default();
    let mut comment_until = 0;
    for line in body.split_inclusive('\n') {
        let here = at;
        at += line.len();
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let message = "a mark of an unfinished merge; decide for one side and remove the marks";
            page.add(Fault, "merge-conflict", start + here, message);
        }
        let text = line.trim_start();
        if here < comment_until || fence.is_code_after(line) || !text.starts_with("<!--") {
            continue;
        }
        if let Some(length) = body[here..].find("-->") {
            comment_until = here + length;
        } else {
            let message =
                "a comment without an end hides the rest of the text; close it with `-->`";
            let indent = line.len() - text.len();
            page.add(Fault, "unclosed-comment", start + here + indent, message);
            break;
        }
    }
}

fn shortcodes(page: &mut ExaminedFile<'_>, body: &str, start: usize) {
    let mut at = 0;
    while let Some(found) = body[at..].find("{{") {
        let open = at + found;
        at = open + 2;
        let end = match body[at..].chars().next() {
            Some('<') => ">}}",
            Some('%') => "%}}",
            _ => continue,
        };
        let inside = &body[open + 3..];
        if inside.starts_with("/*") {
            continue;
        }
        let Some(length) = inside.find(end) else {
            let message = format!("a shortcode without an end; close it with `{end}`");
            page.add(Fault, "unclosed-shortcode", start + open, message);
            return;
        };
        at = open + 3 + length;
        shortcode(page, start + open + 3, &inside[..length]);
    }
}

/// Checks one shortcode; `at` is the byte of the file where its inside begins.
fn shortcode(page: &mut ExaminedFile<'_>, at: usize, inside: &str) {
    let word = inside.trim().trim_start_matches('/').trim_start();
    let name = word.split_whitespace().next().unwrap_or_default();
    if !SHORTCODES.contains(&name) {
        let message = format!(
            "cState has no shortcode `{name}`, and its build fails unless the site has one; \
            did you mean `track`?"
        );
        page.add(Warning, "unknown-shortcode", at, message);
        return;
    }
    if name != "track" || date::track(inside, page.document.zone()).is_some() {
        return;
    }
    let blank = inside.len() - inside.trim_start().len() + "track".len();
    let argument = inside.get(blank..).unwrap_or_default();
    let from = at + blank + (argument.len() - argument.trim_start().len());
    let range = from..from + argument.trim().len();
    let written = spans::text(page.document.bytes(), &range).unwrap_or_default();
    let fix = dates::repaired(&written, page.document.zone())
        .filter(|_| argument.trim().starts_with('"'))
        .map(|better| Fix {
            what: format!("write `{better}`"),
            range,
            text: format!("\"{better}\""),
        });
    let message = format!(
        "`track` needs a time that Hugo can read, not `{}`; write `2026-03-01 12:00:00`",
        written.trim()
    );
    *page.add(Fault, "unreadable-track", from, message) = fix;
}
