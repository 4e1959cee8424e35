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

/// Reports that are noted within [`HOUR`], one of each text: more of them say
/// nothing more, must not fill an incident, and must not drive out changes of the
/// service, which are noted in the same place.
const MOST: usize = 12;
const HOUR: Duration = Duration::from_hours(1);

/// Visitors that are known at once; more are not heard until some are forgotten.
const VISITORS: usize = 10_000;

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
    noted: Vec<(String, Timestamp)>,
}

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is noted.
    New,
    /// It was said already.
    Known,
    /// Too many come from there, or at all.
    Refused,
}

impl Late {
    /// What becomes of a report that is made now; it is counted unless refused.
    fn take(&mut self, visitor: IpAddr, text: &str, now: Timestamp) -> Fate {
        let within = |at: &Timestamp, span: Duration| {
            let age: Duration = now.duration_since(*at).try_into().unwrap_or_default();
            age < span
        };
        self.visitors.retain(|_, at| within(at, PATIENCE));
        self.noted.retain(|(_, at)| within(at, HOUR));
        let known = self.noted.iter().any(|(noted, _)| noted == text);
        let full = self.visitors.len() >= VISITORS || (!known && self.noted.len() >= MOST);
        if full || self.visitors.contains_key(&visitor) {
            return Fate::Refused;
        }
        self.visitors.insert(visitor, now);
        if known {
            return Fate::Known;
        }
        self.noted.push((text.to_owned(), now));
        Fate::New
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
            let mut fate = Fate::Refused;
            reports.late.send_if_modified(|late| {
                fate = late.take(visitor.counted(), &event.text, event.noted);
                true
            });
            match fate {
                Fate::New => reports.note(event).await,
                Fate::Known => true,
                Fate::Refused => false,
            }
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
    fn nobody_reports_twice_at_once_and_the_same_is_noted_once_an_hour() {
        let at = |minutes: u64| Timestamp::UNIX_EPOCH + Duration::from_mins(minutes);
        let who = |last: usize| IpAddr::from([192, 0, 2, u8::try_from(last).unwrap()]);
        let mut late = Late::default();
        assert_eq!(late.take(who(0), "api", at(0)), Fate::New);
        assert_eq!(late.take(who(0), "cache", at(9)), Fate::Refused);
        assert_eq!(late.take(who(0), "api", at(10)), Fate::Known);
        for other in 1..MOST {
            let text = format!("part {other}");
            assert_eq!(late.take(who(other), &text, at(20)), Fate::New);
        }
        assert_eq!(late.take(who(MOST), "one more", at(59)), Fate::Refused);
        assert_eq!(late.take(who(MOST), "one more", at(60)), Fate::New);
        assert!(late.noted.len() <= MOST && late.visitors.len() == 1);
    }
}
