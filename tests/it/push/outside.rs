//! What is pushed from outside, by its own listener: heartbeats by a secret address, and
//! samples of a real Prometheus and a real SDK of OpenTelemetry.

use std::process::Stdio;

use tokio::process::Command;

use crate::push::{Pushed, client, post};
use crate::world;
use crate::world::peer::Prometheus;

const TOKEN: &str = "a token of the agents";

/// A listener, a heartbeat with a secret, and a collector of samples with a rule each for what
/// is pushed and for nothing being pushed.
const OUTSIDE: &str = r#"
[push]
listen = "127.0.0.1:0"

[[component]]
id = "agents"
name = "Agents"

[[component]]
id = "imports"
name = "Imports"

[[collector]]
id = "outside"
type = "heartbeat"
names = ["import"]
secrets = { import = "an-address-of-import" }

[[collector]]
id = "agents"
type = "push"
token = "a token of the agents"
interval = "1s"
timeout = "500ms"

[[rule]]
id = "import-failed"
expr = 'heartbeat_text_info and on (name) heartbeat_success{name="import"} == 0'
severity = "notice"
components = ["imports"]
title = "Import failed"
text = "It is."

[[rule]]
id = "agent-well"
expr = 'up{job="agents", exported_job="itself"} == 1'
severity = "notice"
components = ["agents"]
title = "An agent pushes"
text = "It is."

[[rule]]
id = "many-jobs"
expr = 'jobs_done_total{job="agents", exported_job="dice/rolls", kind="roll"} == 7 and on () jobs_time_seconds_count > 2'
severity = "disrupted"
components = ["agents"]
title = "Many jobs"
text = "It is."

[[rule]]
id = "agent-silent"
expr = 'up{job="agents", exported_job=""} == 0'
severity = "down"
components = ["agents"]
title = "No agent pushes"
text = "It is."
"#;

#[tokio::test]
async fn a_job_outside_beats_by_an_address_of_its_own() {
    let pushed = Pushed::new(OUTSIDE).await;
    let address = pushed.outside("/push/an-address-of-import");
    assert_eq!(world::get(&address).await.0, 200);
    pushed
        .monitor()
        .until_rule_is("import-failed", "quiet")
        .await;
    let (status, _) = post(&format!("{address}/fail"), "disk\nfull").await;
    assert_eq!(status, 200);
    pushed.until("imports", "notice").await;
    assert_eq!(
        world::get(&format!("{address}?status=up&msg=")).await.0,
        200
    );
    pushed.until("imports", "ok").await;
    // Nobody learns what addresses there are, and nothing else is there.
    for path in [
        "/push/an-address-of-imports",
        "/push/import",
        "/metrics",
        "/",
    ] {
        assert_eq!(world::get(&pushed.outside(path)).await.0, 404, "{path}");
    }
    let elsewhere = pushed.ops("/push/an-address-of-import");
    assert_eq!(world::get(&elsewhere).await.0, 404);
}

#[tokio::test]
async fn samples_need_the_token_and_a_form_that_is_known() {
    let pushed = Pushed::new(OUTSIDE).await;
    for path in ["/api/v1/write", "/v1/metrics"] {
        let send = async |token: &str, kind: &str, encoding: &str, body: Vec<u8>| {
            let request = client()
                .post(pushed.outside(path))
                .header("authorization", token)
                .header("content-type", kind)
                .header("content-encoding", encoding);
            let answer = request.body(body).send().await.unwrap();
            answer.status().as_u16()
        };
        let bearer = format!("Bearer {TOKEN}");
        let protobuf = "application/x-protobuf";
        for token in ["", "Bearer nobody knows this", "Basic ???", TOKEN] {
            assert_eq!(send(token, protobuf, "", Vec::new()).await, 401, "{token}");
        }
        assert_eq!(send(&bearer, "text/plain", "", Vec::new()).await, 415);
        assert_eq!(send(&bearer, protobuf, "br", Vec::new()).await, 415);
        assert_eq!(send(&bearer, protobuf, "", vec![0xff; 100]).await, 400);
        let long = send(&bearer, protobuf, "", vec![0; 5 * 1024 * 1024]).await;
        assert_eq!(long, 413);
    }
}

#[tokio::test]
async fn a_real_prometheus_writes_to_us_and_its_death_is_seen() {
    if !Prometheus::is_here() {
        return;
    }
    let pushed = Pushed::new(OUTSIDE).await;
    pushed
        .monitor()
        .until_rule_is("agent-silent", "firing")
        .await;
    let folder = tempfile::tempdir().unwrap();
    let settings = format!(
        "global: {{scrape_interval: 500ms}}\n\
        scrape_configs: [{{job_name: itself, static_configs: [{{targets: ['127.0.0.1:1', 'X']}}]}}]\n\
        remote_write: [{{url: '{}', basic_auth: {{username: any, password: '{TOKEN}'}}, \
        queue_config: {{batch_send_deadline: 200ms}}}}]\n",
        pushed.outside("/api/v1/write"),
    );
    // It scrapes our own operators' page, which is there.
    let target = pushed
        .monitor()
        .ops
        .trim_start_matches("http://")
        .to_owned();
    let prometheus = Prometheus::start(folder.path(), &settings.replace('X', &target)).await;
    pushed.monitor().until_rule_is("agent-well", "firing").await;
    pushed
        .monitor()
        .until_rule_is("agent-silent", "quiet")
        .await;
    drop(prometheus);
    pushed
        .monitor()
        .until_rule_is("agent-silent", "firing")
        .await;
    // Nobody looks any more: what it said last is neither good nor bad.
    pushed
        .monitor()
        .until_rule_is("agent-well", "unknown")
        .await;
}

/// Pushes a counter and a histogram until it is ended.
const SERVICE: &str = r#"
import os, signal
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
exporter = OTLPMetricExporter(endpoint=os.environ["ENDPOINT"], headers={"authorization": "Bearer " + os.environ["TOKEN"]})
reader = PeriodicExportingMetricReader(exporter, export_interval_millis=300)
resource = Resource.create({"service.name": "rolls", "service.namespace": "dice"})
meter = MeterProvider(metric_readers=[reader], resource=resource).get_meter("test")
meter.create_counter("jobs.done", unit="{job}").add(7, {"kind": "roll"})
times = meter.create_histogram("jobs.time", unit="s")
for seconds in (0.5, 1.5, 20): times.record(seconds)
print("up", flush=True)
signal.pause()
"#;

#[tokio::test]
async fn a_real_sdk_of_opentelemetry_pushes_to_us() {
    let libraries = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/otel");
    if !libraries.join("opentelemetry").exists() {
        println!("NOT TESTED: OpenTelemetry's SDK is not in target/otel");
        return;
    }
    let pushed = Pushed::new(OUTSIDE).await;
    let _service = Command::new("python3")
        .args(["-c", SERVICE])
        .env("PYTHONPATH", libraries)
        .env("ENDPOINT", pushed.outside("/v1/metrics"))
        .env("TOKEN", TOKEN)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    pushed.until("agents", "disrupted").await;
}
