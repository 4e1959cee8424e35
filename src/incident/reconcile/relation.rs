//! Which components concern each other, by what they need.

use std::collections::BTreeSet;

use crate::model::component::{Component, ComponentId};

/// Whether two sets share a component, or one needs something of the other.
pub fn related(one: &[ComponentId], other: &[ComponentId], components: &[Component]) -> bool {
    let meets = |ids: &BTreeSet<ComponentId>, others: &[ComponentId]| {
        others.iter().any(|id| ids.contains(id))
    };
    one.iter().any(|id| other.contains(id))
        || meets(&upstream(one, components), other)
        || meets(&upstream(other, components), one)
}

/// All that a set of components needs, directly or not, without the set itself.
pub fn upstream(ids: &[ComponentId], components: &[Component]) -> BTreeSet<ComponentId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&ComponentId> = ids.iter().collect();
    while let Some(id) = open.pop() {
        let Some(component) = components.iter().find(|component| &component.id == id) else {
            continue;
        };
        for need in &component.needs {
            if !ids.contains(need) && found.insert(need.clone()) {
                open.push(need);
            }
        }
    }
    found
}
