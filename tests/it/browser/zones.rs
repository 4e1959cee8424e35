//! One clock on a page: the visitor's with a script, the site's without.

use std::sync::Arc;
use std::time::Duration;

use critwatch::incident::file::document::Document;
use critwatch::incident::reconcile::wording::Wording;
use critwatch::model::board::Wait;
use critwatch::model::incident::Author;
use critwatch::model::text::language::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::browser::{Browser, Page};
use crate::gallery;

/// Every `<time>` and tick of a chart: the moment, the kind, and what is shown.
const SHOWN: &str = r"
    return [...document.querySelectorAll('[data-at]')].map(el =>
        [el.dateTime || el.dataset.time, el.dataset.at, el.textContent]);";

/// What the page says of itself, without what only scripts read.
const WORDS: &str = "return document.querySelector('main').innerText;";

/// A page whose first incident is told by the service in the site's zone.
async fn page(language: Language) -> Page {
    let now = Timestamp::now();
    let mut scene = gallery::scene("figures", now);
    scene.names.language = Some(language);
    scene.names.zone = TimeZone::get("Europe/Berlin").unwrap();
    let wording = Wording::new(language, scene.names.zone.clone());
    let ago = |minutes: u64| now - Duration::from_mins(minutes);
    let told = [
        wording.watching(ago(9), now + Duration::from_mins(6), &[Wait::Hold], now),
        wording.quiet_but_unseen(ago(20), &[Wait::Person], ago(15)),
        // So long ago that it is told with its day.
        wording.over(ago(3_000), ago(2_900), ago(16)),
    ];
    let track = |at: Timestamp| format!("{{{{< track \"{}\" >}}}}", at.strftime("%F %T"));
    let [first, second, third] = &told;
    let text = format!(
        "---\nsection: issue\ntitle: Rolls fail\ndate: {}\nresolved: false\nseverity: down\n\
        affected: [API]\n---\n*Monitoring* - {first} {}\n\n*Monitoring* - {second} {}\n\n\
        *Resolved* - {third} {}\n",
        ago(3_000),
        track(now),
        track(ago(15)),
        track(ago(16)),
    );
    let mut incident = Document::parse(text).unwrap().incident("0-rolls-fail.md");
    for update in &mut incident.updates {
        update.author = Author::Rule;
    }
    let mut board = scene.board;
    board.facts.incidents = Arc::new(vec![Arc::new(incident)].into());
    Page::of(scene.names, board).await
}

/// Checks that everything that is shown is in a zone; how many moments there are.
fn check_shown(shown: &Value, zone: &str, what: &str) -> usize {
    let zone = TimeZone::get(zone).unwrap();
    let shown = shown.as_array().unwrap();
    for one in shown {
        let [at, kind, text] = [0, 1, 2].map(|part| one[part].as_str().unwrap());
        if kind == "day" {
            continue;
        }
        let at: Timestamp = at.parse().unwrap();
        let local = at.to_zoned(zone.clone());
        let clock = local.strftime("%H:%M").to_string();
        let day = local.strftime("%-d").to_string();
        let is_right = match kind {
            "date" => text.contains(&day),
            "tick" if clock == "00:00" => text.contains(&day),
            _ => text.contains(&clock),
        };
        assert!(is_right, "{what}: {at} {kind} is shown as {text}");
    }
    shown.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn sentences_and_charts_have_the_clock_of_the_visitor() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    for language in [Language::En, Language::Ja] {
        let page = page(language).await;
        for (zone, scripts) in [
            ("America/Los_Angeles", true),
            ("Asia/Kathmandu", true),
            ("Asia/Kathmandu", false),
        ] {
            browser.zone(zone).await;
            browser.screen(1280, false).await;
            for (path, least) in [
                ("INCIDENT", 8),
                ("/", 4),
                ("/figures/wait/hour/", 4),
                ("/figures/wait/30-days/", 3),
            ] {
                let what = format!("{language} {zone} {scripts} {path}");
                browser.scripts(scripts).await;
                browser
                    .visit(&format!("{}{}", page.address, page.path(path)))
                    .await;
                browser.scripts(true).await;
                let shown = browser.ask(SHOWN).await;
                let zone = if scripts { zone } else { "Europe/Berlin" };
                let found = check_shown(&shown, zone, &what);
                assert!(found >= least, "{what}: {shown}");
                // No moment stands outside of them, with a zone of its own.
                let words = browser.ask(WORDS).await;
                let words = words.as_str().unwrap();
                assert!(
                    !words.contains("CET") && !words.contains("CEST"),
                    "{what}: {words}"
                );
            }
        }
    }
    browser.quit().await;
}

/// The value below the pointer is told with the visitor's time.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_chart_tells_of_a_point_has_the_clock_of_the_visitor() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = page(Language::En).await;
    browser.screen(1280, false).await;
    for zone in ["America/Los_Angeles", "Asia/Kathmandu"] {
        browser.zone(zone).await;
        browser
            .visit(&format!("{}/figures/wait/hour/", page.address))
            .await;
        let told = browser
            .ask(
                "const svg = [...document.querySelectorAll('svg[data-points]')].find(one => one.checkVisibility()); \
                 const box = svg.getBoundingClientRect(), point = JSON.parse(svg.dataset.points)[3]; \
                 svg.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + box.width * point[0], clientY: box.top + 9 })); \
                 return [point[1], point[2], document.querySelector('.tip').textContent];",
            )
            .await;
        let at = Timestamp::from_second(told[0].as_i64().unwrap()).unwrap();
        let clock = at
            .to_zoned(TimeZone::get(zone).unwrap())
            .strftime("%H:%M")
            .to_string();
        let said = told[2].as_str().unwrap();
        let value = told[1].as_str().unwrap();
        assert!(
            said.contains(&clock) && said.ends_with(&format!(": {value}")),
            "{zone}: {said}"
        );
    }
    browser.quit().await;
}
