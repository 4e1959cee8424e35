//! The body of an incident: dated updates in cState's manner, newest first.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::date;
use crate::model::incident::{Phase, Update};

/// Reads the updates of a body: paragraphs that open with an emphasised phase.
pub fn updates(body: &str) -> Vec<Update> {
    paragraphs(body)
        .filter_map(|paragraph| update(&paragraph))
        .collect()
}

/// Writes one update as a paragraph, without a line end.
pub fn print(update: &Update) -> String {
    let head = format!("*{}* - {}", update.phase.word(), update.text.trim());
    match update.at {
        Some(at) => {
            let at = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S");
            format!("{head} {{{{< track \"{at}\" >}}}}")
        }
        None => head,
    }
}

fn paragraphs(body: &str) -> impl Iterator<Item = String> {
    let mut lines = body.lines().peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.trim().is_empty()).is_some() {}
        let mut paragraph = String::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
        (!paragraph.is_empty()).then_some(paragraph)
    })
}

fn update(paragraph: &str) -> Option<Update> {
    let rest = paragraph.strip_prefix('*')?;
    let (word, rest) = rest.split_once('*')?;
    let phase = Phase::from_word(word.trim().trim_end_matches(':'))?;
    let rest = rest
        .trim_start()
        .trim_start_matches(['-', '–', '—', ':'])
        .trim_start();
    let (text, at) = match track(rest) {
        Some((text, at)) => (text, Some(at)),
        None => (rest.to_owned(), None),
    };
    Some(Update {
        at,
        phase,
        text: text.trim().to_owned(),
    })
}

/// Splits the last `track` shortcode off a text.
fn track(text: &str) -> Option<(String, Timestamp)> {
    let start = text.rfind("{{<")?;
    let end = start + text[start..].find(">}}")?;
    let at = date::track(&text[start + 3..end])?;
    Some((
        format!("{}{}", text[..start].trim_end(), &text[end + 3..]),
        at,
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(body: &str, expected: &[(Option<&str>, Phase, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(at, phase, text)| Update {
                at: at.map(|at| at.parse().unwrap()),
                phase: *phase,
                text: (*text).to_owned(),
            })
            .collect();
        assert_eq!(updates(body), expected, "{body}");
    }

    #[test]
    fn updates_are_read_in_cstates_manner() {
        check(
            "*Monitoring* - It rolls again. {{< track \"2018-04-13 17:30:00\" >}}\n\n\
             Some words between.\n\n*investigating* — We look\ninto it.",
            &[
                (
                    Some("2018-04-13T17:30:00Z"),
                    Phase::Monitoring,
                    "It rolls again.",
                ),
                (None, Phase::Investigating, "We look\ninto it."),
            ],
        );
        check("# Background\n\n*really* bad\n\n* a list", &[]);
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
                phase: Phase::ALL[phase],
                text: text.trim_start_matches(['-', ':']).trim().to_owned(),
            };
            prop_assert_eq!(updates(&print(&update)), vec![update]);
        }

        #[test]
        fn no_body_makes_it_panic(body in "[*{}<>\"trackMonitoring0-9: \n-]{0,200}") {
            let _ = updates(&body);
        }
    }
}
