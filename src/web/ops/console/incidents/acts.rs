//! What the console lets people do to a file, in its words; which of it, by how far the
//! file has come.

use crate::model::board::{Outlook, Wait};
use crate::model::request::incidents::incident_change::{ChangedFile, Opener};
use crate::web::ops::api::edits::EditAct;
use crate::web::ops::console::done_notice::DoneNotice;

/// An act as pages offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActWords {
    /// The last part of its address.
    pub(crate) word: &'static str,
    /// What a link to it says, and the heading of its form.
    pub(crate) title: &'static str,
    /// What it does, in a sentence.
    pub(crate) lead: &'static str,
    /// What its button says.
    pub(crate) button: &'static str,
    /// What is said once it is done.
    pub(crate) done: DoneNotice,
    /// Whether it should not be done lightly.
    pub(crate) is_grave: bool,
}

/// Every act.
pub(crate) const ALL: [EditAct; 14] = [
    EditAct::Update,
    EditAct::Change,
    EditAct::Correct,
    EditAct::Resolve,
    EditAct::Reopen,
    EditAct::Withdraw,
    EditAct::Publish,
    EditAct::Accept,
    EditAct::Report,
    EditAct::Replace,
    EditAct::Delete,
    EditAct::Extend,
    EditAct::End,
    EditAct::Cancel,
];

/// The act whose address ends with a word.
pub(crate) fn from_word(word: &str) -> Option<EditAct> {
    ALL.into_iter().find(|act| words(*act).word == word)
}

/// The words of an act.
pub(crate) const fn words(act: EditAct) -> ActWords {
    ActWords {
        word: word(act),
        title: title(act),
        lead: lead(act),
        button: button(act),
        done: done(act),
        is_grave: is_grave(act),
    }
}

/// The last part of its address.
const fn word(act: EditAct) -> &'static str {
    match act {
        EditAct::Update => "update",
        EditAct::Change => "change",
        EditAct::Correct => "correct",
        EditAct::Resolve => "resolve",
        EditAct::Reopen => "reopen",
        EditAct::Withdraw => "withdraw",
        EditAct::Publish => "publish",
        EditAct::Accept => "accept",
        EditAct::Report => "post-mortem",
        EditAct::Replace => "file",
        EditAct::Delete => "delete",
        EditAct::Extend => "extend",
        EditAct::End => "end",
        EditAct::Cancel => "cancel",
    }
}

/// The heading of its form.
const fn title(act: EditAct) -> &'static str {
    match act {
        EditAct::Update => "Write an update",
        EditAct::Change => "Change the details",
        EditAct::Correct => "Correct the last update",
        EditAct::Resolve => "Resolve",
        EditAct::Reopen => "Reopen",
        EditAct::Withdraw => "Withdraw",
        EditAct::Publish => "Publish",
        EditAct::Accept => "Accept the risk",
        EditAct::Report => "Write the post-mortem",
        EditAct::Replace => "Edit the file",
        EditAct::Delete => "Reject the draft",
        EditAct::Extend => "Change the end",
        EditAct::End => "End",
        EditAct::Cancel => "Cancel the work",
    }
}

/// What it does.
const fn lead(act: EditAct) -> &'static str {
    match act {
        EditAct::Update | EditAct::Publish => "Visitors see it at once, and notifiers send it.",
        EditAct::Change => {
            "Title, severity and affected components. Rules no longer change what you set here."
        }
        EditAct::Correct => "Replaces its text. The time and the phase stay.",
        EditAct::Resolve => {
            "Ends the incident now, even if it still waits for something. Rules that still fire open no \
                 new incident until they have cleared."
        }
        EditAct::Reopen => "Opens the incident again. Rules may join it.",
        EditAct::Withdraw => {
            "For a false alarm. Visitors can still read the incident, but no statistic counts it."
        }
        EditAct::Accept => {
            "The rule about the risk no longer keeps the incident open. Your name is recorded."
        }
        EditAct::Report => "Visitors see each section once you have replaced its placeholder.",
        EditAct::Replace => "The file as it is on disk: front matter and text.",
        EditAct::Delete => "Deletes the file. No visitor has seen it.",
        EditAct::Extend => "Visitors see the new end at once, and notifiers send it.",
        EditAct::End => "Marks the work as done.",
        EditAct::Cancel => {
            "The work will not take place. Visitors can still read the announcement."
        }
    }
}

/// What its button says.
const fn button(act: EditAct) -> &'static str {
    match act {
        EditAct::Update => "Publish the update",
        EditAct::Change => "Save the change",
        EditAct::Correct => "Save the correction",
        EditAct::Resolve => "Resolve",
        EditAct::Reopen => "Reopen",
        EditAct::Withdraw => "Withdraw",
        EditAct::Publish => "Publish",
        EditAct::Accept => "Accept the risk",
        EditAct::Report => "Save the post-mortem",
        EditAct::Replace => "Save the file",
        EditAct::Delete => "Delete the draft",
        EditAct::Extend => "Save the new end",
        EditAct::End => "End the maintenance",
        EditAct::Cancel => "Cancel the work",
    }
}

/// What is said once it is done.
const fn done(act: EditAct) -> DoneNotice {
    match act {
        EditAct::Update => DoneNotice::UpdatePublished,
        EditAct::Change => DoneNotice::IncidentChanged,
        EditAct::Correct => DoneNotice::UpdateCorrected,
        EditAct::Resolve => DoneNotice::IncidentResolved,
        EditAct::Reopen => DoneNotice::IncidentReopened,
        EditAct::Withdraw => DoneNotice::IncidentWithdrawn,
        EditAct::Publish => DoneNotice::IncidentPublished,
        EditAct::Accept => DoneNotice::RiskAccepted,
        EditAct::Report => DoneNotice::PostMortemSaved,
        EditAct::Replace => DoneNotice::FileSaved,
        EditAct::Delete => DoneNotice::DraftDeleted,
        EditAct::Extend => DoneNotice::WorkExtended,
        EditAct::End => DoneNotice::WorkEnded,
        EditAct::Cancel => DoneNotice::WorkCancelled,
    }
}

/// Whether it should not be done lightly.
const fn is_grave(act: EditAct) -> bool {
    matches!(act, EditAct::Withdraw | EditAct::Delete)
}

/// The same of planned work, which has no severity of its own to change.
pub(crate) fn words_of(edit: EditAct, is_work: bool) -> ActWords {
    match edit {
        EditAct::Change if is_work => ActWords {
            title: "Change the details",
            lead: "Title and affected components. Visitors see the change at once.",
            ..words(edit)
        },
        _ => words(edit),
    }
}

/// What a file that has come so far lets people do, what matters most first.
pub(crate) fn offered(file: &ChangedFile, outlook: Option<&Outlook>) -> Vec<EditAct> {
    let incident = &file.incident;
    let mut acts = Vec::new();
    let is_over = incident.resolved == Some(true);
    if incident.draft {
        acts.extend([EditAct::Publish, EditAct::Change, EditAct::Delete]);
    } else if let Some(work) = &file.planned {
        if work.stage.is_open() {
            acts.push(EditAct::Update);
            if work.stage.is_going_on() {
                acts.push(EditAct::End);
            }
            acts.extend([EditAct::Extend, EditAct::Cancel, EditAct::Change]);
        } else {
            acts.push(EditAct::Update);
        }
    } else if is_over {
        let is_written = !file.report.text.is_empty() && file.report.unwritten.is_empty();
        if is_written && !is_told(file) {
            acts.push(EditAct::Publish);
        }
        acts.extend([EditAct::Report, EditAct::Reopen, EditAct::Update]);
        acts.push(EditAct::Change);
    } else {
        acts.extend([EditAct::Update, EditAct::Change, EditAct::Resolve]);
        if outlook.is_some_and(|outlook| outlook.waits.contains(&Wait::Capacity)) {
            acts.push(EditAct::Accept);
        }
    }
    if !incident.updates.is_empty() {
        acts.push(EditAct::Correct);
    }
    acts.push(EditAct::Replace);
    if !incident.draft && !incident.managed.withdrawn && file.planned.is_none() {
        acts.push(EditAct::Withdraw);
    }
    // What should not be done lightly is not in the way.
    acts.sort_by_key(|act| is_grave(*act));
    acts
}

/// Whether an update told of the post-mortem already.
fn is_told(file: &ChangedFile) -> bool {
    let word = Opener::PostMortem.word();
    let mut updates = file.incident.updates.iter();
    updates.any(|update| update.word.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use crate::model::fixtures;
    use crate::model::incident::{Incident, Update};
    use crate::model::request::incidents::incident_change::PostMortem;

    use super::*;

    fn file(incident: Incident, report: PostMortem) -> ChangedFile {
        ChangedFile {
            incident: Arc::new(incident),
            planned: None,
            changed: Vec::new(),
            report,
            before: None,
            after: None,
            version: None,
        }
    }

    #[test]
    fn each_act_has_an_address_of_its_own() {
        let all: BTreeSet<_> = ALL.iter().map(|act| words(*act).word).collect();
        assert_eq!(all.len(), ALL.len());
        for act in ALL {
            assert_eq!(from_word(words(act).word), Some(act));
        }
        assert_eq!(from_word("nothing"), None);
    }

    #[test]
    fn what_matters_most_comes_first() {
        let first = |incident: Incident, report: PostMortem| {
            let acts = offered(&file(incident, report), None);
            acts[..2].to_vec()
        };
        let open = fixtures::incident("a");
        let none = PostMortem::default();
        assert_eq!(
            first(open.clone(), none.clone()),
            [EditAct::Update, EditAct::Change]
        );
        let draft = Incident {
            draft: true,
            ..open.clone()
        };
        assert_eq!(
            first(draft, none.clone()),
            [EditAct::Publish, EditAct::Change]
        );
        let over = Incident {
            resolved: Some(true),
            ..open
        };
        assert_eq!(
            first(over.clone(), none),
            [EditAct::Report, EditAct::Reopen]
        );
        let written = PostMortem {
            text: "# Problem\n\nIt was full.".to_owned(),
            unwritten: Vec::new(),
        };
        assert_eq!(first(over.clone(), written.clone())[0], EditAct::Publish);
        let half = PostMortem {
            unwritten: vec!["problem".to_owned()],
            ..written.clone()
        };
        assert_eq!(first(over.clone(), half)[0], EditAct::Report);
        let told = Incident {
            updates: vec![Update {
                word: "Post-mortem".to_owned(),
                ..Update::default()
            }],
            ..over
        };
        assert_eq!(first(told, written)[0], EditAct::Report);
    }
}
