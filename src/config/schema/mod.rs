//! The JSON Schema of `alerts.toml`, made from the types that read it.

pub(crate) mod file;
pub(crate) mod reference;
pub(crate) mod rules;
pub(crate) mod tables;
pub(crate) mod values;

use serde_json::Value;

/// The schema, for editors and for the reference of the settings.
pub fn settings() -> Value {
    let mut schema = file::derived();
    values::without_nulls(&mut schema);
    values::with_durations(&mut schema);
    values::with_paragraphs(&mut schema);
    tables::by_kind(&mut schema);
    rules::joined(&mut schema);
    tables::with_files(&mut schema);
    values::with_variables(&mut schema);
    tables::prune(&mut schema);
    schema
}
