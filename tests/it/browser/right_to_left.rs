//! A page from right to left: its days begin at the right, its charts at the left.

use std::time::Duration;

use critwatch::model::facts::uptime::DayTally;
use critwatch::model::text::language::Language;
use jiff::Timestamp;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::{Browser, Page};
use crate::gallery;
use crate::world::patience::until;

/// Where a day lies in the bars of the API, counted from the oldest at 0.
fn place(day: u32) -> String {
    format!(
        "const svg = document.querySelector('#api svg.days'); svg.scrollIntoView({{ block: 'center' }}); \
         const box = svg.getBoundingClientRect(); \
         return [Math.round(box.right - box.width / 90 * ({day} + .5)), Math.round(box.top + box.height / 2)]"
    )
}

const TIP: &str = r"
    const tip = document.querySelector('.tip'), box = tip.getBoundingClientRect(), bar = document.querySelector('.d-at').getBoundingClientRect();
    const first = tip.querySelector('.hours i'), hours = tip.querySelector('.hours')?.getBoundingClientRect();
    return [tip.innerText, box.left >= 0 && box.right <= innerWidth && box.left <= bar.left && bar.right <= box.right,
        first ? Math.round((hours.right - first.getBoundingClientRect().right) / hours.width * 24) : null];";

async fn point(browser: &Browser, day: u32) -> Value {
    let at = browser.ask(&place(day)).await;
    let at = |place: usize| at[place].as_i64().unwrap();
    let moved = browser.driver.action_chain().move_to(at(0), at(1));
    moved.perform().await.unwrap();
    browser.ask(TIP).await
}

#[tokio::test(flavor = "multi_thread")]
async fn days_begin_at_the_right_and_arrows_follow_them() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let now = Timestamp::now();
    let mut scene = gallery::scene("arabic", now);
    let api = scene.board.components.iter_mut();
    let api = api.into_iter().find(|one| one.component.id.0 == "api");
    let past = std::sync::Arc::make_mut(&mut api.unwrap().uptime);
    // The oldest day alone had no data at all but an hour of it.
    past.days[0].tally = DayTally {
        ok: Duration::from_hours(1),
        unknown: Duration::from_hours(23),
        ..DayTally::default()
    };
    scene.names.language = Some(scene.language);
    let page = Page::of(scene.names, scene.board).await;
    browser.zone("Europe/Berlin").await;
    for width in [1280, 390] {
        browser.screen(width, false).await;
        browser.visit(&page.address).await;
        if width == 1280 {
            let oldest = point(&browser, 0).await;
            assert!(
                oldest[0].as_str().unwrap().contains("بلا بيانات"),
                "{oldest}"
            );
        }
        // Three days ago is the fourth bar from the left.
        let late = point(&browser, 86).await;
        assert!(
            late[0].as_str().unwrap().contains("03:00"),
            "{width} {late}"
        );
        assert_eq!([&late[1], &late[2]], [&json!(true), &json!(3)], "{width}");
        browser
            .driver
            .action_chain()
            .move_to(1, 1)
            .perform()
            .await
            .unwrap();
        browser
            .ask("document.querySelector('#api .part a').focus(); return 0")
            .await;
        // Back in time is to the right.
        for _ in 0..4 {
            let pressed = browser.driver.action_chain().send_keys(Key::Right);
            pressed.perform().await.unwrap();
        }
        let by_key = browser.ask(TIP).await;
        assert!(
            by_key[0].as_str().unwrap().contains("03:00"),
            "{width} {by_key}"
        );
        assert_eq!(by_key[1], true, "{width}");
    }
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_and_code_run_from_the_left() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("arabic").await;
    browser.screen(1280, false).await;
    browser.visit(&format!("{}/figures/", page.address)).await;
    let charts = "return [...new Set([...document.querySelectorAll('.chart')].map(el => getComputedStyle(el).direction))]";
    assert_eq!(browser.ask(charts).await, json!(["ltr"]));
    browser.visit(&format!("{}/subscribe", page.address)).await;
    let code = "return [document.dir, getComputedStyle(document.querySelector('pre')).direction]";
    assert_eq!(browser.ask(code).await, json!(["rtl", "ltr"]));
    browser.quit().await;
}

/// Adds a running span for each number of hours, in the order of the numbers.
const SPANS: &str = r"
    for (const hours of [1, 2, 11, 24, 48, 5 * 24, 11 * 24, 21 * 24]) {
        const el = document.createElement('i');
        el.dataset.say = '{}';
        el.dataset.since = new Date(Date.now() - hours * 36e5).toISOString();
        document.body.append(el);
    }
    return 0";

#[tokio::test(flavor = "multi_thread")]
async fn the_script_says_spans_in_the_plurals_of_the_language() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    for (language, spans) in [
        (
            Language::En,
            "1 h, 2 h, 11 h, 1 day, 2 days, 5 days, 11 days, 21 days",
        ),
        (
            Language::Pl,
            "1 godz., 2 godz., 11 godz., 1 dzień, 2 dni, 5 dni, 11 dni, 21 dni",
        ),
        (
            Language::Uk,
            "1 год, 2 год, 11 год, 1 день, 2 дні, 5 днів, 11 днів, 21 день",
        ),
        (
            Language::Ar,
            "ساعة, ساعتين, 11 ساعة, يوم, يومين, 5 أيام, 11 يومًا, 21 يومًا",
        ),
        (
            Language::Ja,
            "1時間, 2時間, 11時間, 1日, 2日, 5日, 11日, 21日",
        ),
    ] {
        let scene = gallery::scene("healthy", Timestamp::now());
        let mut names = scene.names;
        names.language = Some(language);
        let page = Page::of(names, scene.board).await;
        browser.visit(&page.address).await;
        browser.ask(SPANS).await;
        let said = "return [...document.querySelectorAll('body > i')].map(el => el.textContent).join(', ')";
        until(spans, async || {
            let said = browser.ask(said).await;
            said.as_str().unwrap().replace('\u{a0}', " ") == spans
        })
        .await;
    }
    browser.quit().await;
}
