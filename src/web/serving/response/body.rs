//! What a request's and an answer's bytes come from.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::Request;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Frame, SizeHint};

use crate::web::serving::live::LiveStream;

/// A request as routes take it.
pub type Asked = Request<axum::body::Body>;

/// The bytes of an answer.
#[expect(missing_debug_implementations, reason = "a stream of words has none")]
pub enum ResponseBody {
    /// All of them, there already.
    Whole(Full<Bytes>),
    /// What listeners are told, as it comes.
    Words(LiveStream),
    /// What a route makes.
    Routed(axum::body::Body),
}

impl ResponseBody {
    /// No bytes.
    pub fn empty() -> Self {
        Self::whole(Bytes::new())
    }

    /// These bytes.
    pub fn whole(bytes: Bytes) -> Self {
        Self::Whole(Full::new(bytes))
    }
}

impl hyper::body::Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut *self {
            Self::Whole(whole) => Pin::new(whole)
                .poll_frame(context)
                .map_err(|never: Infallible| match never {}),
            Self::Words(words) => words
                .as_mut()
                .poll_next(context)
                .map(|word| word.map(|word| Ok(Frame::data(word)))),
            Self::Routed(routed) => Pin::new(routed).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Words(_) => false,
            Self::Routed(routed) => routed.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Words(_) => SizeHint::default(),
            Self::Routed(routed) => routed.size_hint(),
        }
    }
}
