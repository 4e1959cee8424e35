//! The rows of components: their days, what tells of them, and what surrounds them.

use std::sync::Arc;
use std::time::Duration;

use critwatch::model::facts::uptime::{DayTally, Uptime};
use critwatch::model::text::language::Language;
use jiff::Timestamp;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::{Browser, Page};
use crate::gallery;
use crate::world::patience::until;

/// Whether each corner and the middle of what tells of a day lies on top, below its
/// bar and within the page.
const ON_TOP: &str = r"
    const tip = document.querySelector('.tip');
    tip.scrollIntoView({ block: 'center' });
    const box = tip.getBoundingClientRect();
    const points = [[3, 3], [-3, 3], [3, -3], [-3, -3]].map(([x, y]) =>
        [x < 0 ? box.right + x : box.left + x, y < 0 ? box.bottom + y : box.top + y]);
    points.push([(box.left + box.right) / 2, (box.top + box.bottom) / 2]);
    const on = points.every(([x, y]) => tip.contains(document.elementFromPoint(x, y)));
    const bar = document.querySelector('.d-at').getBoundingClientRect();
    const near = box.left <= bar.left && bar.right <= box.right && box.right <= document.documentElement.clientWidth;
    return [on && near, tip.innerText, tip.querySelectorAll('.hours i').length];";

async fn press(browser: &Browser, key: Key, times: usize) {
    for _ in 0..times {
        let pressed = browser.driver.action_chain().send_keys(key.clone());
        pressed.perform().await.unwrap();
    }
}

/// Checks that what is shown lies on top and tells of the day of the short outage.
async fn check_tip(browser: &Browser, what: &str) {
    let seen = browser.ask(ON_TOP).await;
    let text = seen[1].as_str().unwrap().replace('\u{a0}', " ");
    assert_eq!(seen[0], true, "{what}: {text}");
    assert_eq!(seen[2], 1, "{what}: {text}");
    for words in [
        "degraded for 25 min",
        "03:00–03:25 degraded",
        "Rolls appear late",
    ] {
        assert!(text.contains(words), "{what}: {words}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tells_of_a_day_lies_on_top_of_everything() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    browser.zone("Europe/Berlin").await;
    for (path, row, focus) in [
        ("/", "#api svg.days", "#api .part a"),
        ("/affected/api/", "svg.days", "svg.days"),
    ] {
        for width in [1280, 390, 320] {
            let what = format!("{path} {width}");
            browser.screen(width, false).await;
            browser.visit(&format!("{}{path}", page.address)).await;
            // Three days ago is the fourth bar from the right.
            let script = format!(
                "const svg = document.querySelector('{row}'); svg.scrollIntoView({{ block: 'center' }}); \
                 const box = svg.getBoundingClientRect(); \
                 return [Math.round(box.right - box.width / 90 * 3.5), Math.round(box.top + box.height / 2)]"
            );
            let point = browser.ask(&script).await;
            let at = |place: usize| point[place].as_i64().unwrap();
            let point = browser.driver.action_chain().move_to(at(0), at(1));
            point.perform().await.unwrap();
            check_tip(&browser, &format!("{what} by pointer")).await;
            let away = browser.driver.action_chain().move_to(1, 1);
            away.perform().await.unwrap();
            let script = format!("document.querySelector('{focus}').focus(); return 0");
            browser.ask(&script).await;
            press(&browser, Key::Left, 4).await;
            check_tip(&browser, &format!("{what} by keyboard")).await;
            let said = browser
                .ask("return document.querySelector('[data-live]').textContent")
                .await;
            let said = said.as_str().unwrap().replace('\u{a0}', " ");
            assert!(said.contains("03:00–03:25 degraded"), "{what}: {said}");
            // The links in it are the next stop.
            press(&browser, Key::Tab, 1).await;
            let link = "return document.activeElement.closest('.tip') !== null";
            assert_eq!(browser.ask(link).await, true, "{what}");
            press(&browser, Key::Tab, 1).await;
            let gone = "return document.querySelector('.tip') === null";
            assert_eq!(browser.ask(gone).await, true, "{what}");
        }
    }
    // Paper shows no day that somebody pointed at.
    browser.visit(&page.address).await;
    browser
        .ask("document.querySelector('#api .part a').focus(); return 0")
        .await;
    press(&browser, Key::Left, 1).await;
    browser
        .order("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await;
    let shown = "return getComputedStyle(document.querySelector('.tip')).display";
    assert_eq!(browser.ask(shown).await, "none");
    browser.quit().await;
}

/// What a keyboard stops at within the list of components, and what a screen reader
/// would call a control there.
const STOPS: &str = r"
    const list = [...document.querySelectorAll('.parts')];
    const all = list.flatMap(list => [...list.querySelectorAll('a[href],button,input,summary,[tabindex]')]);
    const stops = all.filter(el => el.tabIndex >= 0 && el.checkVisibility({ visibilityProperty: true }));
    const roles = new Set(list.flatMap(list => [...list.querySelectorAll('[role]')].map(el => el.role)));
    return [stops.length, [...roles]];";

#[tokio::test(flavor = "multi_thread")]
async fn a_component_is_one_stop_and_its_days_are_no_control() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("forty").await;
    browser.screen(1280, false).await;
    browser.visit(&page.address).await;
    assert_eq!(browser.ask(STOPS).await, json!([40, ["img"]]));
    browser.quit().await;
}

/// Pairs of things in the rows that lie on each other, or stick out of their row.
const COLLISIONS: &str = r"
    const out = [];
    for (const row of document.querySelectorAll('.parts>li')) {
        const whole = row.getBoundingClientRect();
        const words = [...row.querySelectorAll('.part a,.part p,.share,.apart,.sparks li>*')];
        const boxes = words.filter(el => el.checkVisibility()).map(el => {
            const range = document.createRange();
            range.selectNodeContents(el);
            const box = el.tagName == 'svg' ? el.getBoundingClientRect() : range.getBoundingClientRect();
            return [el.className.baseVal ?? el.className + ' ' + el.textContent.slice(0, 30), box.left, box.right, box.top, box.bottom];
        });
        const days = row.querySelector('svg.days')?.getBoundingClientRect();
        // Of a narrow screen only the newest third is seen.
        const third = innerWidth < 720 ? days?.width / 3 : days?.width, rtl = document.dir == 'rtl';
        if (days) boxes.push(['days', rtl ? days.left : days.right - third, rtl ? days.left + third : days.right, days.top, days.bottom]);
        boxes.forEach((one, at) => {
            if (one[1] < whole.left - .5 || one[2] > whole.right + .5) out.push([one[0], 'sticks out']);
            for (const other of boxes.slice(at + 1))
                if (one[1] < other[2] - .5 && other[1] < one[2] - .5 && one[3] < other[4] - 1.5 && other[3] < one[4] - 1.5)
                    out.push([one[0], other[0]]);
        });
    }
    return out;";

/// A component that was not seen for hours while others were, and one that is new.
fn apart(past: &mut Uptime) {
    let day = past.days.iter_mut().rev().nth(20).unwrap();
    let tally = DayTally {
        ok: Duration::from_hours(15),
        unknown: Duration::from_hours(5),
        maintenance: Duration::from_hours(4),
        ..DayTally::default()
    };
    day.tally = tally;
    past.periods = gallery::periods(&past.days);
}

fn young(past: &mut Uptime, now: Timestamp) {
    let last = past.days.len() - 1;
    for day in &mut past.days[..last] {
        day.tally = DayTally::default();
        day.parts.clear();
    }
    past.days[last].tally = DayTally {
        ok: Duration::from_mins(40),
        ..DayTally::default()
    };
    past.begun = Some(now - Duration::from_hours(30));
    past.periods = gallery::periods(&past.days);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_row_runs_into_anything_else_in_any_language() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let mut faults = Vec::new();
    for language in Language::ALL {
        let now = Timestamp::now();
        let mut scene = gallery::scene("figures", now);
        scene.names.language = Some(language);
        for (at, state) in scene.board.components.iter_mut().enumerate() {
            let past = Arc::make_mut(&mut state.uptime);
            match at % 3 {
                0 => apart(past),
                1 => young(past, now),
                _ => {}
            }
        }
        let page = Page::of(scene.names, scene.board).await;
        for width in [320, 390, 1280] {
            browser.screen(width, false).await;
            browser.visit(&page.address).await;
            let found = browser.ask(COLLISIONS).await;
            if found != json!([]) {
                faults.push(format!("{language} {width}: {found}"));
            }
            // As many bars as the percentage is about.
            let named = "return [...document.querySelectorAll('.reach span')].filter(el => el.checkVisibility()).length";
            assert_eq!(browser.ask(named).await, 1, "{language} {width}");
        }
    }
    browser.quit().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bars_that_are_folded_away_are_not_explained() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("crowd").await;
    browser.screen(1280, false).await;
    browser.visit(&page.address).await;
    let legend = "return document.querySelector('.legend').checkVisibility()";
    assert_eq!(browser.ask(legend).await, true);
    let fold = "document.querySelectorAll('.group').forEach(group => group.open = false); return 0";
    browser.ask(fold).await;
    assert_eq!(browser.ask(legend).await, false);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_frames_keeps_itself_true_without_loading_anew() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    browser.screen(390, false).await;
    browser.visit(&format!("{}/embed/", page.address)).await;
    let bare = browser
        .ask("window.same = 1; return [document.querySelector('[http-equiv]'), document.querySelectorAll('main h1').length]")
        .await;
    assert_eq!(bare, json!([Value::Null, 1]));
    let outage = gallery::scene("outage", Timestamp::now()).board;
    page.boards.send_replace(Arc::new(outage));
    let look = "document.dispatchEvent(new Event('visibilitychange')); \
        return [window.same, document.querySelector('main a').innerText, document.querySelector('main a').className]";
    until("it shows the outage", async || {
        browser.ask(look).await == json!([1, "dddice down Rolls are failing", "is-down"])
    })
    .await;
    browser.quit().await;
}
