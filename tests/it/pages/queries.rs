//! Answers to queries, in full or not, and rules that a Prometheus evaluates.

use std::fmt::Write as _;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use critwatch::collect::schedule::Schedule;

use crate::pages::{Prometheus, collector, installed, serve, value, written};
use crate::world::patience::until;
use crate::world::{self, Monitor};

/// The answer to a query as Prometheus' API writes it.
fn vector(series: &str, more: &str) -> String {
    format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{series}]}}{more}}}"
    )
}

#[tokio::test]
async fn a_query_that_is_not_answered_in_full_brings_nothing_and_holds_up_no_other() {
    let answer = async move |body: String| {
        let series =
            "{\"metric\":{\"__name__\":\"up\",\"rule\":\"x\",\"job\":\"j\"},\"value\":[1,\"4\"]}";
        match body.as_str() {
            "query=good+%3E+1&partial_response=false" => (200, vector(series, "")),
            body if body.starts_with("query=empty&") => (200, vector("", ",\"warnings\":null")),
            body if body.starts_with("query=part&") => {
                (200, vector(series, ",\"warnings\":[\"a store is away\"]"))
            }
            body if body.starts_with("query=many&") => (200, vector(&[series; 9].join(","), "")),
            body if body.starts_with("query=slow&") => std::future::pending().await,
            _ => (
                400,
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no such function\"}"
                    .to_owned(),
            ),
        }
    };
    let answer = async move |body: String| {
        let (status, text) = answer(body).await;
        (axum::http::StatusCode::from_u16(status).unwrap(), text)
    };
    let address = serve(Router::new().route("/prom/api/v1/query", post(answer))).await;
    let mut settings = format!("url = 'http://{address}/prom/'\nseries = 5\n");
    for (name, expr) in [
        ("good", "good > 1"),
        ("empty", "empty"),
        ("part", "part"),
        ("many", "many"),
        ("slow", "slow"),
        ("bad", "bad"),
    ] {
        writeln!(
            settings,
            "[[collector.query]]\nname = '{name}'\nexpr = '{expr}'"
        )
        .unwrap();
    }
    let (schedule, mut collector) = collector("query", &settings);
    let schedule = Schedule {
        timeout: Duration::from_millis(700),
        ..schedule
    };
    let (take, failure) = collector.take(&schedule).await;
    assert!(failure.is_none(), "{failure:?}");
    let expected = [
        ("good{exported_job=\"j\",job=\"it\",rule=\"x\"}", "4"),
        ("query_success{job=\"it\",query=\"bad\"}", "0"),
        ("query_success{job=\"it\",query=\"empty\"}", "1"),
        ("query_success{job=\"it\",query=\"good\"}", "1"),
        ("query_success{job=\"it\",query=\"many\"}", "0"),
        ("query_success{job=\"it\",query=\"part\"}", "0"),
        ("query_success{job=\"it\",query=\"slow\"}", "0"),
        ("up{job=\"it\"}", "1"),
    ];
    let expected = expected.map(|(series, value)| (series.to_owned(), value.to_owned()));
    assert_eq!(written(&take.samples), expected.into());
}

/// Asks queries of these names, and gives the words of the failure and the
/// names of those that were answered.
async fn answered(names: &[&str]) -> (String, Vec<String>) {
    let answer = async move |body: String| {
        if body.starts_with("query=slow") {
            std::future::pending::<()>().await;
        }
        vector("", "")
    };
    let address = serve(Router::new().route("/api/v1/query", post(answer))).await;
    let mut settings = format!("url = 'http://{address}'\n");
    for name in names {
        writeln!(
            settings,
            "[[collector.query]]\nname = '{name}'\nexpr = '{name}'"
        )
        .unwrap();
    }
    let (schedule, mut collector) = collector("query", &settings);
    let schedule = Schedule {
        timeout: Duration::from_millis(700),
        ..schedule
    };
    let (take, failure) = collector.take(&schedule).await;
    let good = names
        .iter()
        .filter(|name| value(&take, "query_success", Some(("query", name))) == Some(1.0));
    (
        failure
            .map(|failure| failure.to_string())
            .unwrap_or_default(),
        good.map(|name| (*name).to_owned()).collect(),
    )
}

#[tokio::test]
async fn slow_queries_among_many_do_not_make_all_of_them_late() {
    let names = ["slow1", "a", "b", "c", "slow2", "d", "e", "f", "g"];
    let (failure, good) = answered(&names).await;
    assert_eq!(
        (&*failure, good.join(" ")),
        ("", "a b c d e f g".to_owned())
    );
    // More than are asked at once: what was answered counts all the same.
    let names = ["a", "slow1", "slow2", "slow3", "slow4", "slow5"];
    let (failure, good) = answered(&names).await;
    assert_eq!((&*failure, good.join(" ")), ("", "a".to_owned()));
}

#[tokio::test]
async fn a_rule_that_prometheus_evaluates_fires_there_and_here_and_is_unknown_without_it() {
    if !installed("prometheus") {
        return;
    }
    let (sender, bad) = tokio::sync::watch::channel(0);
    let answer = async move || format!("bad {}\n", *bad.borrow());
    let target = serve(Router::new().route("/metrics", get(answer))).await;
    // A function that we do not evaluate: what is theirs need not be ours.
    let expr = "histogram_quantile(0.5, bad) or max(bad) by (job) > 0";
    let prometheus = Prometheus::start(
        &format!(
            "global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\nscrape_configs:\n- {{job_name: t, static_configs: [{{targets: ['{target}']}}]}}"
        ),
        &format!("groups:\n- name: g\n  rules:\n  - {{alert: too-bad, expr: '{expr}'}}\n"),
    );
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let alerts = format!(
        "source = 'prometheus'\n[site]\ntitle = 'D'\nhold = '1s'\n[[component]]\nid = 'c'\nname = 'C'\n\
        [[collector]]\nid = 'prometheus'\ntype = 'query'\nurl = '{}'\ninterval = '1s'\ntimeout = '900ms'\n\
        [[rule]]\nid = 'too-bad'\nexpr = '{expr}'\nseverity = 'down'\ncomponents = ['c']\ntitle = 'Bad'\ntext = 'It is {{{{ value }}}}.'\n",
        prometheus.url
    );
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let state = async |state: &str| {
        let page = world::get(&format!("{}/metrics", monitor.ops)).await.1;
        let line = format!("critwatch_rule_state{{rule=\"too-bad\",state=\"{state}\"}} 1");
        page.contains(&line).then_some(())
    };
    let incident = || {
        let mut files = std::fs::read_dir(place.path().join("incidents")).unwrap();
        let file = files.find(|file| {
            !file
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        });
        file.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
    };
    until("the rule is quiet", async || state("quiet").await).await;
    assert_eq!(incident(), None);

    sender.send_replace(7);
    until("the rule fires here", async || state("firing").await).await;
    let alert = "ALERTS{alertname=\"too-bad\",alertstate=\"firing\"}";
    until("the rule fires there", async || {
        (prometheus.query(alert).await.len() == 1).then_some(())
    })
    .await;
    until("the incident is written", async || incident()).await;
    assert!(incident().unwrap().contains("It is 7."), "{:?}", incident());

    let mut child = prometheus.child;
    child.kill().await.unwrap();
    until("the rule is unknown", async || state("unknown").await).await;
    let text = incident().unwrap();
    assert!(text.contains("resolved: false"), "{text}");
    assert!(monitor.stop().await.success());
}
