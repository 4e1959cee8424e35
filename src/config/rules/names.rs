//! What tables of rules and backlogs have in common, checked.

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::evaluate::rules::template::RuleText;
use crate::model::component::Component;
use crate::model::text::nearest::nearest;

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
                format!(
                    "there is no component `{id}`{}",
                    component_hint(&id, components)
                ),
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

/// The end of a message about an unknown component: the one that was probably
/// meant by its id or name, or all that there are.
pub(crate) fn component_hint(id: &str, components: &[Component]) -> String {
    let by_id = components.iter().map(|one| &*one.id.0);
    let by_name = || components.iter().map(|one| &*one.name);
    let meant = nearest(id, by_id).or_else(|| nearest(id, by_name()));
    let found = components
        .iter()
        .find(|one| meant.is_some_and(|meant| one.id.0 == meant || one.name == meant));
    if let Some(component) = found {
        return format!("; did you mean `{}`?", component.id);
    }
    let ids = components.iter().map(|one| format!("`{}`", one.id));
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() {
        "; there are none".to_owned()
    } else {
        format!("; there are {}", ids.join(", "))
    }
}
