//! Status pages of providers, served as each of them writes it.

mod asking;
mod clouds;
mod forms;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse as _;
use axum::routing::get;
use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use critwatch::model::sample::Take;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A provider: pages by their path, which may change while it runs.
pub(crate) struct Provider {
    pub(crate) url: String,
    pages: watch::Sender<BTreeMap<&'static str, Vec<u8>>>,
    /// Requests that were answered with a whole page.
    whole: Arc<AtomicUsize>,
}

impl Provider {
    pub(crate) async fn start(path: &'static str, page: impl Into<Vec<u8>>) -> Self {
        let (pages, seen) = watch::channel(BTreeMap::from([(path, page.into())]));
        let whole = Arc::new(AtomicUsize::new(0));
        let counted = whole.clone();
        let answer = async move |uri: Uri, headers: HeaderMap| {
            let Some(page) = seen.borrow().get(uri.path()).cloned() else {
                return (StatusCode::NOT_FOUND, "<html>nothing here</html>").into_response();
            };
            let tag = format!("\"{}\"", page.len());
            if headers
                .get("if-none-match")
                .is_some_and(|value| *value == *tag)
            {
                return StatusCode::NOT_MODIFIED.into_response();
            }
            counted.fetch_add(1, Ordering::Relaxed);
            ([("etag", tag)], page).into_response()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(
            async move { axum::serve(listener, Router::new().fallback(get(answer))).await },
        );
        Self { url, pages, whole }
    }

    pub(crate) fn set(&self, path: &'static str, page: impl Into<Vec<u8>>) {
        self.pages.send_modify(|pages| {
            pages.insert(path, page.into());
        });
    }
}

pub(crate) fn collector(url: &str, settings: &str) -> (Schedule, Collector) {
    let text = format!(
        "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = 'provider'\nname = 'P'\nurl = '{url}'\n{settings}\n"
    );
    let config = config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
        .unwrap_or_else(|error| panic!("{error}"));
    let (schedule, target) = config.collectors.into_iter().next().unwrap();
    let timeout = Duration::from_secs(30);
    let clients = critwatch::collect::http::clients::HttpClients {
        redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
        direct: critwatch::runtime::client::direct(timeout).unwrap(),
    };
    (schedule, Collector::new(target, &clients).unwrap())
}

/// What came of asking, on one line: samples, then what is shown.
pub(crate) fn said(take: &Take) -> String {
    let mut said: Vec<_> = take
        .samples
        .iter()
        .filter(|sample| sample.metric.name.starts_with("provider_"))
        .map(|sample| {
            let labels = &sample.metric.labels;
            let name = sample.metric.name.trim_start_matches("provider_");
            let part = labels
                .get("component")
                .map(|part| format!("({part})"))
                .unwrap_or_default();
            format!("{name}{part}={}", sample.value)
        })
        .collect();
    said.extend(take.related.iter().map(|related| {
        let since = related
            .since
            .map(|since| since.to_string())
            .unwrap_or_default();
        let link = related.link.clone().unwrap_or_default();
        format!("[{} {} {since} {link}]", related.health, related.title)
    }));
    said.join(" ")
}

/// Asks a provider with one page and compares what is said.
pub(crate) async fn check(
    path: &'static str,
    page: impl Into<Vec<u8>>,
    settings: &str,
    expected: &str,
) {
    let provider = Provider::start(path, page).await;
    let (schedule, mut collector) = collector(&provider.url, settings);
    let (take, failure) = collector.take(&schedule).await;
    let failure = failure.map(|failure| failure.to_string());
    let said = failure.unwrap_or_else(|| said(&take));
    // Links may lead below the page that was asked.
    let said = said.replace(&provider.url, "{url}");
    assert_eq!(said, expected, "{path} {settings}");
}

const STATUSPAGE: &str = r#"{
  "page": {"id": "p1", "name": "Some Cloud", "url": "https://status.example.org"},
  "status": {"indicator": "none", "description": "All fine"},
  "components": [
    {"id": "g", "name": "Europe", "status": "operational", "group": true},
    {"id": "a", "name": "Discs", "status": "partial_outage", "group": false},
    {"id": "b", "name": "Network", "status": "operational"},
    {"id": "c", "name": "Names", "status": "some_new_word"}
  ],
  "incidents": [
    {"name": "Discs are \u202eslow\u202c\n<b>today</b>", "status": "monitoring", "impact": "major",
     "created_at": "2026-03-01T10:00:00.000+01:00", "shortlink": "https://stspg.example/x1",
     "components": [{"name": "Discs"}]},
    {"name": "Long over", "status": "resolved", "impact": "critical"}
  ],
  "scheduled_maintenances": [
    {"name": "New cables", "status": "in_progress", "scheduled_for": "2026-03-01T08:00:00Z",
     "shortlink": "javascript:alert(1)", "components": [{"name": "Network"}]},
    {"name": "Next week", "status": "scheduled"}
  ]
}"#;

#[tokio::test]
async fn a_page_of_statuspage_is_as_bad_as_its_worst_open_incident() {
    let path = "/api/v2/summary.json";
    let discs =
        "[disrupted Discs are slow <b>today</b> 2026-03-01T09:00:00Z https://stspg.example/x1]";
    let cables = "[notice New cables 2026-03-01T08:00:00Z ]";
    check(
        path,
        STATUSPAGE,
        "",
        &format!("status=2 incidents_open=2 {discs} {cables}"),
    )
    .await;
    let some = "components = ['discs ', 'Network']";
    check(
        path,
        STATUSPAGE,
        some,
        &format!("status=2 status(Discs)=2 status(Network)=0 incidents_open=2 {discs} {cables}"),
    )
    .await;
    check(
        path,
        STATUSPAGE,
        "components = ['Network']",
        &format!("status=1 status(Network)=0 incidents_open=1 {cables}"),
    )
    .await;
}

#[tokio::test]
async fn what_is_odd_in_a_page_is_unknown_and_never_well() {
    let path = "/api/v2/summary.json";
    // A word that we do not know is unknown.
    check(
        path,
        STATUSPAGE,
        "components = ['Names']",
        "incidents_open=0",
    )
    .await;
    check(
        path,
        STATUSPAGE,
        "components = ['Tables']",
        "the provider has no component `Tables`",
    )
    .await;
    // incident.io writes null where there is nothing.
    let bare = r#"{"status": {"indicator": "minor"}, "components": null, "incidents": null}"#;
    check(
        path,
        bare,
        "",
        "status=1 incidents_open=0 [notice Reports a problem  ]",
    )
    .await;
    let odd = r#"{"status": {"indicator": "purple"}}"#;
    let forms = "name its `format`, which is one of statuspage, firehydrant, instatus, betterstack, \
        cstate, heroku, google, slack, azure, aws, statusio";
    check(
        path,
        odd,
        "",
        &format!(
            "this is not a status page in a format that we know (`statuspage` comes nearest, but \
             something in the page is not as it is there); {forms}"
        ),
    )
    .await;
    check(
        "/other",
        odd,
        "",
        &format!("this is not a status page in a format that we know; {forms}"),
    )
    .await;
    check(
        path,
        odd,
        "format = 'statuspage'",
        "the page is not as pages of the form `statuspage` are",
    )
    .await;
}

#[tokio::test]
async fn each_form_is_found_by_asking_and_read() {
    check(
        "/data/payload.json",
        r#"{"conditions": {"Up": "OPERATIONAL", "Limping": "DEGRADED", "Gone": "OFFLINE"},
            "components": [{"name": "Europe", "condition": "Up"}, {"name": "Asia"}],
            "incidents": [
              {"name": "Asia is away", "timestamps": {"started": "2026-03-01T10:00:00Z", "resolved": null},
               "severitySlug": "sev1", "components": [{"name": "Asia", "condition": "Gone"}]},
              {"name": "Over", "timestamps": {"started": "2026-02-01T10:00:00Z", "resolved": "2026-02-01T11:00:00Z"}}]}"#,
        "components = ['Asia', 'Europe']",
        "status=3 status(Europe)=0 status(Asia)=3 incidents_open=1 [down Asia is away 2026-03-01T10:00:00Z ]",
    )
    .await;
    check(
        "/v3/summary.json",
        r#"{"page": {"name": "N", "url": "https://n.example", "status": "HASISSUES"},
            "activeIncidents": [{"name": "Slow", "started": "2026-03-01T10:00:00Z", "status": "INVESTIGATING",
              "impact": "PARTIALOUTAGE", "url": "https://n.example/1"}]}"#,
        "",
        "status=2 incidents_open=1 [disrupted Slow 2026-03-01T10:00:00Z https://n.example/1]",
    )
    .await;
    check(
        "/v3/summary.json",
        r#"{"page": {"status": "UP"}}"#,
        "",
        "status=0 incidents_open=0",
    )
    .await;
    check(
        "/index.json",
        r#"{"data": {"attributes": {"aggregate_state": "degraded"}}, "included": [
            {"id": "1", "type": "status_page_resource", "attributes": {"public_name": "Site", "status": "operational"}},
            {"id": "2", "type": "status_page_resource", "attributes": {"public_name": "API", "status": "degraded"}},
            {"id": "3", "type": "status_report", "attributes": {"title": "API lags", "starts_at": "2026-03-01T10:00:00Z",
              "ends_at": null, "aggregate_state": "degraded", "affected_resources": [{"status_page_resource_id": "2"}]}},
            {"id": "4", "type": "status_report", "attributes": {"title": "Past", "starts_at": "2026-02-01T10:00:00Z",
              "ends_at": "2026-02-01T11:00:00Z", "aggregate_state": "downtime"}}]}"#,
        "components = ['API']",
        "status=2 status(API)=2 incidents_open=1 [disrupted API lags 2026-03-01T10:00:00Z ]",
    )
    .await;
    check(
        "/api/v4/current-status",
        r#"{"status": [{"system": "Apps", "status": "green"}, {"system": "Data", "status": "yellow"}],
            "incidents": [{"title": "Backups late", "created_at": "2026-03-01T10:00:00Z", "resolved": true,
              "full_url": "https://status.example.com/1"}]}"#,
        "",
        "status=2 incidents_open=1 [disrupted Backups late 2026-03-01T10:00:00Z https://status.example.com/1]",
    )
    .await;
    // Ours, as we write it ourselves.
    let golden = include_str!("../../golden/index.json.snap");
    let own = golden.splitn(3, "---\n").nth(2).unwrap();
    check(
        "/index.json",
        own,
        "components = ['API', 'Blog']",
        "status=3 status(API)=3 status(Blog)=0 incidents_open=1 \
            [down Rolls <b>fail</b> & \"more\" 2026-03-01T18:48:00Z https://status.example.org/issues/2026-03-01-rolls-fail/]",
    )
    .await;
}
