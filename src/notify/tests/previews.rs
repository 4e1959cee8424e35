//! What receivers would be told of a change.

use jiff::Timestamp;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update};
use crate::model::request::receivers::receiver_preview::PreviewedChange;
use crate::model::text::language::Language;
use crate::notify::channel::ChannelSettings;
use crate::notify::message::rules::{ReceiverRules, Updates};
use crate::notify::notifier::NotifierSettings;
use crate::notify::previews::PreviewedReceivers;
use crate::notify::tests::channels::channel_tools;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn board(incident: Option<Incident>) -> Board {
    let facts = Facts {
        incidents: std::sync::Arc::new(incident.into_iter().map(std::sync::Arc::new).collect()),
        ..Facts::of(Sight::Unwatched)
    };
    Board::new(now(), [], facts)
}

fn check(before: Option<Incident>, after: Incident, expected: [&str; 4]) {
    let notifier = |id: &str, updates, severity| NotifierSettings {
        id: id.to_owned(),
        rules: ReceiverRules {
            updates: Some(updates),
            severity,
            ..ReceiverRules::default()
        },
        channel: ChannelSettings::Console {},
    };
    let notifiers = [
        notifier("edits", Updates::Edit, None),
        notifier("posts", Updates::Post, None),
        notifier("quiet", Updates::Off, None),
        notifier("grave", Updates::Post, Some(Severity::Down)),
    ];
    let receivers = PreviewedReceivers::new(&notifiers, &channel_tools(), None, Language::En);
    let id = after.id.clone();
    let (before, after) = (board(before), board(Some(after)));
    let told = receivers.of(PreviewedChange {
        before: &before,
        after: &after,
        id: &id,
        now: now(),
    });
    let told = told.into_iter().map(|one| {
        one.message.map_or_else(String::new, |message| {
            let how = if message.is_edit { "edits " } else { "" };
            format!("{how}{}: {}", message.occasion, message.headline)
        })
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

fn incident(severity: Severity, texts: &[&str]) -> Incident {
    let updates = texts.iter().zip(1_i64..).map(|(text, minute)| {
        let at = now() - jiff::SignedDuration::from_mins(60 - minute);
        Update::new(at, Phase::Investigating, *text)
    });
    let mut updates: Vec<_> = updates.collect();
    updates.reverse();
    Incident {
        severity: Some(severity),
        date: Some(now() - jiff::SignedDuration::from_hours(1)),
        updates,
        title: "Rolls fail".to_owned(),
        ..fixtures::incident("rolls-fail")
    }
}

#[test]
fn each_receiver_is_told_in_its_own_manner() {
    use Severity::{Disrupted, Down};
    let before = incident(Disrupted, &["It fails."]);
    let opened = "opened: Degraded: Rolls fail";
    check(None, before.clone(), [opened, opened, opened, ""]);
    check(
        Some(before.clone()),
        incident(Disrupted, &["It fails.", "We look."]),
        [
            "edits edited: Degraded: Rolls fail",
            "update: Investigating: Rolls fail",
            "",
            "",
        ],
    );
    let worse = "worse: Down: Rolls fail";
    let first = "opened: Down: Rolls fail";
    let graver = incident(Down, &["It fails."]);
    check(Some(before.clone()), graver, [worse, worse, worse, first]);
    let over = Incident {
        resolved: Some(true),
        resolved_when: Some(now()),
        ..before.clone()
    };
    let resolved = "resolved: Resolved: Rolls fail";
    check(
        Some(before.clone()),
        over,
        [resolved, resolved, resolved, ""],
    );
    check(Some(before.clone()), before, [""; 4]);
}
