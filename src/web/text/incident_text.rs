//! The text of an incident, rendered once for all pages of a view that show it.

use std::sync::Arc;

use crate::model::incident::Incident;
use crate::web::export::memo::IncidentText;
use crate::web::site::View;
use crate::web::text::markdown;

/// The text of an incident, from the memo of the view if it has one.
pub(crate) fn text(view: &View<'_>, incident: &Incident) -> Arc<IncidentText> {
    let render = || Arc::new(IncidentText::new(markdown::body(incident, view.names)));
    view.memo
        .map_or_else(render, |memo| memo.text(&incident.name, render))
}
