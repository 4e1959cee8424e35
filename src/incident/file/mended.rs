//! Values of an open incident that a slip of the pen took from it, and that it keeps.
//!
//! A file that reads well may still say less than its author meant. What rules opened
//! stays theirs, and no misspelt word makes an outage look harmless.

use crate::incident::file::author;
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::slip::line_of;
use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::incidents::managed::Managed;

/// Gives back to an open incident what its file has lost; why, with the way out.
pub(crate) fn mend(
    before: &Incident,
    after: &mut Incident,
    document: &Document,
) -> Vec<DocumentError> {
    if !(before.is_issue && before.resolved == Some(false)) {
        return Vec::new();
    }
    let mut lost: Vec<_> = mend_map(before, after, document).into_iter().collect();
    let kept = [
        mend_severity(before, after, document),
        mend_affected(before, after, document),
        mend_date(before, after, document),
    ];
    for (key, message) in kept.into_iter().flatten() {
        after.kept.push(key);
        lost.push(DocumentError::at(line_of(document, key), message));
    }
    lost
}

/// Keeps the notes of what we opened: a rule whose incident forgets it opens another.
fn mend_map(before: &Incident, after: &mut Incident, document: &Document) -> Option<DocumentError> {
    let (was, is) = (&before.managed, &mut after.managed);
    // A person who takes `join` back means it.
    let is_ours = !was.rules.is_empty() || was.work.plan.is_some() || was.state_of.is_some();
    if !is_ours || was.join {
        return None;
    }
    let message = if document
        .key("critwatch")
        .is_some_and(serde_json::Value::is_object)
    {
        let lost = keep_each(was, is);
        if lost.is_empty() {
            return None;
        }
        let lost = lost.join("`, `");
        format!(
            "the map `critwatch:` of an open incident has lost `{lost}`, which stays as it was \
             and is written again with the next change"
        )
    } else {
        is.clone_from(was);
        "an open incident has lost its map `critwatch:`, so it still belongs to its rules, and \
         the map is written again with the next change; to end the incident, write \
         `resolved: true`"
            .to_owned()
    };
    author::attribute(&mut after.updates, &after.managed);
    Some(DocumentError::at(line_of(document, "critwatch"), message))
}

/// Keeps each note that is never taken back while an incident is open.
fn keep_each(was: &Managed, is: &mut Managed) -> Vec<&'static str> {
    let mut lost = Vec::new();
    let mut note = |key, is_lost| {
        if is_lost {
            lost.push(key);
        }
    };
    note("rules", keep(&was.rules, &mut is.rules));
    note("title", keep(&was.title, &mut is.title));
    note("date", keep(&was.date, &mut is.date));
    if keep(&was.severity, &mut is.severity) {
        is.worst = is.worst.max(was.worst);
        note("severity", true);
    }
    note("wrote", keep(&was.wrote, &mut is.wrote));
    note("maintenance", keep(&was.work.plan, &mut is.work.plan));
    note(
        "occurrence",
        keep(&was.work.occurrence, &mut is.work.occurrence),
    );
    note("state_of", keep(&was.state_of, &mut is.state_of));
    lost
}

/// Keeps a value of which nothing is left; whether it did.
fn keep<T: Clone + Default + PartialEq>(was: &T, is: &mut T) -> bool {
    let is_lost = *is == T::default() && *was != T::default();
    if is_lost {
        is.clone_from(was);
    }
    is_lost
}

/// What an incident keeps, and why.
type Kept = Option<(&'static str, String)>;

fn mend_severity(before: &Incident, after: &mut Incident, document: &Document) -> Kept {
    let was = before.severity.filter(|_| !after.informational)?;
    let word = document.string("severity").filter(|word| !word.is_empty());
    // A person may take it back from an incident of their own.
    let is_meant = word.is_none() && !before.is_managed();
    if is_meant || !keep(&before.severity, &mut after.severity) {
        return None;
    }
    let why = match word {
        Some(word) => format!("unknown severity `{word}`"),
        None => "an open incident has lost its `severity`".to_owned(),
    };
    let words = [Severity::Down, Severity::Disrupted, Severity::Notice].map(Severity::word);
    let [down, disrupted, notice] = words;
    let was = was.word();
    Some((
        "severity",
        format!("{why}; it stays `{was}` until there is `{down}`, `{disrupted}` or `{notice}`"),
    ))
}

fn mend_affected(before: &Incident, after: &mut Incident, document: &Document) -> Kept {
    // Nothing, or an empty list, is an answer.
    let written = document.key("affected")?;
    let is_list = written.is_array() || written.is_null();
    (!is_list && keep(&before.affected, &mut after.affected)).then(|| {
        let message = "`affected` is not a list, so the affected components stay as they were; write a \
                       list as in `[API]`";
        ("affected", message.to_owned())
    })
}

fn mend_date(before: &Incident, after: &mut Incident, document: &Document) -> Kept {
    document.key("date")?;
    keep(&before.date, &mut after.date).then(|| {
        let message = "`date` is not a date, so the beginning stays as it was; write one as in \
                       `2026-03-01T12:00:00Z`";
        ("date", message.to_owned())
    })
}
