//! How a provider is asked, and how often.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::providers::{Provider, STATUSPAGE, collector, said};
use crate::world::Monitor;
use crate::world::patience::until;

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again_and_one_that_moved_is_found_anew() {
    let path = "/api/v2/summary.json";
    let provider = Provider::start(path, STATUSPAGE).await;
    let (schedule, mut collector) = collector(&provider.url, "");
    assert_eq!(
        (schedule.interval, schedule.timeout),
        (Duration::from_mins(2), Duration::from_secs(10))
    );
    let (first, _) = collector.take(&schedule).await;
    let (second, failure) = collector.take(&schedule).await;
    assert!(failure.is_none(), "{failure:?}");
    assert_eq!(said(&first), said(&second));
    assert_eq!(provider.whole.load(Ordering::Relaxed), 1);
    // It moves to another supplier of status pages.
    provider.set(path, "gone");
    provider.set("/v3/summary.json", r#"{"page": {"status": "UP"}}"#);
    let mut odd = 0;
    let healed = loop {
        let (take, failure) = collector.take(&schedule).await;
        if failure.is_none() {
            break take;
        }
        // Meanwhile nothing is known and nothing is shown.
        assert_eq!(said(&take), "");
        odd += 1;
        assert!(odd < 10);
    };
    assert_eq!(
        (said(&healed), odd),
        ("status=0 incidents_open=0".to_owned(), 3)
    );
}

#[tokio::test]
async fn parts_in_a_place_of_their_own_are_asked_for_though_the_page_did_not_change() {
    let provider = Provider::start("/v3/summary.json", r#"{"page": {"status": "UP"}}"#).await;
    let parts =
        |status: &str| format!(r#"{{"components": [{{"name": "API", "status": "{status}"}}]}}"#);
    let path = "/v3/components.json";
    provider.set(path, parts("OPERATIONAL"));
    let (schedule, mut collector) = collector(&provider.url, "components = ['API']");
    let (take, _) = collector.take(&schedule).await;
    assert_eq!(said(&take), "status=0 status(API)=0 incidents_open=0");
    provider.set(path, parts("MAJOROUTAGE"));
    let (take, failure) = collector.take(&schedule).await;
    assert!(failure.is_none(), "{failure:?}");
    assert!(said(&take).contains("status(API)=3"), "{}", said(&take));
}

#[tokio::test]
async fn a_provider_may_lead_to_one_other_host_and_no_further() {
    let provider = Provider::start("/api/v2/summary.json", STATUSPAGE).await;
    let leads = async |to: String| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer = async move |uri: Uri| Redirect::temporary(&format!("{to}{}", uri.path()));
        tokio::spawn(
            async move { axum::serve(listener, Router::new().fallback(get(answer))).await },
        );
        port
    };
    // `localhost` and `127.0.0.1` are two hosts by name.
    let one = leads(provider.url.clone()).await;
    let (schedule, mut collector) = collector(&format!("http://localhost:{one}"), "");
    let (take, failure) = collector.take(&schedule).await;
    assert!(failure.is_none(), "{failure:?}");
    assert!(said(&take).starts_with("status=2"));
    let two = leads(format!("http://localhost:{one}")).await;
    let (schedule, mut collector) = self::collector(&format!("http://127.0.0.1:{two}"), "");
    let (_, failure) = collector.take(&schedule).await;
    assert!(
        failure
            .unwrap()
            .to_string()
            .contains("redirected too often")
    );
}

#[tokio::test]
async fn bad_news_of_a_provider_is_shown_as_its_own_and_opens_no_incident() {
    let provider = Provider::start("/api/v2/summary.json", STATUSPAGE).await;
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let alerts = format!(
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'cloud'\ntype = 'provider'\n\
        name = 'Some Cloud'\nurl = '{}'\ninterval = '1s'\n[[rule]]\nid = 'upstream'\nexpr = 'provider_status >= 2'\n\
        severity = 'down'\ncomponents = ['c']\ntitle = 'T'\ntext = 't'\npublish = 'internal'\n",
        provider.url
    );
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let told = async || {
        let page = monitor.get("/").await.1;
        let is_told = page.contains("Reported by our providers");
        (page, is_told)
    };
    let page = until("its news is shown", async || {
        let (page, is_told) = told().await;
        is_told.then_some(page)
    })
    .await;
    let page = page.replace("<bdi>", "").replace("</bdi>", "");
    assert!(page.contains("Some Cloud: <a href=\"https://stspg.example/x1\" rel=\"nofollow noopener noreferrer\" dir=\"auto\">Discs are slow &#60;b&#62;today"), "{page}");
    assert!(
        page.contains("No incidents reported.") && !page.contains("javascript:"),
        "{page}"
    );
    let health = crate::world::get(&format!("{}/metrics", monitor.ops))
        .await
        .1;
    assert!(
        health.contains("critwatch_rule_state{rule=\"upstream\",state=\"firing\"} 1"),
        "{health}"
    );
    assert_eq!(
        std::fs::read_dir(place.path().join("incidents"))
            .unwrap()
            .count(),
        0
    );
    // What ends there ends here, too.
    provider.set(
        "/api/v2/summary.json",
        r#"{"status": {"indicator": "none"}}"#,
    );
    until("its news is gone", async || !told().await.1).await;
    assert!(monitor.stop().await.success());
}
