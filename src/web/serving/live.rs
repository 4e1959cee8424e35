//! `/live`: notifies open pages of changes by server-sent events.
//!
//! One message is made for each change and shared by all who listen: a listener
//! costs its connection, and no work but to be written to.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::board::Sight;
use crate::web::serving::cache::RenderCache;
use crate::web::serving::cache::rendered_board::Rendered;
use crate::web::serving::connections::listeners::{ListenerSlot, Listeners};
use crate::web::serving::connections::visitor::Visitor;
use crate::web::site::Revision;

/// Where open pages listen for changes.
pub const LIVE: &str = "/live";

/// How often an event is sent, so that nobody trusts a dead connection.
const BEAT: Duration = Duration::from_secs(15);

/// How long a page waits before it connects again, in milliseconds.
const RETRY: u32 = 3000;

/// The current event, for all listeners.
#[derive(Clone, Debug)]
struct LiveEvent {
    revision: Revision,
    /// The message for listeners with an older revision.
    change: Bytes,
    /// The message for the others.
    beat: Bytes,
}

/// The listeners' side.
#[derive(Clone, Debug)]
pub struct Live {
    events: watch::Receiver<Arc<LiveEvent>>,
    listeners: Listeners,
}

/// Publishes an event for each visible change.
#[derive(Debug)]
pub struct LivePublisher {
    renders: watch::Receiver<Arc<Rendered>>,
    events: watch::Sender<Arc<LiveEvent>>,
}

/// What a listener is sent.
pub(crate) type LiveStream = Pin<Box<dyn Stream<Item = Result<Bytes, Infallible>> + Send>>;

impl LiveEvent {
    fn new(rendered: &Rendered) -> Self {
        let Rendered {
            revision, board, ..
        } = rendered;
        let measured = measured(rendered).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        let data = json!({
            "revision": revision.0,
            "health": board.health,
            "measured": measured,
        });
        let id = revision.0;
        let event = |name: &str| format!("event: {name}\nid: {id}\ndata: {data}\n\n").into();
        Self {
            revision: *revision,
            change: event("board"),
            beat: event("beat"),
        }
    }
}

/// When something was measured last; `None` if nothing is, or nothing is seen.
fn measured(rendered: &Rendered) -> Option<Timestamp> {
    match rendered.board.facts.sight {
        Sight::Fresh { last } => Some(last),
        Sight::Blind { .. } | Sight::Unwatched => None,
    }
}

impl Live {
    /// Opens it for that many listeners at once.
    pub fn new(cache: &RenderCache, slots: usize) -> (Self, LivePublisher) {
        let renders = cache.renders();
        let event = LiveEvent::new(&renders.borrow());
        let (sender, events) = watch::channel(Arc::new(event));
        let live = Self {
            events,
            listeners: Listeners::new(slots),
        };
        let publisher = LivePublisher {
            renders,
            events: sender,
        };
        (live, publisher)
    }

    /// A place for a visitor; see [`Listeners::place`].
    pub(crate) fn place(&self, visitor: Option<Visitor>) -> Option<ListenerSlot> {
        self.listeners.place(visitor)
    }

    /// The events for a listener that has seen a revision, if any.
    ///
    /// The first event comes at once: a change for a listener whose revision is
    /// another, and a beat with the current revision for all others.
    pub(crate) fn listen(&self, seen: Option<Revision>, place: ListenerSlot) -> LiveStream {
        let mut events = self.events.clone();
        let event = Arc::clone(&events.borrow_and_update());
        let greeting = match seen {
            Some(seen) if seen != event.revision => event.change.clone(),
            _ => event.beat.clone(),
        };
        let retry = format!("retry: {RETRY}\n");
        let greeting = Bytes::from([retry.as_bytes(), &greeting].concat());
        let state = (events, event.revision, place);
        let rest = stream::unfold(state, async |(mut events, seen, place)| {
            // The publisher is gone: we are stopping.
            events.changed().await.ok()?;
            let event = Arc::clone(&events.borrow_and_update());
            let message = if event.revision == seen {
                event.beat.clone()
            } else {
                event.change.clone()
            };
            Some((Ok(message), (events, event.revision, place)))
        });
        stream::iter([Ok(greeting)]).chain(rest).boxed()
    }
}

impl LivePublisher {
    /// Tells of every change, and every few seconds that there was none.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        beat.reset();
        loop {
            let quiet = tokio::select! {
                () = stop.cancelled() => return,
                changed = self.renders.changed() => {
                    if changed.is_err() {
                        stop.cancelled().await;
                        return;
                    }
                    false
                }
                _ = beat.tick() => true,
            };
            let event = LiveEvent::new(&self.renders.borrow_and_update());
            // New running numbers alone are no change.
            if quiet || event.revision != self.events.borrow().revision {
                self.events.send_replace(Arc::new(event));
                beat.reset();
            }
        }
    }
}

/// Reads the revision that a visitor names.
pub(crate) fn revision(text: &str) -> Option<Revision> {
    text.trim().parse().ok().map(Revision)
}
