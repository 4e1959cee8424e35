//! Every way to use a page: by keyboard, by touch, and without a script.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::{Browser, Page};

/// What a keyboard must reach.
const REACH: &str = r"
    const all = [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex=\'0\']')];
    window.wanted = all.filter(el => el.checkVisibility({ visibilityProperty: true }) && el.type !== 'radio' && el.tabIndex >= 0);
    window.reached = new Set();
    document.addEventListener('focusin', event => {
        reached.add(event.target);
        const look = getComputedStyle(event.target);
        if (look.outlineStyle === 'none') window.unseen = event.target.outerHTML;
    });
    return wanted.length;";

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_alone_reaches_everything() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    for (path, width, scripts) in [
        ("/", 1280, true),
        ("/", 390, false),
        ("/issues/", 1280, true),
        ("INCIDENT", 390, true),
        ("/affected/api/", 1280, true),
        ("/affected/api/", 390, false),
        ("/subscribe", 390, true),
        ("/report", 1280, true),
        ("/report", 390, false),
    ] {
        browser.screen(width, false).await;
        browser.scripts(scripts).await;
        let url = format!("{}{}", page.address, page.path(path));
        browser.driver.goto(url).await.unwrap();
        browser.scripts(true).await;
        let wanted = browser.ask(REACH).await.as_u64().unwrap();
        assert!(wanted > 8, "{path}");
        for _ in 0..wanted + 6 {
            let tab = browser.driver.action_chain().send_keys(Key::Tab);
            tab.perform().await.unwrap();
        }
        let missed = browser
            .ask("return wanted.filter(el => !reached.has(el)).map(el => el.outerHTML)")
            .await;
        assert_eq!(missed, json!([]), "{path} {width}");
        assert_eq!(
            browser.ask("return window.unseen || null").await,
            Value::Null,
            "{path} {width}"
        );
    }
    // Days in words, by arrow keys.
    browser
        .driver
        .goto(format!("{}/affected/api/", page.address))
        .await
        .unwrap();
    browser
        .ask("document.querySelector('svg.days').focus(); return 0")
        .await;
    for _ in 0..4 {
        let left = browser.driver.action_chain().send_keys(Key::Left);
        left.perform().await.unwrap();
    }
    let tip = browser
        .ask("return document.querySelector('.tip').innerText")
        .await;
    let tip = tip.as_str().unwrap().replace('\u{a0}', " ");
    assert!(
        tip.contains("degraded for 25 min") && tip.contains("Rolls appear late"),
        "{tip}"
    );
    browser.quit().await;
}

/// What lies where the days of the API are drawn, a little left of today.
const ON_DAYS: &str = r"
    const row = document.querySelector('#api');
    row.scrollIntoView();
    const box = row.querySelector('svg.days').getBoundingClientRect();
    return document.elementFromPoint(box.right - 12, box.top + box.height / 2).closest('summary,svg').tagName;";

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_told_without_a_script_by_touch_and_by_keyboard() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    for (width, scripts, expected) in [
        (1280, true, "svg"),
        (390, true, "svg"),
        (390, false, "SUMMARY"),
        (1280, false, "SUMMARY"),
    ] {
        browser.screen(width, false).await;
        browser.scripts(scripts).await;
        browser.driver.goto(&page.address).await.unwrap();
        browser.scripts(true).await;
        assert_eq!(browser.ask(ON_DAYS).await, expected, "{width} {scripts}");
    }
    let days = browser.driver.find(By::Css("#api svg.days")).await.unwrap();
    let told = async || {
        let list = browser.driver.find(By::Css("#api .told ul")).await.unwrap();
        let shown = list.is_displayed().await.unwrap();
        (shown, list.text().await.unwrap().replace('\u{a0}', " "))
    };
    assert!(!told().await.0);
    let touch = browser.driver.action_chain().move_to_element_center(&days);
    touch.click().perform().await.unwrap();
    let (shown, text) = told().await;
    assert!(
        shown && text.contains("degraded for 25 min · 03:00–03:25 · Rolls appear late"),
        "{text}"
    );
    // It has the focus now.
    let enter = browser.driver.action_chain().send_keys(Key::Enter);
    enter.perform().await.unwrap();
    assert!(!told().await.0);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_colours_is_kept_and_times_are_the_visitors() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    browser.screen(1280, false).await;
    browser.zone("Asia/Tokyo").await;
    browser.driver.goto(&page.address).await.unwrap();
    let began = page.boards.borrow().active().next().unwrap().date.unwrap();
    let tokyo = began.in_tz("Asia/Tokyo").unwrap();
    let shown = browser.text(".banner .facts time").await;
    let clock = tokyo.strftime("%H:%M").to_string();
    assert!(shown.ends_with(&clock), "{shown}");
    let zone = browser.text("[data-zone]").await;
    assert!(zone.contains("GMT+9"), "{zone}");
    browser
        .ask("document.querySelector('.theme').click(); return 0")
        .await;
    browser.driver.refresh().await.unwrap();
    let colours = browser.ask("return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]").await;
    assert_eq!(colours, json!(["dark", "rgb(15, 18, 21)"]));
    let measured = browser.text("[data-measured]").await;
    assert!(measured.ends_with(" ago."), "{measured}");
    browser.quit().await;
}
