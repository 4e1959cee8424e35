//! Names of metrics and labels, and how a label of ours stands beside theirs.

use std::collections::BTreeMap;

/// The label under which Prometheus keeps a metric's own name; no series may
/// bring it, as it would then have two names.
pub const METRIC_NAME: &str = "__name__";

/// Whether a name may stand without quotes; only a metric's may have colons.
pub fn is_plain(name: &str, colons: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || (colons && c == ':');
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(good)
}

/// Puts a label of ours on a series; as in Prometheus, theirs moves aside.
///
/// ```
/// use critwatch::model::series::label::put;
///
/// let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
/// let mut labels = [label("job", "theirs"), label("exported_job", "older")].into();
/// put(&mut labels, "job", "ours".to_owned());
/// let expected = [
///     label("exported_exported_job", "theirs"),
///     label("exported_job", "older"),
///     label("job", "ours"),
/// ];
/// assert_eq!(labels, expected.into());
/// ```
pub fn put(labels: &mut BTreeMap<String, String>, name: &str, value: String) {
    if let Some(theirs) = labels.insert(name.to_owned(), value) {
        let mut aside = format!("exported_{name}");
        while labels.contains_key(&aside) {
            aside.insert_str(0, "exported_");
        }
        labels.insert(aside, theirs);
    }
}
