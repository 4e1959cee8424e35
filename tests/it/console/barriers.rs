//! No page of the console has a barrier, on any screen; and it stays fresh by itself.

use std::path::PathBuf;

use serde_json::json;

use crate::browser::barriers::findings;
use crate::browser::{Browser, axe};
use crate::console::Console;
use crate::world::patience::until;

const PAGES: [(&str, &str); 8] = [
    ("now", "/console/"),
    ("rules", "/console/rules"),
    ("rule", "/console/rules/rolls-waiting"),
    (
        "attempt",
        "/console/rules/rolls-waiting/try?expr=queue_jobs+%3E+2000&for=0s",
    ),
    ("explore", "/console/explore?expr=queue_jobs&range=5m"),
    ("fault", "/console/explore?expr=sum(queue_jobs"),
    ("events", "/console/events"),
    ("missing", "/console/rules/nothing"),
];

/// Everything that sticks out of the page, and what a thumb would miss.
const OUT: &str = r"
    const wide = document.documentElement.clientWidth, out = [];
    if (document.documentElement.scrollWidth > wide) out.push('the page scrolls sideways');
    for (const el of document.querySelectorAll('body *')) {
        const box = el.getBoundingClientRect();
        if (box.width < 2 || el.closest('.hidden,.skip,.scroll,svg,pre')) continue;
        if (box.right > wide + 1 || box.left < -1) out.push(el.outerHTML.slice(0, 120));
    }
    for (const el of document.querySelectorAll('.button,#menu a,input:not([type=hidden],[type=checkbox]),select,textarea')) {
        const box = el.getBoundingClientRect();
        if (box.height > 0 && box.height < 39) out.push('small: ' + el.outerHTML.slice(0, 120));
    }
    if (document.querySelector('.top').getBoundingClientRect().height > 72) out.push('the head takes two lines');
    return out;";

impl Browser {
    /// Shows a page of the console to somebody who is logged in.
    async fn operate(&self, console: &Console, path: &str) {
        let ops = &console.monitor.ops;
        self.visit(&format!("{ops}/login")).await;
        let (name, value) = console.cookie.split_once('=').unwrap();
        let cookie = json!({ "name": name, "value": value, "url": ops, "httpOnly": true, "sameSite": "Strict" });
        self.order("Network.setCookie", cookie).await;
        self.visit(&format!("{ops}{path}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_console_have_no_barriers() {
    let (Some(browser), Some(axe)) = (Browser::start().await, axe()) else {
        return;
    };
    let folder = std::env::var_os("CRITWATCH_PICTURES").map(PathBuf::from);
    let console = Console::start().await;
    for (name, path) in PAGES {
        for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true)] {
            browser.screen(width, dark).await;
            browser.operate(&console, path).await;
            if let Some(folder) = &folder {
                let theme = if dark { "dark" } else { "light" };
                let file = folder.join(format!("console-{name}-{width}-{theme}.png"));
                std::fs::create_dir_all(folder).unwrap();
                browser.driver.screenshot(&file).await.unwrap();
            }
            let found = findings(&browser, &axe).await;
            assert_eq!(found, json!([]), "{path} at {width}");
            let out = browser.ask(OUT).await;
            assert_eq!(out, json!([]), "{path} at {width}");
        }
    }
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_page_stays_fresh_and_keeps_what_is_typed() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let console = Console::start().await;
    browser.screen(390, false).await;
    browser.operate(&console, "/console/events").await;
    let typed = "const field = document.querySelector('#text');\
        field.value = 'half a word'; field.focus(); return true";
    assert_eq!(browser.ask(typed).await, json!(true));
    let sent = crate::console::client()
        .post(format!("{}/api/v1/events", console.monitor.ops))
        .bearer_auth(crate::console::TOKEN)
        .body(r#"{"text": "Release 7"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 201);
    until("the page shows the event", async || {
        let text = browser.ask("return document.querySelector('[data-part=events]').textContent");
        let text = text.await;
        let shows = text.as_str().unwrap_or_default().contains("Release 7");
        shows.then_some(()).ok_or(text)
    })
    .await;
    let kept = "const field = document.querySelector('#text');\
        return [field.value, document.activeElement === field]";
    assert_eq!(browser.ask(kept).await, json!(["half a word", true]));
    // The menu opens without a script, too.
    browser.scripts(false).await;
    browser.operate(&console, "/console/").await;
    browser.scripts(true).await;
    browser.quit().await;
}
