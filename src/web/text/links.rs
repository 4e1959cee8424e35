//! Addresses of our own pages, for those who read them elsewhere.

use std::collections::BTreeSet;

use crate::model::board::Board;
use crate::model::component::Component;
use crate::model::incident::{Incident, IncidentId};
use crate::model::text::slug;
use crate::web::site::Names;
use crate::web::text::machine;

/// An address with the site's own before it, if it has one.
pub(crate) fn absolute(names: &Names, path: &str) -> String {
    format!("{}{path}", names.url.as_deref().unwrap_or(&names.below))
}

/// An address as it stands in links of our own pages: below the path of the site.
pub(crate) fn own(names: &Names, path: &str) -> String {
    format!("{}{path}", names.base())
}

/// The page of an incident.
pub(crate) fn incident(names: &Names, incident: &Incident) -> String {
    absolute(names, &incident_path(incident))
}

/// The same without the site's address.
pub(crate) fn incident_path(incident: &Incident) -> String {
    page_path(&incident.id)
}

/// The same of the incident of that id.
pub(crate) fn page_path(id: &IncidentId) -> String {
    format!("/issues/{}/", machine::address(&id.0))
}

/// The page of the site's own at a path, without the site's address.
pub(crate) fn free_path(path: &str) -> String {
    format!("/{}/", machine::address(path))
}

/// What names a component in addresses: `web-app`, unescaped.
pub(crate) fn slug(component: &Component) -> String {
    let slug = slug::component(&component.name);
    if slug.is_empty() {
        component.id.0.clone()
    } else {
        slug
    }
}

/// The same of any name that incidents say is affected; `None` if it has no page.
pub(crate) fn slug_of(board: &Board, name: &str) -> Option<String> {
    let named = slug::component(name);
    if !named.is_empty() {
        return Some(named);
    }
    let mut states = board.components.iter();
    let state = states.find(|state| state.component.name == name)?;
    Some(slug(&state.component))
}

/// What names the pages of components in addresses, and of everything else that
/// incidents say is affected; those of the same name have their page in common.
pub(crate) fn slugs(board: &Board) -> BTreeSet<String> {
    let pages = board.facts.incidents.iter().filter(|page| page.has_page());
    let named: BTreeSet<&String> = pages.flat_map(|page| &page.affected).collect();
    let components = board.components.iter();
    let components = components.map(|state| slug(&state.component));
    let named = named.into_iter().map(|name| slug::component(name));
    let all = components.chain(named);
    all.filter(|slug| !slug.is_empty()).collect()
}

/// The page of a component, by what names it in addresses.
pub(crate) fn affected(names: &Names, slug: &str) -> String {
    absolute(names, &affected_path(slug))
}

/// The same without the site's address.
pub(crate) fn affected_path(slug: &str) -> String {
    format!("/affected/{}/", machine::address(slug))
}
