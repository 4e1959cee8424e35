//! Things gathered by labels, in the order in which the labels came first.

use std::collections::HashMap;

use crate::evaluate::window::labels::Labels;

/// Gathers things under labels.
#[derive(Debug)]
pub(crate) struct Grouped<T> {
    places: HashMap<Labels, usize>,
    groups: Vec<(Labels, T)>,
}

impl<T: Default> Grouped<T> {
    /// Starts without any labels.
    pub(crate) fn new() -> Self {
        Self {
            places: HashMap::new(),
            groups: Vec::new(),
        }
    }

    /// Gives what stands under the labels, at first an empty thing.
    pub(crate) fn under(&mut self, labels: Labels) -> &mut T {
        let groups = &mut self.groups;
        let place = *self.places.entry(labels).or_insert_with_key(|labels| {
            groups.push((labels.clone(), T::default()));
            groups.len() - 1
        });
        &mut groups[place].1
    }

    /// Gives all labels and what stands under them.
    pub(crate) fn into_groups(self) -> Vec<(Labels, T)> {
        self.groups
    }
}
