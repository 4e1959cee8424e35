//! Values of a head as cState takes them.

use serde_json::Value;

use crate::model::component::Severity;

/// cState's three words, as it compares them.
pub fn severity(word: &str) -> Option<Severity> {
    match word {
        "down" => Some(Severity::Down),
        "disrupted" => Some(Severity::Disrupted),
        "notice" => Some(Severity::Notice),
        _ => None,
    }
}

/// The texts of a list; what is neither text nor number is left out.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| match item {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
}
