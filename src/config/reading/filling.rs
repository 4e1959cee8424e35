//! Fills values of the settings from the environment and from files.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::places::Table;
use crate::config::reading::reader::TableReader;
use crate::files;

impl TableReader {
    /// Puts the environment and the contents of files where values ask for them.
    ///
    /// `${NAME}` in any text is replaced, `${NAME:-word}` by the word where the
    /// environment has no such name; `${1}` is left alone; `x_file = "path"` stands for `x` with
    /// what the file holds, without blanks around it.
    pub(crate) fn fill(&mut self, value: &mut Table<'_>, folder: &Path) {
        let span = value.span();
        match value.get_mut() {
            DeValue::String(text) if text.contains("${") => {
                let filled = self.expand(text, &span);
                *text = filled.into();
            }
            DeValue::Array(items) => {
                for item in items.iter_mut() {
                    self.fill(item, folder);
                }
            }
            DeValue::Table(table) => self.fill_table(table, folder),
            _ => {}
        }
    }

    /// The same for every value of a table.
    pub(crate) fn fill_table(&mut self, table: &mut DeTable<'_>, folder: &Path) {
        for (_, value) in table.iter_mut() {
            self.fill(value, folder);
        }
        let names: Vec<_> = table
            .keys()
            .filter(|key| key.get_ref().len() > 5 && key.get_ref().ends_with("_file"))
            .cloned()
            .collect();
        for name in names {
            let Some(value) = table.remove(name.get_ref().as_ref()) else {
                continue;
            };
            let Some(path) = value.get_ref().as_str() else {
                self.fault(value.span(), "name a file here, as a text");
                continue;
            };
            let key = name.get_ref().trim_end_matches("_file").to_owned();
            match files::secret(&folder.join(path)) {
                Ok(text) => {
                    self.filled.push(text.trim().to_owned());
                    let text = DeValue::String(text.trim().to_owned().into());
                    if table.contains_key(key.as_str()) {
                        let message = format!("`{key}` is there as well; keep one of the two");
                        self.fault(name.span(), message);
                    }
                    table.insert(
                        Spanned::new(name.span(), key.into()),
                        Spanned::new(value.span(), text),
                    );
                }
                Err(error) => {
                    let is_absent = error.kind() == std::io::ErrorKind::NotFound;
                    let message = format!("this file cannot be read: {error}");
                    self.lack(&value.span(), message, is_absent);
                    table.insert(
                        Spanned::new(name.span(), key.into()),
                        Spanned::new(value.span(), DeValue::String(String::new().into())),
                    );
                }
            }
        }
    }

    fn expand(&mut self, text: &str, span: &Range<usize>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            out.push_str(&rest[..start]);
            let Some(length) = rest[start..].find('}') else {
                self.fault(span.clone(), "`${` has no `}` behind it");
                return out;
            };
            let inside = &rest[start + 2..start + length];
            // No environment has such names: it is a group of an expression.
            if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()) {
                out.push_str(&rest[start..=start + length]);
                rest = &rest[start + length + 1..];
                continue;
            }
            let (name, default) = match inside.split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (inside, None),
            };
            match self.environment.get(name).map(String::as_str).or(default) {
                Some(value) => {
                    self.filled.push(value.to_owned());
                    out.push_str(value);
                }
                None => self.lack(
                    span,
                    format!(
                        "the environment has no `{name}`; set it, or give a default as in \
                        `${{{name}:-default}}`"
                    ),
                    true,
                ),
            }
            rest = &rest[start + length + 1..];
        }
        out + rest
    }
}
