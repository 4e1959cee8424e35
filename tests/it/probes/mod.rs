//! Probes against real servers that answer well, wrongly, or not at all.

mod certificates;
mod http;
mod lines;
mod network;
mod steps;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use critwatch::collect::Collector;
use critwatch::collect::probe::network::Network;
use critwatch::collect::schedule::Schedule;
use critwatch::collect::target::Target;
use critwatch::config;
use tokio::net::TcpListener;

/// A collector with the schedule that its settings ask for.
struct Probing {
    schedule: Schedule,
    collector: Collector,
}

/// What one attempt brought, by series as in `name{label="value"}` without `job`.
#[derive(Debug)]
struct Seen {
    samples: BTreeMap<String, f64>,
    failure: Option<String>,
}

/// The settings of one collector with the id `it`.
fn settings(rest: &str) -> String {
    format!(
        "[site]\ntitle = 'D'\n[[component]]\nid = 'application'\nname = 'Application'\n\
        [[component]]\nid = 'api'\nname = 'API'\n[[collector]]\nid = 'it'\n{rest}\n"
    )
}

fn read(rest: &str) -> (Schedule, Target) {
    let network = "[network]\nreference = ['192.0.2.1:1']\n";
    let text = settings(rest) + network;
    let config = config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
        .unwrap_or_else(|error| panic!("{error}"));
    config.collectors.into_iter().next().unwrap()
}

impl Probing {
    fn new(rest: &str) -> Self {
        let (schedule, target) = read(rest);
        let timeout = Duration::from_secs(30);
        let clients = critwatch::collect::http::clients::HttpClients {
            redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
            direct: critwatch::runtime::client::direct(timeout).unwrap(),
        };
        let collector = Collector::new(target, &clients).unwrap();
        Self {
            schedule,
            collector,
        }
    }

    fn with_network(rest: &str, network: &Network) -> Self {
        let wish = read(rest).1.reference();
        let Self {
            schedule,
            collector,
        } = Self::new(rest);
        Self {
            schedule,
            collector: collector.with_network(network, wish),
        }
    }

    async fn take(&mut self) -> Seen {
        let (take, failure) = self.collector.take(&self.schedule).await;
        let mut samples = BTreeMap::new();
        for sample in take.samples {
            let mut labels = sample.metric.labels;
            assert_eq!(labels.remove("job").as_deref(), Some("it"));
            let labels: Vec<_> = labels
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            let name = sample.metric.name;
            let series = if labels.is_empty() {
                name
            } else {
                format!("{name}{{{}}}", labels.join(","))
            };
            let twice = samples.insert(series.clone(), sample.value);
            assert_eq!(twice, None, "{series} appears twice");
        }
        let failure = failure.map(|failure| failure.to_string());
        Seen { samples, failure }
    }
}

impl Seen {
    #[track_caller]
    fn value(&self, series: &str) -> f64 {
        let value = self.samples.get(series);
        *value.unwrap_or_else(|| panic!("no {series} in {self:#?}"))
    }

    #[track_caller]
    fn says(&self, expected: &[(&str, f64)]) {
        for (series, value) in expected {
            let is_so = self.value(series).total_cmp(value).is_eq();
            assert!(is_so, "{series} is not {value} in {self:#?}");
        }
    }

    fn has(&self, series: &str) -> bool {
        self.samples.contains_key(series)
    }

    fn failure(&self) -> &str {
        self.failure.as_deref().unwrap_or_default()
    }
}

/// Serves routes on a free port of this machine.
async fn serve(routes: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// An address at which nobody listens.
async fn dead() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}
