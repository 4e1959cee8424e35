//! Reads the status pages of those whom the service builds on.
//!
//! What they say is shown as theirs. It never opens, explains or closes an
//! incident of ours: in the cache outage a true report of the provider had
//! nothing to do with it, and misled for eight hours.

pub mod formats;
pub mod report;
pub mod settings;

mod shown;

use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde_json::Value;

use crate::collect::failure::cause::Failure;
use crate::collect::http::access;
use crate::collect::http::body;
use crate::collect::provider::formats::format::{PagePlace, ProviderFormat, document, json};
use crate::collect::provider::report::{Filter, ProviderReport, link};
use crate::collect::provider::settings::{NO_REGION, ProviderSettings, is_one_service};
use crate::model::facts::provider_status::Related;
use crate::model::sample::Sample;

/// How often a provider is asked if the settings do not say so.
pub(crate) const INTERVAL: Duration = Duration::from_mins(2);

/// How long is waited for a provider if the settings do not say so.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// Longer pages are refused.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// What is asked for.
const ACCEPTED: &str = "application/json, application/rss+xml;q=0.9, application/xml;q=0.8";

/// A form that fails so often in a row is looked for anew.
const FAILURES: u32 = 3;

/// A provider's page.
#[derive(Debug)]
pub struct ProviderCollector {
    client: Client,
    url: Url,
    name: String,
    wished: Option<ProviderFormat>,
    filter: Filter,
    detected: Option<KnownFormat>,
    failures: u32,
    related: Vec<Related>,
}

/// The form that a page was found to have, and its last answer.
#[derive(Clone, Debug)]
struct KnownFormat {
    format: ProviderFormat,
    place: PagePlace,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
    report: ProviderReport,
}

impl KnownFormat {
    /// Asks only for a page that is newer than the last answer.
    fn validate(&self, mut request: RequestBuilder) -> RequestBuilder {
        for (header, value) in [
            (IF_NONE_MATCH, &self.etag),
            (IF_MODIFIED_SINCE, &self.modified),
        ] {
            if let Some(value) = value {
                request = request.header(header, value);
            }
        }
        request
    }
}

impl ProviderCollector {
    /// Keeps the settings and the client that asks.
    pub(crate) fn new(settings: ProviderSettings, client: Client) -> Result<Self, Failure> {
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
            detected: None,
            failures: 0,
            related: Vec::new(),
        })
    }

    /// Takes what the provider says; anything odd is a failure, and so unknown.
    pub(crate) async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        self.failures += 1;
        if self.failures > FAILURES {
            self.detected = None;
        }
        let detected = match self.detected.clone() {
            Some(detected) => self.again(detected).await?,
            None => self.find().await?,
        };
        let report = detected.report.clone();
        self.detected = Some(detected);
        let report = report.narrow(&self.filter.components).map_err(|missing| {
            Failure::Answer(format!("the provider has no component `{missing}`"))
        })?;
        self.failures = 0;
        self.related = shown::related(&self.name, &report);
        Ok(shown::samples(&self.name, &report))
    }

    /// What visitors may read about it.
    pub(crate) fn related(&self) -> Vec<Related> {
        self.related.clone()
    }

    /// Asks a page whose form is known, and says what it has in hand.
    async fn again(&self, detected: KnownFormat) -> Result<KnownFormat, Failure> {
        match self
            .ask((detected.format, detected.place), Some(&detected))
            .await?
        {
            FormatAttempt::Unchanged => Ok(detected),
            FormatAttempt::Page(detected) => Ok(*detected),
            FormatAttempt::Odd(failure) | FormatAttempt::Other(failure) => Err(failure),
        }
    }

    /// Tries each form in turn, in each of its places.
    async fn find(&self) -> Result<KnownFormat, Failure> {
        let (mut last, mut near) = (None, None);
        let wished = |format: &ProviderFormat| self.wished.is_none_or(|wished| wished == *format);
        let formats = ProviderFormat::ALL.into_iter().filter(wished);
        let all = formats.flat_map(|format| {
            let places = format.places().iter();
            places.map(move |place| (format, *place))
        });
        let all: Vec<_> = all.collect();
        for (format, place) in all {
            match self.ask((format, place), None).await? {
                FormatAttempt::Page(detected) => {
                    let is_narrow = self.filter.region.is_some() || is_one_service(&self.url);
                    if format == ProviderFormat::Aws && !is_narrow {
                        return Err(Failure::Answer(NO_REGION.to_owned()));
                    }
                    return Ok(*detected);
                }
                FormatAttempt::Odd(failure) => {
                    // Of anything that stands at the address itself, no form is near.
                    near = near.or((!place.page.is_empty()).then_some(format));
                    last = Some(failure);
                }
                // One place that is not there says less than a page in another.
                FormatAttempt::Other(failure) if near.is_none() => last = Some(failure),
                FormatAttempt::Other(_) | FormatAttempt::Unchanged => {}
            }
        }
        match (self.wished, last) {
            (Some(_), Some(failure)) => Err(failure),
            _ => Err(Failure::Answer(unknown(near))),
        }
    }

    /// Asks for a page in one form; fails only if the host itself does.
    async fn ask(
        &self,
        (format, place): (ProviderFormat, PagePlace),
        detected: Option<&KnownFormat>,
    ) -> Result<FormatAttempt, Failure> {
        let parts = place.parts.filter(|_| !self.filter.components.is_empty());
        // Its mark says nothing of the parts that are in a place of their own.
        let detected = detected.filter(|_| parts.is_none());
        let request = self.request(place.page).header(ACCEPT, ACCEPTED);
        let request = match detected {
            Some(before) => before.validate(request),
            None => request,
        };
        let response = request.send().await?;
        let status = response.status();
        if detected.is_some() && status == StatusCode::NOT_MODIFIED {
            return Ok(FormatAttempt::Unchanged);
        }
        if status != StatusCode::OK {
            let path = "the page".to_owned();
            return Ok(FormatAttempt::Other(Failure::Status { path, status }));
        }
        let mark = |name| response.headers().get(name).cloned();
        let (etag, modified) = (mark(ETAG), mark(LAST_MODIFIED));
        let name = format.name();
        let odd = || Failure::Answer(format!("the page is not as pages of the form `{name}` are"));
        let page = match body::read(response, MAX_BYTES).await {
            Ok(body) => document(&body),
            Err(failure @ (Failure::Answer(_) | Failure::Limit(_))) => {
                return Ok(FormatAttempt::Other(failure));
            }
            Err(failure) => return Err(failure),
        };
        let Some(page) = page else {
            return Ok(FormatAttempt::Other(odd()));
        };
        let Some(mut report) = format.read(&page, &self.filter) else {
            return Ok(FormatAttempt::Odd(odd()));
        };
        // Some lead to places below their page.
        let base = self.place(place.page);
        for trouble in &mut report.troubles {
            let whole = trouble.link.take().and_then(|link| base.join(&link).ok());
            trouble.link = whole.and_then(|url| link(&url.as_str().into()));
        }
        if let Some(path) = parts {
            let parts = self.parts(path).await?;
            report.parts = parts.and_then(|page| format.parts(&page)).ok_or_else(odd)?;
        }
        Ok(FormatAttempt::Page(Box::new(KnownFormat {
            format,
            place,
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
        let mut url = self.url.clone();
        if !path.is_empty() {
            let own = self.url.path().trim_end_matches('/');
            let above = own.trim_end_matches(path.trim_end_matches('/'));
            url.set_path(&format!("{above}{path}"));
        }
        url
    }
}

/// What came of asking for a page in one form.
enum FormatAttempt {
    /// It is as it was.
    Unchanged,
    /// The page, understood.
    Page(Box<KnownFormat>),
    /// Something that can be read, but not in this form.
    Odd(Failure),
    /// Nothing that can be read.
    Other(Failure),
}

/// That no form fits, with those that there are and the one that comes nearest.
fn unknown(near: Option<ProviderFormat>) -> String {
    let names: Vec<_> = ProviderFormat::ALL
        .into_iter()
        .map(ProviderFormat::name)
        .collect();
    let near = near.map_or(String::new(), |near| {
        let name = near.name();
        format!(" (`{name}` comes nearest, but something in the page is not as it is there)")
    });
    format!(
        "this is not a status page in a format that we know{near}; name its `format`, which is one of {}",
        names.join(", ")
    )
}
