//! Looks at the usual ports of a machine: a Redis, exporters, a Prometheus.

use std::time::Duration;

use tokio::net::TcpStream;

/// How long a port may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(1);

/// What usually answers on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsualPort {
    /// A Redis.
    Redis,
    /// A metrics page.
    Page,
    /// A Prometheus.
    Prometheus,
}

/// The usual ports. Well-known exporters, by the list of Prometheus' own wiki.
pub(crate) const PORTS: [(u16, UsualPort); 16] = [
    (6379, UsualPort::Redis),
    (9090, UsualPort::Prometheus),
    (9100, UsualPort::Page), // node exporter
    (9104, UsualPort::Page), // MySQL
    (9113, UsualPort::Page), // nginx
    (9114, UsualPort::Page), // Elasticsearch
    (9121, UsualPort::Page), // Redis
    (9150, UsualPort::Page), // memcached
    (9187, UsualPort::Page), // PostgreSQL
    (9216, UsualPort::Page), // MongoDB
    (9253, UsualPort::Page), // php-fpm
    (9256, UsualPort::Page), // processes
    (9292, UsualPort::Page), // Sidekiq
    (9394, UsualPort::Page), // Ruby
    (9726, UsualPort::Page), // RQ
    (9808, UsualPort::Page), // Celery
];

/// The ports of a host that take a connection.
pub(crate) async fn open(host: &str) -> Vec<(u16, UsualPort)> {
    let tries = PORTS.iter().map(|(port, usual)| async move {
        let connected = TcpStream::connect((host, *port));
        let opened = tokio::time::timeout(PATIENCE, connected).await;
        matches!(opened, Ok(Ok(_))).then_some((*port, *usual))
    });
    let found = futures_util::future::join_all(tries).await;
    found.into_iter().flatten().collect()
}
