//! Incidents and planned work in Statuspage's REST API.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::model::facts::planned::WorkStage;
use crate::model::request::incidents::incident_change::{
    ChangeTarget, ChangedFile, ChangedKeys, IncidentEdit,
};
use crate::web::formats::statuspage::story::{self, FileStory};
use crate::web::formats::statuspage::{components, ids, status};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::desk::{Asker, WriteApi};
use crate::web::ops::api::incidents::{SentBody, newest};
use crate::web::ops::statuspage::input::{SentThing, wrong};
use crate::web::ops::statuspage::planned;
use crate::web::parts::incident::story as body_parts;
use crate::web::site::View;
use crate::web::text::update_ids;

/// Entries of a page at most, and usually.
const LISTED: usize = 100;

/// A thing of that id is not there.
fn unknown(what: &str, id: &str) -> OpsError {
    OpsError::whole(StatusCode::NOT_FOUND, format!("there is no {what} `{id}`"))
}

/// An id as clients send it, some with an ending.
fn bare(id: &str) -> &str {
    id.strip_suffix(".json").unwrap_or(id)
}

impl WriteApi {
    /// Makes something of the board for a page that is ours.
    pub(crate) fn of_page<T>(
        &self,
        page: &str,
        make: impl FnOnce(&View<'_>) -> T,
    ) -> Result<T, OpsError> {
        self.operators.site.show(|view| {
            let own = ids::page_id(view);
            if bare(page) != own {
                let message = format!("there is no page `{page}`; this one is `{own}`");
                return Err(OpsError::whole(StatusCode::NOT_FOUND, message));
            }
            Ok(make(view))
        })
    }

    /// The file of an incident's id, theirs or ours.
    fn file(&self, page: &str, id: &str) -> Result<ChangeTarget, OpsError> {
        let id = bare(id);
        let found = self.of_page(page, |view| {
            let mut incidents = view.board.facts.incidents.iter();
            let found = incidents.find(|one| ids::incident_id(one) == id || one.id.0 == id);
            found.map(|incident| ChangeTarget::Id(incident.id.clone()))
        })?;
        found.ok_or_else(|| unknown("incident", id))
    }

    /// A file in Statuspage's words.
    fn story(&self, file: &ChangedFile) -> Value {
        self.operators.site.show(|view| {
            let story = FileStory {
                incident: &file.incident,
                planned: file.planned.as_ref(),
            };
            story.show(view, &components::each(view))
        })
    }
}

/// `GET /v1/pages/PAGE`.
pub(crate) async fn page(
    State(api): State<WriteApi>,
    Path(page): Path<String>,
) -> Result<Json<Value>, OpsError> {
    api.of_page(&page, status::page).map(Json)
}

/// `GET /v1/pages/PAGE/incidents`, by pages, with words of the name in `q`.
pub(crate) async fn list(
    State(api): State<WriteApi>,
    Path(page): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, OpsError> {
    listed(&api, &page, "", &asked).map(Json)
}

fn listed(
    api: &WriteApi,
    page: &str,
    kind: &str,
    asked: &[(String, String)],
) -> Result<Value, OpsError> {
    let parameter = |name: &str| {
        let found = asked.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    };
    let number = |name, usual: usize| match parameter(name) {
        None => Ok(usual),
        Some(value) => value.parse().map_err(|_| wrong(name, "write a number")),
    };
    let limit = number("limit", number("per_page", LISTED)?)?.min(LISTED);
    let first = number("page", 1)?.saturating_sub(1).saturating_mul(limit);
    let words = parameter("q").map(str::to_lowercase);
    api.of_page(page, |view| {
        let parts = components::each(view);
        let fits = story::all(view).filter(|one| is_of(one, kind));
        let fits = fits.filter(|one| {
            let title = one.incident.title.to_lowercase();
            words.as_ref().is_none_or(|words| title.contains(words))
        });
        let page = fits.skip(first).take(limit);
        page.map(|one| one.show(view, &parts)).collect()
    })
}

/// Whether something is in a list of a kind.
fn is_of(story: &FileStory<'_>, kind: &str) -> bool {
    let stage = story.planned.map(|planned| planned.stage);
    match kind {
        "unresolved" => stage.is_none() && story.incident.is_active(),
        "scheduled" => stage.is_some_and(WorkStage::is_open),
        "upcoming" => stage == Some(WorkStage::Scheduled),
        "active_maintenance" => stage.is_some_and(WorkStage::is_going_on),
        _ => true,
    }
}

/// `GET /v1/pages/PAGE/incidents/ID`, or a list of a kind.
pub(crate) async fn one(
    State(api): State<WriteApi>,
    Path((page, id)): Path<(String, String)>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, OpsError> {
    let kinds = ["unresolved", "scheduled", "upcoming", "active_maintenance"];
    if kinds.contains(&bare(&id)) {
        return listed(&api, &page, bare(&id), &asked).map(Json);
    }
    let file = api.look(api.file(&page, &id)?).await?;
    Ok(Json(api.story(&file)))
}

/// `POST /v1/pages/PAGE/incidents`.
pub(crate) async fn create(
    State(api): State<WriteApi>,
    asker: Asker,
    Path(page): Path<String>,
    headers: HeaderMap,
    sent: SentBody,
) -> Result<(StatusCode, Json<Value>), OpsError> {
    let sent = SentThing::read(&headers, sent, "incident").await?;
    let change = api.of_page(&page, |view| planned::created(&sent, view))??;
    let file = api.change(asker, change, "open incident").await?;
    Ok((StatusCode::CREATED, Json(api.story(&file))))
}

/// `PATCH` and `PUT /v1/pages/PAGE/incidents/ID`: an update, other keys, the end.
pub(crate) async fn change(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((page, id)): Path<(String, String)>,
    headers: HeaderMap,
    sent: SentBody,
) -> Result<Json<Value>, OpsError> {
    let sent = SentThing::read(&headers, sent, "incident").await?;
    let target = api.file(&page, &id)?;
    let mut file = api.look(target).await?;
    let found = (&*file.incident, file.planned.as_ref());
    let edits = api.of_page(&page, |view| planned::edits(&sent, found, view))??;
    for edit in edits {
        let change = planned::edited(&file.incident, edit);
        file = api.change(asker.clone(), change, "update incident").await?;
    }
    Ok(Json(api.story(&file)))
}

/// `DELETE /v1/pages/PAGE/incidents/ID`: a draft is deleted, and what visitors could
/// read is withdrawn.
pub(crate) async fn delete(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((page, id)): Path<(String, String)>,
) -> Result<Json<Value>, OpsError> {
    let file = api.look(api.file(&page, &id)?).await?;
    let incident = &file.incident;
    if incident.managed.withdrawn {
        return Ok(Json(api.story(&file)));
    }
    let edit = match file.planned.as_ref().map(|planned| planned.stage.is_open()) {
        _ if incident.draft => IncidentEdit::Delete,
        Some(true) => IncidentEdit::Cancel { text: None },
        Some(false) | None => IncidentEdit::Withdraw { text: None },
    };
    let change = planned::edited(incident, edit);
    let file = api.change(asker, change, "withdraw incident").await?;
    Ok(Json(api.story(&file)))
}

/// `PATCH /v1/pages/PAGE/incidents/ID/incident_updates/UPDATE`: corrects the newest one.
pub(crate) async fn correct(
    State(api): State<WriteApi>,
    asker: Asker,
    Path((page, id, update)): Path<(String, String, String)>,
    headers: HeaderMap,
    sent: SentBody,
) -> Result<Json<Value>, OpsError> {
    let sent = SentThing::read(&headers, sent, "incident_update").await?;
    let file = api.look(api.file(&page, &id)?).await?;
    let incident = &file.incident;
    let keys = update_ids::keys(&incident.updates).into_iter();
    let mut keys =
        keys.filter(|key| ids::id("update", &format!("{}/{key}", incident.id)) == bare(&update));
    let key = keys.next().ok_or_else(|| unknown("update", &update))?;
    newest(&incident.updates, &key)?;
    let text = sent
        .text("body")
        .ok_or_else(|| wrong("body", "can't be blank"))?;
    // Clients see the first paragraph alone, and write no other.
    let more = body_parts::story(incident).more.first().copied();
    let edit = IncidentEdit::Correct {
        keys: ChangedKeys::default(),
        text: format!("{text}\n\n{}", more.unwrap_or_default()),
    };
    let change = planned::edited(incident, edit);
    let asker = Asker {
        seen: file.version.clone(),
        ..asker
    };
    let file = api.change(asker, change, "correct incident").await?;
    let story = api.story(&file);
    Ok(Json(
        story["incident_updates"]
            .get(0)
            .cloned()
            .unwrap_or(json!(null)),
    ))
}
