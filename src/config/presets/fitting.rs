//! The collectors and components that the rules of a preset are about.

use std::ops::Range;

use toml::de::DeTable;

use crate::config::presets::catalogue::Preset;
use crate::config::reading::places::{Table, texts};
use crate::config::reading::reader::TableReader;
use crate::model::component::Component;
use crate::model::text::nearest::hint;

/// The collectors that bring what a preset judges.
pub(crate) struct Fitting {
    pub(crate) ids: Vec<String>,
    /// The components that they say to be there for.
    pub(crate) concerns: Vec<String>,
    /// Whether one asks the queues that the preset is about, if it is about queues.
    pub(crate) asks_queues: bool,
}

impl Fitting {
    pub(crate) fn of(file: &DeTable<'_>, preset: &Preset) -> Self {
        let mut fitting = Self {
            ids: Vec::new(),
            concerns: Vec::new(),
            asks_queues: !preset.has_queues,
        };
        let collectors = file.get("collector");
        let collectors = collectors.and_then(|tables| tables.get_ref().as_array());
        for table in collectors.into_iter().flat_map(|tables| tables.iter()) {
            let is = |(kind, _): (String, _)| preset.kinds.contains(&&*kind);
            if !texts(table, "type").pop().is_some_and(is) {
                continue;
            }
            fitting
                .ids
                .extend(texts(table, "id").into_iter().map(|(id, _)| id));
            for (id, _) in texts(table, "concerns") {
                if !fitting.concerns.contains(&id) {
                    fitting.concerns.push(id);
                }
            }
            let queues = table.get_ref().get("queue");
            let queues = queues.and_then(|queues| queues.get_ref().as_array());
            let mut queues = queues.into_iter().flat_map(|queues| queues.iter());
            fitting.asks_queues |= queues.any(|queue| {
                let system = texts(queue, "system").pop();
                system.is_some_and(|(system, _)| system == preset.name)
            });
        }
        fitting
    }

    pub(crate) fn is_there(&self) -> bool {
        !self.ids.is_empty() && self.asks_queues
    }
}

/// Whom the rules of a preset are about, as id and name: as the file says, else
/// those that its collectors are there for, else the only component there is.
pub(crate) fn components(
    reader: &mut TableReader,
    file: &DeTable<'_>,
    known: &[Component],
    (preset, wish): (&Preset, Option<&Table<'_>>),
    collectors: &Fitting,
    at: &Range<usize>,
) -> Option<Vec<(String, String)>> {
    let mut all: Vec<_> = known
        .iter()
        .map(|one| (one.id.0.clone(), one.name.clone()))
        .collect();
    let tables = file.get("component");
    let tables = tables.and_then(|tables| tables.get_ref().as_array());
    for table in tables.into_iter().flat_map(|tables| tables.iter()) {
        let (id, name) = (texts(table, "id").pop(), texts(table, "name").pop());
        if let Some(((id, _), (name, _))) = id.zip(name) {
            all.retain(|(_, other)| *other != name);
            all.push((id, name));
        }
    }
    let wished = wish.map(|wish| texts(wish, "components"));
    let chosen: Vec<_> = match wished.filter(|wished| !wished.is_empty()) {
        Some(wished) => wished,
        None if !collectors.concerns.is_empty() => {
            let concerns = collectors.concerns.iter().cloned();
            concerns.map(|id| (id, at.clone())).collect()
        }
        None => {
            let [(only, _)] = &all[..] else {
                reader.fault(at.clone(), no_component(preset, &all));
                return None;
            };
            vec![(only.clone(), at.clone())]
        }
    };
    let mut found = Vec::new();
    for (id, at) in chosen {
        if let Some(component) = all.iter().find(|(known, _)| *known == id) {
            found.push(component.clone());
        } else {
            let hint = hint(&id, all.iter().map(|(id, _)| id.as_str()));
            reader.fault(at, format!("there is no component `{id}`{hint}"));
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Asks for the components of a preset.
fn no_component(preset: &Preset, all: &[(String, String)]) -> String {
    let ids: Vec<_> = all.iter().map(|(id, _)| format!("`{id}`")).collect();
    format!(
        "say whom the rules of the preset are about: `[preset.{}]` with `components = [\"…\"]`; \
        there are {}",
        preset.name,
        ids.join(", ")
    )
}
