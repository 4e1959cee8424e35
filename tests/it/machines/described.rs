//! The description of all addresses, against their real answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use critwatch::model::board::Board;
use critwatch::web;
use critwatch::web::formats::machines::address::MachineAddress;
use critwatch::web::serving::cache::RenderCache;
use critwatch::web::serving::connections::listen;
use critwatch::web::serving::connections::visitor::Proxies;
use critwatch::web::serving::live::{LIVE, Live};
use critwatch::web::serving::metrics::HttpMetrics;
use critwatch::web::serving::public::Public;
use critwatch::web::site::{Names, Site, View};
use critwatch::web::site_elements::ExtraPage;
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::machines::{FILES, board, json, names, now};

/// The description, as it is served.
fn described() -> Value {
    json("/api/openapi.json")
}

fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// A site with a page of its own.
fn site_names() -> Names {
    let about = ExtraPage {
        title: "About".into(),
        body: "We *roll*.".into(),
        filename: "about.md".into(),
        ..ExtraPage::default()
    };
    Names {
        pages: [("pages/about".to_owned(), about)].into(),
        ..names()
    }
}

/// The public listener on a free port.
async fn serve(board: Board) -> String {
    let (board_sender, boards) = watch::channel(Arc::new(board));
    let site = Site::new(site_names(), boards);
    let (site_sender, sites) = watch::channel(site.clone());
    let (press, printing) = RenderCache::new(sites);
    let (live, herald) = Live::new(&press, 1);
    let figures = HttpMetrics::register(&prometheus::Registry::new(), LIVE).unwrap();
    let (forms, proxies) = (crate::gallery::forms(), Proxies::default());
    let public = Public::new(site, press, live, forms, proxies, figures);
    let (routes_sender, routes) = watch::channel(web::routes(public));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        listen::serve(listener, routes, 1024, CancellationToken::new()).await;
        drop((board_sender, site_sender, routes_sender, printing, herald));
    });
    format!("http://{address}")
}

#[tokio::test]
async fn every_described_address_answers_as_described_and_none_is_undescribed() {
    let document = described();
    let (board, names) = (board(&FILES, now()), site_names());
    let view = View::new(&names, &board, now());
    let machines = MachineAddress::all(&view);
    let url = serve(board.clone()).await;
    let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
    let mut asked = BTreeSet::new();
    for machine in machines {
        let pattern = machine.pattern();
        let answer = &document["paths"][pattern]["get"]["responses"]["200"]["content"];
        let answer = answer
            .as_object()
            .unwrap_or_else(|| panic!("{pattern} is not described"));
        let (kind, content) = answer.iter().next().unwrap();
        let response = client
            .get(format!("{url}{}", machine.path()))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{machine:?}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), *kind, "{machine:?}");
        assert_eq!(header("access-control-allow-origin"), "*", "{machine:?}");
        let policy = header("content-security-policy");
        let framed = policy.contains("frame-ancestors *");
        assert_eq!(
            framed,
            machine == MachineAddress::EmbedFrame,
            "{machine:?}: {policy}"
        );
        let text = response.text().await.unwrap();
        if kind == "application/json" {
            let value: Value = serde_json::from_str(&text).unwrap();
            let validator = validator(&document, &content["schema"]);
            let faults: Vec<_> = validator
                .iter_errors(&value)
                .map(|error| format!("{error} at {}", error.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{machine:?}: {faults:#?}");
        }
        asked.insert(pattern);
    }
    // What visitors may do is asked elsewhere, of a monitor that listens to them.
    asked.extend(["/report", "/subscribe"]);
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths.keys().map(String::as_str).collect();
    assert_eq!(asked, described);
}

#[tokio::test]
async fn machines_may_be_read_from_any_site_and_nothing_else_may_be_done() {
    let url = serve(board(&FILES, now())).await;
    let client = critwatch::runtime::client::new(Duration::from_secs(5), true).unwrap();
    let ask = async |method: reqwest::Method, path: &str| {
        let request = client.request(method, format!("{url}{path}"));
        let request = request.header("origin", "https://elsewhere.example.org");
        let response = request
            .header("access-control-request-method", "GET")
            .send()
            .await
            .unwrap();
        let open = response
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap().to_owned());
        (
            response.status().as_u16(),
            open,
            response.text().await.unwrap(),
        )
    };
    let open = Some("*".to_owned());
    let (status, origin, body) = ask(reqwest::Method::OPTIONS, "/api/v2/summary.json").await;
    assert_eq!((status, origin, &*body), (204, open.clone(), ""));
    let (status, origin, body) = ask(reqwest::Method::HEAD, "/feed.atom").await;
    assert_eq!((status, origin, &*body), (200, open.clone(), ""));
    let (status, origin, _) = ask(reqwest::Method::POST, "/index.json").await;
    assert_eq!((status, origin), (405, open.clone()));
    let (status, origin, _) = ask(reqwest::Method::GET, "/affected/nothing/index.json").await;
    assert_eq!((status, origin), (404, open));
    // Pages are for people on the page itself.
    let (status, origin, _) = ask(reqwest::Method::GET, "/").await;
    assert_eq!((status, origin), (200, None));
}
