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

use crate::language::speech::Speech;
use crate::model::event::{Event, EventKind, EventSource};
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::request::samples::push::Push;
use crate::model::request::samples::report_count::ReportCounts;
use crate::model::time::duration::elapsed;
use crate::web::pages::report::{self, ReportFailure, ReportState};
use crate::web::reports::counter::ReportCounter;
use crate::web::serving::connections::visitor::{LEVELS, Visitor};
use crate::web::serving::origin::is_ours;
use crate::web::site::{Site, View};

/// Who reported is not heard again for so long.
const REPORT_INTERVAL: Duration = Duration::from_mins(10);

/// Reports that are heard of a network within [`REPORT_INTERVAL`], by its size, the widest
/// first: who has many addresses is not many visitors.
const CROWD: [usize; LEVELS] = [32, 8, 1];

/// Reports that are noted within [`HOUR`], one of each text: more of them say
/// nothing more, must not fill an incident, and must not drive out changes of the
/// service, which are noted in the same place.
const MAX_NOTED: usize = 12;
const HOUR: Duration = Duration::from_hours(1);

/// Visitors that are remembered at once; further reports are refused until some expire.
const VISITORS: usize = 10_000;

/// Where reports go, and who made some of late.
#[derive(Clone, Debug)]
pub struct Reports {
    notes: NotesDoor,
    counter: ReportCounter,
    recent: Arc<watch::Sender<RecentReports>>,
}

/// The reports of late.
#[derive(Debug, Default)]
struct RecentReports {
    visitors: HashMap<IpAddr, Timestamp>,
    noted: Vec<(String, Timestamp)>,
}

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReportFate {
    /// It is noted.
    New,
    /// The same was reported already.
    Known,
    /// Too many come from there, or at all.
    Refused,
}

impl RecentReports {
    /// What becomes of a report that is made now; its visitor is known from then on
    /// unless it is refused.
    ///
    /// What was noted before an incident was opened does not stand in it.
    fn take(
        &mut self,
        visitor: Visitor,
        text: &str,
        now: Timestamp,
        opened: Option<Timestamp>,
    ) -> ReportFate {
        let within = |at: &Timestamp, span: Duration| {
            let age: Duration = elapsed(*at, now);
            age < span
        };
        self.visitors.retain(|_, at| within(at, REPORT_INTERVAL));
        self.noted.retain(|(_, at)| within(at, HOUR));
        let mut noted = self.noted.iter();
        let is_repeated = noted.any(|(noted, at)| noted == text && Some(*at) >= opened);
        if self.visitors.len() >= VISITORS || self.is_crowd(visitor) {
            return ReportFate::Refused;
        }
        self.visitors.insert(visitor.counted(), now);
        // What is too much to be noted is counted all the same.
        if is_repeated || self.noted.len() >= MAX_NOTED {
            return ReportFate::Known;
        }
        self.noted.push((text.to_owned(), now));
        ReportFate::New
    }

    /// Whether as many have reported from one of the visitor's networks as may.
    fn is_crowd(&self, visitor: Visitor) -> bool {
        let others = |level: usize| {
            let network = visitor.networks()[level];
            let reporters = self.visitors.keys();
            reporters.filter(|other| network.contains(*other)).count()
        };
        (0..LEVELS).rev().any(|level| others(level) >= CROWD[level])
    }

    /// Takes back what could not be noted: the next one who says it is to be heard.
    fn forget(&mut self, visitor: Visitor, text: &str) {
        self.visitors.remove(&visitor.counted());
        self.noted.retain(|(noted, _)| noted != text);
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    /// The id of a component; empty if the visitor does not know.
    #[serde(default)]
    what: String,
}

impl Reports {
    /// Reports are noted there, and counted.
    pub fn new(notes: NotesDoor, counter: ReportCounter) -> Self {
        let recent = Arc::new(watch::Sender::new(RecentReports::default()));
        Self {
            notes,
            counter,
            recent,
        }
    }

    /// Counts reports on the components of a site from now on.
    pub fn track(&self, site: &Site) {
        site.show(|view| self.counter.track(view.board));
    }

    /// How many there were.
    pub fn tally(&self) -> watch::Receiver<ReportCounts> {
        self.counter.read()
    }

    /// Takes a report if it may be: notes it if it is news, and counts it.
    async fn take(&self, visitor: Visitor, event: Event, opened: Option<Timestamp>) -> ReportState {
        let mut fate = ReportFate::Refused;
        self.recent.send_if_modified(|recent| {
            fate = recent.take(visitor, &event.text, event.noted, opened);
            true
        });
        let component = event.components.first().cloned();
        let text = event.text.clone();
        match fate {
            ReportFate::Refused => return ReportState::Refused,
            ReportFate::Known => {}
            ReportFate::New if self.note(event).await => {}
            ReportFate::New => {
                self.recent
                    .send_modify(|recent| recent.forget(visitor, &text));
                return ReportState::Unheard(ReportFailure::Unnoted);
            }
        }
        self.counter.add(component.as_ref().map_or("", |id| &id.0));
        ReportState::Taken
    }

    /// Whether the database has it.
    async fn note(&self, event: Event) -> bool {
        let (answer, wait) = oneshot::channel();
        let push = Push {
            what: event,
            answer,
        };
        self.notes.entries.try_send(push).is_ok() && matches!(wait.await, Ok(Ok(())))
    }
}

/// Takes a report, and says whether it was.
pub(crate) async fn take(
    State(site): State<Site>,
    State(reports): State<Reports>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    sent: Result<Form<Sent>, FormRejection>,
) -> Response {
    let accept = headers.get(ACCEPT_LANGUAGE);
    let language = site
        .names()
        .language(accept.and_then(|accept| accept.to_str().ok()));
    let is_ours = is_ours(&headers, &site.names());
    let read = |sent: Sent| site.show(|view| Some((event(view, &sent.what)?, opened(view))));
    let (state, status) = match sent {
        _ if !is_ours => (
            ReportState::Unheard(ReportFailure::Foreign),
            StatusCode::FORBIDDEN,
        ),
        Ok(Form(sent)) => match read(sent) {
            Some((event, opened)) => match reports.take(visitor, event, opened).await {
                ReportState::Refused => (ReportState::Refused, StatusCode::TOO_MANY_REQUESTS),
                ReportState::Unheard(why) => {
                    (ReportState::Unheard(why), StatusCode::SERVICE_UNAVAILABLE)
                }
                state => (state, StatusCode::OK),
            },
            None => (
                ReportState::Unheard(ReportFailure::Unclear),
                StatusCode::BAD_REQUEST,
            ),
        },
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => (
            ReportState::Unheard(ReportFailure::Unclear),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        Err(_) => (
            ReportState::Unheard(ReportFailure::Unclear),
            StatusCode::BAD_REQUEST,
        ),
    };
    match site.show_in(language, |view| report::page(view, state)) {
        Ok(page) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot render the page of a report");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// When the incident began that was opened last, of those that go on.
fn opened(view: &View<'_>) -> Option<Timestamp> {
    let active = view.board.active();
    active.filter_map(|incident| incident.date).max()
}

/// What is noted; `None` if there is no such component.
///
/// Nothing that a visitor wrote is in it.
fn event(view: &View<'_>, what: &str) -> Option<Event> {
    let speech = Speech::of(view.language);
    let mut components = view.board.components.iter();
    let (text, affected) = if what.is_empty() {
        (speech.say("reports-something"), Vec::new())
    } else {
        let state = components.find(|state| state.component.id.0 == what)?;
        let text = speech.with("reports-fails", "name", &*state.component.name);
        (text, vec![state.component.id.clone()])
    };
    let event = Event::new(view.now, &text, view.now).ok()?;
    Some(Event {
        kind: EventKind::Report,
        components: affected,
        source: EventSource::User,
        ..event
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reports_twice_at_once_and_the_same_is_noted_once_an_hour() {
        let at = |minutes: u64| Timestamp::UNIX_EPOCH + Duration::from_mins(minutes);
        // Each in a network of its own.
        let who = |last: usize| {
            let last = u8::try_from(last).unwrap();
            Visitor(IpAddr::from([192, 0, last, 2]))
        };
        let mut recent = RecentReports::default();
        let mut take = |last, text: &str, now| recent.take(who(last), text, now, None);
        assert_eq!(take(0, "api", at(0)), ReportFate::New);
        assert_eq!(take(0, "cache", at(9)), ReportFate::Refused);
        assert_eq!(take(0, "api", at(10)), ReportFate::Known);
        for other in 1..MAX_NOTED {
            let text = format!("part {other}");
            assert_eq!(take(other, &text, at(20)), ReportFate::New);
        }
        assert_eq!(take(MAX_NOTED, "one more", at(59)), ReportFate::Known);
        assert_eq!(take(MAX_NOTED + 1, "one more", at(60)), ReportFate::New);
        assert_eq!(recent.visitors.len(), 2);
        assert!(recent.noted.len() <= MAX_NOTED);
    }

    #[test]
    fn one_owner_of_many_addresses_is_not_many_visitors() {
        let mut recent = RecentReports::default();
        let mut heard = |addresses: Vec<String>| {
            let taken = addresses.iter().filter(|address| {
                let visitor = Visitor(address.parse().unwrap());
                recent.take(visitor, "api", Timestamp::UNIX_EPOCH, None) != ReportFate::Refused
            });
            taken.count()
        };
        let each = |of: &dyn Fn(u16) -> String| (0..200).map(of).collect::<Vec<_>>();
        assert_eq!(heard(each(&|n| format!("2001:db8:0:1::{n:x}"))), 1);
        assert_eq!(heard(each(&|n| format!("2001:db8:0:{n:x}::1"))), 7);
        assert_eq!(heard(each(&|n| format!("2001:db8:0:{n:x}00::1"))), 24);
        assert_eq!(heard(each(&|n| format!("203.0.113.{n}"))), 32);
        assert_eq!(heard(vec!["198.51.100.1".to_owned()]), 1);
    }

    #[test]
    fn what_was_noted_before_an_incident_is_noted_again_in_it() {
        let at = |minutes: u64| Timestamp::UNIX_EPOCH + Duration::from_mins(minutes);
        let mut recent = RecentReports::default();
        let mut take = |last: u8, minutes, opened: Option<u64>| {
            let visitor = Visitor(IpAddr::from([192, 0, 2, last]));
            recent.take(visitor, "api", at(minutes), opened.map(at))
        };
        assert_eq!(take(0, 0, None), ReportFate::New);
        assert_eq!(take(1, 30, Some(20)), ReportFate::New);
        assert_eq!(take(2, 31, Some(20)), ReportFate::Known);
    }

    #[test]
    fn what_could_not_be_noted_may_be_said_again() {
        let who = |last: u8| Visitor(IpAddr::from([192, 0, 2, last]));
        let mut recent = RecentReports::default();
        for _ in 0..2 {
            assert_eq!(
                recent.take(who(1), "api", Timestamp::UNIX_EPOCH, None),
                ReportFate::New
            );
            recent.forget(who(1), "api");
        }
    }
}
