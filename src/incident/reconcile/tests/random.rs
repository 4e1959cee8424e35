//! Whatever happens in whatever order: some things must never be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::incident::file::change::Turn;
use crate::incident::reconcile::input::Decision;
use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Severity;
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::verdict::{RuleId, RuleState, Verdict};
use crate::notify::message::announcement::Announcement;
use crate::notify::message::due::{DueMessage, Manner};
use crate::notify::message::known::after::{Fate, SentMessage, after};
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::rules::{ReceiverRules, Updates};
use crate::notify::message::topic::{Topic, TopicId};
use crate::notify::sending::delivery::Delivered;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::incident::reconcile::tests::story::{FilesInMemory, component};
use crate::model::fixtures;

const HOLD: i64 = 100;

/// Rules with their components; the first three are of one story.
const RULES: [(&str, &str, Severity); 4] = [
    ("oom", "cache", Severity::Down),
    ("slow", "api", Severity::Disrupted),
    ("warn", "cache", Severity::Notice),
    ("blog-gone", "blog", Severity::Down),
];

/// What may happen between two steps.
#[derive(Clone, Copy, Debug)]
enum Turnabout {
    Fires(usize),
    IsQuiet(usize),
    IsUnseen(usize),
    Passes(i64),
    StepsBack(i64),
    Changes,
    Edits(usize),
    Deletes(usize),
}

fn turnabout() -> impl Strategy<Value = Turnabout> {
    prop_oneof![
        6 => (0..RULES.len()).prop_map(Turnabout::Fires),
        6 => (0..RULES.len()).prop_map(Turnabout::IsQuiet),
        2 => (0..RULES.len()).prop_map(Turnabout::IsUnseen),
        8 => (1..90_i64).prop_map(Turnabout::Passes),
        2 => (100..5_000_i64).prop_map(Turnabout::Passes),
        1 => (1..4_000_i64).prop_map(Turnabout::StepsBack),
        1 => Just(Turnabout::Changes),
        3 => (0..6_usize).prop_map(Turnabout::Edits),
        1 => (0..4_usize).prop_map(Turnabout::Deletes),
    ]
}

/// What is true, what time it is, and what the time really is.
struct Story {
    folder: FilesInMemory,
    states: [RuleState; RULES.len()],
    events: Vec<Event>,
    now: i64,
    /// Seconds that really passed, whatever the clock says.
    real: i64,
    /// When each rule was last not quiet, in real seconds.
    loud: [i64; RULES.len()],
    /// Words of people, each with the file that it stands in.
    words: Vec<(String, String)>,
    receipts: BTreeMap<TopicId, Receipt>,
    notified: BTreeMap<String, Vec<String>>,
    _place: tempfile::TempDir,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

impl Story {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let components = vec![
            component("cache", &[]),
            component("api", &["cache"]),
            component("blog", &[]),
        ];
        Self {
            folder: FilesInMemory::new(components, Duration::from_secs(HOLD.unsigned_abs())),
            states: [RuleState::Quiet { since: at(0) }; RULES.len()],
            events: Vec::new(),
            now: 0,
            real: 0,
            loud: [0; RULES.len()],
            words: Vec::new(),
            receipts: BTreeMap::new(),
            notified: BTreeMap::new(),
            _place: place,
        }
    }

    fn verdicts(&self) -> Vec<Verdict> {
        let rules = RULES.iter().zip(&self.states);
        rules
            .map(|((rule, component, severity), state)| Verdict {
                severity: *severity,
                ..fixtures::verdict(rule, component, *state)
            })
            .collect()
    }

    fn happen(&mut self, what: Turnabout) {
        let since = at(self.now);
        match what {
            Turnabout::Fires(rule) if !self.states[rule].is_firing() => {
                self.states[rule] = RuleState::Firing { since };
            }
            Turnabout::IsQuiet(rule) if !matches!(self.states[rule], RuleState::Quiet { .. }) => {
                self.states[rule] = RuleState::Quiet { since };
            }
            Turnabout::IsUnseen(rule) => self.states[rule] = RuleState::Unknown { since },
            Turnabout::Fires(_) | Turnabout::IsQuiet(_) => {}
            Turnabout::Passes(seconds) => {
                self.now += seconds;
                self.real += seconds;
            }
            Turnabout::StepsBack(seconds) => {
                self.now -= seconds;
                self.real += 1;
                // The window is forgotten: every rule sees anew, as of now.
                for state in &mut self.states {
                    *state = match *state {
                        RuleState::Firing { .. } => RuleState::Firing {
                            since: at(self.now),
                        },
                        _ => RuleState::Unknown {
                            since: at(self.now),
                        },
                    };
                }
            }
            Turnabout::Changes => self.events.push(Event {
                at: since,
                kind: EventKind::Release,
                source: EventSource::Person,
                text: format!("Release {}", self.events.len()),
                components: Vec::new(),
                noted: since,
            }),
            Turnabout::Edits(which) => self.edit(which),
            Turnabout::Deletes(which) => {
                let name = self.folder.files.keys().nth(which).cloned();
                if let Some(name) = name {
                    self.folder.files.remove(&name);
                    self.words.retain(|(file, _)| *file != name);
                }
            }
        }
        for (rule, state) in self.states.iter().enumerate() {
            if !matches!(state, RuleState::Quiet { .. }) {
                self.loud[rule] = self.real;
            }
        }
    }

    /// A person changes the newest file by hand.
    fn edit(&mut self, which: usize) {
        let Some((name, document)) = self.folder.files.iter_mut().next_back() else {
            return;
        };
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        let word = format!("Words of a person, {}", self.words.len());
        let line = |key: &str| {
            let mut lines = text.lines();
            lines
                .find(|line| line.starts_with(&format!("{key}:")))
                .unwrap_or_default()
                .to_owned()
        };
        let edited = match which {
            0 => text.replacen(&line("title"), &format!("title: \"{word}\""), 1),
            1 => text.replacen(&line("severity"), &format!("severity: notice # {word}"), 1),
            2 => text.replace(
                "\n---\n",
                &format!(
                    "\n---\n*Identified* - {word} {{{{< track \"1970-01-12 13:46:40\" >}}}}\n\n"
                ),
            ),
            3 => format!("{text}\n## Background\n\n{word}\n"),
            4 => text.replace("resolved: false", &format!("resolved: true # {word}")),
            _ => text.replace(" text.", &format!(" text. {word}")),
        };
        if edited != text && edited.contains(&word) {
            let theirs = (name.clone(), word);
            // Another title replaces the one that a person gave before.
            if which <= 1 {
                self.words
                    .retain(|(file, word)| *file != theirs.0 || edited.contains(word.as_str()));
            }
            *document = document.with_bytes(edited.into_bytes()).unwrap();
            self.words.push(theirs);
        }
    }

    /// Makes a step; returns what was decided.
    fn step(&mut self) -> Result<Decision, TestCaseError> {
        let verdicts = self.verdicts();
        let decision = self.folder.step(&verdicts, &self.events, at(self.now));
        self.no_early_end(&decision)?;
        self.one_incident_a_cause()?;
        for (file, word) in &self.words {
            let document = &self.folder.files[file];
            let text = String::from_utf8_lossy(document.bytes());
            prop_assert!(text.contains(word.as_str()), "{word} is lost:\n{text}");
        }
        self.notify(verdicts)?;
        Ok(decision)
    }

    /// Never two open incidents for one cause.
    fn one_incident_a_cause(&self) -> Result<(), TestCaseError> {
        let mut accounted = BTreeSet::new();
        for incident in self.folder.incidents() {
            if incident.resolved == Some(false) {
                for rule in &incident.managed.rules {
                    prop_assert!(accounted.insert(rule.clone()), "{rule} twice");
                }
            }
        }
        Ok(())
    }

    /// Never an end of ours before all was quiet for the hold.
    fn no_early_end(&self, decision: &Decision) -> Result<(), TestCaseError> {
        for (id, change) in &decision.changes {
            let resolves = change
                .updates
                .iter()
                .any(|update| update.word == "Resolved");
            if !matches!(change.turn, Some(Turn::Over(_))) || !resolves {
                continue;
            }
            let incident = self.folder.incidents();
            let incident = incident.iter().find(|incident| incident.id == *id).unwrap();
            for (rule, loud) in RULES.iter().zip(self.loud) {
                let managed = &incident.managed;
                let has = |rules: &[RuleId]| rules.iter().any(|own| own.0 == rule.0);
                let own = has(&managed.rules) && !has(&managed.overruled);
                let late = self.real - loud;
                prop_assert!(!own || late >= HOLD, "{} was loud {late} s ago", rule.0);
            }
        }
        Ok(())
    }

    /// Never a message about something that the file does not say.
    fn notify(&mut self, verdicts: Vec<Verdict>) -> Result<(), TestCaseError> {
        let board = Board::new(
            at(self.now),
            [],
            Facts {
                incidents: Arc::new(self.folder.incidents().into()),
                verdicts,
                ..Facts::of(Sight::Unwatched)
            },
        );
        let rules = ReceiverRules::default();
        let manner = Manner {
            rules: &rules,
            updates: Updates::Off,
        };
        for topic in Topic::public(&board, |_| true) {
            let receipt = self.receipts.get(&topic.id);
            let due = manner.due(&topic, receipt, None, &String::new, board.at);
            let Some(DueMessage::Post(occasion)) = due else {
                continue;
            };
            let message = Announcement::new(&topic, occasion, None);
            let mut files = self.folder.files.iter();
            let text = files.find_map(|(name, document)| {
                let incident = document.incident(name);
                (incident.id.0 == message.name).then(|| (incident, document.body().into_owned()))
            });
            let (incident, body) = text.unwrap();
            prop_assert_eq!(&incident.title, &message.title);
            prop_assert!(
                body.contains(message.text()),
                "{}\n{}",
                message.text(),
                body
            );
            let over = occasion.word() == "resolved";
            prop_assert_eq!(incident.resolved, Some(over));
            let sent = SentMessage {
                due: DueMessage::Post(occasion),
                delivered: Delivered::default(),
                key: String::new(),
                mark: String::new(),
                at: board.at,
                fate: Fate::Taken,
            };
            let receipt = after(&topic, receipt.cloned(), sent, &rules);
            self.receipts.insert(topic.id.clone(), receipt);
            let notified = self.notified.entry(message.name).or_default();
            // Opened once; what follows tells something else than what went before.
            prop_assert!(occasion.word() != "opened" || notified.is_empty());
            prop_assert!(
                occasion.word() != "resolved"
                    || notified.last().map(String::as_str) != Some("resolved")
            );
            notified.push(occasion.word().to_owned());
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_nothing_is_doubled_lost_or_over_too_early(
        happens in proptest::collection::vec(turnabout(), 1..50),
    ) {
        let mut story = Story::new();
        for what in happens {
            story.happen(what);
            story.step()?;
            // Without anything new there is nothing more to write.
            let before = story.folder.texts();
            let again = story.step()?;
            prop_assert!(before == story.folder.texts(), "{before:#?}\n{:#?}", story.folder.texts());
            prop_assert!(again.openings.is_empty(), "{again:#?}");
            prop_assert_eq!(again.changes, []);
        }
        // Once all is quiet for long, everything of ours is over.
        for rule in 0..RULES.len() {
            story.happen(Turnabout::IsQuiet(rule));
        }
        for _ in 0..20 {
            story.happen(Turnabout::Passes(HOLD));
            story.step()?;
        }
        for incident in story.folder.incidents() {
            let theirs = incident.managed.rules.is_empty() || incident.managed.ended.is_some();
            prop_assert!(theirs || incident.resolved == Some(true), "{incident:?}");
        }
    }
}
