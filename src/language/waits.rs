//! What an incident waits for besides time, in a sentence.

use crate::language::speech::Speech;
use crate::model::board::Wait;

/// What else than time keeps an incident open; nothing for what is mere time. The
/// names of components are shown as `label` says.
pub fn obstacle(speech: &Speech, wait: &Wait, label: impl Fn(&str) -> String) -> Option<String> {
    let row = |names: &[String]| {
        let labels: Vec<_> = names.iter().map(|name| label(name)).collect();
        speech.row(&labels)
    };
    Some(match wait {
        Wait::Failing(names) => {
            let slots = [("n", names.len().into()), ("names", row(names).into())];
            speech.tell("wait-failing", slots)
        }
        Wait::Unseen(names) => speech.with("wait-unseen", "names", row(names)),
        Wait::Backlog { what, count } => {
            let slots = [
                ("n", (*count).into()),
                ("count", speech.number(*count).into()),
                ("what", what.as_str().into()),
            ];
            speech.tell("wait-backlog", slots)
        }
        Wait::Capacity => speech.say("wait-capacity"),
        Wait::Person => speech.say("wait-person"),
        Wait::Changed(_) | Wait::Hold => return None,
    })
}
