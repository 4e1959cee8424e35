//! Scrapes a Prometheus metrics page: workers, or whatever exposes one.

pub mod exposition;

use reqwest::Client;
use serde::Deserialize;

use crate::collect::body;
use crate::collect::failure::Failure;
use crate::model::sample::Sample;

/// Longer pages are refused.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// A `[[collector]]` of `type = "prometheus"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSettings {
    /// The page's address, mostly ending in `/metrics`.
    pub url: String,
}

/// A page that is scraped.
#[derive(Debug)]
pub struct PageCollector {
    settings: PageSettings,
    client: Client,
}

impl PageCollector {
    /// Keeps the address and the client that asks it.
    pub fn new(settings: PageSettings, client: Client) -> Self {
        Self { settings, client }
    }

    /// Takes the page's samples.
    pub async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let response = self
            .client
            .get(&self.settings.url)
            .header("accept", "text/plain;version=0.0.4")
            .send()
            .await?;
        let status = response.status();
        if !status.is_success() {
            return Err(Failure::Status {
                path: "the page".to_owned(),
                status,
            });
        }
        let body = body::read(response, MAX_BYTES).await?;
        let page = exposition::parse(&String::from_utf8_lossy(&body));
        if page.bad_lines > 0 {
            tracing::debug!(
                lines = page.bad_lines,
                "lines of a metrics page were left out"
            );
        }
        Ok(page.samples)
    }
}
