//! An incident's body in its parts: what came first, the updates, the report.

use crate::model::incident::Incident;

/// A body in its parts, each as markdown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BodyParts {
    /// What stands above the updates.
    pub opening: String,
    /// What follows each update besides its first paragraph.
    pub more: Vec<String>,
    /// Everything from the first heading below the updates.
    pub report: String,
}

/// Takes a body apart; without updates all of it is the report.
pub(crate) fn story(incident: &Incident) -> BodyParts {
    let mut story = BodyParts {
        more: vec![String::new(); incident.updates.len()],
        ..BodyParts::default()
    };
    if incident.updates.is_empty() || incident.is_html() {
        story.report.clone_from(&incident.body);
        return story;
    }
    let mut seen = 0;
    let mut ended = false;
    for paragraph in paragraphs(&incident.body) {
        let next = incident.updates.get(seen);
        if !ended && next.is_some_and(|update| opens(paragraph, &update.word)) {
            seen += 1;
            continue;
        }
        // A heading ends the updates unless more of them follow.
        ended |= seen == incident.updates.len() && paragraph.starts_with('#');
        let place = if ended {
            &mut story.report
        } else if seen == 0 {
            &mut story.opening
        } else {
            &mut story.more[seen - 1]
        };
        if !place.is_empty() {
            place.push_str("\n\n");
        }
        place.push_str(paragraph);
    }
    story
}

/// Whether a paragraph opens with the emphasised word.
fn opens(paragraph: &str, word: &str) -> bool {
    paragraph.starts_with('*') && paragraph.trim_start_matches('*').starts_with(word)
}

/// The parts between blank lines.
fn paragraphs(body: &str) -> impl Iterator<Item = &str> {
    let mut rest = body;
    std::iter::from_fn(move || {
        // Blank lines may hold blanks.
        while let Some((line, below)) = rest.split_once('\n') {
            if !line.trim().is_empty() {
                break;
            }
            rest = below;
        }
        if rest.trim().is_empty() {
            return None;
        }
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim().is_empty() {
                break;
            }
            end += line.len();
        }
        let (paragraph, below) = rest.split_at(end);
        rest = below;
        Some(paragraph.trim_end_matches(['\r', '\n']))
    })
}

#[cfg(test)]
mod tests {
    use crate::model::incident::Update;

    use super::*;

    fn check(words: &[&str], body: &str, opening: &str, more: &[&str], report: &str) {
        let update = |word: &&str| Update {
            word: (*word).to_owned(),
            ..Update::default()
        };
        let incident = Incident {
            updates: words.iter().map(update).collect(),
            body: body.to_owned(),
            ..Incident::default()
        };
        let expected = BodyParts {
            opening: opening.to_owned(),
            more: more.iter().map(|text| (*text).to_owned()).collect(),
            report: report.to_owned(),
        };
        assert_eq!(story(&incident), expected, "{body}");
    }

    #[test]
    fn a_body_is_taken_apart() {
        check(&[], "a\n\nb", "", &[], "a\n\nb");
        check(&["Resolved"], "*Resolved* - a", "", &[""], "");
        check(
            &["Resolved", "Update"],
            "Intro.\n\n**Resolved**: a\n \nmore of a\n\n*Update* - b\n\n- one\n\n## Background\n\nx\n\n*Update* is a word\n",
            "Intro.",
            &["more of a", "- one"],
            "## Background\n\nx\n\n*Update* is a word",
        );
        check(
            &["Resolved", "Update"],
            "*Resolved* - a\n\n## Before\n\n*Update* - b",
            "",
            &["## Before", ""],
            "",
        );
    }
}
