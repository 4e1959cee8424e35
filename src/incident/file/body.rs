//! The body of an incident: dated updates in cState's manner, newest first, and
//! what stands around them.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::incident::{Author, Phase, Update};
use crate::model::incidents::body_layout::BodyLayout;
use crate::model::time::date;

/// Everything that a body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedBody {
    /// The paragraphs that open with an emphasised word.
    pub updates: Vec<Update>,
    /// Where everything else is.
    pub layout: BodyLayout,
}

/// Reads the updates of a body, and finds the paragraphs around them.
///
/// The zone is that of dates without one.
pub fn parse(body: &str, zone: &TimeZone) -> ParsedBody {
    let mut parsed = ParsedBody::default();
    let ParsedBody { updates, layout } = &mut parsed;
    // A heading ends the updates unless more of them follow.
    let mut report: Option<Range<usize>> = None;
    for paragraph in paragraphs(body) {
        if let Some(update) = update(&paragraph.text, zone) {
            if let (Some(more), Some(report)) = (layout.more.last_mut(), report.take()) {
                extend(more, report);
            }
            updates.push(update);
            layout.more.push(0..0);
        } else if let Some(report) = &mut report {
            extend(report, paragraph.range);
        } else if let Some(more) = layout.more.last_mut() {
            if paragraph.text.starts_with('#') {
                report = Some(paragraph.range);
            } else {
                extend(more, paragraph.range);
            }
        } else {
            extend(&mut layout.opening, paragraph.range);
        }
    }
    if updates.is_empty() {
        *layout = BodyLayout::report_only(body.len());
    } else {
        layout.report = report.unwrap_or_default();
    }
    parsed
}

/// Adds the paragraphs below to a range, which is empty at first.
fn extend(range: &mut Range<usize>, below: Range<usize>) {
    if range.start < range.end {
        range.end = below.end;
    } else {
        *range = below;
    }
}

/// Writes one update, without a line end; the time stands behind its first
/// paragraph, where cState's readers look for it.
pub fn print(update: &Update, zone: &TimeZone) -> String {
    let text = update.text.trim();
    // A heading, a quotation, a table or code cannot stand behind a word.
    let block = ["#", ">", "|", "```", "~~~"]
        .iter()
        .any(|mark| text.starts_with(mark));
    let (first, rest) = if block {
        ("", text)
    } else {
        text.split_once("\n\n").unwrap_or((text, ""))
    };
    let mut printed = format!("*{}* - {first}", update.word).trim_end().to_owned();
    if let Some(at) = update.at {
        let at = at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
        let at = update
            .day
            .map_or_else(|| at.to_string(), |day| day.to_string());
        printed.extend([" {{< track \"", &at, "\" >}}"]);
    }
    if !rest.is_empty() {
        printed.extend(["\n\n", &below(rest, zone)]);
    }
    printed
}

/// What stands below the first paragraph of an update. A paragraph that would be read
/// as another update emphasises its word in markdown's other way.
fn below(text: &str, zone: &TimeZone) -> String {
    let mut written = text.to_owned();
    let found: Vec<_> = paragraphs(text).collect();
    for Paragraph { range, text } in found.into_iter().rev() {
        if update(&text, zone).is_none() {
            continue;
        }
        let stars = text.len() - text.trim_start_matches('*').len();
        let opening = range.start..range.start + stars;
        if let Some(length) = text[stars..].find(&text[..stars]) {
            let closing = opening.end + length..opening.end + length + stars;
            written.replace_range(closing, &"_".repeat(stars));
            written.replace_range(opening, &"_".repeat(stars));
        }
    }
    written
}

/// Where an update of that moment belongs: before the first that is not newer,
/// else behind the oldest; the first byte if none has a time.
pub fn place(body: &str, at: Timestamp, zone: &TimeZone) -> usize {
    let mut newer = false;
    for Paragraph { range, text } in paragraphs(body) {
        let dated = update(&text, zone).and_then(|update| update.at);
        match dated {
            Some(dated) if dated <= at => return range.start,
            Some(_) => newer = true,
            None if newer && text.starts_with('#') => return range.start,
            None => {}
        }
    }
    if newer { body.len() } else { 0 }
}

/// The update that stands first, with its bytes in the body and all of its
/// paragraphs as its text; `None` if there is no update.
pub fn first(body: &str, zone: &TimeZone) -> Option<(Range<usize>, Update)> {
    let mut found: Option<(Range<usize>, Update)> = None;
    // From a heading on it is a report, unless another update follows.
    let mut report: Option<(usize, String)> = None;
    for Paragraph { range, text } in paragraphs(body) {
        match (&mut found, update(&text, zone), &mut report) {
            (None, Some(update), _) => found = Some((range, update)),
            (None, None, _) => {}
            (Some((whole, first)), Some(_), report) => {
                if let Some((end, text)) = report.take() {
                    whole.end = end;
                    first.text.push_str(&text);
                }
                break;
            }
            (Some(_), None, Some((end, below))) => {
                *end = range.end;
                below.extend(["\n\n", &text]);
            }
            (Some(_), None, None) if text.starts_with('#') => {
                report = Some((range.end, format!("\n\n{text}")));
            }
            (Some((whole, first)), None, None) => {
                whole.end = range.end;
                first.text.extend(["\n\n", &text]);
            }
        }
    }
    found
}

/// Lines without a blank one between them.
struct Paragraph {
    /// Its bytes, without the last line end.
    range: Range<usize>,
    /// Its lines, each without a carriage return.
    text: String,
}

fn paragraphs(body: &str) -> impl Iterator<Item = Paragraph> {
    let mut lines = body
        .split_inclusive('\n')
        .scan(0, |next, line| {
            let start = *next;
            *next += line.len();
            Some((start, line.trim_end_matches(['\n', '\r'])))
        })
        .peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|(_, line)| line.trim().is_empty()).is_some() {}
        let (start, first) = lines.next()?;
        let mut text = first.to_owned();
        let mut end = start + first.len();
        while let Some((start, line)) = lines.next_if(|(_, line)| !line.trim().is_empty()) {
            text.push('\n');
            text.push_str(line);
            end = start + line.len();
        }
        Some(Paragraph {
            range: start..end,
            text,
        })
    })
}

/// Words that open an update without naming a phase.
const OTHERS: [&str; 9] = [
    "update",
    "event",
    "edit",
    "scheduled",
    "in progress",
    "cancelled",
    "canceled",
    "post-mortem",
    "postmortem",
];

/// Reads a paragraph that opens with one emphasised word or two.
///
/// No list of these words exists. A known word is enough; an unknown one (people
/// write in many languages) needs a `track` shortcode behind it.
fn update(paragraph: &str, zone: &TimeZone) -> Option<Update> {
    let stars = paragraph.len() - paragraph.trim_start_matches('*').len();
    if !(1..=3).contains(&stars) {
        return None;
    }
    let (word, rest) = paragraph[stars..].split_once(&paragraph[..stars])?;
    let word = word.trim_end_matches([' ', ':', '-', '–']).to_owned();
    let rest = after_word(rest);
    if word.is_empty() || word.starts_with(' ') || word.len() > 40 || word.contains('\n') {
        return None;
    }
    let phase = Phase::from_word(&word);
    let is_update_word = phase.is_some() || OTHERS.contains(&word.to_lowercase().as_str());
    match track(rest, zone) {
        Some((text, at, day)) => Some(Update {
            at: Some(at),
            day,
            word,
            phase,
            text: text.trim().to_owned(),
            author: Author::Person,
            by: None,
        }),
        None if is_update_word => Some(Update {
            at: None,
            day: None,
            word,
            phase,
            text: rest.trim().to_owned(),
            author: Author::Person,
            by: None,
        }),
        None => None,
    }
}

/// What follows the word: a colon and one dash between them belong to neither.
fn after_word(rest: &str) -> &str {
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
    rest.strip_prefix(['-', '–', '—'])
        .unwrap_or(rest)
        .trim_start()
}

/// Splits the last `track` shortcode off a text.
fn track(text: &str, zone: &TimeZone) -> Option<(String, Timestamp, Option<Date>)> {
    let start = text.rfind("{{<")?;
    let end = start + text[start..].find(">}}")?;
    let written = date::tracked(&text[start + 3..end])?;
    Some((
        format!("{}{}", text[..start].trim_end(), &text[end + 3..]),
        date::parse(written, zone)?,
        date::day(written),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(body: &str, expected: &[(Option<&str>, &str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(at, word, text)| Update {
                at: at.map(|at| at.parse().unwrap()),
                word: (*word).to_owned(),
                phase: Phase::from_word(word),
                text: (*text).to_owned(),
                ..Update::default()
            })
            .collect();
        assert_eq!(parse(body, &TimeZone::UTC).updates, expected, "{body}");
    }

    #[test]
    fn updates_are_read_in_cstates_manner() {
        check(
            "*Monitoring* - It rolls again. {{< track \"2018-04-13 17:30:00\" >}}\n\n\
             Some words between.\n\n*investigating* — We look\ninto it.",
            &[
                (
                    Some("2018-04-13T17:30:00Z"),
                    "Monitoring",
                    "It rolls again.",
                ),
                (None, "investigating", "We look\ninto it."),
            ],
        );
        check(
            "**Update:** more\n\n*Resolved -* well\n\n***Risolto*** - ok {{< track \"2020-01-01 9:00:00\" >}}",
            &[
                (None, "Update", "more"),
                (None, "Resolved", "well"),
                (Some("2020-01-01T09:00:00Z"), "Risolto", "ok"),
            ],
        );
        check(
            "# Background\n\n*really* bad\n\n* a list\n\n**API** was slow\n\n*In short* no",
            &[],
        );
    }

    fn check_layout(body: &str, opening: &str, more: &[&str], report: &str) {
        let layout = parse(body, &TimeZone::UTC).layout;
        assert_eq!(&body[layout.opening], opening, "{body}");
        assert_eq!(&body[layout.report], report, "{body}");
        let found: Vec<_> = layout
            .more
            .iter()
            .map(|range| &body[range.clone()])
            .collect();
        assert_eq!(found, more, "{body}");
    }

    #[test]
    fn a_body_is_taken_apart() {
        check_layout("a\n\nb", "", &[], "a\n\nb");
        check_layout("*Resolved* - a", "", &[""], "");
        check_layout(
            "Intro.\n\n**Resolved**: a\n \nmore of a\n\n*Update* - b\r\n\r\n- one\r\n\n\
            ## Background\n\nx\n\n*It* is a word\n",
            "Intro.",
            &["more of a", "- one"],
            "## Background\n\nx\n\n*It* is a word",
        );
        check_layout(
            "*Resolved* - a\n\n## Before\n\nb\n\n*Update* - c\n\nd",
            "",
            &["## Before\n\nb", "d"],
            "",
        );
    }

    /// A blank line within code ends no part.
    #[test]
    fn code_keeps_its_blank_lines() {
        check_layout(
            "*Update* - a\n\n```\nx\n\n\ny\n```\n",
            "",
            &["```\nx\n\n\ny\n```"],
            "",
        );
    }

    #[test]
    fn what_cannot_stand_behind_a_word_stands_below_it() {
        let update = Update {
            at: Some("2026-03-01T12:00:00Z".parse().unwrap()),
            word: "Post-mortem".to_owned(),
            text: "## Background\n\nA rush.".to_owned(),
            ..Update::default()
        };
        assert_eq!(
            print(&update, &TimeZone::UTC),
            "*Post-mortem* - {{< track \"2026-03-01 12:00:00\" >}}\n\n## Background\n\nA rush."
        );
    }

    #[test]
    fn a_paragraph_within_a_text_is_no_update_of_its_own() {
        let update = Update {
            at: Some("2026-03-01T12:00:00Z".parse().unwrap()),
            word: "Update".to_owned(),
            text: "We go on.\n\n*Resolved* - not yet.\n\n**Monitoring:** too\nsoon\n\n*fine*"
                .to_owned(),
            ..Update::default()
        };
        let printed = print(&update, &TimeZone::UTC);
        assert_eq!(
            printed,
            "*Update* - We go on. {{< track \"2026-03-01 12:00:00\" >}}\n\n_Resolved_ - not \
            yet.\n\n__Monitoring:__ too\nsoon\n\n*fine*"
        );
        assert_eq!(parse(&printed, &TimeZone::UTC).updates.len(), 1);
    }

    proptest! {
        #[test]
        fn a_printed_update_is_read_back(
            phase in 0..4_usize,
            seconds in proptest::option::of(0..4_000_000_000_i64),
            text in "[a-zA-Zäöü0-9,.:;()%*_-][a-zA-Zäöü0-9 ,.:;()%*_-]{0,80}[a-z.]",
        ) {
            let update = Update {
                at: seconds.map(|seconds| Timestamp::from_second(seconds).unwrap()),
                word: Phase::ALL[phase].word().to_owned(),
                phase: Some(Phase::ALL[phase]),
                text: text.trim().to_owned(),
                ..Update::default()
            };
            prop_assert_eq!(parse(&print(&update, &TimeZone::UTC), &TimeZone::UTC).updates, vec![update]);
        }

        #[test]
        fn no_body_makes_it_panic(body in "[*{}<>\"trackMonitoring0-9: \n-]{0,200}") {
            let ParsedBody { updates, layout } = parse(&body, &TimeZone::UTC);
            prop_assert_eq!(layout.more.len(), updates.len());
            for range in layout.more.iter().chain([&layout.opening, &layout.report]) {
                prop_assert!(body.get(range.clone()).is_some());
            }
        }
    }
}
