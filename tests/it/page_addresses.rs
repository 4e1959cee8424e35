//! What stands at which address, in whose language, and with which headers.

use std::time::Duration;

use critwatch::model::series::measure::ChartSpan;
use critwatch::web::formats::crawlers;
use critwatch::web::site_elements::{ExtraPage, Logo, Picture};
use critwatch::web::table::Address;
use critwatch::web::table::answer::AnswerKind;
use critwatch::web::table::pages::Page as Row;
use jiff::Timestamp;

use crate::browser::{Page, client};
use crate::{gallery, golden};

async fn site() -> Page {
    let mut scene = gallery::scene("outage", Timestamp::now());
    let free = ExtraPage {
        title: "About".into(),
        body: "We *roll*.".into(),
        is_html: false,
        ..ExtraPage::default()
    };
    scene.names.pages.insert("pages/about".into(), free);
    let statics = tempfile::tempdir().unwrap().keep();
    std::fs::create_dir(statics.join("img")).unwrap();
    std::fs::write(statics.join("img/logo.svg"), "<svg xmlns='x'/>").unwrap();
    scene.names.statics = vec![statics];
    scene.names.logo = Some(Logo {
        source: Picture::Own("img/logo.svg".into()),
        alone: true,
    });
    Page::of(scene.names, scene.board).await
}

#[tokio::test]
async fn every_address_answers_or_leads_to_the_one_that_does() {
    let site = site().await;
    // One that does not follow where it is led.
    let direct = critwatch::runtime::client::new(Duration::from_secs(20), false).unwrap();
    let month = Timestamp::now().in_tz("Europe/Berlin").unwrap();
    let month = month.strftime("/history/%Y/%m").to_string();
    for (path, status, holds) in [
        ("/", 200, "Rolls are failing"),
        ("/issues/?q=late", 200, "One result."),
        ("/affected/api/", 200, "<h1 dir=\"auto\">API</h1>"),
        ("/affected/api", 308, "/affected/api/"),
        ("/affected/", 200, "href=\"/affected/api/\""),
        ("/pages/", 200, "href=\"/pages/about/\""),
        ("/pages/about/index.json", 200, "<em>roll</em>"),
        ("/pages/index.json", 200, "\"is\": \"pages\""),
        ("/pages/index.xml", 200, "<title>About</title>"),
        ("/affected/index.xml", 200, "/affected/api/"),
        ("/affected/none/", 404, "Page not found."),
        ("/history/1999/", 404, "Page not found."),
        (&month, 308, "/history/"),
        ("/pages/about", 308, "/pages/about/"),
        ("/pages/about/", 200, "<em>roll</em>"),
        ("/img/logo.svg", 200, "<svg"),
        ("/img/none.svg", 404, "Page not found."),
        ("/maintenance/", 200, "No maintenance is scheduled."),
        ("/subscribe", 200, "/feed.atom"),
        ("/report", 200, "It is not working for me"),
        ("/page.js", 200, "EventSource"),
        ("/nothing", 404, "Page not found."),
    ] {
        let asked = direct.get(format!("{}{path}", site.address));
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(
            path.split('.').next_back() == Some("svg")
                || policy.contains("script-src 'self';") && !policy.contains("unsafe"),
            "{path}"
        );
        let text = match answer.headers().get("location") {
            Some(place) => place.to_str().unwrap().to_owned(),
            None => answer.text().await.unwrap(),
        };
        assert!(text.contains(holds), "{path}: {text}");
    }
}

#[test]
fn the_map_for_crawlers_names_every_page_once_and_one_of_a_figure() {
    let mut scene = gallery::scene("outage", Timestamp::now());
    scene.board.charts = golden::board::with_figure().charts;
    let free = ExtraPage {
        title: "About".into(),
        body: String::new(),
        is_html: false,
        ..ExtraPage::default()
    };
    scene.names.pages.insert("pages/über uns".into(), free);
    let is_mapped = |address: &Address| match address {
        Address::Page { page, .. } => {
            let is_left_out = matches!(page, Row::Report | Row::Missing)
                || matches!(page, Row::Chart(span) | Row::Charts(span) if *span != ChartSpan::Day);
            address.traits().kind == AnswerKind::Html && !is_left_out
        }
        Address::Machine(_) | Address::Translated { .. } => false,
    };
    let list = scene.show(Address::list);
    let list = list.iter().filter(|address| is_mapped(address));
    let mut expected: Vec<_> = list.map(ToString::to_string).collect();
    let map = scene.show(crawlers::sitemap).unwrap();
    let places = map.split("<loc>https://status.example.org").skip(1);
    let mut mapped: Vec<_> = places
        .map(|place| place.split("</loc>").next().unwrap())
        .collect();
    for path in [
        "/affected/api/",
        "/figures/wait/day/",
        "/pages/%C3%BCber%20uns/",
    ] {
        assert!(mapped.contains(&path), "{path}: {mapped:?}");
    }
    mapped.sort_unstable();
    expected.sort_unstable();
    assert_eq!(mapped, expected);
}

#[tokio::test]
async fn the_page_speaks_the_visitors_language_unless_the_site_has_one() {
    let visitors = site().await;
    let german = Page::serve("german").await;
    for (site, accept, language) in [
        (&visitors, "fr-CH, de;q=0.5", "fr"),
        (&visitors, "sv", "en"),
        (&german, "fr", "de"),
    ] {
        let asked = client()
            .get(&site.address)
            .header("accept-language", accept);
        let answer = asked.send().await.unwrap();
        let vary = answer.headers().get_all("vary").iter();
        let vary: Vec<_> = vary.filter_map(|value| value.to_str().ok()).collect();
        // Where the site has a language of its own, wishes change nothing.
        let varies = vary.join(",").contains("accept-language");
        assert_eq!(varies, site.address == visitors.address, "{vary:?}");
        let page = answer.text().await.unwrap();
        assert!(
            page.contains(&format!("<html lang=\"{language}\"")),
            "{accept}"
        );
    }
}
