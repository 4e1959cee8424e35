//! Pictures of every page, for those who change the console.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::{Browser, pictures};
use crate::console_changes::{Night, written};

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
    let night = busy().await;
    browser.screen(1280, false).await;
    browser.visit(&night.url("/login")).await;
    let (name, value) = night.cookie.split_once('=').unwrap();
    let cookie = json!({ "name": name, "value": value, "url": night.url("/"), "httpOnly": true });
    browser.order("Network.setCookie", cookie).await;
    let rolls = night.page("rolls");
    let pages = pages(&night);
    let only = std::env::var("CRITWATCH_SCENES").unwrap_or_default();
    for (name, path) in pages {
        if !only.is_empty() && !only.split(',').any(|one| one == name) {
            continue;
        }
        for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true)] {
            let theme = if dark { "dark" } else { "light" };
            let file = folder.join(format!("{name}-{width}-{theme}.png"));
            browser.screen(width, dark).await;
            browser.visit(&night.url(&path)).await;
            pictures::photograph(&browser, &file).await;
        }
    }
    answered(&browser, &night.url(&format!("{rolls}/update")), &folder).await;
    browser.quit().await;
}

/// A night of which there is something to see on every page.
async fn busy() -> Night {
    let night = Night::new().await;
    night.write("2026-03-01-old.md", &written("Logins failed", 3000, LONG));
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
    ] {
        pages.push((name.to_owned(), format!("/console/{path}")));
    }
    pages
}

/// Forms that were asked what changes, and refused.
async fn answered(browser: &Browser, url: &str, folder: &Path) {
    for (name, button) in [("shown", "show"), ("wrong", "save")] {
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
