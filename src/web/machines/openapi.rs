//! `/api/openapi.json`: all of it described, from the one source `openapi.json`.

use serde_json::{Value, json};

use crate::web::site::View;

/// The description, kept by hand; a test holds it against every answer.
const SOURCE: &str = include_str!("openapi.json");

/// The description with the site's own name and address.
pub fn document(view: &View<'_>) -> Value {
    // A test reads it; a description that is none says nothing.
    let mut document: Value = serde_json::from_str(SOURCE).unwrap_or_default();
    document["info"]["title"] = json!(view.names.title);
    document["servers"] = json!([{ "url": view.names.url.as_deref().unwrap_or("/") }]);
    document
}
