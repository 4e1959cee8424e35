//! Rules, people here, people there, kills and a remote that is away, in any order: no
//! word of a person is lost, and no incident appears twice.
//!
//! `CRITWATCH_SEED` chooses another order, `CRITWATCH_STEPS` another length.

use std::path::Path;
use std::process::Command;

use rand::prelude::*;

use super::remote::{Remote, git, incident};
use super::{place, until_equal};
use crate::kept::Page;
use crate::world::patience::until;
use crate::world::{self, Monitor, PROGRAM};

fn number(variable: &str, usual: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What was said, and how far everything is.
struct Story {
    page: Page,
    remote: Remote,
    place: tempfile::TempDir,
    monitor: Option<Monitor>,
    random: StdRng,
    is_there: bool,
    words: Vec<String>,
}

impl Story {
    async fn step(&mut self, step: usize) {
        let word = format!("w{step}w");
        match self.random.random_range(0..100) {
            0..30 => self.page.set(self.random.random_range(0..4), 0),
            30..55 if self.is_there => self.cms(&word),
            55..75 => self.person(&word),
            75..85 => {
                self.is_there = !self.is_there;
                self.remote.is_there(self.is_there);
            }
            85..95 => {
                self.monitor.as_mut().unwrap().kill().await;
                let started = Monitor::serve(self.place.path(), &[]).await;
                self.monitor = Some(started);
            }
            _ => self.settled().await,
        }
    }

    /// Lets everything come to rest, if the remote is there.
    async fn settled(&self) {
        if self.is_there {
            until_equal(&self.remote, &self.place.path().join("incidents"), "").await;
        }
    }

    /// A person in the CMS tells something, changes a title or names a file anew.
    fn cms(&mut self, word: &str) {
        let (pick, what) = (self.random.random::<u64>(), self.random.random_range(0..4));
        let said = std::cell::Cell::new(false);
        self.remote.edit("Ann writes", |files| {
            let all: Vec<_> = files.iter().collect();
            let (name, text) = all[usize::try_from(pick).unwrap_or_default() % all.len()];
            said.set(what < 3);
            let (head, body) = text.split_at(text.rfind("---\n").unwrap() + 4);
            match what {
                0 | 1 => {
                    let update = format!(
                        "*Update* - Ann says {word}. {{{{< track \"2026-03-01 19:00:00\" >}}}}\n\n"
                    );
                    vec![(name.clone(), Some(format!("{head}{update}{body}")))]
                }
                2 => {
                    let lines = text.lines().map(|line| {
                        if line.starts_with("notes:") {
                            format!("{line} {word}")
                        } else {
                            line.to_owned()
                        }
                    });
                    let mut text = lines.collect::<Vec<_>>().join("\n") + "\n";
                    if !text.contains("\nnotes:") {
                        text = text.replacen("---\n", &format!("---\nnotes: {word}\n"), 1);
                    }
                    vec![(name.clone(), Some(text))]
                }
                _ => {
                    let other = format!("{word}-{}", name.rsplit('-').next().unwrap());
                    vec![(name.clone(), None), (other, Some(text.clone()))]
                }
            }
        });
        if said.get() {
            self.words.push(word.to_owned());
        }
    }

    /// A person on the machine tells something.
    fn person(&mut self, word: &str) {
        let files = world::files(&self.place.path().join("incidents"));
        let Some((name, _)) = files.choose(&mut self.random) else {
            return;
        };
        let id = name.trim_end_matches(".md");
        let text = format!("Bob says {word}.");
        let mut command = Command::new(PROGRAM);
        command.args(["incident", "update", id, "--text", &text]);
        let done = command.current_dir(self.place.path()).output().unwrap();
        if done.status.success() {
            self.words.push(word.to_owned());
        }
    }
}

#[tokio::test]
async fn in_any_order_no_word_is_lost_and_no_incident_is_there_twice() {
    let seed = number("CRITWATCH_SEED", 15);
    let page = Page::start().await;
    let remote = Remote::new(&[("2026-03-01-a.md", &incident("A", "It is old."))]);
    let place = place(&page, &remote, "");
    let monitor = Some(Monitor::serve(place.path(), &[]).await);
    until_equal(&remote, &place.path().join("incidents"), "").await;
    let random = StdRng::seed_from_u64(seed);
    let mut story = Story {
        page,
        remote,
        place,
        monitor,
        random,
        is_there: true,
        words: Vec::new(),
    };
    for step in 0..usize::try_from(number("CRITWATCH_STEPS", 50)).unwrap() {
        story.step(step).await;
    }
    if !story.is_there {
        story.remote.is_there(true);
    }
    story.page.set(0, 0);
    let incidents = story.place.path().join("incidents");
    until("all is over", async || {
        let files = world::files(&incidents);
        let open = files
            .iter()
            .filter(|(_, text)| text.contains("rules:") && text.contains("resolved: false"));
        (open.count() == 0).then_some(()).ok_or(files)
    })
    .await;
    until_equal(&story.remote, &incidents, "").await;
    check(&story, &incidents, seed);
}

fn check(story: &Story, incidents: &Path, seed: u64) {
    let files = world::files(incidents);
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for word in &story.words {
        assert!(
            all.contains(word.as_str()),
            "seed {seed}: {word} is lost\n{files:#?}"
        );
    }
    // One of a rule and a beginning is one incident.
    let mut known = std::collections::BTreeSet::new();
    for (name, text) in &files {
        let line = |key: &str| text.lines().find(|line| line.trim_start().starts_with(key));
        if let Some(rules) = line("rules:") {
            let began = line("date:").unwrap_or_default();
            assert!(
                known.insert((rules, began)),
                "seed {seed}: {name} appears twice\n{files:#?}"
            );
        }
        for update in text.lines().filter(|line| line.contains("says w")) {
            assert_eq!(
                text.matches(update).count(),
                1,
                "seed {seed}: {name}: {update}\n{text}"
            );
        }
    }
    // A commit changes one incident.
    let bare = story.remote.bare();
    let log = git(
        &bare,
        &[
            "log",
            "--format=%x00%s",
            "--name-only",
            "-M",
            "--author=critwatch",
            "main",
        ],
    );
    for commit in log.split('\0').skip(1) {
        let mut lines = commit.lines().filter(|line| !line.is_empty());
        let subject = lines.next().unwrap();
        let names: Vec<_> = lines.map(|name| name.rsplit_once('.').unwrap().0).collect();
        assert!(
            names.windows(2).all(|pair| pair[0] == pair[1]),
            "seed {seed}: {subject}: {names:?}"
        );
    }
    git(&bare, &["fsck", "--strict"]);
}
