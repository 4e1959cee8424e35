//! Reads the status pages of those whom the service builds on.
//!
//! What they say is shown as theirs. It never opens, explains or closes an
//! incident of ours: in the cache outage a true report of the provider had
//! nothing to do with it, and misled for eight hours.

pub mod format;
pub mod report;

mod aws;
mod betterstack;
mod cstate;
mod firehydrant;
mod google;
mod heroku;
mod instatus;
mod statuspage;

use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::collect::access;
use crate::collect::body;
use crate::collect::failure::Failure;
use crate::collect::provider::format::{Format, json};
use crate::collect::provider::report::{Filter, Report};
use crate::model::component::Health;
use crate::model::related::Related;
use crate::model::sample::Sample;

/// How often a provider is asked if the settings do not say so.
pub const INTERVAL: Duration = Duration::from_mins(2);

/// How long is waited for a provider if the settings do not say so.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// Longer pages are refused.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A form that fails so often in a row is looked for anew.
const FAILURES: u32 = 3;

/// More of a provider's troubles are not shown.
const MOST_SHOWN: usize = 5;

/// A `[[collector]]` of `type = "provider"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// The status page's address.
    url: SecretString,
    /// How it tells; found by asking if absent.
    format: Option<Format>,
    /// What visitors know the provider by; its host if absent.
    name: Option<String>,
    /// Parts of the provider that count; all if empty.
    #[serde(default)]
    components: Vec<String>,
    /// The region that counts, for AWS and Google Cloud.
    region: Option<String>,
    /// The services or products that count, for AWS and Google Cloud.
    #[serde(default)]
    services: Vec<String>,
}

impl ProviderSettings {
    /// Whether the page can be asked for at all.
    pub fn check(&self) -> Result<(), Failure> {
        access::address(&self.url)?;
        if self.format == Some(Format::Aws) && self.region.is_none() {
            return Err(Failure::Answer(NO_REGION.to_owned()));
        }
        Ok(())
    }
}

/// Somewhere in the world something is always broken.
const NO_REGION: &str = "AWS tells of the whole world: name a `region`, and `services` if you can";

/// A provider's page.
#[derive(Debug)]
pub struct ProviderCollector {
    client: Client,
    url: Url,
    name: String,
    wished: Option<Format>,
    filter: Filter,
    known: Option<Known>,
    failures: u32,
    related: Vec<Related>,
}

/// The form that a page was found to have, and its last answer.
#[derive(Clone, Debug)]
struct Known {
    format: Format,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
    report: Report,
}

impl ProviderCollector {
    /// Keeps the settings and the client that asks.
    pub fn new(settings: ProviderSettings, client: Client) -> Result<Self, Failure> {
        settings.check()?;
        let url = access::address(&settings.url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Self {
            client,
            name: settings.name.unwrap_or(host),
            url,
            wished: settings.format,
            filter: Filter {
                components: settings.components,
                region: settings.region,
                services: settings.services,
            },
            known: None,
            failures: 0,
            related: Vec::new(),
        })
    }

    /// Takes what the provider says; anything odd is a failure, and so unknown.
    pub async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        self.failures += 1;
        if self.failures > FAILURES {
            self.known = None;
        }
        let known = match self.known.clone() {
            Some(known) => self.again(known).await?,
            None => self.find().await?,
        };
        let report = known.report.clone();
        self.known = Some(known);
        let report = report.narrow(&self.filter.components).map_err(|missing| {
            Failure::Answer(format!("the provider has no component `{missing}`"))
        })?;
        self.failures = 0;
        self.related = self.relate(&report);
        Ok(self.samples(&report))
    }

    /// What visitors may read about it.
    pub fn related(&self) -> Vec<Related> {
        self.related.clone()
    }

    /// Asks a page whose form is known, and says what it has in hand.
    async fn again(&self, known: Known) -> Result<Known, Failure> {
        match self.ask(known.format, Some(&known)).await? {
            Asked::Unchanged => Ok(known),
            Asked::Page(known) => Ok(*known),
            Asked::Other(failure) => Err(failure),
        }
    }

    /// Tries each form in turn.
    async fn find(&self) -> Result<Known, Failure> {
        let mut last = None;
        for format in Format::ALL {
            if self.wished.is_some_and(|wished| wished != format) {
                continue;
            }
            match self.ask(format, None).await? {
                Asked::Page(known) => {
                    if format == Format::Aws && self.filter.region.is_none() {
                        return Err(Failure::Answer(NO_REGION.to_owned()));
                    }
                    return Ok(*known);
                }
                Asked::Other(failure) => last = Some(failure),
                Asked::Unchanged => {}
            }
        }
        match (self.wished, last) {
            (Some(_), Some(failure)) => Err(failure),
            _ => Err(Failure::Answer(
                "this is no status page of a form that we know; name its `format`".to_owned(),
            )),
        }
    }

    /// Asks for a page in one form; fails only if the host itself does.
    async fn ask(&self, format: Format, known: Option<&Known>) -> Result<Asked, Failure> {
        let parts = format
            .parts_path()
            .filter(|_| !self.filter.components.is_empty());
        // Its mark says nothing of the parts that are in a place of their own.
        let known = known.filter(|_| parts.is_none());
        let mut request = self
            .request(format.path())
            .header(ACCEPT, "application/json");
        for (header, value) in [
            (IF_NONE_MATCH, known.and_then(|known| known.etag.as_ref())),
            (
                IF_MODIFIED_SINCE,
                known.and_then(|known| known.modified.as_ref()),
            ),
        ] {
            if let Some(value) = value {
                request = request.header(header, value);
            }
        }
        let response = request.send().await?;
        let status = response.status();
        if known.is_some() && status == StatusCode::NOT_MODIFIED {
            return Ok(Asked::Unchanged);
        }
        if status != StatusCode::OK {
            let path = "the page".to_owned();
            return Ok(Asked::Other(Failure::Status { path, status }));
        }
        let mark = |name| response.headers().get(name).cloned();
        let (etag, modified) = (mark(ETAG), mark(LAST_MODIFIED));
        let odd = || Failure::Answer("the page is not as pages of its form are".to_owned());
        let page = match body::read(response, MAX_BYTES).await {
            Ok(body) => json(&body),
            Err(failure @ (Failure::Answer(_) | Failure::Limit(_))) => {
                return Ok(Asked::Other(failure));
            }
            Err(failure) => return Err(failure),
        };
        let Some(mut report) = page.and_then(|page| format.read(&page, &self.filter)) else {
            return Ok(Asked::Other(odd()));
        };
        if let Some(path) = parts {
            let parts = self.parts(path).await?;
            report.parts = parts.and_then(|page| format.parts(&page)).ok_or_else(odd)?;
        }
        Ok(Asked::Page(Box::new(Known {
            format,
            etag,
            modified,
            report,
        })))
    }

    async fn parts(&self, path: &str) -> Result<Option<Value>, Failure> {
        let response = self.request(path).send().await?;
        let status = response.status();
        if status != StatusCode::OK {
            let path = "the list of components".to_owned();
            return Err(Failure::Status { path, status });
        }
        let body = body::read(response, MAX_BYTES).await?;
        Ok(json(&body))
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.client.get(self.place(path));
        request.header(ACCEPT_ENCODING, body::PACKING)
    }

    /// The address of a path below the page's, which may name it itself.
    fn place(&self, path: &str) -> Url {
        let own = self.url.path().trim_end_matches('/');
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", own.trim_end_matches(path)));
        url
    }

    fn samples(&self, report: &Report) -> Vec<Sample> {
        let provider = ("provider", &*self.name);
        let mut samples = Vec::new();
        if let Some(value) = grade(report.health) {
            samples.push(Sample::new("provider_status", [provider], value));
        }
        for part in &report.parts {
            if let Some(value) = grade(part.health) {
                let labels = [provider, ("component", &*part.name)];
                samples.push(Sample::new("provider_status", labels, value));
            }
        }
        let open = u32::try_from(report.troubles.len()).unwrap_or(u32::MAX);
        let open = f64::from(open);
        samples.push(Sample::new("provider_incidents_open", [provider], open));
        samples
    }

    fn relate(&self, report: &Report) -> Vec<Related> {
        if matches!(report.health, Health::Ok | Health::Unknown) {
            return Vec::new();
        }
        let related = |title: &str, health| Related {
            provider: self.name.clone(),
            health,
            title: title.to_owned(),
            since: None,
            link: None,
        };
        if report.troubles.is_empty() {
            return vec![related("Reports trouble", report.health)];
        }
        let mut troubles: Vec<_> = report.troubles.iter().collect();
        troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.health));
        troubles
            .into_iter()
            .take(MOST_SHOWN)
            .map(|trouble| Related {
                since: trouble.since,
                link: trouble.link.clone(),
                ..related(&trouble.title, trouble.health)
            })
            .collect()
    }
}

/// What came of asking for a page in one form.
enum Asked {
    /// It is as it was.
    Unchanged,
    /// The page, understood.
    Page(Box<Known>),
    /// Not in this form.
    Other(Failure),
}

/// A health as a sample; what is unknown has none.
fn grade(health: Health) -> Option<f64> {
    match health {
        Health::Ok => Some(0.0),
        Health::Unknown => None,
        Health::Notice => Some(1.0),
        Health::Disrupted => Some(2.0),
        Health::Down => Some(3.0),
    }
}
