//! A rendered response with its head, ready to be sent to anybody.

use std::sync::Arc;

use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;

use crate::web::pages::error::{self, WebError};
use crate::web::parts::look::style;
use crate::web::serving::response::coding::{Coding, Effort, MIN_COMPRESSED_BYTES};
use crate::web::serving::response::security_headers::SecurityHeaders;
use crate::web::site::View;
use crate::web::table::Address;
use crate::web::table::answer::{AnswerKind, AnswerTraits, CacheLifetime};
use crate::web::table::pages::Page;

/// A rendered answer.
#[derive(Debug)]
pub(crate) struct RenderedResponse {
    /// The code of the answer.
    pub(crate) status: StatusCode,
    /// What it is.
    pub(crate) kind: AnswerKind,
    /// How long it may be cached.
    pub(crate) lifetime: CacheLifetime,
    /// How it is compressed.
    pub(crate) coding: Coding,
    /// A mark of the plain body.
    pub(crate) tag: Arc<str>,
    /// Its head, but for what depends on the visitor.
    pub(crate) head: HeaderMap,
    /// Its body.
    pub(crate) body: Bytes,
    effort: Effort,
}

impl RenderedResponse {
    /// Renders an address; `None` if nothing is there.
    ///
    /// What cannot be rendered is a page that says so, with the reason in the log.
    pub(crate) fn render(address: &Address, view: &View<'_>) -> Option<Self> {
        let traits = address.traits();
        let missing = *address == Address::site(Page::Missing);
        let (status, body) = match address.render(view) {
            Ok(body) if missing => (StatusCode::NOT_FOUND, body),
            Ok(body) => (StatusCode::OK, body),
            Err(WebError::NotFound) => return None,
            Err(WebError::Render(error)) => {
                tracing::error!(path = %address, %error, "cannot render page");
                return Some(Self::broken(view));
            }
        };
        Some(Self::new(status, traits, body, view))
    }

    /// The page for what cannot be shown.
    pub(crate) fn broken(view: &View<'_>) -> Self {
        let traits = Page::Missing.row().traits;
        let plain = || "This page cannot be shown.\n".to_owned();
        let body = error::broken(view).unwrap_or_else(|_| plain());
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, traits, body.into_bytes(), view)
    }

    fn new(status: StatusCode, traits: AnswerTraits, body: Vec<u8>, view: &View<'_>) -> Self {
        let mut head = HeaderMap::with_capacity(16);
        SecurityHeaders::of(traits, view.names.is_secure()).insert_into(&mut head);
        let kind = HeaderValue::from_static(traits.kind.content_type());
        head.insert(CONTENT_TYPE, kind);
        let control = HeaderValue::from_static(traits.lifetime.control(false));
        head.insert(CACHE_CONTROL, control);
        let vary = if traits.kind == AnswerKind::Html && view.names.language.is_none() {
            "accept-encoding, accept-language"
        } else {
            "accept-encoding"
        };
        head.insert(VARY, HeaderValue::from_static(vary));
        if traits.kind.is_picture() {
            head.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        }
        let mut response = Self {
            status,
            kind: traits.kind,
            lifetime: traits.lifetime,
            coding: Coding::Plain,
            tag: style::tag(&body).into(),
            head,
            body: tight(body),
            effort: Effort::Dense,
        };
        response.mark();
        response
    }

    /// Whether it is worth compressing.
    pub(crate) fn shrinks(&self) -> bool {
        self.kind.shrinks() && self.body.len() >= MIN_COMPRESSED_BYTES
    }

    /// The same, compressed; `None` if that is of no use.
    ///
    /// `last` is what was made of the last board: what is still true of it is
    /// taken over, and made smaller yet, as it seems to stay.
    pub(crate) fn compressed(&self, coding: Coding, last: Option<Arc<Self>>) -> Option<Arc<Self>> {
        let last = last.filter(|last| last.tag == self.tag && last.head_is_of(self));
        let effort = match &last {
            Some(last) if last.effort == Effort::Dense => return Some(Arc::clone(last)),
            Some(_) => Effort::Dense,
            None if self.lifetime == CacheLifetime::Marked => Effort::Dense,
            None => Effort::Fast,
        };
        let body = coding.compress(&self.body, effort).ok()?;
        let mut response = Self {
            status: self.status,
            kind: self.kind,
            lifetime: self.lifetime,
            coding,
            tag: Arc::clone(&self.tag),
            head: self.head.clone(),
            body: tight(body),
            effort,
        };
        if let Some(token) = coding.token() {
            let token = HeaderValue::from_static(token);
            response.head.insert(CONTENT_ENCODING, token);
        }
        response.mark();
        Some(Arc::new(response))
    }

    /// Whether its head is that of the plain response.
    fn head_is_of(&self, plain: &Self) -> bool {
        self.status == plain.status && self.kind == plain.kind && self.lifetime == plain.lifetime
    }

    /// Whether both would answer with the same bytes.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.head_is_of(other) && self.coding == other.coding && self.body == other.body
    }

    /// The bytes that it takes, about.
    pub(crate) fn weight(&self) -> u64 {
        /// What its head takes.
        const HEAD: u64 = 2048;
        HEAD + u64::try_from(self.body.len()).unwrap_or(u64::MAX / 2)
    }

    /// Its strong mark: that of the bytes as they travel.
    fn mark(&mut self) {
        if self.status != StatusCode::OK {
            return;
        }
        let mark = match self.coding.token() {
            None => format!("\"{}\"", self.tag),
            Some(token) => format!("\"{}-{token}\"", self.tag),
        };
        if let Ok(mark) = HeaderValue::from_str(&mark) {
            self.head.insert(ETAG, mark);
        }
    }
}

/// The bytes without spare capacity, which would stay in memory uncounted.
fn tight(body: Vec<u8>) -> Bytes {
    body.into_boxed_slice().into()
}
