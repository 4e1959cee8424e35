//! Who did what: `GET /api/v1/audit`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::request::access::AuditRecord;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::operators::Operators;

/// Entries on a page.
const MOST: u32 = 500;

/// What may stand behind the `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Only those that are older than this one.
    before: Option<i64>,
    #[serde(default = "usual")]
    limit: u32,
}

fn usual() -> u32 {
    100
}

/// Lists what was done, the newest first, and where the next page begins.
pub(crate) async fn list(
    State(operators): State<Operators>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<Value>, OpsError> {
    let way = format!("write `?limit=` with 1 to {MOST}, and `before=` with the `next` of a page");
    let Ok(Query(AuditQuery { before, limit })) = query else {
        return Err(OpsError::whole(StatusCode::BAD_REQUEST, way));
    };
    if !(1..=MOST).contains(&limit) {
        return Err(OpsError::field("limit", way));
    }
    let page = operators.audited(before, limit).await?;
    let is_full = u32::try_from(page.len()).is_ok_and(|count| count == limit);
    let next = page.last().filter(|_| is_full).map(|last| last.id);
    let entries: Vec<_> = page.iter().map(value).collect();
    Ok(Json(json!({ "entries": entries, "next": next })))
}

fn value(record: &AuditRecord) -> Value {
    let entry = &record.entry;
    json!({
        "id": record.id,
        "at": record.at,
        "actor": entry.actor.name,
        "proof": entry.actor.proof.word(),
        "act": entry.act,
        "target": entry.target,
        "detail": entry.detail,
    })
}
