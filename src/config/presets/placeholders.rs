//! Fills the placeholders in the rules of a preset.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::config::presets::catalogue::Preset;
use crate::config::reading::places::Table;

/// What the placeholders in the rules of a preset stand for.
pub(crate) struct Placeholders<'p> {
    pub(crate) system: &'p str,
    pub(crate) jobs: &'p str,
    pub(crate) components: &'p [(String, String)],
    pub(crate) at: &'p Range<usize>,
}

impl Placeholders<'_> {
    /// The rules of a preset, each at the place of its name in `use`.
    pub(crate) fn rules(&self, preset: &Preset) -> Vec<Table<'static>> {
        let mut rules = Vec::new();
        for text in preset.rules {
            let parsed = DeTable::parse(text).map(Spanned::into_inner);
            let tables = parsed.ok().and_then(|mut file| file.remove("rule"));
            let Some(DeValue::Array(tables)) = tables.map(Spanned::into_inner) else {
                continue;
            };
            rules.extend(tables.iter().map(|rule| self.rule(rule)));
        }
        rules
    }

    fn rule(&self, rule: &Table<'_>) -> Table<'static> {
        let mut read = DeTable::new();
        for (key, value) in rule
            .get_ref()
            .as_table()
            .into_iter()
            .flat_map(DeTable::iter)
        {
            let text = value.get_ref().as_str().unwrap_or_default();
            self.put(&mut read, key.get_ref(), self.text(self.filled(text)));
        }
        let mut ids = DeArray::new();
        for (id, _) in self.components {
            ids.push(self.text(id.clone()));
        }
        let ids = Spanned::new(self.at.clone(), DeValue::Array(ids));
        self.put(&mut read, "components", ids);
        Spanned::new(self.at.clone(), DeValue::Table(read))
    }

    fn put(&self, table: &mut DeTable<'static>, key: &str, value: Table<'static>) {
        let key = Cow::Owned(key.to_owned());
        table.insert(Spanned::new(self.at.clone(), key), value);
    }

    fn text(&self, text: String) -> Table<'static> {
        Spanned::new(self.at.clone(), DeValue::String(text.into()))
    }

    fn filled(&self, text: &str) -> String {
        let first = self.components.first();
        let name = first.map_or("", |(_, name)| name);
        text.replace("SYSTEM", self.system)
            .replace("JOBS", self.jobs)
            .replace("COMPONENT", name)
    }
}
