//! Who evaluates a rule: we, a Prometheus that is asked, or alerts that come.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use crate::collect::push::alerts::SEEN_METRIC as ALERTS_SEEN_METRIC;
use crate::collect::query::{RULE_METRIC, SUCCESS_METRIC};
use crate::config::reader::{Reader, Table, texts};
use crate::evaluate::promql::Expression;
use crate::model::finding::Weight;

/// What `source` says if the rule is ours to evaluate.
const OURSELVES: &str = "critwatch";

/// A rule's own expression, and what shows that it can see.
pub(crate) type Expressions = (Expression, Option<Expression>);

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
    pub(crate) fn new(reader: &mut Reader, file: &mut DeTable<'_>) -> Self {
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

    /// The expressions of a rule; `None` if something is at fault or missing.
    pub(crate) fn expressions(
        &mut self,
        reader: &mut Reader,
        table: &Table<'_>,
    ) -> Option<Expressions> {
        let named = texts(table, "source").pop();
        let id = texts(table, "id").pop().map(|(id, _)| id);
        let expr = texts(table, "expr").pop();
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
        let kind = source.as_ref().and_then(|source| self.kinds.get(source));
        let from_alerts = kind.is_some_and(|kind| kind == "alerts");
        if expr.is_none() && !from_alerts {
            if !table.get_ref().as_table()?.contains_key("expr") {
                let at = table.span();
                reader.fault(at.start..at.start + 1, "missing key `expr`");
            }
            return None;
        }
        let Some(source) = source else {
            return expr.and_then(|(text, at)| {
                let read = Expression::parse(&text);
                let read = read.map_err(|error| reader.fault(at.clone(), error.to_string()));
                let read = read.ok()?;
                self.strangers(reader, &read, &at);
                Some((read, None))
            });
        };
        if let Some((text, at)) = &expr
            && let Err(error) = Expression::check(text)
        {
            reader.fault(at.clone(), error.to_string());
            return None;
        }
        let id = id?;
        let job = format!("job={source:?}");
        let (ours, witness) = if from_alerts {
            let alert = format!("ALERTS{{alertname={id:?},alertstate=\"firing\",{job}}}");
            // It is there only while alerts can be believed.
            (alert, format!("{ALERTS_SEEN_METRIC}{{{job}}}"))
        } else {
            let (text, _) = expr?;
            let ours = format!("{RULE_METRIC}{{rule={id:?},{job}}}");
            let witness = format!("{SUCCESS_METRIC}{{rule={id:?},{job}}} == 1");
            self.asked.entry(source).or_default().push((id, text));
            (ours, witness)
        };
        let parse = |text: &str| Expression::parse(text).ok();
        Some((parse(&ours)?, Some(parse(&witness)?)))
    }

    /// Tells of jobs that no collector brings: such a rule could never see.
    fn strangers(&self, reader: &mut Reader, expression: &Expression, at: &Range<usize>) {
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
            "`{id}` is no collector of type `query` or `alerts`; {known}, and `{OURSELVES}` is critwatch itself"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use crate::evaluate::Evaluator;
    use crate::evaluate::rule::{Rule, RuleSettings};
    use crate::evaluate::window::Limits;
    use crate::model::sample::{CollectorId, Sample, Scrape};

    use super::*;

    /// Judges a rule by samples as its source brings them, one scrape a word:
    /// the source is away, says nothing, or says that the rule fires.
    fn check(kind: &str, seen: fn(f64) -> Sample, fires: &Sample) {
        let text = format!(
            "source = 's'\n[[collector]]\nid = 's'\ntype = '{kind}'\n[[rule]]\nid = 'r'\n\
            expr = 'histogram_quantile(0.9, foo)'\nseverity = 'down'\ncomponents = ['c']\n\
            title = 'T'\ntext = 't'\n"
        );
        let mut reader = Reader::new([].into());
        let mut file = reader.parse(&text);
        let mut sources = Sources::new(&mut reader, &mut file);
        let table = reader.tables(&mut file, "rule").remove(0);
        let (ours, witness) = sources.expressions(&mut reader, &table).unwrap();
        assert!(reader.faults.is_empty(), "{:?}", reader.faults);
        let settings = reader.read::<RuleSettings>(&table).unwrap();
        let rule = Rule::new(settings, ours).seen_by(witness);
        let limits = Limits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 100,
            total: 4_000_000,
        };
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        let id = CollectorId("s".to_owned());
        let good_for = Duration::from_secs(5);
        let mut evaluator = Evaluator::new(vec![rule], limits, at(0), [(id.clone(), good_for)]);
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
        let mut reader = Reader::new([].into());
        let mut file = reader.parse(text);
        let mut sources = Sources::new(&mut reader, &mut file);
        for table in reader.tables(&mut file, "rule") {
            assert!(sources.expressions(&mut reader, &table).is_some());
        }
        let told = reader.findings("alerts.toml", text);
        let [finding] = &told[..] else {
            panic!("{told:?}")
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
        let mut reader = Reader::new([].into());
        let mut file = reader.parse(text);
        let mut sources = Sources::new(&mut reader, &mut file);
        let said: Vec<_> = reader
            .tables(&mut file, "rule")
            .iter()
            .map(|table| {
                sources
                    .expressions(&mut reader, table)
                    .unwrap()
                    .0
                    .to_string()
            })
            .collect();
        let theirs = "ALERTS{alertname=\"theirs\",alertstate=\"firing\",job=\"a\"}";
        assert_eq!(said, ["up == 0", theirs]);
    }
}
