//! The text of an incident, rendered once for all pages of a view that show it.

use std::sync::Arc;

use crate::model::incident::Incident;
use crate::web::export::memo::IncidentForms;
use crate::web::site::{Names, View};
use crate::web::text::markdown;

/// The forms of an incident, from the memo of the view if it has one.
pub(crate) fn forms(view: &View<'_>, incident: &Incident) -> Arc<IncidentForms> {
    let memo = view.memo;
    memo.map(|memo| memo.forms(&incident.name, incident.body.len()))
        .unwrap_or_default()
}

/// The whole text as HTML.
pub(crate) fn html<'f>(forms: &'f IncidentForms, incident: &Incident, names: &Names) -> &'f str {
    forms.html.get_or_init(|| markdown::body(incident, names))
}
