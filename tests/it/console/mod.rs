//! The operators' console, through the running program.

mod barriers;
mod pages;

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use reqwest::{Client, RequestBuilder};

use crate::pages::serve;
use crate::world::Monitor;
use crate::world::patience::until;

/// What operators log in with.
const TOKEN: &str = "open the door please";

/// The metrics page of a service on a bad day.
const METRICS: &str = "\
queue_jobs{queue=\"mail\"} 12
queue_jobs{queue=\"rolls\"} 1240
queue_jobs{queue=\"exports\"} 3
memory_bytes 503316480
memory_limit_bytes 536870912
requests_total{code=\"200\"} 918273
requests_total{code=\"500\"} 42
";

/// A monitor with something of everything.
pub(crate) struct Console {
    pub(crate) monitor: Monitor,
    pub(crate) cookie: String,
    place: tempfile::TempDir,
}

impl Console {
    /// Starts it and waits until its rules were judged.
    pub(crate) async fn start() -> Self {
        let page = Router::new().route("/metrics", get(async || METRICS));
        let target = serve(page).await;
        let place = tempfile::tempdir().unwrap();
        write(place.path(), &target.to_string());
        let monitor = Monitor::serve(place.path(), &[]).await;
        let sent = client()
            .post(format!("{}/login", monitor.ops))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", &monitor.ops)
            .body(format!("token={}", TOKEN.replace(' ', "+")))
            .send()
            .await
            .unwrap();
        assert_eq!(sent.headers()["location"], "/console/");
        let cookie = sent.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let console = Self {
            monitor,
            cookie,
            place,
        };
        until("the rules were judged", async || {
            let (_, page) = console.page("/console/").await;
            let shown = page.contains("rolls-waiting") && page.contains("Too many rolls wait");
            let fails = page.contains("Failing since");
            (shown && fails).then_some(()).ok_or(page)
        })
        .await;
        console
    }

    /// Asks as a browser does that is logged in.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        let request = client().get(format!("{}{path}", self.monitor.ops));
        let request = request.header("Accept", "text/html,application/xhtml+xml");
        request.header("Cookie", &self.cookie)
    }

    /// The status and the text of a page.
    pub(crate) async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.get(path).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

/// A client that goes nowhere by itself.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .tls_certs_only([])
        .build()
        .unwrap()
}

fn write(place: &Path, target: &str) {
    std::fs::create_dir(place.join("incidents")).unwrap();
    let settings = SETTINGS.replace("TARGET", target);
    std::fs::write(place.join("alerts.toml"), settings).unwrap();
    std::fs::write(place.join("alerts.test.yml"), TESTS).unwrap();
}

/// One test that passes, and one that does not.
const TESTS: &str = "\
evaluation_interval: 1s
tests:
  - name: many rolls wait
    interval: 1s
    input_series:
      - { series: 'queue_jobs{job=\"service\", queue=\"rolls\"}', values: '1500x20' }
    verdicts:
      - { eval_time: 5s, rule: rolls-waiting, state: firing }
      - { eval_time: 6s, rule: rolls-waiting, state: quiet }
";

const SETTINGS: &str = r#"
[site]
title = "Dice & Co"
timezone = "Europe/Berlin"

[ops]
token = "open the door please"

[[component]]
id = "api"
name = "API"

[[component]]
id = "worker"
name = "Worker"

[[component]]
id = "mail"
name = "Mail"

[[component]]
id = "blog"
name = "Blog"

[[collector]]
id = "service"
type = "prometheus"
url = "http://TARGET/metrics"
interval = "1s"

[[collector]]
id = "gone"
type = "http"
url = "http://127.0.0.1:9/healthz"
interval = "1s"

[[rule]]
id = "rolls-waiting"
expr = 'queue_jobs > 1000'
keep_firing_for = "30s"
severity = "down"
components = ["worker"]
title = "Too many rolls wait"
text = "{{ value }} rolls wait in {{ labels.queue }}."

[[rule]]
id = "memory-high"
expr = 'memory_bytes / memory_limit_bytes > 0.9'
for = "1h"
severity = "disrupted"
components = ["api"]
title = "Memory is nearly full"
text = "{{ value | percent }} of the memory is in use."

[[rule]]
id = "probe-fails"
expr = 'probe_success{job="gone"} == 0'
severity = "notice"
publish = "internal"
components = ["mail"]
title = "The mail gateway does not answer"
text = "It does not answer."

[[rule]]
id = "export-missing"
expr = 'export_age_seconds > 3600'
severity = "notice"
components = ["mail"]
title = "Exports are late"
text = "The last export is old."

[[rule]]
id = "errors"
expr = 'rate(requests_total{code="500"}[5m]) > 1'
severity = "down"
components = ["api"]
title = "Requests fail"
text = "Requests fail."
"#;
