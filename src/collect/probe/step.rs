//! One step of several: what it sends, what it expects, what it saves.

use std::collections::BTreeMap;

use axum::body::Bytes;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::ProbeAddress;
use crate::collect::probe::exchange::cookies;
use crate::collect::probe::exchange::method::Verb;
use crate::collect::probe::exchange::request::{HttpAnswer, HttpRequest};
use crate::collect::probe::expect::expectation::{Expectations, Pointer};
use crate::collect::probe::expect::headers::Headers;
use crate::collect::probe::expect::status::Statuses;
use crate::collect::probe::expect::template::{JsonTemplate, ProbeTemplate, Values, is_name};
use crate::collect::probe::fault::SettingsFault;
use crate::collect::probe::http::too_long;
use crate::collect::probe::report::ProbeReport;

/// Letters of a value that need no `%` in a path or a form (RFC 3986, 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A `[[collector.step]]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepSettings {
    /// Its name in samples and logs.
    pub(crate) name: String,
    /// The HTTP method; by default `POST` with a body, else `GET`.
    method: Option<Verb>,
    /// The path after the collector's URL.
    #[serde(default = "no_path")]
    path: ProbeTemplate,
    /// Request headers.
    #[serde(default)]
    headers: Headers,
    /// A JSON body.
    json: Option<JsonTemplate>,
    /// A plain text body.
    body: Option<ProbeTemplate>,
    /// A form body.
    form: Option<BTreeMap<String, ProbeTemplate>>,
    /// The expected status codes.
    #[serde(default)]
    status: Statuses,
    /// Expectations of the response as JSON.
    #[serde(default)]
    expect: Expectations,
    /// Values for later steps, by name.
    #[serde(default)]
    save: BTreeMap<String, SavedFrom>,
    /// Whether to run it once and keep its saved values from scrape to scrape.
    #[serde(default)]
    pub(crate) once: bool,
}

fn no_path() -> ProbeTemplate {
    ProbeTemplate::new("")
}

/// Where a response contains a value to save.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(inline, with = "String")]
enum SavedFrom {
    Json(Pointer),
    Header(HeaderName),
    Cookie(String),
}

impl<'de> Deserialize<'de> for SavedFrom {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if let Some(name) = text.strip_prefix("header:") {
            let named = name.parse().map(Self::Header);
            named.map_err(|_| D::Error::custom(format!("`{name}` is not a header name")))
        } else if let Some(name) = text.strip_prefix("cookie:") {
            Ok(Self::Cookie(name.to_owned()))
        } else {
            let pointer = Pointer::new(&text).map(Self::Json);
            pointer.map_err(|fault| {
                D::Error::custom(format!("{fault}; or write `header:name` or `cookie:name`"))
            })
        }
    }
}

impl StepSettings {
    /// What is wrong with it, if these values are saved before.
    pub(crate) fn faults(&self, saved: &[&str]) -> Vec<SettingsFault> {
        let mut faults = Vec::new();
        if self.name.is_empty() {
            faults.push(SettingsFault::new("name", "give the step a name"));
        }
        let path = self.path.plain(&Values::default());
        if !path.is_empty() && !path.starts_with(['/', '?']) {
            faults.push(SettingsFault::new("path", "a path opens with `/`"));
        }
        let bodies = [
            ("json", self.json.is_some()),
            ("body", self.body.is_some()),
            ("form", self.form.is_some()),
        ];
        for (name, _) in bodies.into_iter().filter(|(_, is)| *is).skip(1) {
            faults.push(SettingsFault::new(
                name,
                "a step sends one body; keep one of them",
            ));
        }
        for name in self.save.keys().filter(|name| !is_name(name)) {
            let message = "write names of values in lower-case letters, digits and `_`";
            faults.push(SettingsFault::new(format!("save.{name}"), message));
        }
        for (key, name) in self.used() {
            if !saved.contains(&name.as_str()) {
                let message =
                    format!("no step before this one saves `{name}`; add it to a `save` there");
                faults.push(SettingsFault::new(key, message));
            }
        }
        faults
    }

    /// The values that it saves.
    pub(crate) fn saves(&self) -> impl Iterator<Item = &str> {
        self.save.keys().map(String::as_str)
    }

    /// The values that it uses, with the key that does.
    fn used(&self) -> Vec<(String, String)> {
        let mut used = Vec::new();
        let mut add = |key: &str, name: &str| used.push((key.to_owned(), name.to_owned()));
        self.path.names().for_each(|name| add("path", name));
        for (header, name) in self.headers.names() {
            add(&format!("headers.{header}"), name);
        }
        for name in self.json.iter().flat_map(JsonTemplate::names) {
            add("json", &name);
        }
        for name in self.body.iter().flat_map(ProbeTemplate::names) {
            add("body", name);
        }
        for (field, value) in self.form.iter().flatten() {
            value
                .names()
                .for_each(|name| add(&format!("form.{field}"), name));
        }
        let wanted = self.expect.0.iter().filter_map(|one| one.equals.as_ref());
        for name in wanted.flat_map(JsonTemplate::names) {
            add("expect", &name);
        }
        used
    }

    /// The request, with what earlier steps saved.
    pub(crate) fn request(
        &self,
        base: &ProbeAddress,
        all: &Headers,
        values: &Values,
    ) -> Result<HttpRequest, Failure> {
        let path = self.path.fill(values, escaped);
        let mut headers = HeaderMap::new();
        let (body, kind) = self.content(values);
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        all.write(&mut headers, values)?;
        self.headers.write(&mut headers, values)?;
        let implied = if body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        Ok(HttpRequest {
            method: self.method.clone().map_or(implied, |Verb(method)| method),
            address: base.append(&path).map_err(Failure::Answer)?,
            headers,
            body: Bytes::from(body.unwrap_or_default()),
        })
    }

    fn content(&self, values: &Values) -> (Option<String>, Option<&'static str>) {
        if let Some(json) = &self.json {
            let text = json.fill(values).to_string();
            (Some(text), Some("application/json"))
        } else if let Some(form) = &self.form {
            let field = |(name, value): (&String, &ProbeTemplate)| {
                format!("{}={}", escaped(name), escaped(&value.plain(values)))
            };
            let text = form.iter().map(field).collect::<Vec<_>>().join("&");
            (Some(text), Some("application/x-www-form-urlencoded"))
        } else {
            (self.body.as_ref().map(|body| body.plain(values)), None)
        }
    }

    /// Judges the answer; what it saves is returned by name.
    pub(crate) fn judge(
        &self,
        answer: &HttpAnswer,
        values: &Values,
        report: &mut ProbeReport,
    ) -> Result<Vec<(&str, Value)>, Failure> {
        if !self.status.have(answer.status.as_u16()) {
            return Err(Failure::Status {
                path: "the target".to_owned(),
                status: answer.status,
            });
        }
        answer.whole()?;
        let mut saved = self.save.iter();
        let inside = !self.expect.0.is_empty()
            || saved.any(|(_, source)| matches!(source, SavedFrom::Json(_)));
        let document = if inside {
            document(answer)?
        } else {
            Value::Null
        };
        for expectation in &self.expect.0 {
            if let Some(number) = expectation.number(&document) {
                let labels = [
                    ("step", &*self.name),
                    ("pointer", expectation.pointer.text()),
                ];
                report.set("probe_json_value", labels, number);
            }
        }
        let mut expected = self.expect.0.iter();
        expected
            .try_for_each(|expectation| expectation.judge(&document, values))
            .map_err(Failure::Answer)?;
        let found = self.save.iter().map(|(name, source)| {
            let value = source.find(answer, &document);
            let value = value.ok_or_else(|| {
                Failure::Answer(format!("the answer has nothing to save as `{name}`"))
            });
            Ok((name.as_str(), value?))
        });
        found.collect()
    }
}

impl SavedFrom {
    fn find(&self, answer: &HttpAnswer, document: &Value) -> Option<Value> {
        match self {
            Self::Json(pointer) => pointer
                .find(document)
                .filter(|value| !value.is_null())
                .cloned(),
            Self::Header(name) => Some(answer.headers.get(name)?.to_str().ok()?.into()),
            Self::Cookie(name) => cookies::value(&answer.headers, name).map(Value::from),
        }
    }
}

fn document(answer: &HttpAnswer) -> Result<Value, Failure> {
    if answer.is_cut {
        return Err(too_long(answer.body.len()));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::Answer("the answer is not JSON".to_owned()))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}
