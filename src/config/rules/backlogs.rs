//! Backlogs, read and checked.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::{TableReader, unique};
use crate::config::rules::names;
use crate::config::rules::source::Sources;
use crate::evaluate::backlog::{BacklogSettings, WatchedBacklog};
use crate::evaluate::promql::Expression;
use crate::model::component::Component;
use crate::model::finding::Weight;

/// The longest word for what waits, in characters.
const LONGEST_WORD: usize = 40;

/// Reads what is watched for waiting work.
pub(crate) fn backlogs(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
    sources: &Sources,
) -> Vec<WatchedBacklog> {
    let mut seen = BTreeSet::new();
    let tables = reader.tables(file, "backlog");
    tables
        .iter()
        .filter_map(|table| {
            unique(reader, &mut seen, table);
            names::components(reader, table, components);
            backlog(reader, table, sources)
        })
        .collect()
}

fn backlog(
    reader: &mut TableReader,
    table: &Table<'_>,
    sources: &Sources,
) -> Option<WatchedBacklog> {
    for (what, at) in texts(table, "what") {
        let fit = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-');
        if what.trim().is_empty() || what.chars().count() > LONGEST_WORD || !what.chars().all(fit) {
            let message = "name what waits in the plural, as visitors call it: `rolls`";
            reader.fault(at, message);
        }
    }
    let jobs = value(reader, table, sources, "jobs");
    let wait = value(reader, table, sources, "wait");
    let settings = reader.read::<BacklogSettings>(table)?;
    if settings.usual.is_zero() {
        reader.fault(
            span(table, "usual"),
            "even a quick one takes some time: `200ms`",
        );
        return None;
    }
    if settings.wait.is_none() {
        let place = span(table, "jobs");
        let message =
            "without `wait`, only an empty queue is a calm one; say how long the oldest waits";
        reader.remark(Weight::Hint, "backlog-wait", place, message);
    }
    let wait = match &settings.wait {
        Some(_) => Some(wait?),
        None => None,
    };
    Some(WatchedBacklog::new(settings, jobs?, wait))
}

fn value(
    reader: &mut TableReader,
    table: &Table<'_>,
    sources: &Sources,
    key: &str,
) -> Option<Expression> {
    let (text, at) = texts(table, key).pop()?;
    match Expression::parse(&text) {
        Ok(read) if read.is_condition() => {
            reader.fault(
                at,
                "this compares; write the number itself, without a threshold",
            );
            None
        }
        Ok(read) => {
            sources.strangers(reader, &read, &at);
            Some(read)
        }
        Err(error) => {
            reader.fault(at, error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config;

    fn read(lines: &str) -> Result<config::Config, String> {
        let text = format!(
            "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[backlog]]\nid = 'b'\n\
            components = ['c']\n{lines}\n"
        );
        config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_backlog_is_read_and_its_metrics_are_kept() {
        let config = read("what = 'rolls'\njobs = 'jobs'\nwait = 'max(wait)'\nusual = '200ms'");
        let config = config.unwrap();
        assert_eq!(config.backlogs[0].metric_names(), ["jobs", "wait"]);
        assert!(config.findings.is_empty());
        let bare = read("what = 'rolls'\njobs = 'jobs'\nusual = '200ms'").unwrap();
        assert_eq!(bare.findings[0].kind, "backlog-wait");
    }

    #[test]
    fn every_fault_of_a_backlog_is_told() {
        let good = "what = 'rolls'\njobs = 'jobs'\nwait = 'wait'\nusual = '1s'";
        for (from, to, expected) in [
            ("'rolls'", "''", "in the plural"),
            ("'rolls'", "'<b>rolls</b>'", "in the plural"),
            ("'jobs'", "'jobs >'", "operand is missing"),
            ("'jobs'", "'jobs > 0'", "this compares"),
            ("'wait'", "'wait > 0'", "this compares"),
            ("'1s'", "'0s'", "even a quick one takes some time"),
            ("'1s'", "1", "a duration in quotes"),
            ("usual = '1s'", "", "missing key `usual`"),
            ("jobs = 'jobs'", "", "missing key `jobs`"),
            ("wait = 'wait'", "wiat = 'wait'", "unknown key `wiat`"),
            ("'jobs'", "'increase(jobs[3d])'", "this looks back 3d"),
        ] {
            let message = read(&good.replace(from, to)).unwrap_err();
            assert!(message.contains(expected), "{to}: {message}");
            assert_eq!(message.matches("error:").count(), 1, "{message}");
        }
        let stranger = read(&format!(
            "{good}\n[[backlog]]\nid = 'b'\ncomponents = ['x']\n{good}"
        ));
        let message = stranger.unwrap_err();
        for expected in ["`b` appears twice", "there is no component `x`"] {
            assert!(message.contains(expected), "{message}");
        }
    }
}
