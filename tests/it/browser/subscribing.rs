//! Subscribing by e-mail with a browser that runs no script, on every screen.

use std::path::PathBuf;

use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::barriers::{SCREENS, findings, outside};
use crate::browser::pictures::picture;
use crate::browser::{Browser, axe};
use crate::subscriptions::{Readers, SETTINGS};
use crate::world::patience::until;

/// Looks for barriers on the page that is shown, with all of it unfolded.
async fn look(browser: &Browser, axe: &str, what: &str) {
    browser
        .ask("document.querySelectorAll('details').forEach(one => one.open = true); return 0")
        .await;
    for (width, dark, _) in SCREENS {
        browser.screen(*width, *dark).await;
        assert_eq!(findings(browser, axe).await, json!([]), "{what} {width}");
        assert_eq!(outside(browser).await, json!([]), "{what} {width}");
    }
}

/// Opens a page whose own script stays off; ours must run.
async fn go(browser: &Browser, url: &str) {
    browser.scripts(false).await;
    browser.driver.goto(url).await.unwrap();
    browser.scripts(true).await;
}

/// For those who change the pages: `CRITWATCH_PICTURES=folder`.
async fn take_pictures(browser: &Browser, page: &str, paths: &[(&str, &str)]) {
    let Some(folder) = std::env::var_os("CRITWATCH_PICTURES").map(PathBuf::from) else {
        return;
    };
    for (name, path) in paths {
        for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true)] {
            let theme = if dark { "dark" } else { "light" };
            let file = folder.join(format!("mail-{name}-{width}-{theme}.png"));
            picture(browser, &format!("{page}{path}"), (width, dark), &file).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_no_script_subscribes_chooses_and_leaves_without_a_barrier() {
    let (Some(browser), Some(axe)) = (Browser::start().await, axe()) else {
        return;
    };
    let readers = Readers::new(SETTINGS).await;
    let page = &readers.monitor.page;
    let go = async |path: &str| go(&browser, &format!("{page}{path}")).await;
    let press = async |what: &str| {
        let button = browser.driver.find(By::Css(what)).await.unwrap();
        button.click().await.unwrap();
    };
    // The page that a form leads to comes a moment later.
    let lands = async |heading: &str| {
        until(&format!("the page says {heading}"), async || {
            let said = browser
                .ask("return document.querySelector('h1')?.innerText")
                .await;
            said == heading
        })
        .await;
    };
    go("/subscribe").await;
    look(&browser, &axe, "subscribe").await;
    browser.screen(390, false).await;
    let field = browser.driver.find(By::Id("address")).await.unwrap();
    field.send_keys("ann@example.org").await.unwrap();
    press("form.mail button").await;
    lands("Check your inbox.").await;
    look(&browser, &axe, "asked").await;

    let link = readers.link().await;
    let shown = [
        ("confirm", link.clone()),
        ("leave", link.replace("/subscription/", "/unsubscribe/")),
    ];
    for (name, path) in &shown {
        go(path).await;
        look(&browser, &axe, name).await;
    }
    go(&link).await;
    press("form.report button").await;
    lands("You are subscribed.").await;
    press("input[value=maintenance]").await;
    press("form.mail button").await;
    lands("Your subscription").await;
    look(&browser, &axe, "manage").await;
    let script = "return document.querySelector('input[value=maintenance]').checked";
    assert_eq!(browser.ask(script).await, false);
    let leaving = &shown[1].1;
    let paths = [
        ("subscribe", "/subscribe"),
        ("manage", &*link),
        ("leave", leaving),
    ];
    take_pictures(&browser, page, &paths).await;
    go(leaving).await;
    press("form.report button").await;
    lands("You are unsubscribed.").await;
    look(&browser, &axe, "left").await;
    browser.quit().await;
}
