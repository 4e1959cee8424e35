//! One HTTP request, and everything that its answer can be held against.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};

use super::{Probing, serve};

async fn echo(request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let line = |name: &str| {
        let value = head.headers.get(name).map(|value| value.to_str().unwrap());
        format!("{name}: {}\n", value.unwrap_or("none"))
    };
    let names = [
        "authorization",
        "x-key",
        "host",
        "user-agent",
        "content-type",
    ];
    let lines: String = names.into_iter().map(line).collect();
    let body = String::from_utf8_lossy(&body);
    format!("{} {}\n{lines}body: {body}", head.method, head.uri).into_response()
}

fn routes() -> Router {
    Router::new()
        .route("/", get(async || "all is well"))
        .route("/echo", any(echo))
        .route("/bad", get(async || StatusCode::SERVICE_UNAVAILABLE))
        .route(
            "/json",
            get(async || r#"{"data":{"state":"ready","jobs":"7"}}"#),
        )
        .route("/hop", any(async || Redirect::to("/echo")))
        .route("/hop2", get(async || Redirect::permanent("/hop3")))
        .route("/hop3", get(async || Redirect::temporary("/")))
        .route("/loop", get(async || Redirect::temporary("/loop")))
        .route("/kept", any(async || Redirect::temporary("/echo")))
        .route("/long", get(async || "x".repeat(5000)))
        .route(
            "/stream",
            get(async || {
                let parts = ["all ", "is ", "well"].map(Ok::<_, std::convert::Infallible>);
                Body::from_stream(futures_util::stream::iter(parts))
            }),
        )
}

async fn ask(address: SocketAddr, path: &str, rest: &str) -> super::Seen {
    let rest = format!("type = 'http'\nurl = 'http://{address}{path}'\n{rest}");
    Probing::new(&rest).take().await
}

#[tokio::test]
async fn a_good_answer_is_told_with_its_figures() {
    let address = serve(routes()).await;
    let seen = ask(address, "/", "").await;
    assert_eq!(seen.failure(), "");
    seen.says(&[
        ("up", 1.0),
        ("probe_success", 1.0),
        ("probe_http_status_code", 200.0),
        ("probe_http_content_length", 11.0),
        ("probe_http_uncompressed_body_length", 11.0),
        ("probe_http_redirects", 0.0),
        ("probe_http_ssl", 0.0),
        ("probe_failed_due_to_regex", 0.0),
        ("probe_ip_protocol", 4.0),
        ("probe_http_duration_seconds{phase=\"tls\"}", 0.0),
    ]);
    let phases: f64 = ["resolve", "connect", "processing", "transfer"]
        .map(|phase| seen.value(&format!("probe_http_duration_seconds{{phase=\"{phase}\"}}")))
        .iter()
        .sum();
    assert!(phases > 0.0 && phases <= seen.value("probe_duration_seconds"));
    assert!(!seen.has("probe_ssl_earliest_cert_expiry") && !seen.has("probe_network_up"));

    let seen = ask(address, "/stream", "body = 'is well$'").await;
    seen.says(&[
        ("probe_success", 1.0),
        ("probe_http_content_length", -1.0),
        ("probe_http_uncompressed_body_length", 11.0),
    ]);
}

/// What is asked, settings, whether a pattern is to blame, and what is said.
const ANSWERS: &[(&str, &str, f64, &str)] = &[
    (
        "/bad",
        "",
        0.0,
        "the target answered 503 Service Unavailable",
    ),
    ("/bad", "status = [200, '5xx']", 0.0, ""),
    ("/", "status = 204", 0.0, "the target answered 200 OK"),
    ("/", "body = '^all'\nbody_not = 'error'", 0.0, ""),
    (
        "/",
        "body = '^well'",
        1.0,
        "`body` is not found in the answer",
    ),
    (
        "/",
        "body_not = 'we'",
        1.0,
        "`body_not` is found in the answer",
    ),
    ("/", "header = { Content-Type = '^text/plain' }", 0.0, ""),
    (
        "/",
        "header = { x-gone = '.' }",
        1.0,
        "the header `x-gone` is not what it should match",
    ),
    (
        "/json",
        "json = { pointer = '/data/state', equals = 'ready' }",
        0.0,
        "",
    ),
    (
        "/json",
        "json = [{ pointer = '/data/state' }, { pointer = '/data/jobs', below = 7 }]",
        0.0,
        "the value at `/data/jobs` is not a number below 7",
    ),
    (
        "/",
        "json = { pointer = '' }",
        0.0,
        "the answer is not JSON",
    ),
    ("/long", "limit = 4999", 0.0, ""),
    ("/long", "limit = 5000\nbody = '^x+$'", 0.0, ""),
    (
        "/long",
        "limit = 4999\nbody = 'x'",
        0.0,
        "the answer is longer than 4999 bytes; `limit` says how many are read",
    ),
];

#[tokio::test]
async fn what_is_not_as_expected_fails_the_probe_and_says_why() {
    let address = serve(routes()).await;
    for &(path, rest, regex, failure) in ANSWERS {
        let seen = ask(address, path, rest).await;
        assert_eq!(seen.failure(), failure, "{path}, {rest}");
        let success = f64::from(u8::from(failure.is_empty()));
        seen.says(&[
            ("up", 1.0),
            ("probe_success", success),
            ("probe_failed_due_to_regex", regex),
        ]);
    }
    let seen = ask(
        address,
        "/json",
        "json = { pointer = '/data/jobs', below = 7 }",
    )
    .await;
    seen.says(&[("probe_json_value{pointer=\"/data/jobs\"}", 7.0)]);
}

#[tokio::test]
async fn the_request_is_sent_as_it_is_set() {
    let address = serve(routes()).await;
    for (rest, body) in [
        ("", "^GET /echo\\n(?s:.*)user-agent: critwatch/"),
        ("", &*format!("host: {address}\\n")),
        ("method = 'PUT'\nsend = 'words'", "^PUT (?s:.*)body: words$"),
        (
            "headers = { x-key = 'k', host = 'other' }",
            "x-key: k\\nhost: other\\n",
        ),
        ("bearer = 'token'", "authorization: Bearer token\\n"),
        (
            "basic = { user = 'a', password = 'b' }",
            "authorization: Basic YTpi\\n",
        ),
    ] {
        let seen = ask(address, "/echo", &format!("body = '{body}'\n{rest}")).await;
        assert_eq!(seen.failure(), "", "{rest}");
    }
    let rest = format!(
        "type = 'http'\nurl = 'http://a:b@{address}/echo?c=d'\nbody = '''{}'''",
        "^GET /echo\\?c=d\\nauthorization: Basic YTpi"
    );
    assert_eq!(Probing::new(&rest).take().await.failure(), "");
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_it_is_set() {
    let address = serve(routes()).await;
    let seen = ask(address, "/hop2", "").await;
    seen.says(&[
        ("probe_success", 1.0),
        ("probe_http_redirects", 2.0),
        ("probe_http_status_code", 200.0),
    ]);
    let seen = ask(address, "/hop2", "redirects = 1\nstatus = 307").await;
    seen.says(&[("probe_success", 1.0), ("probe_http_redirects", 2.0)]);
    let seen = ask(address, "/hop2", "redirects = 0\nstatus = 308").await;
    seen.says(&[("probe_success", 1.0), ("probe_http_redirects", 1.0)]);
    let seen = ask(address, "/loop", "").await;
    assert_eq!(seen.failure(), "the target answered 307 Temporary Redirect");
    seen.says(&[("probe_http_redirects", 4.0)]);
    // A form that was taken is shown by another request; one that is only
    // led elsewhere is sent again.
    let sent = "method = 'POST'\nsend = 'words'";
    let seen = ask(
        address,
        "/hop",
        &format!("{sent}\nbody = '^GET (?s:.*)body: $'"),
    )
    .await;
    assert_eq!(seen.failure(), "");
    let seen = ask(
        address,
        "/kept",
        &format!("{sent}\nbody = '^POST (?s:.*)body: words$'"),
    )
    .await;
    assert_eq!(seen.failure(), "");
}

#[tokio::test]
async fn a_redirect_to_another_server_gets_no_secret_of_the_first() {
    let other = serve(routes()).await;
    let lead = move || async move { Redirect::to(&format!("http://{other}/echo")) };
    let address = serve(Router::new().route("/", get(lead))).await;
    let rest = "bearer = 'token'\nheaders = { x-key = 'k' }\n\
        body = 'authorization: none\\nx-key: none\\n'";
    let seen = ask(
        address,
        "/",
        &rest.replace('\'', "\"").replace("\\n", "\\\\n"),
    )
    .await;
    assert_eq!(seen.failure(), "");
    seen.says(&[("probe_http_redirects", 1.0)]);
}

#[tokio::test]
async fn every_attempt_has_a_line_of_its_own() {
    let seen = Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let note = seen.clone();
    let answer = async move |ConnectInfo(from): ConnectInfo<SocketAddr>, headers: HeaderMap| {
        note.lock().await.push(from.port());
        assert_eq!(headers["connection"], "close");
    };
    let address = serve(Router::new().route("/", get(answer))).await;
    let mut probing = Probing::new(&format!("type = 'http'\nurl = 'http://{address}/'"));
    for _ in 0..3 {
        probing.take().await.says(&[("probe_success", 1.0)]);
    }
    let mut ports = seen.lock().await.clone();
    ports.dedup();
    assert_eq!(ports.len(), 3);
}

#[tokio::test]
async fn a_probe_is_never_tried_again_before_its_next_turn() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let answer = async move || {
        count.fetch_add(1, Ordering::SeqCst);
        StatusCode::BAD_GATEWAY
    };
    let address = serve(Router::new().route("/", get(answer))).await;
    let seen = ask(address, "/", "").await;
    seen.says(&[("probe_success", 0.0), ("up", 1.0)]);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_secret_is_shown_by_a_probe() {
    let address = serve(routes()).await;
    let rest = format!(
        "type = 'http'\nurl = 'http://user:hidden@{address}/bad?token=hidden'\n\
         bearer = 'hidden'\nsend = 'hidden'\nheaders = {{ x-key = 'hidden' }}\n\
         json = {{ pointer = '/a', equals = 'hidden' }}\n"
    );
    let shown = format!("{:?}", super::read(&rest));
    assert!(!shown.contains("hidden"), "{shown}");
    let mut probing = Probing::new(&rest);
    let seen = probing.take().await;
    let shown = format!("{:?} {seen:?}", probing.collector);
    assert!(!shown.contains("hidden"), "{shown}");
}

/// Answers every request with these bytes and hangs up, or waits.
async fn raw(answer: &'static [u8], waits: bool) -> SocketAddr {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = line.read(&mut asked).await;
                let _ = line.write_all(answer).await;
                if waits {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn a_body_that_breaks_off_hides_neither_the_status_nor_the_times() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nnine byte";
    let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nnine byte\r\n";
    let garbage = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nnine byte\r\nzz\r\n";
    for (answer, waits, length, words) in [
        (
            &cut[..],
            false,
            100.0,
            "the target answered 200 OK, but its body broke off: ",
        ),
        (
            chunk,
            false,
            -1.0,
            "the target answered 200 OK, but its body broke off: ",
        ),
        (
            garbage,
            false,
            -1.0,
            "the target answered 200 OK, but its body broke off: ",
        ),
        (cut, true, 100.0, "no answer in time"),
    ] {
        let address = raw(answer, waits).await;
        let seen = ask(address, "/", "timeout = '400ms'").await;
        assert!(seen.failure().starts_with(words), "{seen:#?}");
        seen.says(&[
            ("up", 1.0),
            ("probe_success", 0.0),
            ("probe_http_status_code", 200.0),
            ("probe_http_content_length", length),
            ("probe_http_uncompressed_body_length", 9.0),
            ("probe_failed_due_to_regex", 0.0),
        ]);
        assert!(seen.value("probe_http_duration_seconds{phase=\"transfer\"}") > 0.0);
    }
    // A status that is no good says more than a body that is cut.
    let address = raw(b"HTTP/1.1 503 Busy\r\ncontent-length: 9\r\n\r\nx", false).await;
    let seen = ask(address, "/", "").await;
    assert!(seen.failure().contains("answered 503"), "{seen:#?}");
    seen.says(&[("probe_http_status_code", 503.0)]);
    // Steps do not take half a body for a whole one.
    let address = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", false).await;
    let rest = format!("type = 'steps'\nurl = 'http://{address}'\nstep = [{{ name = 'ask' }}]");
    let seen = Probing::new(&rest).take().await;
    assert!(seen.failure().contains("its body broke off"), "{seen:#?}");
}
