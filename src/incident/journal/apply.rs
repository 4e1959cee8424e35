//! What was decided, made into the bytes of a file. Pure.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::document::Document;
use crate::incident::file::edit::Set;
use crate::incident::file::head::DocumentError;
use crate::incident::reconcile::input::{Change, Opening, Turn};
use crate::model::incident::{EVENT, Managed, Phase, Update};

/// The file of a new incident as it is written at `now`; dates without a zone are
/// in the one given.
pub fn opened(
    opening: &Opening,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Document, DocumentError> {
    let mut updates = opening.change.updates.clone();
    // The first that is told opens the file; what is older finds its place.
    let first = if updates.is_empty() {
        Update::new(opening.date, Phase::Investigating, "")
    } else {
        updates.remove(0)
    };
    let mut document = Document::new(&opening.title, opening.date, opening.draft, &first, zone)?;
    let change = Change {
        title: None,
        date: None,
        updates,
        machine: opening.change.machine.clone().map(|machine| Managed {
            noted: Some(now),
            ..machine
        }),
        ..opening.change.clone()
    };
    changed(&mut document, &change)?;
    Ok(document)
}

/// Changes a file: only the keys and the updates that the change names.
pub fn changed(document: &mut Document, change: &Change) -> Result<(), DocumentError> {
    if let Some(title) = &change.title {
        document.set("title", &Set::Text(title))?;
    }
    if let Some(date) = change.date {
        document.set("date", &Set::Moment(date))?;
    }
    if let Some(severity) = change.severity {
        document.set("severity", &Set::Text(severity.word()))?;
    }
    if let Some(affected) = &change.affected {
        document.set("affected", &Set::List(affected))?;
    }
    if let Some(machine) = &change.machine {
        document.set("critwatch", &Set::Map(&document.machine_map(machine)))?;
    }
    match change.turn {
        Some(Turn::Over(end)) => {
            document.set("resolved", &Set::Bool(true))?;
            document.set("resolvedWhen", &Set::Moment(end))?;
        }
        Some(Turn::Again) => {
            document.set("resolved", &Set::Bool(false))?;
            document.set("resolvedWhen", &Set::Text(""))?;
        }
        None => {}
    }
    for update in &change.updates {
        // What was done has its moment; what is said is the newest word, though
        // a clock that went wrong dated an older one later.
        if update.word == EVENT {
            document.insert(update);
        } else {
            document.prepend(update);
        }
    }
    Ok(())
}
