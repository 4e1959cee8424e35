//! Metrics of HTTP requests by listener, handler and code.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry,
};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::web::formats::machines::address;
use crate::web::table::Address;
use crate::web::table::pages::Page;
use crate::web::table::row::Of;

/// Bounds of how long a request takes, in seconds.
const DURATIONS: [f64; 8] = [0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// The listener of visitors, and that of operators.
const PUBLIC: &str = "public";
const OPERATORS: &str = "operators";

/// The handler of what no route is for.
const NONE: &str = "none";

/// What the form of an address begins with and, if a name stands in it, ends
/// with; the same for all addresses of that form.
pub(crate) type AddressForm = (&'static str, Option<&'static str>);

/// The form of what is no address.
pub const NOWHERE: AddressForm = ("", None);

/// The links of subscriptions: to manage one, and to end it.
pub(crate) const MANAGING: AddressForm = ("/subscription/", Some(""));
pub(crate) const LEAVING: AddressForm = ("/unsubscribe/", Some(""));

/// Counters of requests; clones share them.
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    requests: IntCounterVec,
    durations: HistogramVec,
    handlers: Arc<HashMap<AddressForm, Handler>>,
}

/// A handler of the public page.
///
/// What is counted of it is found once: to look it up by its labels would cost a
/// visitor more than all the rest.
#[derive(Debug)]
struct Handler {
    label: String,
    counted: OnceLock<Counters>,
}

#[derive(Debug)]
struct Counters {
    duration: Histogram,
    ok: IntCounter,
    not_modified: IntCounter,
}

impl HttpMetrics {
    /// Makes them part of our own metrics; `live` is where open pages listen.
    pub fn register(registry: &Registry, live: &'static str) -> prometheus::Result<Self> {
        let requests = IntCounterVec::new(
            Opts::new(
                "critwatch_http_requests_total",
                "Answered requests, by listener, handler and status code.",
            ),
            &["listener", "handler", "code"],
        )?;
        let durations = HistogramOpts::new(
            "critwatch_http_request_duration_seconds",
            "Time until the response to a request begins, by listener and handler.",
        );
        let durations = HistogramVec::new(
            durations.buckets(DURATIONS.to_vec()),
            &["listener", "handler"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        let pages = Page::ALL.into_iter();
        let pages = pages.map(|page| (of(page), page.row().pattern("{name}")));
        let machines = address::each().map(|machine| machine.pattern());
        let others = machines
            .chain([live])
            .map(|path| ((path, None), path.to_owned()));
        let none = [(NOWHERE, NONE.to_owned())];
        let links = [MANAGING, LEAVING].map(|form| (form, format!("{}{{name}}", form.0)));
        let handlers = pages
            .chain(others)
            .chain(links)
            .chain(none)
            .map(|(form, label)| {
                let counted = OnceLock::new();
                (form, Handler { label, counted })
            });
        Ok(Self {
            requests,
            durations,
            handlers: Arc::new(handlers.collect()),
        })
    }

    /// Notes the answer to a visitor's request, once it is there; who answers says
    /// of which form the address is.
    pub(crate) async fn visited<E>(
        self,
        answer: impl Future<Output = Result<Response, E>>,
    ) -> Result<Response, E> {
        let begun = Instant::now();
        let answer = answer.await?;
        let form = answer.extensions().get().copied();
        self.note(form.unwrap_or(NOWHERE), answer.status(), begun.elapsed());
        Ok(answer)
    }

    fn note(&self, form: AddressForm, status: StatusCode, took: Duration) {
        // What was found all the same is a file of the site's own.
        let is_found = status.is_success() || status == StatusCode::NOT_MODIFIED;
        let form = if form == NOWHERE && is_found {
            of(Page::File)
        } else {
            form
        };
        let handlers = &self.handlers;
        let handler = handlers.get(&form).or_else(|| handlers.get(&NOWHERE));
        let Some(handler) = handler else { return };
        let counters = handler
            .counted
            .get_or_init(|| self.counters(&handler.label));
        counters.duration.observe(took.as_secs_f64());
        match status {
            StatusCode::OK => counters.ok.inc(),
            StatusCode::NOT_MODIFIED => counters.not_modified.inc(),
            _ => self.count(PUBLIC, &handler.label, status),
        }
    }

    fn counters(&self, handler: &str) -> Counters {
        let requests = |code| self.requests.with_label_values(&[PUBLIC, handler, code]);
        Counters {
            duration: self.durations.with_label_values(&[PUBLIC, handler]),
            ok: requests("200"),
            not_modified: requests("304"),
        }
    }

    fn count(&self, listener: &str, handler: &str, status: StatusCode) {
        let labels = [listener, handler, status.as_str()];
        self.requests.with_label_values(&labels).inc();
    }
}

/// The form of an address, in whichever language of the site; of what is none,
/// that where open pages listen.
pub fn form(address: Option<&Address>, live: Option<&'static str>) -> AddressForm {
    match address {
        Some(Address::Page { page, .. }) => of(*page),
        Some(Address::Machine(machine)) => (machine.pattern(), None),
        Some(Address::Translated { address, .. }) => form(Some(address), None),
        None => live.map_or(NOWHERE, |live| (live, None)),
    }
}

fn of(page: Page) -> AddressForm {
    let row = page.row();
    let is_named = row.of != Of::Site;
    (row.before, is_named.then_some(row.after))
}

/// Notes each request of operators.
pub async fn count(
    State(metrics): State<HttpMetrics>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let route = matched.as_ref().map(MatchedPath::as_str);
    let span = asked(request.method(), route);
    let answer = next.run(request).instrument(span.clone()).await;
    span.record(
        "http.response.status_code",
        i64::from(answer.status().as_u16()),
    );
    if answer.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    drop(span);
    let handler = route.unwrap_or(NONE);
    let durations = &metrics.durations;
    durations
        .with_label_values(&[OPERATORS, handler])
        .observe(begun.elapsed().as_secs_f64());
    metrics.count(OPERATORS, handler, answer.status());
    answer
}

/// What traces tell of a request: its route, and never what stands in its address.
fn asked(method: &Method, route: Option<&str>) -> Span {
    tracing::info_span!(
        "request",
        otel.name = match route {
            Some(route) => format!("{method} {route}"),
            None => method.to_string(),
        },
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %method,
        http.route = route,
        http.response.status_code = Empty,
    )
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    const LIVE: &str = "/live";

    #[test]
    fn however_many_addresses_are_asked_for_there_is_one_handler_for_each_form() {
        let registry = Registry::new();
        let metrics = HttpMetrics::register(&registry, LIVE).unwrap();
        let ask = |path: &str, status| {
            let address = Address::parse(path);
            let status = StatusCode::from_u16(status).unwrap();
            let live = (path == LIVE).then_some(LIVE);
            metrics.note(form(address.as_ref(), live), status, Duration::ZERO);
        };
        for number in 0..100 {
            ask(&format!("/issues/{number}/"), 200);
            ask(&format!("/issues/{number}/index.json"), 304);
            ask(&format!("/somewhere{number}/"), 404);
            ask(&format!("/{number}.php"), 404);
            ask(&format!("/{number}.png"), 200);
            ask(&format!("/de/issues/{number}/"), 200);
        }
        ask("/", 200);
        ask("/live", 503);
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        let counts: Vec<_> = text
            .lines()
            .filter(|line| {
                line.starts_with("critwatch_http_requests_total") && !line.ends_with(" 0")
            })
            .map(|line| line.trim_start_matches("critwatch_http_requests_total"))
            .collect();
        let expected = [
            r#"{code="200",handler="/",listener="public"} 1"#,
            r#"{code="200",handler="/issues/{name}/",listener="public"} 200"#,
            r#"{code="200",handler="/{name}",listener="public"} 100"#,
            r#"{code="304",handler="/issues/{name}/index.json",listener="public"} 100"#,
            r#"{code="404",handler="/{name}/",listener="public"} 100"#,
            r#"{code="404",handler="none",listener="public"} 100"#,
            r#"{code="503",handler="/live",listener="public"} 1"#,
        ];
        let mut counts = counts;
        counts.sort_unstable();
        assert_eq!(counts, expected);
        assert!(
            text.contains(
                "duration_seconds_count{handler=\"/issues/{name}/\",listener=\"public\"} 200"
            ),
            "{text}"
        );
    }
}
