//! Asks an address over HTTP, as a visitor would, and looks at the answer.

use axum::body::Bytes;
use hyper::Method;
use hyper::header::{AUTHORIZATION, HeaderMap};
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::{ProbeAddress, basic};
use crate::collect::probe::exchange::connection::Dialler;
use crate::collect::probe::exchange::method::Verb;
use crate::collect::probe::exchange::redirect;
use crate::collect::probe::exchange::request::{BODY_LIMIT, HttpAnswer, HttpRequest};
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::expect::expectation::Expectations;
use crate::collect::probe::expect::headers::{Headers, Patterns, put};
use crate::collect::probe::expect::pattern::BytePattern;
use crate::collect::probe::expect::status::Statuses;
use crate::collect::probe::expect::template::Values;
use crate::collect::probe::fault::{self, SettingsFault};
use crate::collect::probe::report::ProbeReport;
use crate::model::text::shape::SecretText;

/// The schemes of the web.
pub(crate) const WEB: [&str; 2] = ["http", "https"];

/// Redirects that are followed unless the settings say otherwise, and at most.
const REDIRECTS: u8 = 3;
const MAX_REDIRECTS: u8 = 10;

/// A `[[collector]]` of `type = "http"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// The address.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// The HTTP method; by default `GET`.
    method: Option<Verb>,
    /// Request headers.
    #[serde(default)]
    headers: Headers,
    /// A bearer token for the header `authorization`.
    #[schemars(with = "Option<SecretText>")]
    bearer: Option<SecretString>,
    /// A user and password for the same header.
    basic: Option<BasicLogin>,
    /// The request body.
    #[schemars(with = "Option<SecretText>")]
    send: Option<SecretString>,
    /// How many redirects to follow.
    #[serde(default = "redirects")]
    redirects: u8,
    /// The expected status codes.
    #[serde(default)]
    status: Statuses,
    /// A regular expression that the body must match.
    body: Option<BytePattern>,
    /// A regular expression that the body must not match.
    body_not: Option<BytePattern>,
    /// Expectations of the body as JSON.
    #[serde(default)]
    json: Expectations,
    /// Regular expressions for response headers.
    #[serde(default)]
    header: Patterns,
    /// Trusted certificate authorities instead of this machine's, as PEM.
    ca: Option<String>,
    /// Maximum number of bytes to read from the body.
    limit: Option<usize>,
    /// Whether to check critwatch's own network before blaming the target.
    pub(crate) reference: Option<bool>,
}

/// A user and a password.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BasicLogin {
    /// The name.
    #[schemars(with = "SecretText")]
    user: SecretString,
    /// The password.
    #[schemars(with = "SecretText")]
    password: SecretString,
}

fn redirects() -> u8 {
    REDIRECTS
}

impl HttpSettings {
    /// What is wrong with them.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = self.headers.faults();
        if let Err(message) = ProbeAddress::parse(self.url.expose_secret(), WEB) {
            faults.push(SettingsFault::new("url", message));
        }
        if self.bearer.is_some() && self.basic.is_some() {
            faults.push(SettingsFault::new(
                "basic",
                "`bearer` is there as well; keep one",
            ));
        }
        if self.redirects > MAX_REDIRECTS {
            let message = format!("at most {MAX_REDIRECTS} redirects are followed");
            faults.push(SettingsFault::new("redirects", message));
        }
        faults.extend(fault::limit(self.limit));
        faults.extend(authority(self.ca.as_deref()));
        faults
    }
}

/// What is wrong with the authorities of a probe.
pub(crate) fn authority(ca: Option<&str>) -> Option<SettingsFault> {
    let fault = Trust::new(Some(ca?)).err()?;
    Some(SettingsFault::new("ca", fault))
}

/// An address that is asked.
#[derive(Debug)]
pub(crate) struct HttpProbe {
    settings: HttpSettings,
    address: ProbeAddress,
    dialler: Dialler,
}

impl HttpProbe {
    /// Reads the address; connects when asked.
    pub(crate) fn new(settings: HttpSettings) -> Result<Self, Failure> {
        let address =
            ProbeAddress::parse(settings.url.expose_secret(), WEB).map_err(Failure::Answer)?;
        let dialler = Dialler::new(settings.ca.as_deref());
        Ok(Self {
            settings,
            address,
            dialler,
        })
    }

    /// What opens its lines.
    pub(crate) fn dialler(&mut self) -> &mut Dialler {
        &mut self.dialler
    }

    /// The host that is asked first.
    pub(crate) fn host(&self) -> &str {
        self.address.host()
    }

    /// Asks once; whatever is not as it should be is a failure.
    pub(crate) async fn attempt(&mut self, report: &mut ProbeReport) -> Result<(), Failure> {
        report.flag("probe_failed_due_to_regex", false);
        report.set("probe_http_redirects", [], 0.0);
        let request = self.request()?;
        let limit = self.settings.limit.unwrap_or(BODY_LIMIT);
        let most = self.settings.redirects;
        let answer = redirect::follow(&mut self.dialler, request, most, limit, report).await?;
        self.judge(&answer, report)
    }

    fn request(&self) -> Result<HttpRequest, Failure> {
        let settings = &self.settings;
        let mut headers = HeaderMap::new();
        settings.headers.write(&mut headers, &Values::default())?;
        if let Some(token) = &settings.bearer {
            let value = format!("Bearer {}", token.expose_secret());
            put(&mut headers, AUTHORIZATION, &value)?;
        }
        if let Some(BasicLogin { user, password }) = &settings.basic {
            let value = basic(user.expose_secret(), password.expose_secret());
            put(&mut headers, AUTHORIZATION, &value)?;
        }
        let body = settings.send.as_ref().map(ExposeSecret::expose_secret);
        Ok(HttpRequest {
            method: settings
                .method
                .clone()
                .map_or(Method::GET, |Verb(method)| method),
            address: self.address.clone(),
            headers,
            body: Bytes::from(body.unwrap_or_default().to_owned()),
        })
    }

    fn judge(&self, answer: &HttpAnswer, report: &mut ProbeReport) -> Result<(), Failure> {
        let settings = &self.settings;
        // Values are said even if the status alone is bad already.
        let document: Option<Value> = (!settings.json.0.is_empty())
            .then(|| serde_json::from_slice(&answer.body).ok())
            .flatten();
        for expectation in &settings.json.0 {
            let number = document
                .as_ref()
                .and_then(|document| expectation.number(document));
            if let Some(number) = number {
                let labels = [("pointer", expectation.pointer.text())];
                report.set("probe_json_value", labels, number);
            }
        }
        if !settings.status.have(answer.status.as_u16()) {
            return Err(Failure::Status {
                path: "the target".to_owned(),
                status: answer.status,
            });
        }
        answer.whole()?;
        let looks_inside =
            settings.body.is_some() || settings.body_not.is_some() || !settings.json.0.is_empty();
        if looks_inside && answer.is_cut {
            return Err(too_long(answer.body.len()));
        }
        if let Err(words) = self.match_texts(answer) {
            report.flag("probe_failed_due_to_regex", true);
            return Err(Failure::Answer(words));
        }
        if settings.json.0.is_empty() {
            return Ok(());
        }
        let document =
            document.ok_or_else(|| Failure::Answer("the answer is not JSON".to_owned()))?;
        let mut judged = settings.json.0.iter();
        judged
            .try_for_each(|expectation| expectation.judge(&document, &Values::default()))
            .map_err(Failure::Answer)
    }

    fn match_texts(&self, answer: &HttpAnswer) -> Result<(), String> {
        let is_in = |pattern: &BytePattern| pattern.is_in(&answer.body);
        if self.settings.body.as_ref().is_some_and(|body| !is_in(body)) {
            return Err("`body` is not found in the answer".to_owned());
        }
        if self.settings.body_not.as_ref().is_some_and(is_in) {
            return Err("`body_not` is found in the answer".to_owned());
        }
        self.settings.header.judge(&answer.headers)
    }
}

/// A body that would have to be looked at as a whole, and was not read as one.
pub(crate) fn too_long(limit: usize) -> Failure {
    Failure::Answer(format!(
        "the answer is longer than {limit} bytes; `limit` says how many are read"
    ))
}
