//! Where the console shows an incident or planned work.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::incident::IncidentId;
use crate::model::request::incidents::incident_change::ChangedFile;
use crate::web::ops::console::page_table::ConsolePage;

/// The page of a file.
pub(crate) fn address(id: &IncidentId) -> String {
    let id = utf8_percent_encode(&id.0, NON_ALPHANUMERIC);
    format!("{}/{id}", ConsolePage::Incidents.address())
}

/// The page of the navigation that a file belongs to.
pub(crate) fn page_of(file: &ChangedFile) -> ConsolePage {
    if file.planned.is_some() {
        ConsolePage::Maintenance
    } else {
        ConsolePage::Incidents
    }
}
