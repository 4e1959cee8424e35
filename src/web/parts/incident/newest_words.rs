//! The newest words about an incident, shortened to a few lines.

use pulldown_cmark::Options;

use crate::model::incident::{Author, Incident, Phase};
use crate::model::text::plain::plain_text;
use crate::model::text::truncate::truncate;
use crate::web::pages::incidents::{self, UpdateView};
use crate::web::parts::context::Present;
use crate::web::text::html;

/// Characters that fit into a few lines.
const MAX_CHARS: usize = 280;

/// The newest words.
#[derive(Debug)]
pub(crate) struct NewestWords {
    /// Which of the incident's updates it is.
    pub(crate) at: usize,
    /// The update as shown; `None` if the banner's own sentences tell the same.
    pub(crate) update: Option<UpdateView>,
}

/// The newest update of a person, or else the newest one; `None` if there is none.
///
/// While an incident is watched, the banner itself tells what the service wrote of it.
pub(crate) fn newest(
    present: &Present<'_>,
    incident: &Incident,
    is_watched: bool,
) -> Option<NewestWords> {
    let at = place(incident)?;
    let update = incident.updates.get(at)?;
    if is_watched && update.author == Author::Rule && update.phase == Some(Phase::Monitoring) {
        return Some(NewestWords { at, update: None });
    }
    let mut shown = incidents::updates(present, incident, &vec![String::new(); at + 1]).pop()?;
    if update.text.chars().count() > MAX_CHARS {
        let text = plain_text(&update.text, Options::empty(), MAX_CHARS);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        shown.html = html::escape(&truncate(&text, MAX_CHARS));
    }
    Some(NewestWords {
        at,
        update: Some(shown),
    })
}

fn place(incident: &Incident) -> Option<usize> {
    let says = |author: Option<Author>| {
        let mut updates = incident.updates.iter();
        updates.position(|update| {
            !update.text.trim().is_empty() && author.is_none_or(|author| update.author == author)
        })
    };
    says(Some(Author::Person)).or_else(|| says(None))
}

#[cfg(test)]
mod tests {
    use crate::model::incident::Update;

    use super::*;

    #[test]
    fn people_are_heard_before_rules() {
        let update = |author, text: &str| Update {
            author,
            text: text.to_owned(),
            ..Update::default()
        };
        let (rule, person) = (Author::Rule, Author::Person);
        for (updates, expected) in [
            (vec![], None),
            (vec![update(rule, "a"), update(rule, "b")], Some(0)),
            (vec![update(rule, "a"), update(person, "b")], Some(1)),
            (vec![update(person, " "), update(rule, "b")], Some(1)),
        ] {
            let incident = Incident {
                updates,
                ..Incident::default()
            };
            assert_eq!(place(&incident), expected);
        }
    }
}
