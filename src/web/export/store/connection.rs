//! Lets the crate `object_store` ask by our own HTTP client, with bounded answers.

use std::io;

use axum::http;
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};

use crate::model::text::causes::with_causes;
use crate::web::export::store::error::NoCredentials;

/// The longest answer that is read: a list of what an export wrote.
const MAX_ANSWER: usize = 32 * 1024 * 1024;

/// Where a cloud tells its machines their credentials.
const METADATA: &str = "169.254.";

/// Asks a store, or where the cloud keeps the credentials of this machine.
#[derive(Clone, Debug)]
pub struct StoreClient {
    /// For the store; it may go through a proxy.
    pub store: reqwest::Client,
    /// For the machine's own network, where nothing is far.
    pub near: reqwest::Client,
}

impl StoreClient {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let address = parts.uri.to_string();
        let address = address.parse();
        let address = address.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let mut request = reqwest::Request::new(parts.method, address);
        let is_near = request
            .url()
            .host_str()
            .is_some_and(|host| host.starts_with(METADATA));
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.collect().await?.to_bytes().into());
        let client = if is_near { &self.near } else { &self.store };
        let answer = client.execute(request).await;
        let answer = answer.map_err(|error| {
            if is_near {
                HttpError::new(HttpErrorKind::Unknown, NoCredentials)
            } else {
                failed(error)
            }
        })?;
        if is_near && !answer.status().is_success() {
            return Err(HttpError::new(HttpErrorKind::Unknown, NoCredentials));
        }
        let mut response = http::Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        let bytes = read(answer).await?;
        Ok(response.map(|()| bytes.into()))
    }
}

impl HttpService for StoreClient {
    fn call<'a, 'f>(
        &'a self,
        request: HttpRequest,
    ) -> BoxFuture<'f, Result<HttpResponse, HttpError>>
    where
        'a: 'f,
        Self: 'f,
    {
        Box::pin(self.ask(request))
    }
}

impl HttpConnector for StoreClient {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Bytes, HttpError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            let long = io::Error::other("an answer is too long");
            return Err(HttpError::new(HttpErrorKind::Decode, long));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// What failed, without its address: `object_store` names it where it may be named.
fn failed(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, io::Error::other(with_causes(&error.without_url())))
}
