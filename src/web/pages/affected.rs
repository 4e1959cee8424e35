//! Everything that incidents name as affected: its incidents, and the list of all names.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::model::board::Board;
use crate::model::component::Health;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::Incident;
use crate::model::text::slug;
use crate::web::parts::look::sign::Sign;
use crate::web::text::links;

/// A component or any other name that incidents say is affected.
#[derive(Clone, Debug)]
pub(crate) struct AffectedName<'a> {
    /// Its name; of several that share the address one.
    pub(crate) name: &'a str,
    /// The component, if it is one.
    pub(crate) state: Option<&'a ComponentState>,
    /// How it is as cState counts.
    pub(crate) counted: Health,
    /// How it is shown.
    pub(crate) sign: Sign,
    /// Incidents that name it, newest first.
    pub(crate) incidents: Vec<&'a Incident>,
}

/// What the address is that of; `None` if there is nothing of that name.
///
/// As in Hugo, names with equal slugs share one page.
pub(crate) fn affected<'a>(board: &'a Board, address: &str) -> Option<AffectedName<'a>> {
    let mut states = board.components.iter();
    let state = states.find(|state| links::slug(&state.component) == address);
    let is_it = |name: &str| slug::component(name) == address;
    let pages = board.facts.incidents.affecting(is_it).map(Arc::as_ref);
    let incidents: Vec<_> = pages.filter(|page: &&Incident| page.has_page()).collect();
    let name = match state {
        Some(state) => &state.component.name,
        None => incidents
            .first()?
            .affected
            .iter()
            .find(|name| is_it(name))?,
    };
    let open = board.active().flat_map(|incident| &incident.affected);
    let names: BTreeSet<_> = open.filter(|name| is_it(name)).collect();
    let states: Vec<_> = names.iter().map(|name| board.state_of(name)).collect();
    let counted = states.iter().chain(state).map(|state| state.counted).max();
    let written = states.iter().map(Sign::from).max();
    Some(AffectedName {
        name,
        state,
        counted: counted.unwrap_or(Health::Ok),
        sign: state.map(Sign::from).or(written).unwrap_or(Sign::Ok),
        incidents,
    })
}

/// Whatever incidents name, by its address: a name of it, and the newest that
/// names it; the newest first.
pub(crate) fn named(board: &Board) -> Vec<(String, &str, &Incident)> {
    let (mut seen, mut slugs) = (HashSet::new(), HashSet::new());
    let mut all = Vec::new();
    let pages = board.facts.incidents.iter().map(Arc::as_ref);
    for incident in pages.filter(|page: &&Incident| page.has_page()) {
        for name in &incident.affected {
            if !seen.insert(name) {
                continue;
            }
            let slug = slug::component(name);
            if !slug.is_empty() && slugs.insert(slug.clone()) {
                all.push((slug, name.as_str(), incident));
            }
        }
    }
    all
}
