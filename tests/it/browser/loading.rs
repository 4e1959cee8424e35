//! What a page does while it loads, and when it changes.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::browser::{Browser, Page, client};
use crate::gallery;
use crate::world::patience::until;

/// How far what was shown already has moved since, as browsers count it.
const MOVED: &str = r"
    const done = arguments[arguments.length - 1];
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
        .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_while_a_page_loads() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    // Another zone than the site's, in which the incident began today: a date before
    // its time is another word, which may need another line.
    let hours = (16 - i64::from(Timestamp::now().to_zoned(TimeZone::UTC).hour())).rem_euclid(24);
    let east = if hours > 12 { hours - 24 } else { hours };
    browser.zone(&format!("Etc/GMT{:+}", -east)).await;
    let page = Page::serve("figures").await;
    for path in ["/", "INCIDENT", "/affected/api/", "/issues/", "/subscribe"] {
        for width in [390, 1280] {
            browser.screen(width, false).await;
            let url = format!("{}{}", page.address, page.path(path));
            browser.driver.goto(url).await.unwrap();
            let moved = browser.driver.execute_async(MOVED, Vec::new()).await;
            let moved = moved.unwrap().json().as_f64().unwrap();
            assert!(moved < 0.01, "{path} {width}: {moved}");
        }
    }
    browser.quit().await;
}

#[tokio::test]
async fn the_first_page_with_all_that_it_loads_is_light() {
    let page = Page::serve("outage").await;
    let client = client();
    let get = async |path: &str| {
        let asked = client
            .get(format!("{}{path}", page.address))
            .header("accept-encoding", "br");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "br", "{path}");
        answer.bytes().await.unwrap().len()
    };
    let (first, style, script) = (
        get("/").await,
        get("/style.css").await,
        get("/page.js").await,
    );
    let all = first + style + script;
    println!("first page {first} B, style {style} B, script {script} B: {all} B of 40,960 B");
    assert!(all <= 40 * 1024, "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_takes_its_place_without_a_reload_and_focus_stays() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    browser.screen(1280, false).await;
    browser.driver.goto(&page.address).await.unwrap();
    browser
        .ask("window.same = 1; document.querySelector('#blog a').focus(); return 0")
        .await;
    let outage = gallery::scene("outage", Timestamp::now()).board;
    page.boards.send_replace(Arc::new(outage));
    // As if the visitor came back to the tab.
    let look = "document.dispatchEvent(new Event('visibilitychange')); \
        return document.querySelector('h1').textContent";
    until("it is shown", async || {
        browser.ask(look).await == "Rolls are failing"
    })
    .await;
    let seen = browser
        .ask(
            "return [window.same, document.activeElement.getAttribute('href'), document.title[0], \
            document.querySelector('[data-live]').textContent, \
            document.querySelector('#api').className, document.querySelector('#blog').className]",
        )
        .await;
    let expected = json!([
        1,
        "/affected/blog/",
        "■",
        "Status update: Rolls are failing – Memory is being raised. Rolls that wait are kept.",
        "changed",
        ""
    ]);
    assert_eq!(seen, expected);
    browser.quit().await;
}
