//! Traces for OpenTelemetry: what takes how long, told to a collector by OTLP over HTTP.
//!
//! The variables `OTEL_…` say whether, where and how many, as they do for other programs.
//! A thread and a runtime of its own do the work, and what is too much is dropped: nothing
//! waits for a collector.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::iter;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::{Builder, Runtime};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use crate::runtime::trace_variables::UnreadableVariable;
use crate::runtime::{client, trace_variables};

/// What we call ourselves unless the environment knows better.
const NAME: &str = env!("CARGO_PKG_NAME");

/// How long a collector may take for an answer, whatever the environment says.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long what is left may take when we stop.
const LAST: Duration = Duration::from_secs(2);

/// The longest answer of a collector that is read.
const MAX_ANSWER: usize = 64 * 1024;

/// Tells a collector of spans until it is dropped, and of what is left then.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// A variable cannot be used; its value may be a secret.
    #[error("{0} cannot be used; name the collector by an address, as in `http://127.0.0.1:4318`")]
    Settings(String),
    /// Another protocol than ours is asked for.
    #[error("{0} cannot be used; write `http/protobuf`, the only protocol of traces here")]
    Protocol(&'static str),
    /// A variable says what nobody can read.
    #[error(transparent)]
    Unreadable(#[from] UnreadableVariable),
    /// There is no HTTP client.
    #[error("cannot make an HTTP client")]
    Client(#[from] reqwest::Error),
    /// There is no thread for it.
    #[error("cannot start a thread for traces")]
    Thread(#[from] std::io::Error),
}

/// Whether the environment names a collector.
pub fn are_wanted(environment: &BTreeMap<String, String>) -> bool {
    let is = |name: &str, value: &str| {
        environment
            .get(name)
            .is_some_and(|said| said.eq_ignore_ascii_case(value))
    };
    let is_named = |name: &str| environment.get(name).is_some_and(|said| !said.is_empty());
    let places = [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];
    places.into_iter().any(is_named)
        && !is("OTEL_SDK_DISABLED", "true")
        && !is("OTEL_TRACES_EXPORTER", "none")
}

impl Traces {
    /// Makes ready to tell the collector that the environment names.
    pub fn new(environment: &BTreeMap<String, String>) -> Result<Self, TracesError> {
        if let Some(variable) = foreign_protocol(environment) {
            return Err(TracesError::Protocol(variable));
        }
        if let Some(unreadable) = trace_variables::unreadable(environment) {
            return Err(unreadable.into());
        }
        let courier = Courier {
            client: client::new(TIMEOUT, false)?,
            runtime: Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("traces")
                .enable_all()
                .build()?,
            is_failing: AtomicBool::new(false),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(courier)
            .build()
            .map_err(|error| TracesError::Settings(variable(&error)))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let mut resource = Resource::builder().with_attribute(version);
        let is_named = |name: &str, part: &str| {
            let said = environment.get(name);
            said.is_some_and(|said| said.contains(part))
        };
        if !is_named("OTEL_SERVICE_NAME", "")
            && !is_named("OTEL_RESOURCE_ATTRIBUTES", "service.name=")
        {
            resource = resource.with_service_name(NAME);
        }
        Ok(Self {
            provider: SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(resource.build())
                .build(),
        })
    }

    /// Takes our spans, and neither logs nor what libraries do.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let ours = |span: &Metadata<'_>| span.is_span() && span.target().starts_with(NAME);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(NAME))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(ours).with_max_level_hint(LevelFilter::INFO))
    }
}

/// The variable that asks for a protocol that we do not speak. That of traces counts before
/// that of all signals.
fn foreign_protocol(environment: &BTreeMap<String, String>) -> Option<&'static str> {
    let variables = [
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
    ];
    let said = variables.into_iter().find_map(|name| {
        let value = environment.get(name).filter(|value| !value.is_empty())?;
        Some((name, value))
    });
    said.filter(|(_, value)| *value != "http/protobuf")
        .map(|(name, _)| name)
}

/// The variable that an error blames: what stands behind its name is its value.
fn variable(error: &ExporterBuildError) -> String {
    let text = error.to_string();
    let mut words = text.split([' ', ':']);
    let named = words.find(|word| word.starts_with("OTEL_"));
    named.unwrap_or("a variable OTEL_…").to_owned()
}

impl Drop for Traces {
    fn drop(&mut self) {
        // Who does not answer by now was told of before.
        let _ = self.provider.shutdown_with_timeout(LAST);
    }
}

/// Brings spans to a collector.
struct Courier {
    client: reqwest::Client,
    runtime: Runtime,
    is_failing: AtomicBool,
}

impl Courier {
    /// Logs when it begins to fail, and when it recovers; the address may be a secret.
    fn note(&self, failure: Option<&str>) {
        let was_failing = self.is_failing.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) if !was_failing => {
                tracing::warn!(error, "cannot export traces; those of this time are lost");
            }
            None if was_failing => tracing::info!("exporting traces recovered"),
            Some(_) | None => {}
        }
    }
}

impl HttpClient for Courier {
    fn send_bytes<'a, 'f>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        'a: 'f,
        Self: 'f,
    {
        // Who asks has a thread without a runtime.
        let client = self.client.clone();
        let asked = self
            .runtime
            .spawn(async move { ask(&client, request).await });
        Box::pin(async move {
            let answer = asked.await.map_err(HttpError::from).flatten();
            match &answer {
                Ok(answer) if answer.status().is_success() => self.note(None),
                Ok(answer) => self.note(Some(&format!("it answers {}", answer.status()))),
                Err(error) => self.note(Some(&with_causes(&**error))),
            }
            answer
        })
    }
}

/// An error with its causes.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let all = iter::successors(Some(error), |&error| error.source());
    let all: Vec<_> = all.map(ToString::to_string).collect();
    all.join(": ")
}

async fn ask(
    client: &reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let hidden = |error: reqwest::Error| error.without_url();
    let request = request.try_into().map_err(hidden)?;
    let mut answer = client.execute(request).await.map_err(hidden)?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(hidden)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err("an answer is too long".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body.into())?)
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_told_only_if_one_is_named() {
        let place = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1/x");
        for (said, wanted) in [
            (&[][..], false),
            (&[place][..], true),
            (&[traces][..], true),
            (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")][..], false),
            (&[place, ("OTEL_SDK_DISABLED", "TRUE")][..], false),
            (&[place, ("OTEL_TRACES_EXPORTER", "none")][..], false),
            (&[place, ("OTEL_TRACES_EXPORTER", "otlp")][..], true),
        ] {
            let environment = said
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            assert_eq!(are_wanted(&environment.collect()), wanted, "{said:?}");
        }
    }

    #[test]
    fn a_protocol_that_we_do_not_speak_is_refused() {
        let all = "OTEL_EXPORTER_OTLP_PROTOCOL";
        let traces = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
        for (said, refused) in [
            (&[][..], None),
            (&[(all, "")], None),
            (&[(all, "http/protobuf")], None),
            (&[(all, "grpc")], Some(all)),
            (&[(all, "grpc"), (traces, "http/protobuf")], None),
            (&[(traces, "http/json")], Some(traces)),
        ] {
            let said = said
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            assert_eq!(foreign_protocol(&said.collect()), refused);
        }
    }
}
