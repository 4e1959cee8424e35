//! Addresses of our own pages, for those who read them elsewhere.

use std::collections::BTreeSet;

use crate::model::board::Board;
use crate::model::component::Component;
use crate::model::incident::Incident;
use crate::model::slug;
use crate::web::site::Names;
use crate::web::words;

/// An address with the site's own before it, if it has one.
pub fn absolute(names: &Names, path: &str) -> String {
    format!("{}{path}", names.url.as_deref().unwrap_or_default())
}

/// The page of an incident.
pub fn incident(names: &Names, incident: &Incident) -> String {
    absolute(names, &incident_path(incident))
}

/// The same without the site's address.
pub fn incident_path(incident: &Incident) -> String {
    format!("/issues/{}/", words::address(&incident.id.0))
}

/// What names a component in addresses: `web-app`, unescaped.
pub fn slug(component: &Component) -> String {
    let slug = slug::component(&component.name);
    if slug.is_empty() {
        component.id.0.clone()
    } else {
        slug
    }
}

/// What names the pages of components in addresses; those of the same name have
/// their page in common.
pub fn components(board: &Board) -> BTreeSet<String> {
    let components = board.components.iter();
    let slugs = components.map(|state| slug::component(&state.component.name));
    slugs.filter(|slug| !slug.is_empty()).collect()
}

/// The page of a component, by what names it in addresses.
pub fn affected(names: &Names, slug: &str) -> String {
    absolute(names, &affected_path(slug))
}

/// The same without the site's address.
pub fn affected_path(slug: &str) -> String {
    format!("/affected/{}/", words::address(slug))
}
