//! Asks an address over HTTP, as a visitor would.

use reqwest::Client;
use serde::Deserialize;

use crate::collect::failure::Failure;
use crate::model::sample::Sample;

/// A `[[collector]]` of `type = "http"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// The address.
    pub url: String,
    /// The status that it should answer with; by default any of 200 to 299.
    pub status: Option<u16>,
}

/// An address that is asked.
#[derive(Debug)]
pub struct HttpCollector {
    settings: HttpSettings,
    client: Client,
}

impl HttpCollector {
    /// Keeps the address and the client that asks it.
    pub fn new(settings: HttpSettings, client: Client) -> Self {
        Self { settings, client }
    }

    /// Takes the samples; any answer is one, even a wrong one.
    pub async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let response = self.client.get(&self.settings.url).send().await?;
        let status = response.status();
        let good = match self.settings.status {
            Some(expected) => status.as_u16() == expected,
            None => status.is_success(),
        };
        Ok(vec![
            Sample::new("probe_success", [], f64::from(u8::from(good))),
            Sample::new("probe_http_status_code", [], f64::from(status.as_u16())),
        ])
    }
}
