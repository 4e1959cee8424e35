//! Subscribers by e-mail by the operators' API: `/api/v1/subscribers`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::model::access::Actor;
use crate::model::component::ComponentId;
use crate::model::request::access::AuditEntry;
use crate::model::request::receivers::subscriber_care::{
    CareAnswer, SubscriberCare, SubscriberRecord,
};
use crate::model::request::receivers::subscription::{
    MailAddress, ReportRhythm, SubscriptionChoice,
};
use crate::model::request::samples::push::Push;
use crate::model::text::language::Language;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::body;
use crate::web::ops::api::desk::WriteApi;
use crate::web::ops::api::fields::BodyFields;
use crate::web::ops::api::incidents::SentBody;

/// What may stand in a body.
const FIELDS: [&str; 6] = [
    "address",
    "language",
    "components",
    "incidents",
    "maintenance",
    "report",
];

impl WriteApi {
    /// Writes down who did something to a subscriber, whose address the audit log must
    /// not keep.
    pub(crate) async fn noted(&self, actor: &Actor, act: &str) {
        let entry = AuditEntry::new(actor, act, "a subscriber");
        self.operators.audit(entry).await;
    }

    /// Asks the subscribers' desk.
    pub(crate) async fn care(&self, what: SubscriberCare) -> Result<CareAnswer, OpsError> {
        let refused = |message| OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, message);
        let (answer, wait) = oneshot::channel();
        let push = Push { what, answer };
        if self.care.errands.try_send(push).is_err() {
            return Err(refused("too much is asked at once; try again"));
        }
        match wait.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(refusal)) => Err(OpsError::whole(
                StatusCode::INTERNAL_SERVER_ERROR,
                refusal.to_string(),
            )),
            Err(_) => Err(refused("the service is about to stop; try again")),
        }
    }
}

/// `GET /api/v1/subscribers`: how many there are.
pub(crate) async fn count(State(api): State<WriteApi>) -> Result<Json<Value>, OpsError> {
    let CareAnswer::Counts(counts) = api.care(SubscriberCare::Count).await? else {
        return Err(nobody());
    };
    let counts = counts.into_iter();
    let counts: Map<_, _> = counts
        .map(|(state, count)| (state.to_owned(), json!(count)))
        .collect();
    Ok(Json(json!({ "counts": counts })))
}

/// `POST /api/v1/subscribers`: adds somebody who asked the operator.
pub(crate) async fn add(
    State(api): State<WriteApi>,
    Acting(actor): Acting,
    sent: SentBody,
) -> Result<Response, OpsError> {
    let mut fields = BodyFields::read(&body(sent)?, &FIELDS)?;
    let typed = fields.needed("address", "say where mails go");
    let address = MailAddress::parse(&typed);
    if address.is_none() && !fields.is_faulty("address") {
        let way = "this is not an address; write one as in `ann@example.org`";
        fields.wrong("address", way);
    }
    let tags = Language::ALL.map(Language::tag).join(", ");
    let language = fields.word("language", Language::from_tag, &tags);
    let rhythms = ReportRhythm::ALL.map(ReportRhythm::word).join(", ");
    let report = fields.word("report", ReportRhythm::from_word, &rhythms);
    let choice = SubscriptionChoice {
        components: components(&api, &mut fields),
        incidents: fields.flag_or("incidents", true),
        maintenance: fields.flag_or("maintenance", true),
        report,
        ..SubscriptionChoice::new(language.unwrap_or_default())
    };
    if !choice.is_some() {
        fields.wrong("incidents", "nothing would be sent");
    }
    fields.done()?;
    let Some(address) = address else {
        return Err(nobody());
    };
    match api.care(SubscriberCare::Add(address, choice)).await? {
        CareAnswer::Record(added) => {
            api.noted(&actor, "add subscriber").await;
            Ok((StatusCode::CREATED, Json(shown(&added))).into_response())
        }
        _ => Err(OpsError::whole(
            StatusCode::CONFLICT,
            "this address has already subscribed; remove it first to change its choices",
        )),
    }
}

fn components(api: &WriteApi, fields: &mut BodyFields) -> BTreeSet<ComponentId> {
    let asked = fields.names("components").unwrap_or_default();
    api.operators.site.show(|view| {
        let mut found = BTreeSet::new();
        for (at, name) in asked.iter().enumerate() {
            let mut components = view.board.components.iter().map(|state| &state.component);
            if let Some(component) = components.find(|one| one.id.0 == *name || one.name == *name) {
                found.insert(component.id.clone());
                continue;
            }
            let field = format!("components[{at}]");
            fields.wrong(&field, format!("there is no component `{name}`"));
        }
        found
    })
}

/// `GET /api/v1/subscribers/ADDRESS`: all that is kept of somebody.
pub(crate) async fn export(
    State(api): State<WriteApi>,
    Acting(actor): Acting,
    Path(typed): Path<String>,
) -> Result<Json<Value>, OpsError> {
    let record = record(&api, &typed, SubscriberCare::Export).await?;
    api.noted(&actor, "export subscriber").await;
    Ok(Json(record))
}

/// `DELETE /api/v1/subscribers/ADDRESS`: erases somebody.
pub(crate) async fn remove(
    State(api): State<WriteApi>,
    Acting(actor): Acting,
    Path(typed): Path<String>,
) -> Result<Json<Value>, OpsError> {
    let record = record(&api, &typed, SubscriberCare::Remove).await?;
    api.noted(&actor, "remove subscriber").await;
    Ok(Json(record))
}

async fn record(
    api: &WriteApi,
    typed: &str,
    care: impl FnOnce(MailAddress) -> SubscriberCare,
) -> Result<Value, OpsError> {
    let address = MailAddress::parse(typed).ok_or_else(nobody)?;
    match api.care(care(address)).await? {
        CareAnswer::Record(record) => Ok(shown(&record)),
        _ => Err(nobody()),
    }
}

/// The address is not repeated: answers are logged by others.
fn nobody() -> OpsError {
    let message = "there is no subscriber with this address";
    OpsError::whole(StatusCode::NOT_FOUND, message)
}

fn shown(record: &SubscriberRecord) -> Value {
    let choice = &record.choice;
    let gets = [
        choice.incidents.then_some("incidents"),
        choice.maintenance.then_some("maintenance"),
        choice.report.map(ReportRhythm::word),
    ];
    json!({
        "address": record.address.expose(),
        "state": record.state,
        "language": choice.language.tag(),
        "gets": gets.into_iter().flatten().collect::<Vec<_>>(),
        "components": choice.components,
        "askedAt": record.asked,
        "confirmedAt": record.confirmed,
        "bounces": record.bounces,
        "toldOf": record.told_of,
    })
}
