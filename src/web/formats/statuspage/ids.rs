//! Ids in Statuspage's manner, made of names that do not change, and its moments.

use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use crate::model::component::Component;
use crate::model::incident::Incident;
use crate::web::site::View;

/// How many characters an id has.
const LENGTH: usize = 12;

/// The id of a thing of a kind: the same for ever, whatever else changes.
pub(crate) fn id(kind: &str, name: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789bcdfghjklmnpqrstvwxyzu";
    let digest = digest(&SHA256, format!("{kind}/{name}").as_bytes());
    let bytes = digest.as_ref().iter().take(LENGTH);
    bytes
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect()
}

/// The site's id.
pub(crate) fn page_id(view: &View<'_>) -> String {
    id("page", view.names.url.as_ref().unwrap_or(&view.names.title))
}

/// A moment as Statuspage prints it.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// An incident's id.
pub(crate) fn incident_id(incident: &Incident) -> String {
    id("incident", &incident.id.0)
}

/// A component's id.
pub(crate) fn component_id(component: &Component) -> String {
    id("component", &component.id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_in_every_version() {
        assert_eq!(id("incident", "2026-03-01-cache"), "3g6hvmjuytbv");
        assert_ne!(id("component", "api"), id("group", "api"));
    }
}
