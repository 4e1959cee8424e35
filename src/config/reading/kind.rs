//! Tables whose `type` says what they are.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::places::Table;
use crate::config::reading::reader::TableReader;
use crate::model::text::nearest::hint;

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
/// Serde's own tagged form would lose the places of faults within the table. The
/// `common` keys were read before; a message about an unknown key names them, too.
pub(crate) fn read_kind<T: serde::de::DeserializeOwned>(
    reader: &mut TableReader,
    table: Table<'_>,
    common: &[&str],
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
    let keys: Vec<_> = rest.iter().map(|(key, _)| key.span()).collect();
    let mut wrapped = DeTable::new();
    wrapped.insert(
        Spanned::new(kind.span(), name.into()),
        Spanned::new(span.clone(), DeValue::Table(rest)),
    );
    let before = reader.faults.len();
    let read = reader.read(&Spanned::new(span, DeValue::Table(wrapped)));
    let new = reader.faults.iter_mut().skip(before);
    for fault in new.filter(|fault| keys.contains(&fault.span)) {
        if let Some(message) = with_known(&fault.message, common) {
            fault.message = message;
        }
    }
    read
}

/// The same message about an unknown key with more keys to choose from.
fn with_known(message: &str, common: &[&str]) -> Option<String> {
    let (written, expected) = message.strip_prefix("unknown key `")?.split_once('`')?;
    let expected = expected.split("; did you mean").next()?;
    let own = expected.split('`').skip(1).step_by(2);
    let known: Vec<_> = common.iter().copied().chain(own).collect();
    let list: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
    let (list, hint) = (list.join(", "), hint(written, known));
    Some(format!(
        "unknown key `{written}`, expected one of {list}{hint}"
    ))
}
