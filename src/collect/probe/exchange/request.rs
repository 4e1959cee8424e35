//! One HTTP request over a line of its own, and the answer within limits.

use std::convert::Infallible;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::collect::failure::cause::Failure;
use crate::collect::failure::reason;
use crate::collect::probe::address::ProbeAddress;
use crate::collect::probe::exchange::connection::Dialler;
use crate::collect::probe::report::{AnswerHead, ProbeReport, Stopwatch};

/// Bytes of a body that are read unless the settings say otherwise.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// What we call ourselves to targets.
pub(crate) const AGENT: &str = concat!("critwatch/", env!("CARGO_PKG_VERSION"));

/// Bytes and lines of an answer's head that are read.
const HEAD_BYTES: usize = 64 * 1024;
const HEAD_LINES: usize = 100;

/// What is sent; it may hold secrets.
#[derive(Clone)]
pub(crate) struct HttpRequest {
    /// The method.
    pub(crate) method: Method,
    /// To whom.
    pub(crate) address: ProbeAddress,
    /// Headers besides those that every request has.
    pub(crate) headers: HeaderMap,
    /// The body, mostly empty.
    pub(crate) body: Bytes,
}

/// What came back.
pub(crate) struct HttpAnswer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, as far as it was read.
    pub(crate) body: Vec<u8>,
    /// Whether the body went on behind the limit.
    pub(crate) is_cut: bool,
    /// Why the body broke off before its end, if it did.
    pub(crate) fault: Option<String>,
}

impl HttpAnswer {
    /// Fails if the body did not come to its end.
    pub(crate) fn whole(&self) -> Result<(), Failure> {
        let fault = self.fault.clone();
        fault.map_or(Ok(()), |fault| Err(Failure::Answer(fault)))
    }
}

/// Sends a request and reads at most `limit` bytes of the answer's body.
pub(crate) async fn exchange(
    dialler: &mut Dialler,
    request: HttpRequest,
    limit: usize,
    report: &mut ProbeReport,
) -> Result<HttpAnswer, Failure> {
    let address = &request.address;
    let is_secure = address.is_secure();
    let line = dialler
        .dial(address.host(), address.port(), is_secure, report)
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
        // Known from here on, whatever becomes of the body.
        report.head = Some(AnswerHead::of(&response, is_secure));
        let _watch = Stopwatch::start(&mut report.phases.transfer);
        Ok(read(response, limit, &mut report.body).await)
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
fn written(request: HttpRequest) -> Result<hyper::Request<Full<Bytes>>, Failure> {
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

async fn read(response: Response<Incoming>, limit: usize, count: &mut usize) -> HttpAnswer {
    let (head, mut rest) = response.into_parts();
    let mut answer = HttpAnswer {
        status: head.status,
        headers: head.headers,
        body: Vec::new(),
        is_cut: false,
        fault: None,
    };
    *count = 0;
    while let Some(frame) = rest.frame().await {
        let bytes = match frame.map(Frame::into_data) {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => continue,
            Err(error) => {
                let (status, why) = (answer.status, reason::of(&error));
                let words = format!("the target answered {status}, but its body broke off: {why}");
                answer.fault = Some(words);
                break;
            }
        };
        let room = limit - answer.body.len();
        answer
            .body
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        *count = answer.body.len();
        if bytes.len() > room {
            answer.is_cut = true;
            break;
        }
    }
    answer
}

/// Why no answer could be read, with the causes behind it.
fn no_http(error: &hyper::Error) -> Failure {
    Failure::Answer(format!("no HTTP answer: {}", reason::of(error)))
}
