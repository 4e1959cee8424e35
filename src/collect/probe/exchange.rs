//! One HTTP request over a line of its own, and the answer within limits.

use std::convert::Infallible;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::collect::failure::Failure;
use crate::collect::probe::address::Address;
use crate::collect::probe::line::Dialler;
use crate::collect::probe::report::{Report, Stopwatch};

/// Bytes of a body that are read unless the settings say otherwise.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// What we call ourselves to targets.
pub const AGENT: &str = concat!("critwatch/", env!("CARGO_PKG_VERSION"));

/// Bytes and lines of an answer's head that are read.
const HEAD_BYTES: usize = 64 * 1024;
const HEAD_LINES: usize = 100;

/// What is sent; it may hold secrets.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// To whom.
    pub address: Address,
    /// Headers besides those that every request has.
    pub headers: HeaderMap,
    /// The body, mostly empty.
    pub body: Bytes,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// Whether the body went on behind the limit.
    pub is_cut: bool,
}

/// Sends a request and reads at most `limit` bytes of the answer's body.
pub async fn exchange(
    dialler: &mut Dialler,
    request: Request,
    limit: usize,
    report: &mut Report,
) -> Result<Answer, Failure> {
    let address = &request.address;
    let line = dialler
        .dial(address.host(), address.port(), address.is_secure(), report)
        .await?;
    let mut settings = http1::Builder::new();
    settings.max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES);
    let (mut sender, connection) = settings
        .handshake(TokioIo::new(line))
        .await
        .map_err(|error| no_http(&error))?;
    let request = written(request)?;
    let talk = async {
        let response = {
            let _watch = Stopwatch::start(&mut report.phases.processing);
            sender.send_request(request).await
        };
        let response = response.map_err(|error| no_http(&error))?;
        report.answered = true;
        let _watch = Stopwatch::start(&mut report.phases.transfer);
        read(response, limit).await
    };
    // What was read from the line is still to be taken once it has ended.
    let carry = async {
        let _ = connection.await;
        std::future::pending::<Infallible>().await
    };
    tokio::select! {
        answer = talk => answer,
        never = carry => match never {},
    }
}

/// Dresses a request for the wire.
fn written(request: Request) -> Result<hyper::Request<Full<Bytes>>, Failure> {
    let unfit = |_| Failure::Answer("the request cannot be written".to_owned());
    let address = request.address;
    let mut written = hyper::Request::new(Full::new(request.body));
    *written.method_mut() = request.method;
    *written.uri_mut() = address
        .target()
        .parse()
        .map_err(|_| Failure::Answer("the path cannot be asked for".to_owned()))?;
    let headers = written.headers_mut();
    *headers = request.headers;
    let host = HeaderValue::from_str(&address.authority()).map_err(unfit)?;
    headers.entry(HOST).or_insert(host);
    headers
        .entry(USER_AGENT)
        .or_insert(HeaderValue::from_static(AGENT));
    headers
        .entry(ACCEPT)
        .or_insert(HeaderValue::from_static("*/*"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if let Some(login) = address.login() {
        let mut login = HeaderValue::from_str(&login).map_err(unfit)?;
        login.set_sensitive(true);
        headers.entry(AUTHORIZATION).or_insert(login);
    }
    Ok(written)
}

async fn read(response: Response<Incoming>, limit: usize) -> Result<Answer, Failure> {
    let (head, mut rest) = response.into_parts();
    let mut body = Vec::new();
    let mut is_cut = false;
    while let Some(frame) = rest.frame().await {
        let frame = frame.map_err(|error| no_http(&error))?;
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        let room = limit - body.len();
        body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            is_cut = true;
            break;
        }
    }
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body,
        is_cut,
    })
}

/// Why no answer could be read, with the causes behind it.
fn no_http(error: &hyper::Error) -> Failure {
    let mut text = format!("no HTTP answer: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Failure::Answer(text)
}
