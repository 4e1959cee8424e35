//! Rules as a Prometheus rule file that `promtool check rules` accepts.

use std::fmt::Write as _;

use serde_json::Value;

use crate::config::Config;
use crate::evaluate::rules::burn::Objective;
use crate::evaluate::rules::settings::RuleSettings;
use crate::evaluate::rules::template::{RuleText, RuleTextPart};
use crate::evaluate::text::format::NumberFormat;
use crate::model::time::duration;
use crate::model::verdict::RuleId;

/// What stands above the rules; it says what is not in them.
const HEAD: &str = "\
# Rules of {file}, written by `critwatch rules export`. Change them there.
#
# Not in here, because Prometheus has no word for it: that an unreachable target
# is unknown rather than well, that components need each other and their
# incidents are one, the hold after the last bad sample, and the numbers of
# series (critwatch makes one verdict of a rule, Prometheus an alert of each series).
groups:
  - name: critwatch
    rules:
";

/// Writes the rule file of some settings; the same settings give the same bytes.
pub fn write(config: &Config, file: &str) -> String {
    let mut text = HEAD.replace("{file}", file);
    let objectives: Vec<_> = config.objectives.iter().map(Objective::whole).collect();
    for rule in &config.rules {
        let settings = rule.settings();
        let found = objectives.iter().find(|rules| names(rules, &settings.id));
        match found {
            // Prometheus keeps what the long windows need.
            Some(rules) if rules.first().is_some_and(|first| first.id == settings.id) => {
                for rule in rules {
                    alert(&mut text, rule);
                }
            }
            Some(_) => {}
            // What Alertmanager tells us of is a rule there already.
            None if settings.expr.trim().is_empty() || settings.alert.is_some() => {}
            None => alert(&mut text, settings),
        }
    }
    text
}

fn names(rules: &[RuleSettings], id: &RuleId) -> bool {
    rules.iter().any(|rule| rule.id == *id)
}

fn alert(text: &mut String, rule: &RuleSettings) {
    let mut line = |depth: usize, key: &str, value: &str| {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{}",
            format!("{:depth$}{key}: {value}", "").trim_end()
        );
    };
    line(6, "- alert", &rule.id.0);
    line(8, "expr", &quoted(&condition(rule)));
    for (key, length) in [
        ("for", rule.hold),
        ("keep_firing_for", rule.keep_firing_for),
    ] {
        if !length.is_zero() {
            line(8, key, &duration::print(length));
        }
    }
    line(8, "labels", "");
    for (name, value) in rule.labels() {
        line(10, name, &quoted(&value));
    }
    line(8, "annotations", "");
    line(10, "summary", &quoted(&rule.title));
    line(10, "description", &quoted(&description(rule)));
}

/// Its condition; once an alert of it fires, also what holds it.
fn condition(rule: &RuleSettings) -> String {
    let expr = rule.expr.trim();
    let Some(clear) = rule.clear.as_deref().map(str::trim) else {
        return expr.to_owned();
    };
    // A comment at the end would swallow the bracket.
    let end = |text: &str| if text.contains('#') { "\n" } else { "" };
    format!(
        "({expr}{}) or (({clear}{}) and on () ALERTS{{alertname={:?}, alertstate=\"firing\"}})",
        end(expr),
        end(clear),
        rule.id.0,
    )
}

/// The text with its places in Prometheus' own words.
fn description(rule: &RuleSettings) -> String {
    let Ok(template) = RuleText::parse(&rule.text) else {
        return rule.text.clone();
    };
    let parts = template.parts.iter().map(|part| match part {
        RuleTextPart::Words(words) => words.clone(),
        RuleTextPart::Value(figure) => value(*figure),
        RuleTextPart::Label(name) => format!("{{{{ $labels.{name} }}}}"),
        RuleTextPart::Count => {
            let query = quoted(&format!("count({})", condition(rule)));
            format!("{{{{ query {query} | first | value }}}}")
        }
    });
    parts.collect()
}

fn value(figure: NumberFormat) -> String {
    let (function, behind) = match figure {
        NumberFormat::Plain => ("printf \"%.4g\"".to_owned(), ""),
        NumberFormat::Bytes => ("humanize1024".to_owned(), "B"),
        NumberFormat::Duration | NumberFormat::HumanizeDuration => {
            ("humanizeDuration".to_owned(), "")
        }
        NumberFormat::Percent | NumberFormat::HumanizePercentage => {
            ("humanizePercentage".to_owned(), "")
        }
        NumberFormat::Rate => ("humanize".to_owned(), " per second"),
        NumberFormat::Humanize => ("humanize".to_owned(), ""),
        NumberFormat::Humanize1024 => ("humanize1024".to_owned(), ""),
        NumberFormat::Fixed(decimals) => (format!("printf \"%.{decimals}f\""), ""),
    };
    format!("{{{{ $value | {function} }}}}{behind}")
}

/// A text in quotes, as JSON has it: YAML and Go read that as well.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
