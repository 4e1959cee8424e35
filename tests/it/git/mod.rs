//! Incidents in a git repository, with a real remote and a script that edits as a CMS does.

mod interleaved;
pub(crate) mod remote;
mod setups;
mod webhook;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use self::remote::{Remote, git, incident, settings, table};
use crate::corpus;
use crate::kept::{Page, figure};
use crate::world::patience::until;
use crate::world::{self, Monitor, PROGRAM};

/// A folder with settings, whose incidents are in a repository.
fn place(page: &Page, remote: &Remote, more: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let text = settings(page, &table(remote, more));
    std::fs::write(place.path().join("alerts.toml"), text).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    place
}

/// Waits until the repository and the folder hold the same incidents, below a folder.
async fn until_equal(remote: &Remote, folder: &Path, prefix: &str) {
    until("the folder and the repository are equal", async || {
        let there: Vec<_> = remote
            .files()
            .into_iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(prefix)?.to_owned(), text)))
            .collect();
        let here = world::files(folder);
        (there == here).then_some(()).ok_or((there, here))
    })
    .await;
}

fn command(place: &Path, arguments: &[&str]) {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
}

/// Waits until the log of the repository has such a line.
async fn until_logged(remote: &Remote, line: &str) {
    until(line, async || {
        let log = remote.log();
        let found = log.iter().any(|subject| subject.starts_with(line));
        found.then_some(()).ok_or(log)
    })
    .await;
}

#[tokio::test]
async fn each_change_is_a_commit_and_what_the_cms_pushes_comes_in() {
    let page = Page::start().await;
    let remote = Remote::new(&[("README.md", "read me")]);
    let more = "path = 'content/issues'\nauthor = 'Status <s@example.org>'";
    let place = place(&page, &remote, more);
    let monitor = Monitor::serve(place.path(), &[]).await;
    page.set(1, 0);
    until_logged(&remote, "Open “Part 1 fails” (down)").await;
    remote.edit("Ann writes", |files| {
        let mut files = files.iter();
        let (name, text) = files.find(|(name, _)| name.contains("part-1")).unwrap();
        let text = text.replace("title: \"Part 1 fails\"", "title: Rolls are lost");
        vec![(name.clone(), Some(text))]
    });
    until("the page shows her title", async || {
        monitor.get("/").await.1.contains("Rolls are lost")
    })
    .await;
    page.set(0, 0);
    until_logged(&remote, "Resolve “Rolls are lost”").await;
    until_equal(&remote, &place.path().join("incidents"), "content/issues/").await;
    assert_eq!(remote.files()["README.md"], "read me");
    let log = git(
        &remote.bare(),
        &["log", "--format=%an <%ae>|%cn|%s|%b", "main"],
    );
    assert!(
        log.contains("Status <s@example.org>|Status|Resolve"),
        "{log}"
    );
    assert!(log.contains("By: critwatch (rules: r1)"), "{log}");
    until("nothing waits", async || {
        figure(&monitor, "critwatch_git_pending_commits").await < 0.5
    })
    .await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn people_write_rename_and_delete_here_and_there() {
    let page = Page::start().await;
    let old = "content/issues/2026-03-01-old.md";
    let remote = Remote::new(&[(old, &incident("Old", "It is old."))]);
    let place = place(&page, &remote, "path = 'content/issues'");
    let incidents = place.path().join("incidents");
    let mine = incidents.join("2026-03-02-mine.md");
    std::fs::write(&mine, incident("Mine", "It is mine.")).unwrap();
    let _monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(&remote, &incidents, "content/issues/").await;
    let update = [
        "incident",
        "update",
        "2026-03-02-mine",
        "--text",
        "We look into it.",
    ];
    command(place.path(), &update);
    until_logged(&remote, "Update “Mine”: Update - We look").await;
    std::fs::rename(&mine, incidents.join("2026-03-02-ours.md")).unwrap();
    until("it has another name", async || {
        remote
            .files()
            .contains_key("content/issues/2026-03-02-ours.md")
    })
    .await;
    remote.edit("Ann deletes", |_| vec![(old.to_owned(), None)]);
    until_equal(&remote, &incidents, "content/issues/").await;
    let moved = ["log", "-M", "--diff-filter=R", "--format=%s", "main"];
    let moved = git(&remote.bare(), &moved);
    assert!(
        moved.starts_with("Move content/issues/2026-03-02-mine.md"),
        "{moved}"
    );
}

#[tokio::test]
async fn a_change_through_the_operators_api_is_a_commit_of_who_made_it() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let place = place(&page, &remote, "[ops]\ntoken = 'open the door please'");
    let monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(&remote, &place.path().join("incidents"), "").await;
    let client = critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap();
    let update = client
        .post(format!("{}/api/v1/incidents/a/updates", monitor.ops))
        .bearer_auth("open the door please")
        .body(r#"{"text": "We look into it."}"#);
    assert_eq!(update.send().await.unwrap().status(), 201);
    until_logged(&remote, "Update “A”: Update - We look").await;
    let last = ["log", "-1", "--format=%an|%b", "main"];
    let last = git(&remote.bare(), &last);
    assert!(
        last.starts_with("ops|") && last.contains("By: ops"),
        "{last}"
    );
}

#[tokio::test]
async fn what_waits_while_the_remote_is_away_becomes_several_commits() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let place = place(&page, &remote, "");
    let incidents = place.path().join("incidents");
    let monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(&remote, &incidents, "").await;
    remote.is_there(false);
    page.set(1, 0);
    until("it is open", async || world::files(&incidents).len() == 2).await;
    until("it waits", async || {
        figure(&monitor, "critwatch_git_pending_commits").await > 0.5
    })
    .await;
    page.set(2, 0);
    until("another one is open", async || {
        world::files(&incidents).len() == 3
    })
    .await;
    until("both wait", async || {
        figure(&monitor, "critwatch_git_pending_commits").await > 1.5
    })
    .await;
    remote.is_there(true);
    until_equal(&remote, &incidents, "").await;
    let log = remote.log();
    for title in ["Open “Part 1 fails” (down)", "Open “Part 2 fails” (down)"] {
        assert_eq!(
            log.iter().filter(|line| *line == title).count(),
            1,
            "{log:#?}"
        );
    }
    assert!(
        figure(
            &monitor,
            "critwatch_git_failures_total{reason=\"unreachable\"}"
        )
        .await
            > 0.5
    );
}

#[tokio::test]
async fn a_history_that_was_rewritten_is_followed_and_loses_no_local_word() {
    let page = Page::start().await;
    let remote = Remote::new(&[("a.md", &incident("A", "It is old."))]);
    let place = place(&page, &remote, "");
    let incidents = place.path().join("incidents");
    let monitor = Monitor::serve(place.path(), &[]).await;
    until_equal(&remote, &incidents, "").await;
    remote.edit("A slip", |_| {
        vec![("b.md".to_owned(), Some(incident("Slip", "A secret.")))]
    });
    until_equal(&remote, &incidents, "").await;
    remote.is_there(false);
    command(
        place.path(),
        &["incident", "update", "a", "--text", "A word of ours."],
    );
    until("it waits", async || {
        figure(&monitor, "critwatch_git_pending_commits").await > 0.5
    })
    .await;
    git(&remote.cms(), &["reset", "--quiet", "--hard", "HEAD~1"]);
    std::fs::write(remote.cms().join("c.md"), incident("C", "New.")).unwrap();
    git(&remote.cms(), &["add", "--all"]);
    git(&remote.cms(), &["commit", "--quiet", "-m", "Rewritten"]);
    // Nobody pushes at the same moment.
    let away = remote.away();
    let away = away.to_str().unwrap();
    git(
        &remote.cms(),
        &["push", "--quiet", "--force", away, "HEAD:main"],
    );
    remote.is_there(true);
    until("our word is on top of it", async || {
        let files = remote.files();
        let told = files["a.md"].contains("A word of ours.") && files.contains_key("c.md");
        (told && !files.contains_key("b.md"))
            .then_some(())
            .ok_or(files)
    })
    .await;
    until_equal(&remote, &incidents, "").await;
    let kept = git(
        &place.path().join("state/git"),
        &["for-each-ref", "refs/critwatch/kept"],
    );
    assert_eq!(kept.lines().count(), 1, "{kept}");
}

#[tokio::test]
async fn a_repository_without_a_commit_gets_the_first_one() {
    let page = Page::start().await;
    let remote = Remote::new(&[]);
    let place = place(&page, &remote, "path = 'content/issues'");
    let incidents = place.path().join("incidents");
    std::fs::write(incidents.join("a.md"), incident("A", "It is old.")).unwrap();
    let _monitor = Monitor::serve(place.path(), &[]).await;
    until("it is pushed", async || {
        remote.log() == ["Open “A” (notice)"]
    })
    .await;
    assert!(remote.files().contains_key("content/issues/a.md"));
}

/// A site in the layout of dddice's own repository.
fn site(page: &Page) -> Remote {
    let config = "title: Dice\nbaseURL: https://status.example.org/\nparams:\n  systems:\n    \
        - {name: C1, category: Core}\n    - {name: C2, category: Core}\n    \
        - {name: C3, category: Core}\n  categories: [{name: Core}]\n";
    let alerts = settings(page, "[git]\ninterval = '1s'\n").replace("title = 'D'\n", "");
    Remote::new(&[
        ("config.yml", config),
        ("alerts.toml", &alerts),
        ("static/logo.svg", "<svg/>"),
        (
            "content/issues/2026-03-01-old.md",
            &incident("Old", "It is old."),
        ),
    ])
}

async fn serve(place: &Path, remote: &Remote) -> Monitor {
    Monitor::serve_site(place, &[("CRITWATCH_CSTATE", remote.url())]).await
}

#[tokio::test]
async fn a_cstate_repository_is_fetched_and_followed() {
    let page = Page::start().await;
    let remote = site(&page);
    let place = tempfile::tempdir().unwrap();
    let monitor = serve(place.path(), &remote).await;
    let old = monitor.get("/issues/2026-03-01-old/").await.1;
    assert!(old.contains("It is old."), "{old}");
    page.set(2, 0);
    until(
        "the incident is pushed to where the CMS looks",
        async || {
            let mut names = remote.files().into_keys();
            names.any(|name| {
                name.starts_with("content/issues/") && name.ends_with("part-2-fails.md")
            })
        },
    )
    .await;
    remote.edit("Ann renames the site", |files| {
        let config = files["config.yml"].replace("title: Dice", "title: Crits");
        vec![("config.yml".to_owned(), Some(config))]
    });
    until("the new title is shown", async || {
        monitor.get("/").await.1.contains("Crits")
    })
    .await;
    let log = [
        "log",
        "--name-only",
        "--format=",
        "--author=critwatch",
        "main",
    ];
    let log = git(&remote.bare(), &log);
    let mut names = log.lines().filter(|name| !name.is_empty());
    assert!(
        names.all(|name| name.starts_with("content/issues/")),
        "{log}"
    );
    // The remote may be away at the next start.
    assert!(monitor.stop().await.success());
    remote.is_there(false);
    let monitor = serve(place.path(), &remote).await;
    assert!(monitor.get("/").await.1.contains("Crits"));
}

#[tokio::test]
async fn a_repository_is_checked_by_its_address() {
    let page = Page::start().await;
    let remote = site(&page);
    let place = tempfile::tempdir().unwrap();
    let mut check = Command::new(PROGRAM);
    check.args(["check", "--cstate", &remote.url()]);
    check.current_dir(place.path());
    let said = check.output().unwrap();
    assert!(said.status.success(), "{said:?}");
    remote.is_there(false);
    let said = check.output().unwrap();
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(words.contains("cannot fetch file://"), "{words}");
}

/// The repository of a real site, with the words of its people.
#[tokio::test]
async fn the_repository_of_a_real_site_is_followed_and_keeps_every_byte() {
    let Some(corpus) = corpus::folder("CRITWATCH_CORPUS") else {
        return;
    };
    let site = corpus.join("dddice__status");
    let mut files = vec![(
        "config.yml".to_owned(),
        std::fs::read_to_string(site.join("config.yml")).unwrap(),
    )];
    for page in corpus::pages(&site.join("content")) {
        let name = page
            .strip_prefix(&site)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        files.push((name, std::fs::read_to_string(page).unwrap()));
    }
    let borrowed: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let remote = Remote::new(&borrowed);
    let place = tempfile::tempdir().unwrap();
    let monitor = serve(place.path(), &remote).await;
    until_equal(
        &remote,
        &place.path().join("state/site/content/issues"),
        "content/issues/",
    )
    .await;
    assert_eq!(remote.log(), ["Begin"]);
    // What changes before the folder is read waits for the next fetch, a minute later.
    let (status, _) = monitor
        .get("/issues/2023-04-13-database-degregation/")
        .await;
    assert_eq!(status, 200);
    let cstate = place.path().join("state/site");
    let id = [
        "incident",
        "update",
        "2023-04-13-database-degregation",
        "--text",
        "One more word.",
    ];
    command(
        place.path(),
        &[&id[..], &["--cstate", cstate.to_str().unwrap()]].concat(),
    );
    until("it is pushed", async || {
        let log = remote.log();
        (log.len() == 2).then_some(()).ok_or(log.join("\n"))
    })
    .await;
    let difference = git(&remote.bare(), &["diff", "--numstat", "main~1", "main"]);
    assert!(
        difference.ends_with("content/issues/2023-04-13-database-degregation.md\n"),
        "{difference}"
    );
    assert_eq!(difference.lines().count(), 1, "{difference}");
    assert!(monitor.stop().await.success());
}
