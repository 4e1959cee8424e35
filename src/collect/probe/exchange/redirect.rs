//! Follows redirects, and tells no secret to a server that it was not for.

use axum::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION};
use hyper::{Method, StatusCode};

use crate::collect::failure::cause::Failure;
use crate::collect::probe::exchange::connection::Dialler;
use crate::collect::probe::exchange::request::{HttpAnswer, HttpRequest, exchange};
use crate::collect::probe::report::ProbeReport;

/// Sends a request and follows at most so many redirects; one more is the answer.
pub(crate) async fn follow(
    dialler: &mut Dialler,
    mut request: HttpRequest,
    most: u8,
    limit: usize,
    report: &mut ProbeReport,
) -> Result<HttpAnswer, Failure> {
    let mut met = 0;
    loop {
        let answer = exchange(dialler, request.clone(), limit, report).await?;
        let Some(onward) = next(&request, &answer) else {
            return Ok(answer);
        };
        met += 1;
        report.set("probe_http_redirects", [], f64::from(met));
        if met > most {
            return Ok(answer);
        }
        request = onward;
    }
}

/// The request that a redirect asks for (RFC 9110, 15.4).
fn next(request: &HttpRequest, answer: &HttpAnswer) -> Option<HttpRequest> {
    let location = answer.headers.get(LOCATION)?.to_str().ok()?;
    let address = request.address.follow(location)?;
    let mut next = HttpRequest {
        address,
        ..request.clone()
    };
    let drops_body = match answer.status {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => request.method == Method::POST,
        StatusCode::SEE_OTHER => request.method != Method::HEAD,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
        _ => return None,
    };
    if drops_body {
        next.method = Method::GET;
        next.body = Bytes::new();
        next.headers.remove(CONTENT_TYPE);
        next.headers.remove(CONTENT_LENGTH);
    }
    if !next.address.is_same_server(&request.address) {
        // Our headers are for the server that they were written for, and so is
        // a body, without which the request would be another.
        next.headers = HeaderMap::new();
        if !next.body.is_empty() {
            return None;
        }
    }
    Some(next)
}
