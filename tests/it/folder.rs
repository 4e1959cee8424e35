//! A real folder: monitors that end, are doubled, or find the disk full.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use critwatch::incident::file::document::Document;
use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::incident::reconcile::input::Observed;
use critwatch::model::incident::Incident;
use critwatch::model::verdict::RuleState;
use jiff::Timestamp;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::kept::{Page, figure};
use crate::world::fixtures::{component, verdict};
use crate::world::patience::until;
use crate::world::{self, Monitor};

/// How often a monitor is killed.
const KILLS: usize = 200;

/// Another number of them, for who looks for something rare.
fn kills() -> usize {
    let wanted = std::env::var("CRITWATCH_KILLS").ok();
    wanted.and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn journal_of(folder: &Path) -> Journal {
    Journal::new(JournalSettings {
        hold: Duration::from_secs(100),
        ..JournalSettings::new(folder)
    })
}

fn incidents(folder: &Path) -> Vec<Incident> {
    let files = world::files(folder).into_iter();
    files
        .filter(|(name, _)| {
            Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "md")
        })
        .map(|(name, text)| Document::parse(text).unwrap().incident(&name))
        .collect()
}

/// Follows two rules, with a new journal before each of the named steps.
async fn follow(folder: &Path, steps: &[(i64, bool, bool)], restarts: &[bool]) {
    let components = [component("cache", "cache"), component("blog", "blog")];
    let mut states = [RuleState::Quiet { since: at(0) }; 2];
    let mut now = 0;
    let mut journal = journal_of(folder);
    for (step, restart) in steps.iter().zip(restarts) {
        if *restart {
            // The old one ends first: it holds the folder.
            drop(journal);
            journal = journal_of(folder);
        }
        now += step.0;
        for (state, fires) in states.iter_mut().zip([step.1, step.2]) {
            if state.is_firing() != fires {
                let since = at(now);
                *state = if fires {
                    RuleState::Firing { since }
                } else {
                    RuleState::Quiet { since }
                };
            }
        }
        let verdicts = [
            verdict("oom", "cache", states[0]),
            verdict("gone", "blog", states[1]),
        ];
        let truth = || Observed::of(&verdicts, &components);
        // A program that another test starts shares our lock until it has begun.
        while journal.step(truth(), at(now)).await.reader {
            drop(journal);
            journal = journal_of(folder);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_files_are_the_same_with_restarts_at_any_point(
        steps in proptest::collection::vec((1..70_i64, any::<bool>(), any::<bool>()), 1..25),
        restarts in proptest::collection::vec(any::<bool>(), 25),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        runtime.block_on(follow(folders[0].path(), &steps, &[false; 25]));
        runtime.block_on(follow(folders[1].path(), &steps, &restarts));
        prop_assert_eq!(world::files(folders[0].path()), world::files(folders[1].path()));
    }
}

#[tokio::test]
async fn the_second_of_two_monitors_says_so_and_stays_a_reader_until_the_first_ends() {
    let page = Page::start().await;
    let place = place(&page, "expr = 'bad > 0'");
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(
        place.path().join("alerts.toml"),
        other.path().join("alerts.toml"),
    )
    .unwrap();
    std::fs::create_dir_all(place.path().join("incidents")).unwrap();
    std::os::unix::fs::symlink(
        place.path().join("incidents"),
        other.path().join("incidents"),
    )
    .unwrap();
    let first = Monitor::serve(place.path(), &[]).await;
    let second = Monitor::serve(other.path(), &[]).await;
    let says = |monitor: &Monitor, word: &'static str| {
        let page = format!("{}/index.json", monitor.page);
        async move { world::get(&page).await.1.contains(word) }
    };
    page.set(1, 0);
    until("both show it", async || {
        says(&first, "\"down\"").await && says(&second, "\"down\"").await
    })
    .await;
    let folder = place.path().join("incidents");
    assert_eq!(incidents(&folder).len(), 1);
    let log = std::fs::read_to_string(other.path().join("monitor.log")).unwrap();
    assert_eq!(log.matches("another instance writes").count(), 1, "{log}");
    assert!(first.stop().await.success());
    until("the second writes", async || {
        let log = std::fs::read_to_string(other.path().join("monitor.log")).unwrap();
        log.contains("this one writes incidents now")
    })
    .await;
    page.set(0, 0);
    until("it is over", async || {
        let incidents = incidents(&folder);
        incidents.len() == 1 && incidents[0].resolved == Some(true)
    })
    .await;
    assert!(second.stop().await.success());
}

/// A folder with one rule and a short hold that watches a page.
fn place(page: &Page, rule: &str) -> tempfile::TempDir {
    let place = page.place(&[("bad", rule)], "");
    let settings = place.path().join("alerts.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let text = text.replacen("[site]\n", "[site]\nhold = '2s'\n", 1);
    std::fs::write(settings, text).unwrap();
    place
}

/// Lets a running program write files of so many bytes at the most.
fn limit(id: i32, bytes: &str) {
    let done = std::process::Command::new("prlimit")
        .args(["--pid", &id.to_string(), &format!("--fsize={bytes}:")])
        .status();
    assert!(done.unwrap().success());
}

#[tokio::test]
async fn what_a_full_disk_refused_is_written_once_there_is_room() {
    let page = Page::start().await;
    let place = place(&page, "expr = 'bad > 0'");
    // A file that may not grow is refused as on a full disk, not killed.
    let monitor = Monitor::serve_by(
        &["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""],
        place.path(),
    )
    .await;
    until("it is well", async || {
        world::get(&format!("{}/index.json", monitor.page))
            .await
            .1
            .contains("\"ok\"")
    })
    .await;
    limit(monitor.id(), "0");
    page.set(1, 0);
    let log = place.path().join("monitor.log");
    let said = |words: &str| std::fs::read_to_string(&log).unwrap().contains(words);
    until(
        "the page says so though nothing can be written",
        async || {
            world::get(&format!("{}/index.json", monitor.page))
                .await
                .1
                .contains("\"down\"")
        },
    )
    .await;
    let folder = place.path().join("incidents");
    assert_eq!(world::files(&folder), []);
    limit(monitor.id(), "unlimited");
    until("it is written", async || incidents(&folder).len() == 1).await;
    until("the log tells it", async || {
        said("writing incident file recovered")
    })
    .await;
    let hidden = std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing half-written is left");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_slip_of_the_pen_opens_no_incident_twice_and_hides_none() {
    let page = Page::start().await;
    let place = place(&page, "expr = 'bad > 0'");
    let monitor = Monitor::serve(place.path(), &[]).await;
    page.set(1, 0);
    let folder = place.path().join("incidents");
    until("it is written", async || incidents(&folder).len() == 1).await;
    let (name, text) = world::files(&folder).remove(0);
    let unreadable = async || figure(&monitor, "critwatch_incident_files_unreadable").await > 0.0;
    for (from, to) in [
        ("---\n", "i---\n"),
        ("section: issue", "section: isue"),
        ("resolved: false", "resolved: fales"),
    ] {
        std::fs::write(folder.join(&name), text.replacen(from, to, 1)).unwrap();
        until(&format!("it tells of {to:?}"), unreadable).await;
        let (_, shown) = monitor.get("/index.json").await;
        assert!(shown.contains("\"down\""), "{to:?}: {shown}");
        assert_eq!(world::files(&folder).len(), 1, "{to:?}");
        std::fs::write(folder.join(&name), &text).unwrap();
        until("it is mended", async || !unreadable().await).await;
    }
    let log = std::fs::read_to_string(place.path().join(world::LOG)).unwrap();
    for words in [
        "has lost `section: issue`",
        "has lost `resolved: true` or `false`",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
    assert!(monitor.stop().await.success());
}

/// Every incident and every word is still there.
fn nothing_lost(known: &[Incident], now: &[Incident], kill: usize) {
    for before in known {
        let after = now.iter().find(|incident| incident.id == before.id);
        let after = after.unwrap_or_else(|| panic!("kill {kill}: {} is lost", before.id));
        for update in &before.updates {
            assert!(
                after.updates.contains(update),
                "kill {kill}: {update:?} is lost"
            );
        }
    }
}

/// No update was written twice. A service that fails, recovers and fails again
/// within one second gets the same words for both failures, with the recovery
/// between them.
fn nothing_doubled(now: &[Incident], kill: usize) {
    for incident in now {
        let twice = incident
            .updates
            .windows(2)
            .find(|pair| pair[0].at == pair[1].at && pair[0].text == pair[1].text);
        assert_eq!(twice, None, "kill {kill}: doubled in {incident:?}");
    }
}

#[tokio::test]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let page = Page::start().await;
    let place = place(&page, "expr = 'bad > 0'\nkeep_firing_for = '300ms'");
    let folder = place.path().join("incidents");
    std::fs::create_dir_all(&folder).unwrap();
    let seed = std::env::var("CRITWATCH_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let mut dice = StdRng::seed_from_u64(seed.unwrap_or(20_230_119));
    let mut known: Vec<Incident> = Vec::new();
    for kill in 0..kills() {
        let mut child = tokio::process::Command::new(world::PROGRAM)
            .arg("serve")
            .args(["--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"])
            .arg("--config")
            .arg(place.path().join("alerts.toml"))
            .arg("--incidents")
            .arg(&folder)
            .arg("--state")
            .arg(place.path().join("state"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        page.set(u64::from(dice.random_bool(0.5)), 0);
        // Not a wait for anything: this is the moment at which it is killed.
        let moment = Duration::from_millis(dice.random_range(30..700));
        let _ = tokio::time::timeout(moment, child.wait()).await;
        child.kill().await.unwrap();
        let now = incidents(&folder);
        let open = now
            .iter()
            .filter(|incident| incident.resolved == Some(false));
        assert!(open.count() <= 1, "kill {kill}: {now:?}");
        nothing_lost(&known, &now, kill);
        nothing_doubled(&now, kill);
        known = now;
    }
    assert!(!known.is_empty(), "no incident was ever written");
    page.set(0, 0);
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("everything is over", async || {
        incidents(&folder)
            .iter()
            .all(|incident| incident.resolved == Some(true))
    })
    .await;
    assert!(monitor.stop().await.success());
}
