//! The `[[figure]]` tables: what is published on the page in charts.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::config::reading::places::{span, texts};
use crate::config::reading::reader::{TableReader, unique};
use crate::config::rules::names::component_hint;
use crate::evaluate::charted::{FigureSettings, Published};
use crate::evaluate::promql::Expression;
use crate::model::component::Component;

/// A page with more charts is read by nobody.
const MOST: usize = 24;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 80;

/// Reads the figures; what can be checked is checked, even if another key is
/// at fault.
pub(crate) fn published(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
) -> Vec<Published> {
    let mut seen = BTreeSet::new();
    let mut published = Vec::new();
    let tables = reader.tables(file, "figure");
    if let Some(table) = tables.get(MOST) {
        let message = format!("a page shows {MOST} figures at most; leave some out");
        reader.fault(span(table, "id"), message);
    }
    for table in tables {
        unique(reader, &mut seen, &table);
        for (id, span) in texts(&table, "components") {
            if !components.iter().any(|component| component.id.0 == id) {
                let hint = component_hint(&id, components);
                reader.fault(span, format!("there is no component `{id}`{hint}"));
            }
        }
        for (title, span) in texts(&table, "title") {
            let fits = (1..=LONGEST_TITLE).contains(&title.chars().count());
            if !fits || title.chars().any(char::is_control) {
                let message = format!("a title is one line of 1 to {LONGEST_TITLE} characters");
                reader.fault(span, message);
            }
        }
        let mut expression = None;
        for (text, span) in texts(&table, "expr") {
            match Expression::parse(&text) {
                Ok(parsed) => expression = Some(parsed),
                Err(error) => reader.fault(span, error.to_string()),
            }
        }
        let Some(settings) = reader.read::<FigureSettings>(&table) else {
            continue;
        };
        for (key, number) in [("warn", settings.warn), ("bad", settings.bad)] {
            if number.is_some_and(|number| !number.is_finite()) {
                reader.fault(span(&table, key), "a threshold is a finite number");
            }
        }
        published.extend(expression.map(|expression| Published::new(settings, expression)));
    }
    published
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use crate::config::{self, Config};

    use super::*;

    fn read(more: &str) -> Result<Config, String> {
        let text =
            format!("[site]\ntitle = 'D'\n[[component]]\nid = 'queue'\nname = 'Queue'\n{more}");
        config::read(&text, "alerts.toml", Path::new("."), BTreeMap::new(), None)
            .map_err(|error| error.to_string())
    }

    fn figure(more: &str) -> String {
        format!("[[figure]]\nid = 'wait'\ntitle = 'Waiting time'\n{more}\n")
    }

    #[test]
    fn a_figure_is_read_with_its_thresholds() {
        let more = "expr = 'max(age_seconds)'\nunit = 'seconds'\nwarn = 3\nbad = 10.5\n\
            components = ['queue']";
        let config = read(&figure(more)).unwrap();
        let figure = &config.published[0].series;
        assert_eq!((figure.warn, figure.bad), (Some(3.0), Some(10.5)));
        assert_eq!(figure.components[0].0, "queue");
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_the_way_out() {
        let check = |more: &str, words: &str| {
            let message = read(more).unwrap_err();
            assert!(message.contains(words), "{message}");
        };
        check(&figure("expr = 'a >'"), "alerts.toml:9");
        check(&figure("expr = 'a'\nunit = 'apples'"), "`per second`");
        check(&figure("expr = 'a'\nbad = nan"), "finite number");
        check(
            &figure("expr = 'a'\ncomponents = ['Queue']"),
            "did you mean `queue`?",
        );
        check(
            &figure("expr = 'a'\ncolour = 'red'"),
            "unknown key `colour`",
        );
        check(&figure("expr = 'rate(a[3d])'"), "looks back 3d");
        check(&figure(""), "expr");
        let twice = figure("expr = 'a'").repeat(2);
        check(&twice, "`wait` appears twice");
        let many = (0..=MOST).map(|one| figure("expr = 'a'").replace("wait", &format!("f{one}")));
        check(&many.collect::<Vec<_>>().concat(), "24 figures at most");
    }
}
