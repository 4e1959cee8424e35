//! Tables whose `type` says what they are.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::places::Table;
use crate::config::reading::reader::TableReader;

/// Parts a table in two: the keys named, and the others.
pub(crate) fn split<'t>(table: Table<'t>, names: &[&str]) -> (Table<'t>, Table<'t>) {
    let span = table.span();
    let DeValue::Table(mut others) = table.into_inner() else {
        return (
            Spanned::new(span.clone(), DeValue::Table(DeTable::new())),
            Spanned::new(span, DeValue::Boolean(false)),
        );
    };
    let mut common = DeTable::new();
    for name in names {
        if let Some((key, value)) = others.remove_entry(*name) {
            common.insert(key, value);
        }
    }
    (
        Spanned::new(span.clone(), DeValue::Table(common)),
        Spanned::new(span, DeValue::Table(others)),
    )
}

/// Reads a table whose `type` says what it is.
///
/// Serde's own tagged form would lose the places of faults within the table.
pub(crate) fn read_kind<T: serde::de::DeserializeOwned>(
    reader: &mut TableReader,
    table: Table<'_>,
) -> Option<T> {
    let span = table.span();
    let DeValue::Table(mut rest) = table.into_inner() else {
        return None;
    };
    let Some(kind) = rest.remove("type") else {
        reader.fault(span.start..span.start + 1, "missing key `type`");
        return None;
    };
    let Some(name) = kind.get_ref().as_str().map(str::to_owned) else {
        reader.fault(kind.span(), "`type` is a word");
        return None;
    };
    let mut wrapped = DeTable::new();
    wrapped.insert(
        Spanned::new(kind.span(), name.into()),
        Spanned::new(span.clone(), DeValue::Table(rest)),
    );
    reader.read(&Spanned::new(span, DeValue::Table(wrapped)))
}
