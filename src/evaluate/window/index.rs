//! Which series have a name, and which of these a label with a value.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::evaluate::window::labels::Labels;

/// The place of a series in the window.
pub(crate) type SeriesId = u32;

/// Finds series without looking at all of them. Every list is sorted by
/// labels, so that answers do not depend on who came first.
#[derive(Debug, Default)]
pub(crate) struct Index {
    families: BTreeMap<Arc<str>, Family>,
}

/// The series of one name.
#[derive(Debug, Default)]
struct Family {
    all: Vec<SeriesId>,
    by_label: HashMap<Arc<str>, HashMap<Arc<str>, Vec<SeriesId>>>,
}

impl Index {
    /// Notes a new series; `labels_of` tells the labels of those that are known.
    pub(crate) fn add<'l>(
        &mut self,
        id: SeriesId,
        labels: &Labels,
        labels_of: impl Fn(SeriesId) -> Option<&'l Labels>,
    ) {
        let put = |list: &mut Vec<SeriesId>| {
            let behind = list
                .last()
                .is_none_or(|last| labels_of(*last) < Some(labels));
            let place = if behind {
                list.len()
            } else {
                list.partition_point(|other| labels_of(*other) < Some(labels))
            };
            list.insert(place, id);
        };
        let Some(name) = labels.shared_name() else {
            return;
        };
        let family = self.families.entry(Arc::clone(name)).or_default();
        put(&mut family.all);
        for (label, value) in labels.pairs() {
            let values = family.by_label.entry(Arc::clone(label)).or_default();
            put(values.entry(Arc::clone(value)).or_default());
        }
    }

    /// Forgets the series that are gone; `labels` are theirs.
    pub(crate) fn remove<'l>(
        &mut self,
        labels: impl Iterator<Item = &'l Labels>,
        is_gone: impl Fn(SeriesId) -> bool,
    ) {
        let mut names: Vec<_> = labels.filter_map(Labels::name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let Some(family) = self.families.get_mut(name) else {
                continue;
            };
            family.all.retain(|id| !is_gone(*id));
            if family.all.is_empty() {
                self.families.remove(name);
                continue;
            }
            family.by_label.retain(|_, values| {
                values.retain(|_, list| {
                    list.retain(|id| !is_gone(*id));
                    !list.is_empty()
                });
                !values.is_empty()
            });
        }
    }

    /// Gives lists that hold all series of the names (or of any) that have the
    /// labels, and maybe more: for each name the shortest list there is.
    pub(crate) fn lists<'i>(
        &'i self,
        names: &[Arc<str>],
        fixed: &[(&str, &str)],
    ) -> Vec<&'i [SeriesId]> {
        let shortest = |family: &'i Family| {
            let lists = fixed.iter().map(|(label, value)| {
                let values = family.by_label.get(*label);
                values
                    .and_then(|values| values.get(*value))
                    .map_or([].as_slice(), Vec::as_slice)
            });
            lists
                .min_by_key(|list| list.len())
                .unwrap_or(family.all.as_slice())
        };
        if names.is_empty() {
            return self.families.values().map(shortest).collect();
        }
        let families = names.iter().filter_map(|name| self.families.get(name));
        families.map(shortest).collect()
    }
}
