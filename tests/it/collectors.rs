//! Every collector against servers that answer badly: the samples say what
//! happened, and the time is kept.

use std::path::Path;
use std::time::{Duration, Instant};

use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;

use crate::world::foul::{Foul, KINDS, Kind};

/// What each collector that speaks to a server is set up with; `{address}` is
/// the server's.
const COLLECTORS: [(&str, &str); 8] = [
    ("redis", "url = 'redis://{address}'"),
    ("prometheus", "url = 'http://{address}/metrics'"),
    (
        "query",
        "url = 'http://{address}'\n[[collector.query]]\nname = 'a'\nexpr = 'b'",
    ),
    ("provider", "url = 'http://{address}'"),
    ("http", "url = 'http://{address}/'"),
    (
        "tcp",
        "address = '{address}'\nsend = \"PING\\r\\n\"\nexpect = 'PONG'",
    ),
    ("websocket", "url = 'ws://{address}/'\nexpect = '.'"),
    (
        "steps",
        "url = 'http://{address}'\nstep = [{ name = 'ask', expect = { pointer = '/data' } }]",
    ),
];

/// Kinds of answers that a collector may take for good ones.
fn is_good(collector: &str, kind: Kind) -> bool {
    matches!(
        (collector, kind),
        // Any answer with the right status is a good one.
        ("http", Kind::Nonsense | Kind::Huge)
    )
}

fn set_up(kind: &str, settings: &str) -> (Schedule, Collector) {
    let text = format!(
        "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = '{kind}'\ntimeout = '300ms'\n{settings}\n"
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

#[tokio::test]
async fn a_bad_server_is_told_by_samples_and_in_time() {
    for (name, settings) in COLLECTORS {
        for kind in KINDS {
            let server = Foul::start(kind).await;
            let settings = settings.replace("{address}", &server.address.to_string());
            let (schedule, mut collector) = set_up(name, &settings);
            let start = Instant::now();
            let (take, failure) = collector.take(&schedule).await;
            let took = start.elapsed();
            // A probe is up as soon as its target answers, be it wrongly.
            let is_probe = matches!(name, "http" | "tcp" | "websocket" | "steps");
            let said = if is_probe { "probe_success" } else { "up" };
            let up: Vec<_> = take
                .samples
                .iter()
                .filter(|sample| sample.metric.name == said)
                .map(|sample| sample.value)
                .collect();
            let good = is_good(name, kind);
            assert_eq!(
                up,
                [f64::from(u8::from(good))],
                "{name} of a server that is {kind:?}: {failure:?}"
            );
            assert_eq!(failure.is_none(), good, "{name}, {kind:?}: {failure:?}");
            assert!(
                took < schedule.timeout * 10,
                "{name} waited {took:?} for a server that is {kind:?}"
            );
        }
    }
}
