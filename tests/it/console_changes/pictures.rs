//! Pictures of every page, for those who change the console.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::{Browser, pictures};
use crate::console::Console;
use crate::console_changes::{Night, SETTINGS, written};

const LONG: &str = "resolved: true\nseverity: down\naffected: [API, Web & App]\n---\n\n\
    *Resolved* - It works again.\n\n*Identified* - A certificate ran out.\n";

/// `CRITWATCH_PICTURES=folder cargo test --test it console_changes::pictures`.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_console_can_be_taken() {
    let Some(folder) = std::env::var_os("CRITWATCH_PICTURES").map(PathBuf::from) else {
        return;
    };
    let Some(browser) = Browser::start().await else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    outside(&browser, &folder).await;
    let night = busy().await;
    enter(&browser, &night.url("/"), &night.cookie).await;
    for (name, path) in pages(&night) {
        scene(&browser, &folder, &name, &night.url(&path)).await;
    }
    let menu = "if (innerWidth < 500) document.querySelector('.menu').click(); return 0";
    scene_after(&browser, &folder, ("menu", &night.url("/console/")), menu).await;
    let rolls = night.page("rolls");
    answered(&browser, &night.url(&format!("{rolls}/update")), &folder).await;
    explored(&browser, &folder).await;
    browser.quit().await;
}

/// Shows the console to the browser as somebody who is logged in.
async fn enter(browser: &Browser, url: &str, cookie: &str) {
    browser.visit(&format!("{url}login")).await;
    let (name, value) = cookie.split_once('=').unwrap();
    let cookie = json!({ "name": name, "value": value, "url": url, "httpOnly": true });
    browser.order("Network.setCookie", cookie).await;
}

/// Whether `CRITWATCH_SCENES` wants pictures of this.
fn is_wanted(name: &str) -> bool {
    let only = std::env::var("CRITWATCH_SCENES").unwrap_or_default();
    only.is_empty() || only.split(',').any(|one| one == name)
}

/// Takes the four pictures of a page.
async fn scene(browser: &Browser, folder: &Path, name: &str, url: &str) {
    scene_after(browser, folder, (name, url), "return 0").await;
}

/// Takes the four pictures of what a page becomes by a piece of script.
async fn scene_after(browser: &Browser, folder: &Path, (name, url): (&str, &str), script: &str) {
    if !is_wanted(name) {
        return;
    }
    for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true)] {
        let theme = if dark { "dark" } else { "light" };
        let file = folder.join(format!("{name}-{width}-{theme}.png"));
        browser.screen(width, dark).await;
        browser.visit(url).await;
        browser.ask(script).await;
        pictures::photograph(browser, &file).await;
    }
}

/// What somebody sees who is not logged in.
async fn outside(browser: &Browser, folder: &Path) {
    let refuse = "document.querySelector('#token').value = 'wrong'; \
        document.querySelector('form').submit(); return 0";
    let night = Night::of(SETTINGS).await;
    let login = night.url("/login");
    scene(browser, folder, "login", &login).await;
    scene_after(browser, folder, ("login-failed", &login), refuse).await;
    // Browsers find every name below `localhost` on this machine.
    let strange = night.url("").replace("127.0.0.1", "status.localhost");
    for (name, path) in [("host-console", "/console/"), ("host-login", "/login")] {
        scene(browser, folder, name, &format!("{strange}{path}")).await;
    }
    let provider = format!(
        "{SETTINGS}\n[ops.oidc]\nissuer = \"https://login.example.org\"\nclient_id = \"critwatch\"\n\
        client_secret = \"a secret of the provider\"\nurl = \"http://localhost\"\nallow = [\"@example.org\"]\nscopes = [\"write\"]\n"
    );
    let night = Night::of(&provider).await;
    let login = night.url("/login");
    scene(browser, folder, "login-openid", &login).await;
    let back = format!("{login}/callback?error=access_denied&state=none");
    scene(browser, folder, "login-openid-failed", &back).await;
    let open = SETTINGS.replace("[ops]\ntoken = \"open the door please\"\n", "");
    let night = Night::of(&open).await;
    for (name, path) in [("login-first", "/login"), ("closed", "/console/")] {
        scene(browser, folder, name, &night.url(path)).await;
    }
}

/// *Explore* over the samples of a service.
async fn explored(browser: &Browser, folder: &Path) {
    let console = Console::start().await;
    let ops = &console.monitor.ops;
    enter(browser, &format!("{ops}/"), &console.cookie).await;
    let wave = |queue: &str, size: u32| {
        let line = format!("abs(vector(time() %25 900 - 450)) * {size}");
        format!("label_replace({line}, \"queue\", \"{queue}\", \"\", \"\")")
    };
    let waves = [wave("mail", 1), wave("rolls", 3), wave("exports", 2)].join(" or ");
    for (name, query) in [
        ("explore", String::new()),
        ("explore-now", "?expr=queue_jobs".to_owned()),
        ("explore-range", format!("?expr={waves}&range=1h")),
        ("explore-none", "?expr=absent_jobs".to_owned()),
        ("explore-fault", "?expr=sum(queue_jobs".to_owned()),
    ] {
        let url = format!("{ops}/console/explore{query}");
        scene(browser, folder, name, &url).await;
    }
}

/// A night of which there is something to see on every page.
async fn busy() -> Night {
    let night = Night::new().await;
    night.write("2026-03-01-old.md", &written("Logins failed", 3000, LONG));
    // Findings for the settings.
    let unknown = "resolved: true\nseverity: down\naffected: [Cellar]\n---\n\nIt was dark.\n";
    night.write(
        "2026-02-01-cellar.md",
        &written("The light is off", 9000, unknown),
    );
    let work = [
        ("title", "Move the cache to a larger machine"),
        ("from", "in 2h"),
        ("to", "in 3h"),
        ("affected", "cache"),
    ];
    night.fill("/console/maintenance/new", &work).await.is(303);
    let silence = [
        ("matchers", "rule=disk-filling"),
        ("for", "2h"),
        ("reason", "The new disk comes on Monday."),
    ];
    night.fill("/console/silences/new", &silence).await.is(303);
    let event = [
        ("text", "Release v0.9.9 started"),
        ("kind", "release"),
        ("affected", "api"),
    ];
    night.fill("/console/events", &event).await.is(303);
    night
}

/// The pages, by the names of their pictures.
fn pages(night: &Night) -> Vec<(String, String)> {
    let (rolls, slow) = (night.page("rolls"), night.page("slow"));
    let mut pages = vec![
        ("incident".to_owned(), rolls.clone()),
        ("draft".to_owned(), slow.clone()),
        ("work".to_owned(), night.page("move")),
    ];
    for act in ["update", "change", "resolve", "withdraw", "file"] {
        pages.push((format!("act-{act}"), format!("{rolls}/{act}")));
    }
    pages.push(("missing-address".to_owned(), "/nothing".to_owned()));
    for (name, path) in [
        ("incidents", "incidents"),
        ("found", "incidents?q=logins"),
        ("open", "incidents/new"),
        ("maintenance", "maintenance"),
        ("plan", "maintenance/new"),
        ("silences", "silences"),
        ("silence", "silences/new?rule=rolls-fail"),
        ("events", "events"),
        ("subscribers", "subscribers"),
        ("deliveries", "deliveries"),
        ("settings", "settings"),
        ("audit", "audit"),
        ("now", ""),
        ("rules", "rules"),
        ("rule", "rules/rolls-fail"),
        ("missing", "nothing"),
    ] {
        pages.push((name.to_owned(), format!("/console/{path}")));
    }
    pages
}

/// Forms that were asked what changes, and refused.
async fn answered(browser: &Browser, url: &str, folder: &Path) {
    for (name, button) in [("shown", "show"), ("wrong", "save")] {
        if !is_wanted(name) {
            continue;
        }
        for (width, dark) in [(1280, false), (390, true)] {
            browser.screen(width, dark).await;
            browser.visit(url).await;
            let text = if button == "show" {
                "The **cache** is full. Rolls that fail can be rolled again."
            } else {
                ""
            };
            let script = format!(
                "document.querySelector('#text').value = '{text}'; document.querySelector('details').open = true; \
                document.querySelector('input[value=down]').click(); document.querySelector('button[value={button}]').click(); return 0"
            );
            browser.ask(&script).await;
            crate::world::patience::until("the form was answered", async || {
                let done = browser
                    .ask("return !!document.querySelector('#preview,.fault')")
                    .await;
                done == true
            })
            .await;
            let theme = if dark { "dark" } else { "light" };
            let file = folder.join(format!("{name}-{width}-{theme}.png"));
            pictures::photograph(browser, &file).await;
        }
    }
}
