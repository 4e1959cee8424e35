//! What an incident says, rendered once for all pages of a view that show it.

use std::sync::Arc;

use crate::model::incident::Incident;
use crate::web::common::IncidentText;
use crate::web::site::View;
use crate::web::text::markdown;

/// What an incident of a view says.
pub fn text(view: &View<'_>, incident: &Incident) -> Arc<IncidentText> {
    let make = || Arc::new(IncidentText::new(markdown::body(incident, view.names)));
    let common = view.common;
    common.map_or_else(make, |common| common.text(&incident.name, make))
}
