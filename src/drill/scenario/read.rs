//! Reads a scenario file and tells each of its faults with its place.

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::fault::ConfigError;
use crate::config::reading::places::{Table, place};
use crate::config::reading::reader::{Environment, TableReader};
use crate::drill::scenario::act::{OperatorStep, WrittenStep};
use crate::drill::scenario::outage::{OutagePhase, PolicyVariant, Scenario, ScenarioHead};
use crate::model::text::nearest::hint;

/// The version of the form that is read.
const SCHEMA: u32 = 1;

/// Every table of a scenario file.
const TABLES: [&str; 10] = [
    "drill",
    "before",
    "after",
    "load",
    "phase",
    "operator",
    "said",
    "front_matter",
    "variant",
    "merit",
];

/// Reads a scenario.
///
/// # Errors
///
/// Fails with all faults of the file.
pub(crate) fn scenario(text: &str, file: &str) -> Result<Scenario, ConfigError> {
    let mut reader = TableReader::new(Environment::new());
    let mut tables = reader.parse(text);
    let head = one::<ScenarioHead>(&mut reader, &mut tables, "drill");
    let before = one(&mut reader, &mut tables, "before");
    let after = one(&mut reader, &mut tables, "after");
    let load = one(&mut reader, &mut tables, "load");
    let phases = phases(&mut reader, &mut tables);
    let operators = operators(&mut reader, &mut tables);
    let said = all(&mut reader, &mut tables, "said");
    let front_matter = if tables.contains_key("front_matter") {
        one(&mut reader, &mut tables, "front_matter")
    } else {
        None
    };
    let variants = variants(&mut reader, &mut tables, &phases);
    let merits = all(&mut reader, &mut tables, "merit");
    unknown(&mut reader, &tables);
    let made = (|| {
        Some(Scenario {
            head: head?,
            before: before?,
            after: after?,
            load: load?,
            phases,
            operators,
            said,
            front_matter,
            variants,
            merits,
        })
    })();
    match made {
        Some(scenario) if reader.faults.is_empty() => Ok(scenario),
        _ => Err(reader.failed(file, text)),
    }
}

/// The table `[name]`, which must be there.
fn one<T: DeserializeOwned>(
    reader: &mut TableReader,
    tables: &mut DeTable<'_>,
    name: &str,
) -> Option<T> {
    let Some(table) = tables.remove(name) else {
        reader.fault(0..0, format!("the table `[{name}]` is missing"));
        return None;
    };
    if !matches!(table.get_ref(), DeValue::Table(_)) {
        reader.fault(table.span(), format!("write this as a table `[{name}]`"));
        return None;
    }
    if name == "drill" {
        let schema = table
            .get_ref()
            .get("schema")
            .map(|value| (value.span(), value.get_ref()));
        if let Some((span, DeValue::Integer(schema))) = schema
            && schema.as_str() != "1"
        {
            reader.fault(span, format!("this critwatch reads `schema = {SCHEMA}`"));
        }
    }
    reader.read(&table)
}

/// The tables `[[name]]`.
fn all<T: DeserializeOwned>(
    reader: &mut TableReader,
    tables: &mut DeTable<'_>,
    name: &str,
) -> Vec<T> {
    let tables = reader.tables(tables, name);
    tables
        .iter()
        .filter_map(|table| reader.read(table))
        .collect()
}

fn phases(reader: &mut TableReader, tables: &mut DeTable<'_>) -> Vec<OutagePhase> {
    let written = reader.tables(tables, "phase");
    if written.is_empty() && reader.faults.is_empty() {
        reader.fault(0..0, "a scenario needs at least one `[[phase]]`");
    }
    let mut phases: Vec<OutagePhase> = Vec::new();
    for table in &written {
        let Some(phase) = reader.read::<OutagePhase>(table) else {
            continue;
        };
        check_phase(reader, table, &phase, phases.last());
        phases.push(phase);
    }
    phases
}

fn check_phase(
    reader: &mut TableReader,
    table: &Table<'_>,
    phase: &OutagePhase,
    before: Option<&OutagePhase>,
) {
    if phase.to <= phase.from {
        reader.fault(place(table, "to"), "a phase must end after it begins");
    }
    for (key, number) in [("rolls", phase.rolls), ("images", phase.images)] {
        if number < 0.0 {
            let why = format!("write how many {key} come in a minute");
            reader.fault(place(table, key), why);
        }
    }
    if phase.page.is_empty() {
        let why = "write at least one state that the page may show";
        reader.fault(place(table, "page"), why);
    }
    if let Some(before) = before
        && (before.to - phase.from).abs() > f64::EPSILON
    {
        let why = format!(
            "phases follow each other without a gap: the one above ends at {}",
            before.to
        );
        reader.fault(place(table, "from"), why);
    }
}

fn operators(reader: &mut TableReader, tables: &mut DeTable<'_>) -> Vec<OperatorStep> {
    let written = reader.tables(tables, "operator");
    let mut steps: Vec<OperatorStep> = Vec::new();
    for table in &written {
        let Some(step) = reader.read::<WrittenStep>(table) else {
            continue;
        };
        match step.meant() {
            Ok(step) => {
                if steps.last().is_some_and(|before| before.at > step.at) {
                    let why = "write what operators do in the order of time";
                    reader.fault(place(table, "at"), why);
                }
                steps.push(step);
            }
            Err((key, why)) => reader.fault(place(table, key), why),
        }
    }
    steps
}

fn variants(
    reader: &mut TableReader,
    tables: &mut DeTable<'_>,
    phases: &[OutagePhase],
) -> Vec<PolicyVariant> {
    let written = reader.tables(tables, "variant");
    let mut variants = Vec::new();
    for table in &written {
        let Some(variant) = reader.read::<PolicyVariant>(table) else {
            continue;
        };
        let is_phase = |id: &&String| phases.iter().any(|phase| phase.id == **id);
        for id in variant.components.keys().filter(|id| !is_phase(id)) {
            let near = hint(id, phases.iter().map(|phase| &*phase.id));
            reader.fault(
                place(table, "components"),
                format!("there is no phase `{id}`{near}"),
            );
        }
        variants.push(variant);
    }
    variants
}

/// Names what is left in the file.
fn unknown(reader: &mut TableReader, tables: &DeTable<'_>) {
    for (name, _) in tables {
        let near = hint(name.get_ref(), TABLES);
        let message = format!("there is no table `{}`{near}", name.get_ref());
        reader.fault(name.span(), message);
    }
}
