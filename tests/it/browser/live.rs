//! An open page misses nothing, whatever lies between it and the service.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;

use crate::browser::between::Between;
use crate::browser::{Browser, Page, client};
use crate::gallery;
use crate::world::patience::until;

const FINE: &str = "All systems are operational.";
const FAILING: &str = "Rolls are failing";

/// Shows a state from now on, and waits until it is served.
async fn turn(page: &Page, scene: &str, headline: &str) {
    let board = gallery::scene(scene, Timestamp::now()).board;
    page.boards.send_replace(Arc::new(board));
    let client = client();
    until("it is served", async || {
        let answer = client.get(&page.address).send().await.unwrap();
        answer.text().await.unwrap().contains(headline)
    })
    .await;
}

/// Waits for a headline; how long that took.
async fn headline(browser: &Browser, text: &str) -> Duration {
    let start = Instant::now();
    until(text, async || {
        browser
            .ask("return document.querySelector('h1').textContent")
            .await
            == text
    })
    .await;
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_that_opens_before_a_slow_live_connects_is_not_missed() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    let between = Between::start(&page.address).await;
    between.state.lets_live.send_replace(false);
    browser.visit(&between.address).await;
    turn(&page, "outage", FAILING).await;
    until("the page asks for news", async || {
        between.state.live_asked.load(Ordering::Relaxed) > 0
    })
    .await;
    let shown = browser
        .ask("return document.querySelector('h1').textContent")
        .await;
    assert_eq!(shown, FINE);
    between.state.lets_live.send_replace(true);
    let took = headline(&browser, FAILING).await;
    assert!(took < Duration::from_secs(2), "{took:?}");

    // What changes while the connection is down is not missed either: it comes back
    // after three seconds.
    between.state.lets_live.send_replace(false);
    turn(&page, "healthy", FINE).await;
    between.state.lets_live.send_replace(true);
    let took = headline(&browser, FINE).await;
    assert!(took < Duration::from_secs(6), "{took:?}");
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_gives_an_older_page_only_delays_the_news() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    let between = Between::start(&page.address).await;
    browser.visit(&between.address).await;
    headline(&browser, FINE).await;
    between.state.is_stale.store(true, Ordering::Relaxed);
    turn(&page, "outage", FAILING).await;
    // It asks again only once it has read the last answer.
    until("the page is given what was", async || {
        between.state.stale_given.load(Ordering::Relaxed) >= 3
    })
    .await;
    let shown = browser
        .ask("return document.querySelector('h1').textContent")
        .await;
    assert_eq!(shown, FINE);
    between.state.is_stale.store(false, Ordering::Relaxed);
    let took = headline(&browser, FAILING).await;
    assert!(took < Duration::from_secs(5), "{took:?}");

    // And never leads back to what was.
    between.state.is_stale.store(true, Ordering::Relaxed);
    let stale_given = || between.state.stale_given.load(Ordering::Relaxed);
    let given = stale_given();
    for again in 1..6 {
        until("the page is given what was", async || {
            // A page that reads an answer does not ask meanwhile.
            browser
                .ask("document.dispatchEvent(new Event('visibilitychange')); return 0")
                .await;
            stale_given() >= given + again
        })
        .await;
        assert_eq!(
            browser
                .ask("return document.querySelector('h1').textContent")
                .await,
            FAILING
        );
    }
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_tab_changes_its_title_its_icon_and_says_each_update() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    browser.visit(&page.address).await;
    let icon = browser
        .ask("return document.querySelector('link[rel=icon]').href")
        .await;
    browser.driver.minimize_window().await.unwrap();
    assert_eq!(browser.ask("return document.hidden").await, json!(true));
    let said = async || {
        let said = "return document.querySelector('[data-live]').textContent";
        browser.ask(said).await.as_str().unwrap().to_owned()
    };
    turn(&page, "outage", FAILING).await;
    until("the tab tells", async || {
        said().await.starts_with("Status update: Rolls are failing")
    })
    .await;
    let tab = browser
        .ask("return [document.title[0], document.querySelector('link[rel=icon]').href]")
        .await;
    assert_eq!(tab[0], "■");
    assert_ne!(tab[1], icon);

    // The same headline, and another word.
    let mut board = gallery::scene("outage", Timestamp::now()).board;
    let mut incidents: Vec<_> = board.facts.incidents.iter().cloned().collect();
    let open = incidents.iter_mut().find(|one| one.is_active()).unwrap();
    let open = Arc::make_mut(open);
    let mut update = open.updates[0].clone();
    update.text = "Memory is raised; rolls come back.".into();
    update.at = Some(Timestamp::now());
    open.updates.insert(0, update);
    board.facts.incidents = Arc::new(incidents.into());
    page.boards.send_replace(Arc::new(board));
    until("the update is said", async || {
        said().await == "Status update: Memory is raised; rolls come back."
    })
    .await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hears_nothing_says_so_and_loses_its_colour() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    let source = "const now = Date.now; window.late = 0; Date.now = () => now() + window.late";
    let source = json!({ "source": source });
    browser
        .order("Page.addScriptToEvaluateOnNewDocument", source)
        .await;
    browser.visit(&page.address).await;
    let colour = "return [getComputedStyle(document.querySelector('.banner')).filter, \
        document.querySelector('.stale').hidden]";
    assert_eq!(browser.ask(colour).await, json!(["none", true]));
    drop(page);
    // As if two minutes had passed.
    browser
        .ask("window.late = 12e4; document.dispatchEvent(new Event('visibilitychange')); return 0")
        .await;
    until("it is stale", async || {
        browser.ask(colour).await == json!(["grayscale(1)", false])
    })
    .await;
    browser.quit().await;
}
