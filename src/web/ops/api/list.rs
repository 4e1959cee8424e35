//! Lists by the operators' API: filters, and pages that a cursor leads through.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::WriteApi;
use crate::web::ops::api::fields::severity;
use crate::web::ops::api::show;

/// How long what is over is listed unless more is asked for.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Entries of a page at most.
const LISTED: usize = 500;

/// What a query may name.
const PARAMETERS: [&str; 6] = ["state", "severity", "component", "q", "limit", "cursor"];

/// What a query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ListFilter {
    /// Open, over, draft or all; without it what is open or ended of late.
    state: Option<String>,
    severity: Option<Severity>,
    component: Option<String>,
    /// Words of the title.
    words: Option<String>,
    limit: usize,
    cursor: Option<ListCursor>,
}

/// The last entry of a page: the next one goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ListCursor {
    at: Option<Timestamp>,
    id: String,
}

impl ListCursor {
    fn of(incident: &Incident) -> Self {
        Self {
            at: incident.date,
            id: incident.id.0.clone(),
        }
    }

    fn print(&self) -> String {
        let at = self
            .at
            .map_or(String::new(), |at| at.as_second().to_string());
        URL_SAFE_NO_PAD.encode(format!("{at} {}", self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (at, id) = text.split_once(' ')?;
        let at = match at {
            "" => None,
            at => Some(Timestamp::from_second(at.parse().ok()?).ok()?),
        };
        let id = id.to_owned();
        Some(Self { at, id })
    }
}

/// `GET /api/v1/incidents`: what is open, ended of late, or waits for a person; with
/// filters all that fit.
pub(crate) async fn incidents(
    State(api): State<WriteApi>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, OpsError> {
    let filter = read(&asked)?;
    let (page, next) = api.operators.site.show(|view| {
        let board = view.board;
        let mut components = board.components.iter().map(|state| &state.component);
        let wanted = filter.component.as_ref().map(|asked| {
            let found = components.find(|one| one.id.0 == *asked || one.name == *asked);
            found.map_or(asked.clone(), |component| component.name.clone())
        });
        let incidents = board.facts.incidents.iter().map(AsRef::as_ref);
        let fits = incidents.filter(|one| is_listed(one, &filter, wanted.as_deref(), view.now));
        let (page, next) = cut(fits, &filter);
        let page: Vec<_> = page
            .into_iter()
            .map(|one| show::listed(one, board))
            .collect();
        (page, next)
    });
    Ok(answer("/api/v1/incidents", &asked, page, next))
}

/// `GET /api/v1/maintenance`: planned work that is to come or goes on; with
/// `state=all` that which is over, too.
pub(crate) async fn maintenance(
    State(api): State<WriteApi>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, OpsError> {
    let filter = read(&asked)?;
    let all = filter.state.as_deref();
    let page = api.operators.site.show(|view| {
        let planned = view.board.facts.maintenance.iter();
        let planned = planned.filter(|work| match all {
            Some("all") => true,
            Some("over") => !work.stage.is_open(),
            _ => work.stage.is_open(),
        });
        planned.take(filter.limit).map(show::listed_work).collect()
    });
    Ok(answer("/api/v1/maintenance", &asked, page, None))
}

fn read(asked: &[(String, String)]) -> Result<ListFilter, OpsError> {
    let mut filter = ListFilter {
        state: None,
        severity: None,
        component: None,
        words: None,
        limit: LISTED,
        cursor: None,
    };
    for (name, value) in asked {
        let wrong = |way: &str| Err(OpsError::field(name, way));
        match name.as_str() {
            "state" if ["open", "over", "draft", "all"].contains(&value.as_str()) => {
                filter.state = Some(value.clone());
            }
            "state" => return wrong("write one of open, over, draft, all"),
            "severity" => match severity(value) {
                Some(severity) => filter.severity = Some(severity),
                None => return wrong("write one of down, disrupted, notice"),
            },
            "component" => filter.component = Some(value.clone()),
            "q" => filter.words = Some(value.to_lowercase()),
            "limit" => match value.parse() {
                Ok(limit @ 1..=LISTED) => filter.limit = limit,
                _ => return wrong("write a number from 1 to 500"),
            },
            "cursor" => match ListCursor::read(value) {
                Some(cursor) => filter.cursor = Some(cursor),
                None => return wrong("this is not a cursor; follow the `Link` of the page before"),
            },
            _ => {
                let way = format!("this is not known; there are {}", PARAMETERS.join(", "));
                return wrong(&way);
            }
        }
    }
    Ok(filter)
}

fn is_listed(
    incident: &Incident,
    filter: &ListFilter,
    component: Option<&str>,
    now: Timestamp,
) -> bool {
    let fits_state = match filter.state.as_deref() {
        Some("open") => incident.resolved == Some(false),
        Some("over") => incident.resolved == Some(true),
        Some("draft") => incident.draft,
        Some(_) => true,
        None => is_recent(incident, now),
    };
    let severity = filter.severity;
    let words = filter.words.as_ref();
    incident.is_issue
        && fits_state
        && severity.is_none_or(|severity| incident.severity == Some(severity))
        && component.is_none_or(|name| incident.affected.iter().any(|one| one == name))
        && words.is_none_or(|words| incident.title.to_lowercase().contains(words))
}

fn is_recent(incident: &Incident, now: Timestamp) -> bool {
    let since = now.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
    let ended = incident.resolved_when.or(incident.date);
    incident.resolved == Some(false)
        || !incident.managed.overruled.is_empty()
        || ended.is_some_and(|ended| ended >= since)
}

/// A page of what fits, and where the next one goes on.
fn cut<'i>(
    fits: impl Iterator<Item = &'i Incident>,
    filter: &ListFilter,
) -> (Vec<&'i Incident>, Option<ListCursor>) {
    let fits: Vec<_> = fits.collect();
    let start = filter.cursor.as_ref().map_or(0, |cursor| {
        let place = fits.iter().position(|one| one.id.0 == cursor.id);
        // What the page ended with is gone: what is older follows.
        let older = || fits.iter().position(|one| one.date < cursor.at);
        place.map(|at| at + 1).or_else(older).unwrap_or(fits.len())
    });
    let rest = &fits[start..];
    let page: Vec<_> = rest.iter().take(filter.limit).copied().collect();
    let more = rest.len() > page.len();
    let next = page
        .last()
        .filter(|_| more)
        .map(|last| ListCursor::of(last));
    (page, next)
}

fn answer(
    path: &str,
    asked: &[(String, String)],
    page: Vec<Value>,
    next: Option<ListCursor>,
) -> Response {
    let Some(next) = next else {
        return Json(page).into_response();
    };
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let kept = asked.iter().filter(|(name, _)| name != "cursor");
    let mut pairs: Vec<_> = kept
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.push(format!("cursor={}", next.print()));
    let link = format!("<{path}?{}>; rel=\"next\"", pairs.join("&"));
    ([(header::LINK, link)], Json(page)).into_response()
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures;

    use super::*;

    fn incidents(count: i64) -> Vec<Incident> {
        let all = (0..count).rev().map(|second| Incident {
            date: Timestamp::from_second(second).ok(),
            ..fixtures::incident(&format!("i{second}"))
        });
        all.collect()
    }

    #[test]
    fn pages_follow_each_other_though_entries_come_and_go() {
        let mut all = incidents(7);
        let mut filter = read(&[("limit".into(), "3".into())]).unwrap();
        let (page, next) = cut(all.iter(), &filter);
        assert_eq!(
            page.iter().map(|one| &*one.id.0).collect::<Vec<_>>(),
            ["i6", "i5", "i4"]
        );
        filter.cursor = ListCursor::read(&next.unwrap().print());
        // The one that the page ended with is deleted, and a new one was written.
        all.remove(2);
        let date = Timestamp::from_second(99).ok();
        let new = fixtures::incident("new");
        all.insert(0, Incident { date, ..new });
        let (page, next) = cut(all.iter(), &filter);
        assert_eq!(
            page.iter().map(|one| &*one.id.0).collect::<Vec<_>>(),
            ["i3", "i2", "i1"]
        );
        filter.cursor = next;
        let (page, next) = cut(all.iter(), &filter);
        assert_eq!((page.len(), next), (1, None));
    }

    #[test]
    fn a_query_that_cannot_be_meant_is_refused() {
        for (name, value) in [
            ("state", "closed"),
            ("severity", "bad"),
            ("limit", "0"),
            ("limit", "501"),
            ("limit", "x"),
            ("cursor", "x"),
            ("sort", "date"),
        ] {
            let refused = read(&[(name.into(), value.into())]).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(name));
        }
    }
}
