//! What a visitor sends with a request: it is our turn once all of it is there.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::web::serving::connections::client::ClientConnection;

/// The body of a request.
#[derive(Debug)]
pub(crate) struct RequestBody {
    body: Incoming,
    client: Arc<ClientConnection>,
}

impl RequestBody {
    /// Begins to listen to a visitor; most have said all that they want already.
    pub(crate) fn new(body: Incoming, client: &Arc<ClientConnection>) -> Self {
        let heard = Self {
            body,
            client: Arc::clone(client),
        };
        heard.client.wait();
        heard.note();
        heard
    }

    fn note(&self) {
        if self.body.is_end_stream() {
            self.client.work();
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match frame {
            Poll::Ready(None) => self.client.work(),
            Poll::Ready(Some(_)) => self.note(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
