//! The site in an object store, and a cache before it.

use std::path::Path;

use crate::export::nginx::Nginx;
use crate::export::object_store::{KEY, Store};
use crate::export::{site, tally, unchanged, write};
use crate::redis::world::Server;
use crate::serving::ask_server;
use crate::world::patience::until;
use crate::world::{LOG, Monitor};

#[tokio::test]
async fn a_site_is_put_into_a_bucket_and_later_what_changed_of_it() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    site(place);
    let Some(store) = Store::start(place).await else {
        return;
    };
    let [files, written, removed] = tally(&store.export("s3://pages/status/"));
    assert_eq!((files, written, removed), (53, 53, 0));
    // The list first, as it says what is ours; pages after what they need.
    let done = store.done();
    let is_page = |one: &&String| one.ends_with("index.html") || one.ends_with("404.html");
    let first_page = done.iter().position(|one| is_page(&one)).unwrap();
    let after = done[first_page..].iter();
    let mut after: Vec<_> = after.filter(|one| !is_page(one)).collect();
    after.sort_unstable();
    assert_eq!(done[0], "+.critwatch-export");
    assert_eq!(after, ["+.critwatch-export", "+report", "+subscribe"]);
    unchanged(tally(&store.export("s3://pages/status/")), files);
    store.done();

    write(place, "2023-01-20-cache.md", "Cache was full");
    let [count, written, removed] = tally(&store.export("s3://pages/status/"));
    assert_eq!((count, removed), (files, 0));
    assert!((18..=19).contains(&written), "{written} written");
    let done = store.done();
    assert!(
        done.contains(&"+issues/2023-01-20-cache/index.html".to_owned())
            && !done.iter().any(|one| one.contains("2023-01-19")),
        "{done:?}"
    );

    // What is gone goes last.
    std::fs::remove_file(place.join("incidents/2023-01-19-rolls.md")).unwrap();
    assert_eq!(tally(&store.export("s3://pages/status/"))[2], 3);
    let done = store.done();
    let first = done.iter().position(|one| one.starts_with('-')).unwrap();
    let rest = &done[first..done.len() - 1];
    assert!(
        !rest.is_empty()
            && rest
                .iter()
                .all(|one| one.starts_with("-issues/2023-01-19-rolls")),
        "{done:?}"
    );
    assert_eq!(
        store.get("issues/2023-01-19-rolls/index.html").await.status,
        404
    );

    // What somebody removed comes back.
    let lost = place.join("store/pages/status/style.css._S3rver_object");
    std::fs::remove_file(lost).unwrap();
    tally(&store.export("s3://pages/status/"));
    assert_eq!(store.get("style.css").await.status, 200);
}

#[tokio::test]
async fn an_object_says_what_it_is_and_how_long_it_may_be_kept() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let Some(store) = Store::start(place.path()).await else {
        return;
    };
    tally(&store.export("s3://pages/status"));
    let page = store.get("").await;
    let text = String::from_utf8(page.body.clone()).unwrap();
    let asked = |ending: &str| {
        let found = text.split('"').find(|part| part.ends_with(ending)).unwrap();
        found.trim_start_matches('/').to_owned()
    };
    let (style, script) = (asked(".css"), asked(".js"));
    let board = "public, max-age=0, s-maxage=2, stale-while-revalidate=8, stale-if-error=86400";
    let data = board.replace("max-age=0", "max-age=5");
    let good = "public, max-age=31536000, immutable";
    for (path, kind, control) in [
        ("", "text/html; charset=utf-8", board),
        ("subscribe", "text/html; charset=utf-8", board),
        (
            "issues/2023-01-19-rolls/",
            "text/html; charset=utf-8",
            board,
        ),
        ("index.json", "application/json", &data),
        ("feed.atom", "application/atom+xml; charset=utf-8", &data),
        ("calendar.ics", "text/calendar; charset=utf-8", &data),
        ("index.svg", "image/svg+xml", &data),
        (&style, "text/css; charset=utf-8", good),
        (&script, "text/javascript; charset=utf-8", good),
        (
            "style.css",
            "text/css; charset=utf-8",
            "public, max-age=0, s-maxage=60",
        ),
        (".critwatch-export", "text/plain; charset=utf-8", "no-store"),
    ] {
        let answer = store.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.headers["content-type"], kind, "{path}");
        assert_eq!(answer.headers["cache-control"], control, "{path}");
    }
    // The mark of a style sheet is that of its bytes, so what is kept for good is right.
    assert_eq!(
        store.get(&style).await.body,
        store.get("style.css").await.body
    );
    // A page that a cache still has finds its style sheet after the colours changed.
    let config = "title: Dice\nbaseURL: https://status.example.org\nlanguageCode: en\n\
        params:\n  brand: '#123456'\n  systems:\n    - name: API\n";
    std::fs::write(place.path().join("config.yml"), config).unwrap();
    std::fs::create_dir_all(place.path().join("content/issues")).unwrap();
    let output = store.export_as("s3://pages/status", &["--cstate", "."], &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(store.get(&style).await.status, 200);
    let newer = String::from_utf8(store.get("").await.body).unwrap();
    assert!(!newer.contains(&style), "{newer}");
}

#[tokio::test]
async fn what_is_wrong_with_a_store_is_said_in_words() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let Some(store) = Store::start(place.path()).await else {
        return;
    };
    let wrong = [
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ];
    let away = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1")];
    let half = [("AWS_ACCESS_KEY_ID", "")];
    for (to, other, code, words) in [
        (
            "s3://nobody",
            &[][..],
            2,
            "the store has no bucket of this name",
        ),
        (
            "s3://pages",
            &wrong[..],
            2,
            "the store refuses (InvalidAccessKeyId)",
        ),
        (
            "s3://pages",
            &away[..],
            1,
            "the store does not answer as it should",
        ),
        ("s3://pages", &half[..], 2, "Missing AccessKeyId"),
        (
            "gs://pages",
            &[][..],
            2,
            "only folders and `s3://bucket/prefix`",
        ),
        ("s3://", &[][..], 2, "needs the name of a bucket"),
    ] {
        let refused = store.export_as(to, &[], other);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(code), "{said}");
        assert!(said.contains(words) && !said.contains("hush"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn an_object_of_somebody_else_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let Some(store) = Store::start(place.path()).await else {
        return;
    };
    let folder = place.path().join("store/pages/status");
    std::fs::create_dir_all(&folder).unwrap();
    for (ending, text) in [
        ("object", "mine"),
        ("metadata.json", "{}"),
        ("object.md5", "x"),
    ] {
        std::fs::write(folder.join(format!("index.html._S3rver_{ending}")), text).unwrap();
    }
    let refused = store.export("s3://pages/status");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2)
            && said.contains("s3://pages/status/index.html was not written by an export"),
        "{said}"
    );
}

#[tokio::test]
async fn a_store_that_was_away_is_caught_up_and_nobody_waited_for_it() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    site(place);
    let Some(mut store) = Store::start(place).await else {
        return;
    };
    // The service starts although the store is away.
    store.stop();
    let to = ("CRITWATCH_EXPORT_TO", "s3://pages/status".to_owned());
    let environment: Vec<_> = store.environment().into_iter().chain([to]).collect();
    let monitor = Monitor::serve(place, &environment).await;
    monitor
        .until_told("critwatch_export_failures_total 1")
        .await;
    store.start_again().await;
    store.shows("index.html", "Cache full").await;
    store
        .shows("issues/2023-01-20-cache/index.html", "Cache full")
        .await;
    monitor.until_told("critwatch_export_files 53").await;

    store.stop();
    write(place, "2023-01-20-cache.md", "Cache was full");
    std::fs::remove_file(place.join("incidents/2023-01-19-rolls.md")).unwrap();
    until("the page shows it all the same", async || {
        monitor.get("/").await.1.contains("Cache was full")
    })
    .await;
    let log = || std::fs::read_to_string(place.join(LOG)).unwrap();
    let times = |words: &str| log().matches(words).count();
    until("it is logged", async || {
        times("cannot export the site") == 2
    })
    .await;
    store.start_again().await;
    store.shows("index.html", "Cache was full").await;
    store
        .shows("issues/2023-01-20-cache/index.html", "Cache was full")
        .await;
    until("what is gone is removed", async || {
        store.get("issues/2023-01-19-rolls/index.html").await.status == 404
    })
    .await;
    until("that is logged", async || {
        times("exporting the site recovered") == 2
    })
    .await;
    assert_eq!(times("cannot export the site"), 2);
    assert!(!log().contains(KEY), "{}", log());

    // It stops at once, whatever the store does.
    store.stop();
    write(place, "2023-01-20-cache.md", "Cache is full again");
    until("it is tried", async || times("cannot export the site") == 3).await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn of_two_monitors_only_the_one_with_the_lease_writes_the_store() {
    let place = tempfile::tempdir().unwrap();
    let Some(store) = Store::start(place.path()).await else {
        return;
    };
    let lease = Server::start(&[]);
    let to = ("CRITWATCH_EXPORT_TO", "s3://pages/status".to_owned());
    let environment: Vec<_> = store.environment().into_iter().chain([to]).collect();
    let serve = async |name: &str| {
        let place = place.path().join(name);
        std::fs::create_dir(&place).unwrap();
        site(&place);
        let settings = place.join("alerts.toml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let text = text.replace("'Dice'", &format!("'Dice of the {name}'"));
        let table = format!("[lease]\nredis = '{}'\nttl = '1s'\n", lease.url());
        std::fs::write(settings, format!("{text}{table}")).unwrap();
        Monitor::serve(&place, &environment).await
    };
    let mut first = serve("first").await;
    store.shows("index.html", "Dice of the first").await;
    let second = serve("second").await;
    let folder = place.path().join("first");
    write(&folder, "2023-01-20-cache.md", "Cache was full");
    store.shows("index.html", "Cache was full").await;
    store.shows("index.html", "Dice of the first").await;
    second.until_told("critwatch_export_files 0").await;
    first.kill().await;
    store.shows("index.html", "Dice of the second").await;
    store
        .shows("issues/2023-01-20-cache/index.html", "Cache full")
        .await;
    second.until_told("critwatch_export_files 53").await;
}

/// The settings of nginx in `docs/serving.md`, as they are but for places and names.
#[tokio::test]
async fn a_cache_before_a_store_answers_as_we_do_and_when_nobody_else_does() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    site(place);
    if !Nginx::is_here() {
        return;
    }
    let Some(mut store) = Store::start(place).await else {
        return;
    };
    tally(&store.export("s3://pages/status"));
    let nginx = cache(place, &store).await;
    let get = async |path: &str| ask_server(&nginx.server, "GET", path, "").await;
    let monitor = Monitor::serve(place, &[]).await;
    for path in [
        "/",
        "/issues/2023-01-19-rolls/",
        "/embed/",
        "/index.json",
        "/index.svg",
        "/issues/2023-01-19-rolls.svg",
        "/feed.atom",
        "/subscribe",
    ] {
        let ours = crate::serving::ask(&monitor, "GET", path, "").await;
        let theirs = get(path).await;
        for name in [
            "content-type",
            "cache-control",
            "content-security-policy",
            "x-content-type-options",
            "access-control-allow-origin",
        ] {
            assert_eq!(theirs.header(name), ours.header(name), "{path}: {name}");
        }
    }
    assert_eq!(get("/.critwatch-export").await.status, 404);
    let lost = get("/nope/").await;
    assert_eq!(lost.status, 404);
    assert_eq!(lost.body, get("/404.html").await.body);

    // For longer than a page is fresh, and while nobody is behind it.
    store.stop();
    let begin = std::time::Instant::now();
    until("everything is stale", async || {
        let page = get("/").await;
        assert_eq!((page.status, page.body.is_empty()), (200, false));
        begin.elapsed() > std::time::Duration::from_secs(3)
    })
    .await;
}

/// nginx by the document, before a store.
async fn cache(place: &Path, store: &Store) -> Nginx {
    let document = include_str!("../../../docs/serving.md");
    let (_, block) = document.split_once("```nginx\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let cache = place.join("cache").display().to_string();
    Nginx::serve(place, |server| {
        let mut block = block.to_owned();
        for (theirs, ours) in [
            ("/var/cache/nginx/status", &*cache),
            ("listen 80;", &format!("listen {server};")),
            (
                "s3.example.org/status-pages/dice/",
                &format!("{}/pages/status/", store.server),
            ),
        ] {
            assert!(block.contains(theirs), "{theirs}");
            block = block.replace(theirs, ours);
        }
        block
    })
    .await
}
