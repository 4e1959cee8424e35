//! Every incident in its order, and the short ways to some of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;

use crate::model::incident::Incident;

/// Incidents in the order of a list, newest first.
///
/// What is asked for with every page is found without a look at all of them: of
/// ten thousand incidents few are open, and a page tells of one.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    all: Vec<Arc<Incident>>,
    /// The places of those that are active.
    active: Vec<usize>,
    /// All places by the ids there, once somebody asks by id.
    by_id: OnceLock<(RandomState, HashTable<usize>)>,
    /// The places of those that name something as affected, once somebody asks by that.
    by_name: OnceLock<HashMap<String, Vec<usize>>>,
    /// The same in each language that somebody wrote in, once somebody reads one.
    by_language: OnceLock<BTreeMap<String, Arc<Incidents>>>,
}

impl Incidents {
    /// Keeps the order that they come in.
    pub fn new(all: Vec<Arc<Incident>>) -> Self {
        let active = (0..all.len()).filter(|at| all[*at].is_active());
        Self {
            active: active.collect(),
            all,
            by_id: OnceLock::new(),
            by_name: OnceLock::new(),
            by_language: OnceLock::new(),
        }
    }

    /// The same in the words of a language, where somebody wrote them; `None` if
    /// nobody wrote in it at all.
    pub fn in_language(&self, language: &str) -> Option<Arc<Self>> {
        let all = self.by_language.get_or_init(|| {
            let words = self.all.iter().flat_map(|incident| &incident.translations);
            let languages: BTreeSet<_> = words.map(|words| words.language.clone()).collect();
            let lists = languages.into_iter().map(|language| {
                let all = self.all.iter().map(|incident| {
                    let translated = incident.in_language(&language).map(Arc::new);
                    translated.unwrap_or_else(|| Arc::clone(incident))
                });
                let all = Arc::new(all.collect());
                (language, all)
            });
            lists.collect()
        });
        all.get(language).cloned()
    }

    /// Those that are open and public, in order.
    pub fn active(&self) -> impl Iterator<Item = &Arc<Incident>> {
        self.active.iter().map(|at| &self.all[*at])
    }

    /// Those of that id, in order. A file and a folder may share one.
    pub fn named(&self, id: &str) -> impl Iterator<Item = &Arc<Incident>> {
        self.places(id).map(|at| &self.all[at])
    }

    /// Those that name something as affected, in order. Many incidents share few names:
    /// each name is asked for once.
    pub fn affecting(&self, is_it: impl Fn(&str) -> bool) -> impl Iterator<Item = &Arc<Incident>> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, incident) in self.all.iter().enumerate() {
                for name in &incident.affected {
                    if let Some(places) = by_name.get_mut(name) {
                        places.push(at);
                    } else {
                        by_name.insert(name.clone(), vec![at]);
                    }
                }
            }
            by_name
        });
        let named = by_name.iter().filter(|(name, _)| is_it(name));
        let mut places: Vec<_> = named.flat_map(|(_, places)| places).copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|at| &self.all[at])
    }

    /// The public ones before and after the one of that id that is public.
    pub fn beside(&self, id: &str) -> [Option<&Arc<Incident>>; 2] {
        let is_public = |one: &&Arc<Incident>| one.is_public();
        let at = self.places(id).find(|at| self.all[*at].is_public());
        at.map_or([None, None], |at| {
            let (before, after) = (&self.all[..at], &self.all[at + 1..]);
            [
                before.iter().rev().find(is_public),
                after.iter().find(is_public),
            ]
        })
    }

    /// Those that are not the very same in memory in another list.
    ///
    /// Of ten thousand files an edit changes one: what stands before and behind it
    /// is passed over.
    pub fn besides(&self, other: &Self) -> impl Iterator<Item = &Arc<Incident>> {
        let same = |pair: &(&Arc<Incident>, &Arc<Incident>)| Arc::ptr_eq(pair.0, pair.1);
        let front = self.iter().zip(other.iter()).take_while(same).count();
        let (ours, theirs) = (&self.all[front..], &other.all[front..]);
        let pairs = ours.iter().rev().zip(theirs.iter().rev());
        let back = pairs.take_while(same).count();
        let theirs = theirs[..theirs.len() - back].iter();
        let shared: HashSet<_> = theirs.map(Arc::as_ptr).collect();
        let ours = ours[..ours.len() - back].iter();
        ours.filter(move |one| !shared.contains(&Arc::as_ptr(one)))
    }

    /// In order: of two with one id the newer comes first.
    fn places(&self, id: &str) -> impl Iterator<Item = usize> {
        let id_at = |at: usize| self.all[at].id.0.as_str();
        let (hasher, by_id) = self.by_id.get_or_init(|| {
            let hasher = RandomState::new();
            let mut by_id = HashTable::with_capacity(self.all.len());
            for at in 0..self.all.len() {
                let hash = |at: &usize| hasher.hash_one(id_at(*at));
                by_id.insert_unique(hash(&at), at, hash);
            }
            (hasher, by_id)
        });
        let alike = by_id.iter_hash(hasher.hash_one(id)).copied();
        let mut places: Vec<_> = alike.filter(|at| id_at(*at) == id).collect();
        places.sort_unstable();
        places.into_iter()
    }
}

impl Deref for Incidents {
    type Target = [Arc<Incident>];

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl PartialEq for Incidents {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl From<Vec<Arc<Incident>>> for Incidents {
    fn from(all: Vec<Arc<Incident>>) -> Self {
        Self::new(all)
    }
}

impl FromIterator<Arc<Incident>> for Incidents {
    fn from_iter<T: IntoIterator<Item = Arc<Incident>>>(all: T) -> Self {
        Self::new(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::fixtures;

    use super::*;

    fn incident(id: &str, draft: bool, resolved: bool) -> Arc<Incident> {
        Arc::new(Incident {
            resolved: Some(resolved),
            affected: vec![id.into(), id[..1].into(), id.into()],
            draft,
            ..fixtures::incident(id)
        })
    }

    proptest! {
        /// The short ways lead to where a look at all of them leads.
        #[test]
        fn every_short_way_finds_what_a_long_look_finds(
            all in proptest::collection::vec(("[a-d]{1,2}", any::<bool>(), any::<bool>()), 0..12),
            id in "[a-d]{1,2}",
        ) {
            let all = all.iter().map(|(id, draft, over)| incident(id, *draft, *over));
            let incidents: Incidents = all.collect();
            let long: Vec<_> = incidents.iter().filter(|one| one.id.0 == id).collect();
            prop_assert_eq!(incidents.named(&id).collect::<Vec<_>>(), long);
            let open: Vec<_> = incidents.iter().filter(|one| one.is_active()).collect();
            prop_assert_eq!(incidents.active().collect::<Vec<_>>(), open);
            let public: Vec<_> = incidents.iter().filter(|one| one.is_public()).collect();
            let at = public.iter().position(|one| one.id.0 == id);
            let beside = at.map_or([None, None], |at| {
                [at.checked_sub(1), at.checked_add(1)].map(|at| public.get(at?).copied())
            });
            prop_assert_eq!(incidents.beside(&id), beside);
            let is_it = |name: &str| name.starts_with(&id);
            let affects = |one: &&Arc<Incident>| one.affected.iter().any(|name| is_it(name));
            let long: Vec<_> = incidents.iter().filter(affects).collect();
            prop_assert_eq!(incidents.affecting(is_it).collect::<Vec<_>>(), long);
        }

        /// What is passed over is what another list has, too.
        #[test]
        fn what_changed_is_found_wherever_it_stands(
            all in Just((0..9).collect::<Vec<_>>()).prop_shuffle(),
            (left_out, moved) in (0..9_usize, 0..9_usize),
            more in 0..3,
        ) {
            let all = all.iter().map(|at| incident(&format!("{at}"), false, true));
            let theirs: Incidents = all.collect();
            let mut ours = theirs.to_vec();
            ours.remove(left_out);
            ours.rotate_left(moved % 3);
            for at in 0..more {
                ours.insert(moved % 8, incident(&format!("new {at}"), false, true));
            }
            let ours = Incidents::new(ours);
            let is_theirs = |one: &&Arc<Incident>| theirs.iter().any(|other| Arc::ptr_eq(one, other));
            let long: Vec<_> = ours.iter().filter(|one| !is_theirs(one)).collect();
            prop_assert_eq!(ours.besides(&theirs).collect::<Vec<_>>(), long);
        }
    }
}
