//! Where the values of a table stand in their file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::fault::position;

/// A table together with its place in the file.
pub(crate) type Table<'t> = Spanned<DeValue<'t>>;

/// Where the value of a key stands, or the table if it is not there.
pub(crate) fn span(table: &Table<'_>, key: &str) -> Range<usize> {
    let at = table.span();
    table
        .get_ref()
        .get(key)
        .map_or(at.start..at.start + 1, Spanned::span)
}

/// Where the value of a key within tables and lists stands, as `step.1.path`,
/// or the innermost of them that is there.
pub(crate) fn place(table: &Table<'_>, path: &str) -> Range<usize> {
    let mut at = table;
    for key in path.split('.') {
        let inner = match at.get_ref() {
            DeValue::Table(table) => table.get(key),
            DeValue::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        match inner {
            Some(inner) => at = inner,
            None => break,
        }
    }
    let span = at.span();
    if at.get_ref().is_table() {
        span.start..span.start + 1
    } else {
        span
    }
}

/// The text of a key, or those of its list, each with its place.
pub(crate) fn texts(table: &Table<'_>, key: &str) -> Vec<(String, Range<usize>)> {
    let Some(value) = table.get_ref().get(key) else {
        return Vec::new();
    };
    let text = |value: &Spanned<DeValue<'_>>| {
        value
            .get_ref()
            .as_str()
            .map(|text| (text.to_owned(), value.span()))
    };
    match value.get_ref().as_array() {
        Some(items) => items.iter().filter_map(text).collect(),
        None => text(value).into_iter().collect(),
    }
}

/// The line and the column of the id of one of the tables of a section, such as
/// `[[collector]]`, both counted from 1.
pub(crate) fn place_of(text: &str, section: &str, id: &str) -> Option<(usize, usize)> {
    let file = DeTable::parse(text).ok()?;
    let tables = file.get_ref().get(section)?.get_ref().as_array()?;
    let ids = tables.iter().filter_map(|table| table.get_ref().get("id"));
    let mut found = ids.filter(|value| value.get_ref().as_str() == Some(id));
    Some(position(text, found.next()?.span().start))
}

/// Takes the innermost key that holds the place out of a table.
///
/// Looks into every table: the place of one with a head is its head alone.
pub(crate) fn leave_out(value: &mut DeValue<'_>, at: &Range<usize>) -> bool {
    let within = |inner: &mut Table<'_>| inner.span() != *at && leave_out(inner.get_mut(), at);
    let table = match value {
        DeValue::Table(table) => table,
        DeValue::Array(items) => return items.iter_mut().any(within),
        _ => return false,
    };
    if table.iter_mut().any(|(_, inner)| within(inner)) {
        return true;
    }
    let holds = |span: Range<usize>| span.start <= at.start && at.end <= span.end;
    let found = table
        .iter()
        .find(|(key, value)| holds(key.span()) || holds(value.span()));
    let name = found.map(|(key, _)| key.get_ref().to_string());
    name.is_some_and(|name| table.remove(name.as_str()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_found_by_its_id() {
        let text = "[site]\ntitle = 'T'\n[[collector]]\nid = 'a'\n[[notifier]]\nid = 'a'\n\
                    [[collector]]\ntype = 'host'\n  id = 'b'\n";
        assert_eq!(place_of(text, "collector", "a"), Some((4, 6)));
        assert_eq!(place_of(text, "notifier", "a"), Some((6, 6)));
        assert_eq!(place_of(text, "collector", "b"), Some((9, 8)));
        for (section, id) in [("notifier", "b"), ("site", "T"), ("rule", "a")] {
            assert_eq!(place_of(text, section, id), None);
        }
    }
}
