//! Tables `[[collector.queue]]`: each is read as its `system` wants it.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::collect::queue::system::QueueSettings;
use crate::collect::queue::system_name::{Naming, SystemName};
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;

/// Puts each queue of a collector under the name of its system.
///
/// Serde's own tagged form would lose the places of faults within the table.
pub(crate) fn by_system(reader: &mut TableReader, collector: &mut DeTable<'_>) {
    let Some(queues) = collector.get_mut("queue") else {
        return;
    };
    let DeValue::Array(queues) = queues.get_mut() else {
        return;
    };
    let mut seen = BTreeSet::new();
    let tables = std::mem::replace(queues, DeArray::new());
    for table in tables {
        if let Some(table) = wrap(reader, &mut seen, table) {
            queues.push(table);
        }
    }
}

/// One table; `None` if it has a fault that was told.
fn wrap<'t>(
    reader: &mut TableReader,
    seen: &mut BTreeSet<(String, String, String)>,
    table: Table<'t>,
) -> Option<Table<'t>> {
    let at = table.span();
    let head = at.start..at.start + 1;
    if !table.get_ref().is_table() {
        reader.fault(at, "write this as a table `[[collector.queue]]`");
        return None;
    }
    let given = texts(&table, "system").into_iter().next();
    let place = span(&table, "system");
    let system = match (given, table.get_ref().get("system")) {
        (Some((system, _)), _) => system,
        (None, None) => "stream".to_owned(),
        (None, Some(_)) => {
            reader.fault(place, "`system` is a word");
            return None;
        }
    };
    let name = SystemName::from_word(&system);
    let fault = fault_of(&table, name);
    if let Some(fault) = fault {
        reader.fault(head, fault);
        return None;
    }
    unique(reader, seen, &table, &system, name);
    let mut keys = texts(&table, "key").into_iter();
    let repeats = name == Some(SystemName::Stream)
        && keys.any(|(key, _)| !seen.insert((String::new(), String::new(), key)));
    let DeValue::Table(mut rest) = table.into_inner() else {
        return None;
    };
    rest.remove("system");
    if repeats {
        let place = at.clone();
        let key = Spanned::new(place.clone(), "repeats".into());
        rest.insert(key, Spanned::new(place, DeValue::Boolean(true)));
    }
    let mut wrapped = DeTable::new();
    wrapped.insert(
        Spanned::new(place, system.into()),
        Spanned::new(at.clone(), DeValue::Table(rest)),
    );
    let wrapped = Spanned::new(at, DeValue::Table(wrapped));
    // Read by itself, so that a fault here hides none in the tables after it.
    reader.read::<QueueSettings>(&wrapped)?;
    Some(wrapped)
}

/// What does not fit together in a table of that system.
fn fault_of(table: &Table<'_>, system: Option<SystemName>) -> Option<&'static str> {
    let has = |key: &str| table.get_ref().get(key).is_some();
    match system.map(SystemName::naming) {
        Some(Naming::Key) if has("key") == has("pattern") => {
            Some("give a queue of this system either `key` or `pattern`")
        }
        Some(Naming::Key) if has("name") && has("pattern") => {
            Some("queues found by `pattern` are named by their keys; leave out `name`")
        }
        Some(Naming::Name) if !has("name") && !has("names") && !has("pattern") => {
            Some("say which queues: with `name`, `names` or `pattern`")
        }
        _ if has("pattern") && (has("name") || has("names")) => {
            Some("give either names or a `pattern`")
        }
        Some(Naming::Key) if system == Some(SystemName::Stream) && !has("group") => {
            Some("missing key `group`: the consumer group that works the stream off")
        }
        Some(Naming::Key)
            if system == Some(SystemName::SortedSet) && is_due_in_another_state(table) =>
        {
            Some(
                "jobs with `score = \"due\"` are pending once their time has come; \
            leave out `state`, or write \"delayed\" if others move them to a queue then",
            )
        }
        _ => None,
    }
}

fn is_due_in_another_state(table: &Table<'_>) -> bool {
    let is = |key: &str, words: &[&str]| {
        let mut found = texts(table, key).into_iter();
        found.any(|(word, _)| words.contains(&&*word))
    };
    is("score", &["due"]) && is("state", &["reserved", "failed", "dead"])
}

/// Sees that no sample appears twice: lists of several states may be one queue.
fn unique(
    reader: &mut TableReader,
    seen: &mut BTreeSet<(String, String, String)>,
    table: &Table<'_>,
    system: &str,
    name: Option<SystemName>,
) {
    let app = texts(table, "app").into_iter().next();
    let app = app.map(|(app, _)| app).unwrap_or_default();
    let mut names = texts(table, "name");
    names.extend(texts(table, "names"));
    if names.is_empty() {
        names = texts(table, "key");
    }
    if name.is_some_and(SystemName::speaks_for_all) {
        let place = span(table, "system");
        if !seen.insert((system.to_owned(), app.clone(), String::new())) {
            reader.fault(
                place,
                format!("there is a table of {system} already; put all `names` into one, or tell them apart by `app`"),
            );
        }
    }
    let states = states(table);
    for (name, place) in names {
        let seen_before = states
            .iter()
            .filter(|state| {
                let whose = format!("{system} {state}");
                !seen.insert((whose, app.clone(), name.clone()))
            })
            .count();
        if seen_before > 0 {
            reader.fault(
                place,
                format!("the queue `{name}` appears twice; tell them apart by `app`"),
            );
        }
    }
}

/// The states of jobs that a table counts, as far as they tell it from others.
fn states(table: &Table<'_>) -> Vec<String> {
    let word = |key: &str| texts(table, key).into_iter().next().map(|(word, _)| word);
    match (word("state"), word("score").as_deref()) {
        (Some(state), _) => vec![state],
        (None, Some("due")) => vec!["pending".to_owned(), "delayed".to_owned()],
        (None, _) => vec!["pending".to_owned()],
    }
}
