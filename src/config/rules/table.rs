//! Rules, objectives and capacities of the settings, read and checked.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::{TableReader, unique};
use crate::config::rules::levels;
use crate::config::rules::named_alert;
use crate::config::rules::names;
use crate::config::rules::source::Sources;
use crate::evaluate::promql::Expression;
use crate::evaluate::rules::burn::Objective;
use crate::evaluate::rules::capacity::{Capacity, Strain};
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::rules::settings::RuleSettings;
use crate::model::component::Component;
use crate::model::finding::Weight;

/// Reads all that is judged: expressions, objectives, capacities.
///
/// What can be checked is checked, even if another key is at fault.
pub(crate) fn rules(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
    sources: &mut Sources,
) -> (Vec<Rule>, Vec<Objective>) {
    let mut seen = BTreeSet::new();
    let (mut rules, mut objectives) = (Vec::new(), Vec::new());
    for table in reader.tables(file, "rule") {
        common(reader, &mut seen, &table, components);
        let table = if named_alert::names_alert(&table) {
            let Some(table) = named_alert::written_out(reader, sources, &table) else {
                continue;
            };
            table
        } else {
            table
        };
        if table.get_ref().get("objective").is_some() {
            let Some(objective) = objective(reader, &mut seen, &table) else {
                continue;
            };
            rules.extend(objective.rules().into_iter().filter_map(ready));
            objectives.push(objective);
        } else if levels::is_leveled(&table) {
            rules.extend(levels::rules(reader, &mut seen, &table, sources));
        } else {
            rules.extend(rule(reader, &table, sources));
        }
    }
    for table in reader.tables(file, "capacity") {
        common(reader, &mut seen, &table, components);
        if let Some(capacity) = capacity(reader, &table) {
            rules.extend(ready(capacity.rule()));
        }
    }
    (rules, objectives)
}

/// Checks what all of them have.
fn common(
    reader: &mut TableReader,
    seen: &mut BTreeSet<String>,
    table: &Table<'_>,
    components: &[Component],
) {
    unique(reader, seen, table);
    names::components(reader, table, components);
    names::check(reader, table);
}

fn rule(reader: &mut TableReader, table: &Table<'_>, sources: &mut Sources) -> Option<Rule> {
    let expressions = sources.expressions(reader, table);
    let settings = reader.read::<RuleSettings>(table)?;
    Some(expressions?.rule(settings))
}

fn objective(
    reader: &mut TableReader,
    seen: &mut BTreeSet<String>,
    table: &Table<'_>,
) -> Option<Objective> {
    for key in ["total", "good", "errors", "probe"] {
        for (selector, span) in texts(table, key) {
            if let Err(error) = Expression::parse(&format!("count_over_time({selector}[5m])")) {
                let message = format!(
                    "{error}; write a selector as in `requests_total{{status=~\"5..\"}}`, the \
                    windows are put behind it"
                );
                reader.fault(span, message);
            }
        }
    }
    let objective = reader.read::<Objective>(table)?;
    if let Err(error) = objective.check() {
        reader.fault(span(table, error.key), error.message);
        return None;
    }
    let slow = format!("{}-slow", objective.id);
    if !seen.insert(slow.clone()) {
        reader.fault(
            span(table, "id"),
            format!("its slow burns would be the rule `{slow}`, which is there already"),
        );
    }
    let left_out = objective.left_out();
    if !left_out.is_empty() {
        let message = format!(
            "windows of {} are longer than `look_back` and are not evaluated; raise `look_back`, \
            or evaluate the output of `critwatch rules export` in Prometheus",
            left_out.join(", "),
        );
        let place = span(table, "objective");
        reader.remark(Weight::Hint, "objective-windows", place, message);
    }
    Some(objective)
}

fn capacity(reader: &mut TableReader, table: &Table<'_>) -> Option<Capacity> {
    let capacity = reader.read::<Capacity>(table)?;
    if capacity.memory.0 == 0 {
        reader.fault(span(table, "memory"), "a machine has some memory");
        return None;
    }
    if capacity.reserve > 99 {
        reader.fault(
            span(table, "reserve"),
            "the reserve is a number of percent below 100",
        );
        return None;
    }
    for (strain, message) in capacity.strains() {
        let (weight, kind, key) = match strain {
            Strain::Over => (Weight::Fault, "capacity", "memory"),
            Strain::Reserve => (Weight::Warning, "capacity", "memory"),
            Strain::Inverted => (Weight::Warning, "capacity-main", "main"),
        };
        reader.remark(weight, kind, span(table, key), message);
    }
    Some(capacity)
}

/// A rule that we wrote ourselves; its expression has been tried.
fn ready(settings: RuleSettings) -> Option<Rule> {
    let expression = Expression::parse(&settings.expr).ok()?;
    Some(Rule::new(settings, expression))
}
