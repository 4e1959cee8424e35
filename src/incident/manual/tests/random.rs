//! Changes by programs, by commands and by hand, in any order, while rules fire: no word
//! of a person is lost, and nobody overwrites what they did not see.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::incident::file::document::Document;
use crate::incident::journal::Journal;
use crate::incident::journal::settings::JournalSettings;
use crate::incident::manual::desk::IncidentDesk;
use crate::incident::manual::outcome::DeskRefusal;
use crate::incident::manual::tests::{at, desk, incident, request};
use crate::incident::reconcile::input::Observed;
use crate::model::fixtures;
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangeTarget, ChangedFile, ChangedKeys, FileVersion, IncidentChange,
    IncidentEdit, NewIncident, Opener,
};
use crate::model::verdict::{RuleState, Verdict};

/// One thing that happens; the numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Meddling {
    Open { draft: bool },
    Update { file: u8, named: bool },
    Correct { file: u8 },
    Turn { file: u8, turn: u8 },
    Replace { file: u8 },
    Delete { file: u8 },
    Hand { file: u8 },
    Stale { file: u8, turn: u8 },
    Step { firing: bool },
}

fn meddling() -> impl Strategy<Value = Meddling> {
    prop_oneof![
        any::<bool>().prop_map(|draft| Meddling::Open { draft }),
        any::<(u8, bool)>().prop_map(|(file, named)| Meddling::Update { file, named }),
        any::<u8>().prop_map(|file| Meddling::Correct { file }),
        any::<(u8, u8)>().prop_map(|(file, turn)| Meddling::Turn { file, turn }),
        any::<u8>().prop_map(|file| Meddling::Replace { file }),
        any::<u8>().prop_map(|file| Meddling::Delete { file }),
        any::<u8>().prop_map(|file| Meddling::Hand { file }),
        any::<(u8, u8)>().prop_map(|(file, turn)| Meddling::Stale { file, turn }),
        any::<bool>().prop_map(|firing| Meddling::Step { firing }),
        any::<bool>().prop_map(|firing| Meddling::Step { firing }),
    ]
}

struct Played {
    place: tempfile::TempDir,
    /// A command that is open for long.
    command: IncidentDesk,
    journal: Option<Journal>,
    now: Timestamp,
    firing_since: Option<Timestamp>,
    /// The words that people wrote, by the file that must have them.
    words: BTreeMap<String, BTreeSet<String>>,
    count: u32,
}

impl Played {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        Self {
            command: desk(place.path()),
            journal: None,
            now: at("2026-03-01T12:00:00Z"),
            firing_since: None,
            words: BTreeMap::new(),
            count: 0,
            place,
        }
    }

    fn word(&mut self) -> String {
        self.count += 1;
        format!("word{}end", self.count)
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.place.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    fn pick(&self, number: u8) -> Option<String> {
        let files = self.files();
        let at = usize::from(number).checked_rem(files.len())?;
        files.get(at).cloned()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.place.path().join(file)
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap()
    }

    fn expect(&mut self, file: &str, word: String) {
        self.words.entry(file.to_owned()).or_default().insert(word);
    }

    /// Has a desk edit a file: the command's, or one that knows nothing yet.
    async fn edit(
        &mut self,
        file: &str,
        edit: IncidentEdit,
        seen: Option<FileVersion>,
        named: bool,
    ) -> Result<ChangedFile, DeskRefusal> {
        let target = ChangeTarget::File(file.to_owned());
        let name = if named { "Ann" } else { "" };
        let mut request = request(name, IncidentChange::Edit(target, edit));
        request.seen = seen;
        let now = self.now;
        if named {
            desk(self.place.path()).change(&request, now).await
        } else {
            self.command.change(&request, now).await
        }
    }

    async fn version(&self, file: &str) -> FileVersion {
        let target = ChangeTarget::File(file.to_owned());
        let looked = desk(self.place.path()).look(&target, self.now).await;
        looked.unwrap().version.unwrap()
    }

    fn turn(turn: u8) -> IncidentEdit {
        match turn % 4 {
            0 => IncidentEdit::Resolve {
                at: None,
                text: None,
            },
            1 => IncidentEdit::Reopen {
                opener: Opener::Investigating,
                text: None,
            },
            2 => IncidentEdit::Withdraw { text: None },
            _ => IncidentEdit::Publish { text: None },
        }
    }

    fn update(text: String) -> IncidentEdit {
        IncidentEdit::Update {
            opener: Opener::Update,
            keys: ChangedKeys::default(),
            text: Some(text),
        }
    }

    async fn happens(&mut self, meddling: Meddling) {
        self.now += Duration::from_secs(61);
        let (Meddling::Update { file, .. }
        | Meddling::Correct { file }
        | Meddling::Turn { file, .. }
        | Meddling::Replace { file }
        | Meddling::Delete { file }
        | Meddling::Hand { file }
        | Meddling::Stale { file, .. }) = meddling
        else {
            if let Meddling::Step { firing } = meddling {
                self.step(firing).await;
            } else {
                let draft = matches!(meddling, Meddling::Open { draft: true });
                self.open(draft).await;
            }
            return;
        };
        let Some(file) = self.pick(file) else { return };
        match meddling {
            Meddling::Update { named, .. } => {
                let word = self.word();
                let edit = Self::update(word.clone());
                self.edit(&file, edit, None, named).await.unwrap();
                self.expect(&file, word);
            }
            Meddling::Correct { .. } => self.correct(&file).await,
            Meddling::Turn { turn, .. } => {
                // Whether it may be is decided elsewhere; nothing is lost either way.
                let edit = Self::turn(turn);
                let _ = self.edit(&file, edit, None, turn > 127).await;
            }
            Meddling::Replace { .. } => {
                let word = self.word();
                let text = format!("{}\n\n{word}\n", self.text(&file).trim_end());
                let version = self.version(&file).await;
                let edit = IncidentEdit::Replace { text };
                self.edit(&file, edit, Some(version), true).await.unwrap();
                self.expect(&file, word);
            }
            Meddling::Delete { .. } => {
                let is_draft = self.text(&file).contains("draft: true");
                let deleted = self.edit(&file, IncidentEdit::Delete, None, true).await;
                assert_eq!(deleted.is_ok(), is_draft);
                if is_draft {
                    self.words.remove(&file);
                }
            }
            Meddling::Stale { turn, .. } => self.stale(&file, turn).await,
            _ => self.by_hand(&file),
        }
    }

    async fn open(&mut self, draft: bool) {
        let word = self.word();
        let new = NewIncident {
            draft,
            ..incident(&format!("T {}", self.count % 3), &word)
        };
        let request = request("Ann", IncidentChange::Open(new));
        let opened = desk(self.place.path()).change(&request, self.now).await;
        let file = opened.unwrap().incident.name.clone();
        self.expect(&file, word);
    }

    async fn correct(&mut self, file: &str) {
        let target = ChangeTarget::File(file.to_owned());
        let found = desk(self.place.path()).look(&target, self.now).await;
        let found = found.unwrap();
        let document = Document::parse(found.before.unwrap()).unwrap();
        let Some(first) = document.first_update() else {
            return;
        };
        let word = self.word();
        let edit = IncidentEdit::Correct {
            keys: ChangedKeys::default(),
            text: word.clone(),
        };
        self.edit(file, edit, found.version, true).await.unwrap();
        // These words were corrected, and no others.
        let words = self.words.entry(file.to_owned()).or_default();
        words.retain(|one| !first.text.contains(one.as_str()));
        self.expect(file, word);
    }

    /// Somebody who saw what the file said before another person saved it.
    async fn stale(&mut self, file: &str, turn: u8) {
        let seen = self.version(file).await;
        self.by_hand(file);
        let before = self.text(file);
        for edit in [Self::turn(turn), Self::update("lost".to_owned())] {
            let refused = self.edit(file, edit, Some(seen.clone()), turn > 127).await;
            let is_stale = matches!(
                refused,
                Err(DeskRefusal::Change(ChangeRefusal::Stale { .. }))
            );
            assert!(is_stale, "{refused:?}");
        }
        assert_eq!(self.text(file), before);
    }

    /// An editor that writes in place: in the same second, and of the same length as
    /// often as not.
    fn by_hand(&mut self, file: &str) {
        let word = self.word();
        let text = format!("{}\n\n{word}\n", self.text(file).trim_end());
        std::fs::write(self.path(file), text).unwrap();
        self.expect(file, word);
    }

    async fn step(&mut self, firing: bool) {
        let since = *self.firing_since.get_or_insert(self.now);
        let state = if firing {
            RuleState::Firing { since }
        } else {
            self.firing_since = None;
            RuleState::Quiet { since: self.now }
        };
        let verdicts = [Verdict {
            title: "Cache is full".into(),
            text: "It is full.".into(),
            ..fixtures::verdict("oom", "api", state)
        }];
        // A new one each time, which reads all of the folder.
        let settings = JournalSettings::new(self.place.path());
        let fresh = Journal::new(settings);
        let mut journal = match self.journal.take() {
            Some(before) => fresh.after(before),
            None => fresh,
        };
        journal.step(Observed::of(&verdicts, &[]), self.now).await;
        self.journal = Some(journal);
    }

    /// Every word of a person is in its file, once.
    fn check(&self) {
        for (file, words) in &self.words {
            let text = self.text(file);
            for word in words {
                assert_eq!(
                    text.matches(word.as_str()).count(),
                    1,
                    "{word} in {file}:\n{text}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_word_of_a_person_is_lost_and_nobody_overwrites_what_they_did_not_see(
        meddlings in prop::collection::vec(meddling(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut played = Played::new();
            for meddling in meddlings {
                played.happens(meddling).await;
                played.check();
            }
        });
    }
}
