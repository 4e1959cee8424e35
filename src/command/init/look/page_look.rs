//! Looks at addresses of HTTP: a metrics page, a Prometheus.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::runtime::client;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// So much of a page is read.
const LONGEST: usize = 8 * 1024 * 1024;

/// What is known by a metric that only one exporter has: its name for people.
const EXPORTERS: [(&str, &str); 12] = [
    ("node_uname_info", "Machine"),
    ("redis_exporter_build_info", "Redis exporter"),
    ("pg_up", "PostgreSQL"),
    ("mysql_up", "MySQL"),
    ("mongodb_up", "MongoDB"),
    ("memcached_up", "Memcached"),
    ("elasticsearch_cluster_health_status", "Elasticsearch"),
    ("nginx_up", "Nginx"),
    ("phpfpm_up", "PHP"),
    ("sidekiq_queue_size", "Sidekiq exporter"),
    ("celery_worker_up", "Celery exporter"),
    ("namedprocess_namegroup_num_procs", "Processes"),
];

/// The names of the metrics of a page.
pub(crate) fn metric_names(page: &str) -> BTreeSet<&str> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| {
        let end = line.find(['{', ' '])?;
        let name = &line[..end];
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        (!name.is_empty() && name.chars().all(plain)).then_some(name)
    });
    names.collect()
}

/// What a page is about, if an exporter is known by its metrics.
pub(crate) fn exporter(names: &BTreeSet<&str>) -> Option<&'static str> {
    let mut known = EXPORTERS.iter();
    let found = known.find(|(metric, _)| names.contains(metric));
    found.map(|(_, name)| *name)
}

/// Reads a page; the error says why it is none, without its address.
pub(crate) async fn page(url: &str) -> anyhow::Result<String> {
    let body = get(url).await?;
    let text = String::from_utf8(body).context("it is not text")?;
    anyhow::ensure!(!metric_names(&text).is_empty(), "it is not a metrics page");
    Ok(text)
}

/// The jobs of a Prometheus; the error says why it is none.
pub(crate) async fn jobs(url: &str) -> anyhow::Result<Vec<String>> {
    let base = url.trim_end_matches('/');
    let body = get(&format!("{base}/api/v1/label/job/values")).await?;
    let value: Value = serde_json::from_slice(&body).context("it is not Prometheus")?;
    anyhow::ensure!(value["status"] == "success", "it is not Prometheus");
    let jobs = value["data"].as_array().into_iter().flatten();
    Ok(jobs
        .filter_map(|job| job.as_str().map(str::to_owned))
        .collect())
}

async fn get(url: &str) -> anyhow::Result<Vec<u8>> {
    let request = client::direct(TIMEOUT)?.get(url);
    let answer = request.send().await.map_err(reqwest::Error::without_url);
    let mut answer = answer.context("it does not answer")?;
    let status = answer.status();
    anyhow::ensure!(status.is_success(), "it responds with {status}");
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        body.extend_from_slice(&part);
        anyhow::ensure!(body.len() <= LONGEST, "its response is too long");
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exporter_is_known_by_its_metrics() {
        let page = "# HELP x\nnode_uname_info{a=\"b\"} 1\nup 1\n{\"quoted\"} 2\nhello\n";
        let names = metric_names(page);
        assert_eq!(
            names.iter().copied().collect::<Vec<_>>(),
            ["node_uname_info", "up"]
        );
        assert_eq!(exporter(&names), Some("Machine"));
        assert_eq!(exporter(&metric_names("up 1")), None);
        assert!(metric_names("<html>").is_empty());
    }
}
