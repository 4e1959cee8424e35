//! Scrapes a Prometheus metrics page: workers, or whatever exposes one.

pub mod cursor;
pub mod exposition;
pub mod line;
pub mod relabel;
pub mod scrape;
pub mod syntax;

use std::collections::BTreeMap;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response, StatusCode};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::http::access::{self, HttpAccess, RequestSettings};
use crate::collect::http::body::Pieces;
use crate::collect::http::clients::HttpClients;
use crate::collect::page::exposition::{ExpositionFormat, PageError, PageReader};
use crate::collect::page::relabel::RelabelRule;
use crate::collect::page::scrape::PageScrape;
use crate::collect::probe::fault::SettingsFault;
use crate::model::sample::Sample;
use crate::model::series::label::is_plain;
use crate::model::text::shape::SecretText;

/// What we can read, most wanted first, as Prometheus asks for it.
const ACCEPTED: &str = "application/openmetrics-text;version=1.0.0;q=0.8,\
    application/openmetrics-text;version=0.0.1;q=0.7,\
    text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,\
    text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// Reasons for which a page is refused, as `scrape_refused` tells them.
const REASONS: [&str; 3] = ["size", "series", "labels"];

/// A `[[collector]]` of `type = "prometheus"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageSettings {
    /// The URL of the page, usually ending in `/metrics`.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// A bearer token.
    #[schemars(with = "Option<SecretText>")]
    bearer: Option<SecretString>,
    /// The user of basic authentication.
    username: Option<String>,
    /// The user's password.
    #[schemars(with = "Option<SecretText>")]
    password: Option<SecretString>,
    /// Further request headers.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, SecretText>")]
    headers: BTreeMap<String, SecretString>,
    /// The only trusted certificate authorities, as PEM.
    ca: Option<String>,
    /// Labels to add to every series.
    #[serde(default)]
    labels: BTreeMap<String, String>,
    /// Relabeling of series and labels, in this order.
    #[serde(default)]
    relabel: Vec<RelabelRule>,
    /// Maximum size of the page in bytes, uncompressed.
    #[serde(default = "default_size")]
    size: usize,
    /// Maximum number of series, after relabeling.
    #[serde(default = "default_series")]
    series: usize,
}

fn default_size() -> usize {
    8 * 1024 * 1024
}

fn default_series() -> usize {
    20_000
}

impl PageSettings {
    fn keys(&self) -> RequestSettings {
        RequestSettings {
            bearer: self.bearer.clone(),
            basic: access::basic(self.username.as_ref(), self.password.as_ref()),
            headers: self.headers.clone(),
            ca: self.ca.clone(),
        }
    }

    /// Whether the page can be asked for at all.
    pub(crate) fn check(&self) -> Result<(), SettingsFault> {
        for (name, value) in &self.labels {
            if !is_plain(name, false) || name.starts_with("__") {
                let words = format!("`{name}` in `labels` is not a valid label name");
                return Err(SettingsFault::new("url", words));
            }
            if value.is_empty() {
                let words = format!("the label `{name}` has no value; leave it out");
                return Err(SettingsFault::new("url", words));
            }
        }
        access::check(&self.url, &self.keys())
    }
}

/// A page that is scraped.
#[derive(Debug)]
pub struct PageCollector {
    settings: PageSettings,
    access: HttpAccess,
    /// What is told of the last scrape, even of a failed one.
    own_samples: Vec<Sample>,
}

impl PageCollector {
    /// Checks the settings and chooses a client.
    pub(crate) fn new(settings: PageSettings, clients: &HttpClients) -> Result<Self, Failure> {
        Ok(Self {
            access: HttpAccess::new(&settings.url, &settings.keys(), clients)?,
            settings,
            own_samples: Vec::new(),
        })
    }

    /// Takes the page's samples; `job` is what the label of that name will be.
    pub(crate) async fn collect(&mut self, job: &str) -> Result<Vec<Sample>, Failure> {
        self.own_samples.clear();
        let request = self.access.request(Method::GET, "");
        let response = request.header(ACCEPT, ACCEPTED).send().await?;
        let status = response.status();
        // Whatever else a server calls a success, it is not the whole page.
        if status != StatusCode::OK {
            return Err(Failure::Status {
                path: "the page".to_owned(),
                status,
            });
        }
        let mut scraped = PageScrape::new(
            job,
            &self.settings.labels,
            &self.settings.relabel,
            self.settings.series,
        );
        let read = read(response, self.settings.size, &mut scraped).await;
        let refused = match &read {
            Err(ReadError::Fault(fault)) => fault.limit(),
            _ => None,
        };
        self.own_samples = scraped.counts();
        self.own_samples.extend(REASONS.map(|reason| {
            let value = f64::from(u8::from(refused == Some(reason)));
            Sample::new("scrape_refused", [("reason", reason)], value)
        }));
        read?;
        let mut samples = scraped.samples();
        samples.append(&mut self.own_samples);
        Ok(samples)
    }

    /// What is known of a scrape that failed.
    pub(crate) fn silent(&mut self) -> Vec<Sample> {
        std::mem::take(&mut self.own_samples)
    }
}

/// Why a page was not read to its end.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Away(#[from] Failure),
    #[error(transparent)]
    Fault(#[from] PageError),
}

impl From<ReadError> for Failure {
    fn from(reading: ReadError) -> Self {
        match reading {
            ReadError::Away(failure) => failure,
            ReadError::Fault(fault) if fault.limit().is_some() => Self::Limit(fault.to_string()),
            ReadError::Fault(fault) => Self::Answer(fault.to_string()),
        }
    }
}

/// Reads the page as it arrives.
async fn read(
    response: Response,
    size: usize,
    scraped: &mut PageScrape<'_>,
) -> Result<(), ReadError> {
    let mut reader = PageReader::new(format(&response), size);
    let mut pieces = Pieces::of(response)?;
    while let Some(piece) = pieces.next().await? {
        reader.feed(&piece, |sample| scraped.take(sample))?;
    }
    Ok(reader.end(|sample| scraped.take(sample))?)
}

fn format(response: &Response) -> ExpositionFormat {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let media = kind.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/openmetrics-text") {
        ExpositionFormat::OpenMetrics
    } else {
        ExpositionFormat::Text
    }
}
