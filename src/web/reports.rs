//! `POST /report`: a visitor says that something fails; it becomes an event.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Form};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{oneshot, watch};

use crate::model::event::{Event, EventKind, Source};
use crate::model::noted::{Entry, NotesDoor};
use crate::model::push::Push;
use crate::web::report::{self, Report};
use crate::web::serving::visitor::Visitor;
use crate::web::site::{Site, View};

/// Who reported is not heard again for so long.
const PATIENCE: Duration = Duration::from_mins(10);

/// Reports of all within [`HOUR`]: more of them say nothing more, and changes of
/// the service, which are noted in the same place, must not be driven out.
const MOST: usize = 12;
const HOUR: Duration = Duration::from_hours(1);

/// Where reports go, and who made some of late.
#[derive(Clone, Debug)]
pub struct Reports {
    notes: NotesDoor,
    late: Arc<watch::Sender<Late>>,
}

/// The reports of late.
#[derive(Debug, Default)]
struct Late {
    visitors: HashMap<IpAddr, Timestamp>,
    taken: Vec<Timestamp>,
}

impl Late {
    /// Whether a report is taken now; it is counted if so.
    fn take(&mut self, visitor: IpAddr, now: Timestamp) -> bool {
        let within = |at: &Timestamp, span: Duration| {
            let age: Duration = now.duration_since(*at).try_into().unwrap_or_default();
            age < span
        };
        self.visitors.retain(|_, at| within(at, PATIENCE));
        self.taken.retain(|at| within(at, HOUR));
        if self.taken.len() >= MOST || self.visitors.contains_key(&visitor) {
            return false;
        }
        self.visitors.insert(visitor, now);
        self.taken.push(now);
        true
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Sent {
    /// The id of a component; empty if the visitor does not know.
    #[serde(default)]
    what: String,
}

impl Reports {
    /// Reports are noted there.
    pub fn new(notes: NotesDoor) -> Self {
        let late = Arc::new(watch::Sender::new(Late::default()));
        Self { notes, late }
    }

    /// Whether the database has it.
    async fn note(&self, event: Event) -> bool {
        let (answer, wait) = oneshot::channel();
        let what = Entry::Event(event);
        self.notes.entries.try_send(Push { what, answer }).is_ok()
            && matches!(wait.await, Ok(Ok(())))
    }
}

/// Takes a report, and says whether it was.
pub async fn take(
    State(site): State<Site>,
    Extension(reports): Extension<Reports>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Response {
    let accept = headers.get(ACCEPT_LANGUAGE);
    let language = site
        .names()
        .language(accept.and_then(|accept| accept.to_str().ok()));
    let event = sent
        .ok()
        .filter(|_| is_ours(&headers))
        .and_then(|Form(sent)| site.show(|view| event(view, &sent.what)));
    let taken = match event {
        Some(event) => {
            let taken = |late: &mut Late| late.take(visitor.counted(), event.noted);
            reports.late.send_if_modified(taken) && reports.note(event).await
        }
        None => false,
    };
    let (status, said) = if taken {
        (StatusCode::OK, Report::Taken)
    } else {
        (StatusCode::TOO_MANY_REQUESTS, Report::Refused)
    };
    match site.show_in(language, |view| report::page(view, said)) {
        Ok(page) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot make a page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether the form was ours: another site must not report in its visitors' names.
fn is_ours(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site");
    from.is_none_or(|from| from == "same-origin" || from == "none")
}

/// What is noted; `None` if there is no such component.
///
/// Nothing that a visitor wrote is in it.
fn event(view: &View<'_>, what: &str) -> Option<Event> {
    let mut components = view.board.components.iter();
    let (text, affected) = if what.is_empty() {
        ("something fails".to_owned(), Vec::new())
    } else {
        let state = components.find(|state| state.component.id.0 == what)?;
        let text = format!("{} fails", state.component.name);
        (text, vec![state.component.id.clone()])
    };
    let event = Event::new(view.now, &text, view.now).ok()?;
    Some(Event {
        kind: EventKind::Report,
        components: affected,
        source: Source::User,
        ..event
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reports_twice_at_once_and_all_together_not_too_often() {
        let at = |minutes: u64| Timestamp::UNIX_EPOCH + Duration::from_mins(minutes);
        let who = |last: usize| IpAddr::from([192, 0, 2, u8::try_from(last).unwrap()]);
        let mut late = Late::default();
        assert!(late.take(who(0), at(0)) && !late.take(who(0), at(9)));
        assert!(late.take(who(0), at(10)));
        for other in 2..MOST {
            assert!(late.take(who(other), at(20)));
        }
        assert!(!late.take(who(MOST), at(59)));
        assert!(late.take(who(MOST), at(60)));
        assert!(late.taken.len() <= MOST && late.visitors.len() == 1);
    }
}
