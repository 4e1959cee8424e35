//! What tables of rules and backlogs have in common, checked.

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::evaluate::rules::template::RuleText;
use crate::model::component::Component;

/// Checks the `title` and the `text` of a table.
pub(crate) fn check(reader: &mut TableReader, table: &Table<'_>) {
    for (title, span) in texts(table, "title") {
        if title.contains("{{") {
            reader.fault(
                span,
                "a title has no values: it names the file; put them into `text`",
            );
        }
    }
    for (text, span) in texts(table, "text") {
        if let Err(error) = RuleText::parse(&text) {
            reader.fault(span, error.to_string());
        }
    }
}

/// Checks that the components are there, and at least one is named.
pub(crate) fn components(reader: &mut TableReader, table: &Table<'_>, components: &[Component]) {
    for (id, span) in texts(table, "components") {
        if !components.iter().any(|component| component.id.0 == id) {
            reader.fault(
                span,
                format!("there is no component `{id}`{}", likely(&id, components)),
            );
        }
    }
    let named = table.get_ref().get("components");
    let none = named
        .and_then(|value| value.get_ref().as_array())
        .is_some_and(|ids| ids.is_empty());
    if none {
        reader.fault(
            span(table, "components"),
            "name the components that the rule is about",
        );
    }
}

/// A component whose id or name is nearly the one written.
pub(crate) fn likely(id: &str, components: &[Component]) -> String {
    let plain = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
    let found = components.iter().find(|component| {
        plain(&component.name) == plain(id) || plain(&component.id.0) == plain(id)
    });
    if let Some(component) = found {
        format!("; did you mean `{}`?", component.id)
    } else {
        let ids: Vec<_> = components
            .iter()
            .map(|component| format!("`{}`", component.id))
            .collect();
        format!(
            "; there are {}",
            if ids.is_empty() {
                "none".to_owned()
            } else {
                ids.join(", ")
            }
        )
    }
}
