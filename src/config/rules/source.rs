//! Who evaluates a rule: we, a Prometheus that is asked, or alerts that come.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use crate::collect::push::alerts::SEEN_METRIC as ALERTS_SEEN_METRIC;
use crate::collect::query::RULE_METRIC;
use crate::collect::query::settings::SUCCESS_METRIC;
use crate::config::reading::places::{Table, texts};
use crate::config::reading::reader::TableReader;
use crate::evaluate::promql::Expression;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::rules::settings::RuleSettings;
use crate::model::finding::Weight;
use crate::model::text::nearest::hint;

/// What `source` says if the rule is ours to evaluate.
pub(crate) const OURSELVES: &str = "critwatch";

/// What a rule is judged by.
#[derive(Debug)]
pub(crate) struct Expressions {
    /// What selects something while the rule is bad.
    condition: Expression,
    /// What holds it once it fires.
    clear: Option<Expression>,
    /// What shows that it can see, if another server evaluates it.
    witness: Option<Expression>,
}

impl Expressions {
    /// The rule that they judge.
    pub(crate) fn rule(self, settings: RuleSettings) -> Rule {
        Rule::new(settings, self.condition)
            .held_by(self.clear)
            .seen_by(self.witness)
    }
}

/// Who evaluates a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RuleSource {
    /// We do.
    Ours,
    /// A server that is asked.
    Query(String),
    /// Alerts that come by themselves.
    Alerts(String),
}

/// A text of a rule with its place.
pub(crate) type Placed = (String, Range<usize>);

/// The sources that rules may name, and what they are to evaluate.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// The `type` of each collector, by its id.
    kinds: BTreeMap<String, String>,
    /// The source of rules that name none.
    general: Option<String>,
    /// Rules for each source: id and expression.
    asked: BTreeMap<String, Vec<(String, String)>>,
}

impl Sources {
    /// Takes the file's own `source`, and looks which collectors there are.
    pub(crate) fn new(reader: &mut TableReader, file: &mut DeTable<'_>) -> Self {
        let mut sources = Self::default();
        for table in reader.tables(&mut file.clone(), "collector") {
            if let (Some((id, _)), Some((kind, _))) =
                (texts(&table, "id").pop(), texts(&table, "type").pop())
            {
                sources.kinds.insert(id, kind);
            }
        }
        if let Some(value) = file.remove("source") {
            match value.get_ref().as_str() {
                Some(id) if sources.knows(id) => sources.general = Some(id.to_owned()),
                Some(id) => reader.fault(value.span(), sources.unknown(id)),
                None => reader.fault(value.span(), "`source` names a collector"),
            }
        }
        sources
    }

    /// Who evaluates a rule; `None` if that is at fault.
    pub(crate) fn source(&self, reader: &mut TableReader, table: &Table<'_>) -> Option<RuleSource> {
        let named = texts(table, "source").pop();
        if let Some((source, at)) = &named
            && !self.knows(source)
        {
            reader.fault(at.clone(), self.unknown(source));
            return None;
        }
        let source = named
            .map(|(source, _)| source)
            .or_else(|| self.general.clone());
        let source = source.filter(|source| source != OURSELVES);
        Some(match source {
            None => RuleSource::Ours,
            Some(source) if self.kinds.get(&source).is_some_and(|kind| kind == "alerts") => {
                RuleSource::Alerts(source)
            }
            Some(source) => RuleSource::Query(source),
        })
    }

    /// The expressions of a rule; `None` if something is at fault or missing.
    pub(crate) fn expressions(
        &mut self,
        reader: &mut TableReader,
        table: &Table<'_>,
    ) -> Option<Expressions> {
        let source = self.source(reader, table)?;
        let id = texts(table, "id").pop().map(|(id, _)| id);
        let expr = texts(table, "expr").pop();
        let clear = texts(table, "clear").pop();
        if let RuleSource::Alerts(source) = &source {
            if let Some((text, at)) = &expr {
                check(reader, text, at)?;
            }
            if let Some((_, at)) = clear {
                let message = "alerts say by themselves when they end; take `clear` away";
                reader.fault(at, message);
                return None;
            }
            return of_alerts(&id?, source);
        }
        let Some(expr) = expr else {
            if !table.get_ref().as_table()?.contains_key("expr") {
                let at = table.span();
                reader.fault(at.start..at.start + 1, "missing key `expr`");
            }
            return None;
        };
        let read = self.judged(reader, &source, id.as_deref(), &expr, clear.as_ref())?;
        if source == RuleSource::Ours {
            self.strangers(reader, &read.condition, &expr.1);
        }
        Some(read)
    }

    /// What judges a condition, by us or by a server that is asked.
    pub(crate) fn judged(
        &mut self,
        reader: &mut TableReader,
        source: &RuleSource,
        id: Option<&str>,
        expr: &Placed,
        clear: Option<&Placed>,
    ) -> Option<Expressions> {
        match source {
            RuleSource::Alerts(source) => of_alerts(id?, source),
            RuleSource::Ours => {
                let mut read = |(text, at): &Placed| {
                    let read = Expression::parse(text);
                    let read = read.map_err(|error| reader.fault(at.clone(), error.to_string()));
                    read.ok()
                };
                let (condition, clear) = (read(expr), clear.map(read));
                Some(Expressions {
                    condition: condition?,
                    clear: match clear {
                        Some(read) => Some(read?),
                        None => None,
                    },
                    witness: None,
                })
            }
            RuleSource::Query(source) => {
                for (text, at) in std::iter::once(expr).chain(clear) {
                    check(reader, text, at)?;
                }
                self.asked_of(source, id?, &expr.0, clear.map(|(text, _)| text.as_str()))
            }
        }
    }

    /// Gives a server the questions of a rule; their answers are what we judge.
    fn asked_of(
        &mut self,
        source: &str,
        id: &str,
        expr: &str,
        clear: Option<&str>,
    ) -> Option<Expressions> {
        // No id of a rule has a colon.
        let held = format!("{id}:clear");
        let asked = self.asked.entry(source.to_owned()).or_default();
        asked.push((id.to_owned(), expr.to_owned()));
        asked.extend(clear.map(|clear| (held.clone(), clear.to_owned())));
        let answer = |id: &str| format!("{RULE_METRIC}{{rule={id:?},job={source:?}}}");
        let answered = |id: &str| format!("{SUCCESS_METRIC}{{rule={id:?},job={source:?}}} == 1");
        let witness = match clear {
            None => answered(id),
            Some(_) => format!("{} and on () {}", answered(id), answered(&held)),
        };
        Some(Expressions {
            condition: Expression::parse(&answer(id)).ok()?,
            clear: match clear {
                Some(_) => Some(Expression::parse(&answer(&held)).ok()?),
                None => None,
            },
            witness: Some(Expression::parse(&witness).ok()?),
        })
    }

    /// Tells of jobs that no collector brings: such a rule could never see.
    pub(crate) fn strangers(
        &self,
        reader: &mut TableReader,
        expression: &Expression,
        at: &Range<usize>,
    ) {
        for job in expression.jobs() {
            // Settings without collectors are read by those who bring samples.
            if !self.kinds.is_empty() && !self.kinds.contains_key(&job) {
                let ids: Vec<_> = self.kinds.keys().map(|id| format!("`{id}`")).collect();
                let message = format!(
                    "no collector is named `{job}`, so this stays unknown; there are {}",
                    ids.join(", ")
                );
                reader.remark(Weight::Warning, "unknown-job", at.clone(), message);
            }
        }
    }

    /// The id and the type of the collector that brings the alerts of a rule: the
    /// named one, that of the whole file, else the one that takes alerts.
    pub(crate) fn of_alerts(&self, named: Option<&str>) -> Result<(&str, &str), String> {
        let found = if let Some(id) = named.or(self.general.as_deref()) {
            let hint = || hint(id, self.kinds.keys().map(String::as_str));
            let known = self.kinds.get_key_value(id);
            known.ok_or_else(|| format!("no collector is named `{id}`{}", hint()))?
        } else {
            let one = self.kinds.iter().find(|(_, kind)| *kind == "alerts");
            one.ok_or(
                "there is no collector of type `alerts`; add one, or name the one that \
                brings this alert as `source`",
            )?
        };
        Ok((found.0, found.1))
    }

    /// Takes the rules that a collector is to evaluate.
    pub(crate) fn rules_of(&mut self, collector: &str) -> Vec<(String, String)> {
        self.asked.remove(collector).unwrap_or_default()
    }

    fn knows(&self, id: &str) -> bool {
        let kind = self.kinds.get(id).map(String::as_str);
        id == OURSELVES || matches!(kind, Some("query" | "alerts"))
    }

    fn unknown(&self, id: &str) -> String {
        let sources: Vec<_> = self
            .kinds
            .keys()
            .filter(|id| self.knows(id))
            .map(|id| format!("`{id}`"))
            .collect();
        let known = if sources.is_empty() {
            "there is none of these types".to_owned()
        } else {
            format!("there are {}", sources.join(", "))
        };
        format!(
            "`{id}` is not a collector of type `query` or `alerts`; {known}, and `{OURSELVES}` is critwatch itself{}",
            hint(
                id,
                self.kinds
                    .keys()
                    .map(String::as_str)
                    .filter(|id| self.knows(id))
            ),
        )
    }
}

/// The alerts of a rule, and what shows that they can be believed.
fn of_alerts(id: &str, source: &str) -> Option<Expressions> {
    let job = format!("job={source:?}");
    let alert = format!("ALERTS{{alertname={id:?},alertstate=\"firing\",{job}}}");
    // It is there only while alerts can be believed.
    let witness = format!("{ALERTS_SEEN_METRIC}{{{job}}}");
    Some(Expressions {
        condition: Expression::parse(&alert).ok()?,
        clear: None,
        witness: Some(Expression::parse(&witness).ok()?),
    })
}

/// Checks an expression that another server evaluates.
fn check(reader: &mut TableReader, text: &str, at: &Range<usize>) -> Option<()> {
    let read = Expression::check(text);
    let read = read.map_err(|error| reader.fault(at.clone(), error.to_string()));
    read.ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use crate::evaluate::Evaluator;
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{Brings, CollectorId, Expected, Sample, Scrape};

    use super::*;

    /// Judges a rule by samples as its source brings them, one scrape a word:
    /// the source is away, says nothing, or says that the rule fires.
    fn check(kind: &str, seen: fn(f64) -> Sample, fires: &Sample) {
        let text = format!(
            "source = 's'\n[[collector]]\nid = 's'\ntype = '{kind}'\n[[rule]]\nid = 'r'\n\
            expr = 'histogram_quantile(0.9, foo)'\nseverity = 'down'\ncomponents = ['c']\n\
            title = 'T'\ntext = 't'\n"
        );
        let mut reader = TableReader::new([].into());
        let mut file = reader.parse(&text);
        let mut sources = Sources::new(&mut reader, &mut file);
        let table = reader.tables(&mut file, "rule").remove(0);
        let expressions = sources.expressions(&mut reader, &table).unwrap();
        assert!(reader.faults.is_empty(), "{:?}", reader.faults);
        let settings = reader.read::<RuleSettings>(&table).unwrap();
        let rule = expressions.rule(settings);
        let limits = WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 100,
            total: 4_000_000,
        };
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        let id = CollectorId("s".to_owned());
        let good_for = Duration::from_secs(5);
        let expected = Expected {
            collector: id.clone(),
            brings: Brings::Anything,
        };
        let mut evaluator = Evaluator::new(vec![rule], limits, at(0), [expected]);
        let mut states = vec![evaluator.judge(at(0))[0].state.word()];
        let scrapes = [
            vec![seen(0.0)],
            vec![seen(1.0)],
            vec![seen(1.0), fires.clone()],
            vec![seen(0.0)],
            vec![],
            vec![seen(1.0), fires.clone()],
            vec![seen(1.0)],
        ];
        for (second, mut samples) in (1..).zip(scrapes) {
            for sample in &mut samples {
                sample.metric.labels.insert("job".into(), "s".into());
            }
            evaluator.ingest(Scrape {
                collector: id.clone(),
                at: at(second),
                good_until: at(second) + good_for,
                samples,
            });
            states.push(evaluator.judge(at(second))[0].state.word());
        }
        states.push(evaluator.judge(at(60))[0].state.word());
        assert_eq!(
            states.join(" "),
            "unknown unknown quiet firing unknown unknown firing quiet unknown",
            "{kind}"
        );
    }

    #[test]
    fn a_rule_of_another_server_is_quiet_only_while_that_server_is_heard() {
        check(
            "query",
            |value| Sample::new(SUCCESS_METRIC, [("rule", "r")], value),
            &Sample::new(RULE_METRIC, [("rule", "r")], 7.0),
        );
        let labels = [("alertname", "r"), ("alertstate", "firing")];
        check(
            "alerts",
            |seen| {
                // A source that is away says nothing of it at all.
                let name = if seen > 0.0 { ALERTS_SEEN_METRIC } else { "up" };
                Sample::new(name, [], 0.0)
            },
            &Sample::new("ALERTS", labels, 1.0),
        );
    }

    #[test]
    fn a_job_that_no_collector_brings_is_worth_a_warning() {
        let text = "[[collector]]\nid = 'api'\ntype = 'http'\n[[rule]]\nid = 'a'\n\
            expr = 'up{job=\"api\"} == 0'\n[[rule]]\nid = 'b'\nexpr = 'up{job=\"apo\"} == 0'\n";
        let mut reader = TableReader::new([].into());
        let mut file = reader.parse(text);
        let mut sources = Sources::new(&mut reader, &mut file);
        for table in reader.tables(&mut file, "rule") {
            assert!(sources.expressions(&mut reader, &table).is_some());
        }
        let findings = reader.findings("alerts.toml", text);
        let [finding] = &findings[..] else {
            panic!("{findings:?}")
        };
        assert_eq!(finding.line, Some(9));
        assert_eq!(
            finding.message,
            "no collector is named `apo`, so this stays unknown; there are `api`"
        );
    }

    #[test]
    fn a_rule_may_stay_ours_and_alerts_need_no_expression() {
        let text = "source = 'a'\n[[collector]]\nid = 'a'\ntype = 'alerts'\n\
            [[rule]]\nid = 'ours'\nsource = 'critwatch'\nexpr = 'up == 0'\n[[rule]]\nid = 'theirs'\n";
        let mut reader = TableReader::new([].into());
        let mut file = reader.parse(text);
        let mut sources = Sources::new(&mut reader, &mut file);
        let messages: Vec<_> = reader
            .tables(&mut file, "rule")
            .iter()
            .map(|table| {
                sources
                    .expressions(&mut reader, table)
                    .unwrap()
                    .condition
                    .to_string()
            })
            .collect();
        let theirs = "ALERTS{alertname=\"theirs\",alertstate=\"firing\",job=\"a\"}";
        assert_eq!(messages, ["up == 0", theirs]);
    }
}
