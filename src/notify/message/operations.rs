//! What operators must know and visitors do not see.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::board::{Board, Sight};
use crate::model::component::Severity;
use crate::model::facts::notifier_state::NotifierState;
use crate::model::facts::trouble::{Trouble, Troubles};
use crate::model::incident::Incident;
use crate::model::time::duration::{elapsed, short};
use crate::model::verdict::{Publish, RuleId, RuleState, Verdict};

/// How long the monitor may be blind before operators are told: a restart of the
/// service is no news.
const BLIND: Duration = Duration::from_mins(1);

/// How long deliveries of another receiver may fail.
const UNDELIVERED: Duration = Duration::from_mins(10);

/// How long operators are told of a message that was refused.
const REFUSED: Duration = Duration::from_hours(24);

/// How long an incident may be open without a new word.
const SILENT: Duration = Duration::from_hours(1);

/// Something that operators must know or do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    /// Its name, which stays while it lasts: `draft/2026-03-01-rolls-fail`.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What is wrong and what to do, as plain text.
    pub text: String,
    /// Names of the components concerned.
    pub components: Vec<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// The incident that it is about, if that is public.
    pub incident: Option<String>,
}

impl Operation {
    fn new(id: impl Into<String>, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            severity,
            title: title.into(),
            text: String::new(),
            components: Vec::new(),
            since: None,
            incident: None,
        }
    }
}

/// All that operators must know at the moment of a board.
///
/// `receiver` is the one that will be told: it cannot tell of its own failures.
pub(crate) fn operations(
    board: &Board,
    notifiers: &[NotifierState],
    troubles: &Troubles,
    receiver: &str,
) -> Vec<Operation> {
    let incidents = board.facts.incidents.iter().map(|incident| &**incident);
    let drafts = incidents.clone().filter(|one| one.is_waiting_draft());
    let silent = incidents
        .clone()
        .filter_map(|incident| silent(incident, board));
    let orphaned = incidents.filter_map(|incident| orphaned(incident, board));
    let others = notifiers.iter().filter(|one| one.name != receiver);
    let blind = blind(board);
    drafts
        .map(draft)
        .chain(silent)
        .chain(orphaned)
        .chain(board.facts.verdicts.iter().filter_map(internal))
        .chain(blind)
        .chain(unwritten(board))
        .chain(unreadable(board))
        .chain(others.clone().filter_map(|one| undelivered(one, board.at)))
        .chain(others.filter_map(|one| refused(one, board.at)))
        .chain(troubles.newest().into_iter().map(trouble))
        .chain(notifiers.iter().filter_map(unreachable))
        .collect()
}

/// What a part of the monitor cannot do.
fn trouble((name, trouble): (&'static str, Trouble)) -> Operation {
    Operation {
        text: trouble.text,
        since: Some(trouble.since),
        ..Operation::new(name, Severity::Disrupted, trouble.title)
    }
}

fn draft(incident: &Incident) -> Operation {
    let severity = incident.severity.unwrap_or(Severity::Notice);
    let title = format!("Waiting for you: {}", incident.title);
    Operation {
        text: format!(
            "A rule opened this incident as a draft. Visitors do not see it. Publish it with \
             `critwatch incident publish {0}`, or reject it with `critwatch incident withdraw {0}`.",
            incident.id
        ),
        components: incident.affected.clone(),
        since: incident.date,
        ..Operation::new(format!("draft/{}", incident.id), severity, title)
    }
}

fn silent(incident: &Incident, board: &Board) -> Option<Operation> {
    let is_trouble = incident.is_active() && !incident.informational;
    let planned = &board.facts.maintenance;
    if !is_trouble || planned.iter().any(|work| work.id == incident.id) {
        return None;
    }
    let since = incident.last_dated(board.at).or(incident.date)?;
    let silence: Duration = elapsed(since, board.at);
    (silence >= SILENT).then(|| Operation {
        text: format!(
            "Visitors have not had an update about this incident since then. Write one \
             with `critwatch incident update {} --text \"…\"`.",
            incident.id
        ),
        components: incident.affected.clone(),
        since: Some(since),
        incident: Some(incident.id.0.clone()),
        ..Operation::new(
            format!("silent/{}", incident.id),
            Severity::Notice,
            format!("No update for more than an hour: {}", incident.title),
        )
    })
}

/// An open incident that no rule can end any more.
fn orphaned(incident: &Incident, board: &Board) -> Option<Operation> {
    let verdicts = &board.facts.verdicts;
    let is_there = |rule: &RuleId| verdicts.iter().any(|verdict| verdict.rule == *rule);
    let is_public = incident.is_active() && !incident.informational;
    // Whoever watches nothing has no verdict of any rule.
    let is_watched = board.facts.sight != Sight::Unwatched;
    (is_watched && is_public && incident.has_lost_its_rules(is_there)).then(|| Operation {
        text: format!(
            "The settings no longer have the rules of this incident. When it is over, resolve it \
             with `critwatch incident resolve {}`, or restore a rule.",
            incident.id
        ),
        components: incident.affected.clone(),
        incident: Some(incident.id.0.clone()),
        ..Operation::new(
            format!("orphaned/{}", incident.id),
            Severity::Notice,
            format!("No rule can resolve: {}", incident.title),
        )
    })
}

/// A rule that fires and opens nothing.
fn internal(verdict: &Verdict) -> Option<Operation> {
    let RuleState::Firing { since } = verdict.state else {
        return None;
    };
    matches!(verdict.publish, Publish::Internal | Publish::Hold).then(|| Operation {
        text: verdict.text.clone(),
        since: Some(since),
        ..Operation::new(
            format!("rule/{}", verdict.rule),
            verdict.severity,
            verdict.title.clone(),
        )
    })
}

fn blind(board: &Board) -> Option<Operation> {
    let Sight::Blind { since } = board.facts.sight else {
        return None;
    };
    let time: Duration = elapsed(since, board.at);
    (time >= BLIND).then(|| Operation {
        text: "No collector returns samples. Until one does, no incident opens or \
               resolves. `critwatch status` shows the error of each collector."
            .to_owned(),
        since: Some(since),
        ..Operation::new("blind", Severity::Down, "The monitor has no data")
    })
}

fn unwritten(board: &Board) -> Option<Operation> {
    let files = &board.facts.unwritten;
    (!files.is_empty()).then(|| Operation {
        text: format!(
            "These files cannot be written: {}. The disk may be full or read-only; the log says \
             why. critwatch writes them as soon as possible.",
            files.join(", ")
        ),
        ..Operation::new("unwritten", Severity::Down, "Incidents cannot be written")
    })
}

fn unreadable(board: &Board) -> Option<Operation> {
    let faults = &board.facts.faults;
    (!faults.is_empty()).then(|| Operation {
        text: "`critwatch check` lists the files, with the lines and the fixes.".to_owned(),
        ..Operation::new(
            "unreadable",
            Severity::Notice,
            "Incident files cannot be read",
        )
    })
}

fn undelivered(notifier: &NotifierState, at: Timestamp) -> Option<Operation> {
    let failing = notifier.failing.as_ref()?;
    let time: Duration = elapsed(failing.since, at);
    (failing.paused || time >= UNDELIVERED).then(|| Operation {
        text: format!(
            "{} {} for {}: {}.",
            match notifier.due {
                1 => "One message is waiting".to_owned(),
                due => format!("{due} messages are waiting"),
            },
            if failing.paused {
                "until the settings are reloaded; nothing could be delivered"
            } else {
                "and will be retried; nothing could be delivered"
            },
            short(time),
            failing.reason,
        ),
        since: Some(failing.since),
        ..Operation::new(
            format!("delivery/{}", notifier.name),
            Severity::Disrupted,
            format!("Messages to {} are not delivered", notifier.name),
        )
    })
}

/// Messages that a receiver will never take, of which nothing newer arrived.
fn refused(notifier: &NotifierState, at: Timestamp) -> Option<Operation> {
    let mut known = BTreeSet::new();
    let newest = notifier
        .recent
        .iter()
        .filter(|one| known.insert(&one.topic));
    let refused: Vec<_> = newest
        .filter(|one| one.is_refused())
        .filter(|one| elapsed(one.changed, at) < REFUSED)
        .collect();
    let last = refused.first()?;
    Some(Operation {
        text: format!(
            "{} and will not be sent again by itself. The newest is `{}` of {}: {}. \
             `critwatch notify resend {}` sends it again.",
            match refused.len() {
                1 => "One message was refused".to_owned(),
                many => format!("{many} messages were refused"),
            },
            last.occasion,
            last.topic,
            last.reason.as_deref().unwrap_or("no reason is known"),
            last.id,
        ),
        since: Some(last.changed),
        ..Operation::new(
            format!("refused/{}", notifier.name),
            Severity::Disrupted,
            format!("Messages to {} are refused", notifier.name),
        )
    })
}

/// Recipients without a mailbox; the others of their notifier are not concerned.
fn unreachable(notifier: &NotifierState) -> Option<Operation> {
    let paused = &notifier.mails.as_ref()?.paused;
    let places: Vec<_> = paused.iter().map(usize::to_string).collect();
    (!places.is_empty()).then(|| Operation {
        text: format!(
            "The relay says that there is no such mailbox, counted from the first of `to`: {}. \
             Nothing more is sent there until the settings are read again; correct them.",
            places.join(", "),
        ),
        ..Operation::new(
            format!("recipients/{}", notifier.name),
            Severity::Notice,
            format!("Recipients of {} cannot be reached", notifier.name),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::notifier_state::DeliveryRecord;

    #[test]
    fn operators_hear_of_a_refused_message_until_a_newer_one_arrives() {
        let at = |second: i64| Timestamp::from_second(1_000_000 + second).unwrap();
        let record = |id: i64, topic: &str, state: &str, second| DeliveryRecord {
            id,
            notifier: "pager".to_owned(),
            topic: topic.to_owned(),
            occasion: "resolved".to_owned(),
            state: state.to_owned(),
            tries: 1,
            due: at(second),
            changed: at(second),
            reason: Some("400 Bad Request".to_owned()),
        };
        let told = |recent: Vec<DeliveryRecord>, second| {
            let pager = NotifierState {
                name: "pager".to_owned(),
                recent,
                ..NotifierState::default()
            };
            refused(&pager, at(second)).map(|one| one.text)
        };
        let lost = || record(7, "incident:a", "refused", 10);
        let text = told(vec![lost(), record(6, "incident:a", "sent", 5)], 20).unwrap();
        assert!(
            text.contains("`resolved` of incident:a: 400 Bad Request"),
            "{text}"
        );
        assert!(text.contains("`critwatch notify resend 7`"), "{text}");
        let both = told(vec![record(8, "incident:b", "refused", 11), lost()], 20).unwrap();
        assert!(both.starts_with("2 messages were refused"), "{both}");
        // Something newer of the same topic arrived, or it is a day old.
        assert_eq!(
            told(vec![record(9, "incident:a", "sent", 12), lost()], 20),
            None
        );
        assert_eq!(told(vec![lost()], 10 + 86_400), None);
    }
}
