//! Rules that name an alert of a Prometheus or an Alertmanager: `alert = "ApiSlow"`.

use toml::Spanned;
use toml::de::DeValue;

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::config::rules::source::{OURSELVES, Sources};
use crate::evaluate::promql::Expression;

/// What an alert says by itself.
const ITS_OWN: [&str; 7] = [
    "expr",
    "clear",
    "value",
    "objective",
    "notice",
    "disrupted",
    "down",
];

/// Whether a `[[rule]]` names an alert.
pub(crate) fn names_alert(table: &Table<'_>) -> bool {
    table.get_ref().get("alert").is_some()
}

/// The same table with the expression that says whether its alert fires; `None`
/// if something is at fault.
pub(crate) fn written_out<'t>(
    reader: &mut TableReader,
    sources: &Sources,
    table: &Table<'t>,
) -> Option<Table<'t>> {
    let before = reader.faults.len();
    for key in ITS_OWN {
        if table.get_ref().get(key).is_some() {
            let message = "the alert says this itself; take it away, or take `alert` away";
            reader.fault(span(table, key), message);
        }
    }
    let at = span(table, "alert");
    let Some((name, _)) = texts(table, "alert").pop() else {
        reader.fault(at, "name the alert, as a text: `alert = \"ApiSlow\"`");
        return None;
    };
    if name.is_empty() || name.contains(['{', '"']) {
        let message = "name the alert alone, as in `alert = \"ApiSlow\"`; to select by labels, \
            write an `expr` over `ALERTS`";
        reader.fault(at, message);
        return None;
    }
    let named = texts(table, "source").pop();
    let place = named.as_ref().map_or(at.clone(), |(_, at)| at.clone());
    let found = sources.of_alerts(named.as_ref().map(|(id, _)| id.as_str()));
    let found = found.map(|(id, kind)| (id.to_owned(), expression(&name, kind, id)));
    let (source, expr) = match found {
        Ok((id, Some((expr, true)))) => (id, expr),
        Ok((_, Some((expr, false)))) => (OURSELVES.to_owned(), expr),
        Ok((id, None)) => {
            let message = format!(
                "`{id}` brings no alerts; a collector of type `alerts`, `prometheus` or `query` does"
            );
            reader.fault(place, message);
            return None;
        }
        Err(message) => {
            reader.fault(place, message);
            return None;
        }
    };
    let DeValue::Table(mut written) = table.get_ref().clone() else {
        return None;
    };
    let text = |text: String| Spanned::new(at.clone(), DeValue::String(text.into()));
    written.insert(Spanned::new(at.clone(), "expr".into()), text(expr));
    written.insert(Spanned::new(at.clone(), "source".into()), text(source));
    (reader.faults.len() == before).then(|| Spanned::new(table.span(), DeValue::Table(written)))
}

/// What selects something while the alert fires, by the type of the collector that
/// brings it, and whether that one's server is to evaluate it.
///
/// The part behind `or` selects nothing: it names what shows that alerts can be seen.
fn expression(name: &str, kind: &str, job: &str) -> Option<(String, bool)> {
    let alert = format!("alertname={name:?}, alertstate=\"firing\"");
    let seen = match kind {
        "alerts" => "critwatch_alerts",
        "prometheus" => "up",
        "query" => return Some((format!("ALERTS{{{alert}}}"), true)),
        _ => return None,
    };
    let expr = format!("ALERTS{{{alert}, job={job:?}}} or {seen}{{job={job:?}}} < 0");
    debug_assert!(Expression::parse(&expr).is_ok(), "{expr}");
    Some((expr, false))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::config::read_rules;

    /// Reads a rule with these lines and tells its expression, or what is wrong.
    fn check(collectors: &[&str], lines: &str, expected: &str) {
        let mut text = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n".to_owned();
        for collector in collectors {
            let (id, kind) = collector.split_once(' ').unwrap();
            let _ = write!(text, "[[collector]]\nid = '{id}'\ntype = '{kind}'\n");
        }
        let _ = write!(
            text,
            "[[rule]]\nid = 'api-slow'\nseverity = 'down'\ncomponents = ['c']\ntitle = 'T'\n\
            text = 't'\n{lines}\n"
        );
        let read = read_rules(&text, "alerts.toml", ".".as_ref(), [].into(), None);
        let said = match read {
            Ok(config) => config.rules[0].settings().expr.clone(),
            Err(error) => error.faults[0].message.clone(),
        };
        assert!(said.contains(expected), "{lines}: {said}");
    }

    #[test]
    fn an_alert_becomes_the_expression_that_one_would_write() {
        let pushed = "ALERTS{alertname=\"ApiSlow\", alertstate=\"firing\", job=\"in\"} or \
            critwatch_alerts{job=\"in\"} < 0";
        check(&["in alerts", "api http"], "alert = 'ApiSlow'", pushed);
        check(&["in alerts"], "alert = 'ApiSlow'\nsource = 'in'", pushed);
        check(
            &["fed prometheus"],
            "alert = 'ApiSlow'\nsource = 'fed'",
            "ALERTS{alertname=\"ApiSlow\", alertstate=\"firing\", job=\"fed\"} or up{job=\"fed\"} < 0",
        );
        check(
            &["in alerts", "prom query"],
            "alert = 'ApiSlow'\nsource = 'prom'",
            "ALERTS{alertname=\"ApiSlow\", alertstate=\"firing\"}",
        );
    }

    #[test]
    fn what_does_not_go_with_an_alert_is_a_fault() {
        check(
            &["in alerts"],
            "alert = 'A{b=\"c\"}'",
            "name the alert alone",
        );
        check(
            &["in alerts"],
            "alert = 'A'\nexpr = 'up'",
            "the alert says this itself",
        );
        check(
            &["in alerts"],
            "alert = 'A'\nclear = 'up'",
            "the alert says this itself",
        );
        check(&["in alerts"], "alert = 1", "name the alert, as a text");
        check(&["r redis"], "alert = 'A'", "no collector of type `alerts`");
        check(
            &["r redis"],
            "alert = 'A'\nsource = 'r'",
            "`r` brings no alerts",
        );
        check(
            &["pushes alerts"],
            "alert = 'A'\nsource = 'pushs'",
            "did you mean `pushes`?",
        );
    }
}
