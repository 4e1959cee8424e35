//! Puts the rules of presets among those of the file, which may override them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::config::presets::catalogue::{PRESETS, Preset};
use crate::config::presets::fitting::{Fitting, components};
use crate::config::presets::placeholders::Placeholders;
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::model::component::Component;
use crate::model::finding::Weight;
use crate::model::text::nearest::hint;

/// What else than `expr` says when a rule holds, and what of a preset it replaces.
const CONDITIONS: [&str; 4] = ["expr", "value", "alert", "objective"];

/// Keys of a preset that belong to its condition.
const OF_THE_CONDITION: [&str; 2] = ["expr", "clear"];

/// Takes `use` and `[preset]` out of the file and adds the rules that they name.
///
/// `is_whole` says whether the file still has all that its collectors ask.
pub(crate) fn add(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    known: &[Component],
    is_whole: bool,
) {
    let used = file.remove("use");
    let wishes = file.remove("preset");
    let mut wishes = Wishes::read(reader, wishes);
    let mut rules = DeArray::new();
    let names = match &used {
        Some(used) => named(reader, used),
        None => Vec::new(),
    };
    for (name, at) in names {
        let Some(preset) = Preset::named(&name) else {
            reader.fault(at, unknown(&name));
            continue;
        };
        let wish = wishes.take(&name);
        let collectors = Fitting::of(file, preset);
        if is_whole && !collectors.is_there() {
            let message = format!(
                "the preset `{name}` needs {}; without it its rules stay unknown",
                preset.needs()
            );
            reader.remark(Weight::Warning, "preset-collector", at.clone(), message);
        }
        let Some(components) = components(
            reader,
            file,
            known,
            (preset, wish.as_ref()),
            &collectors,
            &at,
        ) else {
            continue;
        };
        let words = Placeholders {
            system: preset.name,
            jobs: &collectors.ids.join("|"),
            components: &components,
            at: &at,
        };
        let without = without(reader, preset, wish.as_ref());
        for rule in words.rules(preset) {
            let id = texts(&rule, "id").pop().map(|(id, _)| id);
            let id = id.unwrap_or_default();
            if !without.contains(&id) && !overridden(file, &id, &rule) {
                rules.push(rule);
            }
        }
    }
    wishes.left(reader);
    if !rules.is_empty() {
        let at = used.map_or(0..0, |used| used.span());
        put_first(file, rules, at);
    }
}

/// Puts rules before those of the file.
fn put_first<'t>(file: &mut DeTable<'t>, rules: DeArray<'t>, at: Range<usize>) {
    match file.get_mut("rule").map(Spanned::get_mut) {
        Some(DeValue::Array(theirs)) => {
            for rule in std::mem::replace(theirs, rules) {
                theirs.push(rule);
            }
        }
        // What is no list is told where the rules are read.
        Some(_) => {}
        None => {
            let key = Spanned::new(at.clone(), "rule".into());
            file.insert(key, Spanned::new(at, DeValue::Array(rules)));
        }
    }
}

/// The names in `use`, each with its place.
fn named(reader: &mut TableReader, used: &Table<'_>) -> Vec<(String, Range<usize>)> {
    let items = used.get_ref().as_array();
    let names = items.map(|items| {
        let names = items.iter().map(|item| {
            let name = item.get_ref().as_str().map(str::to_owned);
            name.map(|name| (name, item.span()))
        });
        names.collect::<Option<Vec<_>>>()
    });
    names.flatten().unwrap_or_else(|| {
        reader.fault(used.span(), "name presets in a list: `use = [\"redis\"]`");
        Vec::new()
    })
}

fn unknown(name: &str) -> String {
    let names = PRESETS.iter().map(|preset| preset.name);
    let all: Vec<_> = names.clone().map(|name| format!("`{name}`")).collect();
    let all = all.join(", ");
    format!(
        "there is no preset `{name}`; there are {all}{}",
        hint(name, names)
    )
}

/// The tables `[preset.NAME]`.
struct Wishes<'t>(Vec<(String, Table<'t>)>);

impl<'t> Wishes<'t> {
    fn read(reader: &mut TableReader, table: Option<Table<'t>>) -> Self {
        let Some(table) = table else {
            return Self(Vec::new());
        };
        let span = table.span();
        let DeValue::Table(wishes) = table.into_inner() else {
            reader.fault(
                span,
                "write a table for each preset, as in `[preset.redis]`",
            );
            return Self(Vec::new());
        };
        let mut read = Vec::new();
        for (name, wish) in wishes {
            let keys = wish.get_ref().as_table();
            for key in keys.into_iter().flat_map(DeTable::keys) {
                if !["components", "without"].contains(&key.get_ref().as_ref()) {
                    let hint = hint(key.get_ref(), ["components", "without"]);
                    let message = format!(
                        "unknown key; a preset has `components` and `without`, and a `[[rule]]` \
                        with the id of one of its rules overrides that one{hint}"
                    );
                    reader.fault(key.span(), message);
                }
            }
            read.push((name.into_inner().into_owned(), wish));
        }
        Self(read)
    }

    fn take(&mut self, name: &str) -> Option<Table<'t>> {
        let at = self.0.iter().position(|(wish, _)| wish == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Tells of those that no preset took.
    fn left(self, reader: &mut TableReader) {
        for (name, wish) in self.0 {
            let message = format!("`{name}` is not in `use`; add it there, or take this away");
            let at = wish.span();
            reader.fault(at.start..at.start + 1, message);
        }
    }
}

/// The ids of rules that the file leaves out.
fn without(reader: &mut TableReader, preset: &Preset, wish: Option<&Table<'_>>) -> Vec<String> {
    let Some(wish) = wish else {
        return Vec::new();
    };
    let ids: Vec<_> = preset.ids();
    let mut left_out = Vec::new();
    for (id, at) in texts(wish, "without") {
        if !ids.contains(&id) {
            let hint = hint(&id, ids.iter().map(String::as_str));
            let message = format!("the preset has no rule `{id}`{hint}");
            reader.fault(at, message);
        }
        left_out.push(id);
    }
    left_out
}

/// Fills what a rule of the file does not say from that of a preset; whether there
/// is one of that id.
fn overridden(file: &mut DeTable<'_>, id: &str, preset: &Table<'static>) -> bool {
    let rules = file.get_mut("rule").map(Spanned::get_mut);
    let Some(DeValue::Array(rules)) = rules else {
        return false;
    };
    let is_it = |rule: &&mut Table<'_>| texts(rule, "id").iter().any(|(own, _)| own == id);
    let Some(rule) = rules.iter_mut().find(is_it) else {
        return false;
    };
    let at = span(rule, "id");
    let (DeValue::Table(own), Some(preset)) = (rule.get_mut(), preset.get_ref().as_table()) else {
        return true;
    };
    let has = |key: &str| own.contains_key(key);
    let has_condition = CONDITIONS.iter().any(|key| has(key));
    let has_levels = has("value");
    let replaced = |key: &str| {
        (has_condition && OF_THE_CONDITION.contains(&key)) || (has_levels && key == "severity")
    };
    let missing: Vec<_> = preset
        .iter()
        .filter(|(key, _)| !has(key.get_ref()) && !replaced(key.get_ref()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for (key, value) in missing {
        let key = Spanned::new(at.clone(), key.into_inner());
        own.insert(key, Spanned::new(at.clone(), value.into_inner()));
    }
    true
}
