//! From a rule file of Prometheus to rules of ours, and what of it is not taken.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_saphyr::Spanned;

use crate::command::import::prometheus_rules::annotation::{self, TakenText};
use crate::command::import::prometheus_rules::expression;
use crate::command::import::prometheus_rules::recorded::RecordedSeries;
use crate::command::import::prometheus_rules::rule_groups::{
    PrometheusRule, PrometheusWords, RuleGroup,
};
use crate::command::import::prometheus_rules::severity_label;
use crate::command::import::prometheus_rules::written_rules::{ImportedRule, ImportedRules};
use crate::command::written::settings_text::{TakenIds, kebab, spoken};
use crate::evaluate::promql::Expression;
use crate::model::finding::{Finding, Weight};
use crate::model::time::duration;
use crate::model::verdict::Publish;

/// What becomes of the rules, as the operator wishes.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleWishes {
    /// The component that all of them are about; without it each group is one.
    pub(crate) component: Option<String>,
    /// How far they may go; without it as drafts.
    pub(crate) publish: Option<Publish>,
    /// The collector whose server evaluates them.
    pub(crate) source: Option<String>,
}

/// How far back samples are kept if the settings do not say.
const USUAL_WINDOW: Duration = Duration::from_hours(24);

/// Annotations that become texts, the best first.
const TEXTS: [&str; 3] = ["description", "message", "summary"];

/// Takes the groups of a file over; `file` is its name in findings.
pub(crate) fn translate(
    groups: &[Spanned<RuleGroup>],
    file: &str,
    wishes: &RuleWishes,
) -> ImportedRules {
    let mut import = RuleImport {
        file,
        wishes,
        recorded: recorded(groups),
        ids: TakenIds::default(),
        components: TakenIds::default(),
        done: ImportedRules::default(),
    };
    for group in groups {
        import.group(group);
    }
    import.done
}

/// All that the groups record.
fn recorded(groups: &[Spanned<RuleGroup>]) -> RecordedSeries {
    let mut recorded = RecordedSeries::default();
    for group in groups {
        let group = &group.value;
        for rule in group.rules.iter().flatten() {
            let rule = &rule.value;
            let labels = rule.labels.iter().chain(&group.labels);
            if let Some(name) = &rule.record {
                let has_labels = labels.into_iter().any(|labels| !labels.is_empty());
                recorded.note(name, &rule.expr, has_labels);
            }
        }
    }
    recorded
}

/// An import that goes on.
struct RuleImport<'i> {
    file: &'i str,
    wishes: &'i RuleWishes,
    recorded: RecordedSeries,
    ids: TakenIds,
    components: TakenIds,
    done: ImportedRules,
}

impl RuleImport<'_> {
    fn group(&mut self, group: &Spanned<RuleGroup>) {
        let at = line(group);
        let group = &group.value;
        for (key, is_there) in [
            ("limit", group.limit.is_some()),
            ("query_offset", group.query_offset.is_some()),
        ] {
            if is_there {
                let message = format!(
                    "the group `{}` has `{key}`, which critwatch does not support",
                    group.name
                );
                self.tell(Weight::Hint, "rule-group", at, message);
            }
        }
        if let Some(interval) = &group.interval {
            let message = format!(
                "the group `{}` is evaluated every {interval}; here each rule is evaluated as \
                soon as a sample comes",
                group.name
            );
            self.tell(Weight::Hint, "rule-group", at, message);
        }
        let mut component = None;
        for rule in group.rules.iter().flatten() {
            let at = line(rule);
            let Some(mut taken) = self.rule(&rule.value, group, at) else {
                continue;
            };
            if taken.components.is_empty() {
                let id = component.get_or_insert_with(|| {
                    let id = self.components.id(&group.name);
                    let name = spoken(&group.name);
                    self.done.components.push((id.clone(), name));
                    id
                });
                taken.components = vec![id.clone()];
            }
            self.done.rules.push(taken);
        }
    }

    fn rule(
        &mut self,
        rule: &PrometheusRule,
        group: &RuleGroup,
        at: Option<usize>,
    ) -> Option<ImportedRule> {
        let Some(alert) = &rule.alert else {
            let name = rule.record.as_deref().unwrap_or("a rule without a name");
            self.done.recorded += 1;
            let message = format!(
                "`{name}` is recorded, which critwatch does not do; where alerts use the name \
                alone, the expression stands in its place"
            );
            self.tell(Weight::Hint, "recording-rule", at, message);
            return None;
        };
        let labels = labels(rule, group);
        let expr = match self.condition(rule) {
            Ok(expr) => expr,
            Err(why) => {
                self.done.not_taken += 1;
                let message = format!("`{alert}` is skipped: {why}");
                self.tell(Weight::Warning, "rule-not-taken", at, message);
                return None;
            }
        };
        let (severity, publish) = self.severity(alert, &labels, at);
        let is_ours = labels.contains_key("components");
        let annotations = rule.annotations.clone().unwrap_or_default();
        let title = annotation::title(annotations.get("summary").map(String::as_str), alert);
        let text = self.text(alert, &annotations, at);
        let mut taken = ImportedRule {
            group: group.name.clone(),
            id: self.id(alert, &labels),
            expr,
            hold: rule.hold.clone(),
            keep_firing_for: rule.keep_firing_for.clone(),
            severity,
            publish,
            components: self.components_of(&labels),
            source: self.wishes.source.clone(),
            text: text
                .filter(|text| !text.is_empty())
                .unwrap_or(format!("{title}.")),
            title,
            remarks: Vec::new(),
        };
        self.note_needs(&taken.expr);
        if !is_ours {
            taken.remarks = remarks(alert, &labels, &annotations);
        }
        Some(taken)
    }

    /// When a rule holds and for how long it must, or why that is not taken.
    fn condition(&self, rule: &PrometheusRule) -> Result<String, String> {
        for (key, length) in [
            ("for", &rule.hold),
            ("keep_firing_for", &rule.keep_firing_for),
        ] {
            if let Some(text) = length {
                duration::parse(text).map_err(|error| format!("`{key}`: {error}"))?;
            }
        }
        expression::taken(&rule.expr, &self.recorded, self.wishes.source.is_some())
    }

    /// How far back an expression looks, and which jobs it asks for.
    fn note_needs(&mut self, expr: &str) {
        let Ok(expression) = Expression::parse(expr) else {
            return;
        };
        if self.wishes.source.is_none() {
            self.done.jobs.extend(expression.jobs());
        }
        let back = expression.look_back();
        if back > USUAL_WINDOW && back < Duration::MAX {
            self.done.window = self.done.window.max(Some(back));
        }
    }

    /// An id for an alert; of several of one name also with its severity.
    fn id(&mut self, alert: &str, labels: &PrometheusWords) -> String {
        let id = kebab(alert);
        if self.ids.take(&id) {
            return id;
        }
        let severity = labels.get("severity").map_or("", String::as_str);
        self.ids.id(&format!("{id} {severity}"))
    }

    /// The components that our own export names, else the one that was wished for.
    fn components_of(&mut self, labels: &PrometheusWords) -> Vec<String> {
        if let Some(id) = &self.wishes.component {
            return vec![id.clone()];
        }
        let named = labels.get("components").into_iter();
        let named = named.flat_map(|ids| ids.split(',')).map(kebab);
        let ids: Vec<_> = named.filter(|id| id != "unnamed").collect();
        for id in &ids {
            if self.components.take(id) {
                self.done.components.push((id.clone(), spoken(id)));
            }
        }
        ids
    }

    /// Its severity here, and how far it may go.
    fn severity(
        &mut self,
        alert: &str,
        labels: &PrometheusWords,
        at: Option<usize>,
    ) -> (&'static str, Publish) {
        let said = labels.get("severity").or_else(|| labels.get("priority"));
        let known = said.and_then(|word| severity_label::of(word));
        if known.is_none() {
            let message = match said {
                Some(word) => {
                    format!("`{alert}` has the severity `{word}`; imported as `disrupted`")
                }
                None => format!("`{alert}` has no severity; imported as `disrupted`"),
            };
            self.tell(Weight::Hint, "severity", at, message);
        }
        let (severity, for_operators) = known.unwrap_or(("disrupted", false));
        let ours = match labels.get("publish").map(String::as_str) {
            Some("draft") => Some(Publish::Draft),
            Some("internal") => Some(Publish::Internal),
            Some("hold") => Some(Publish::Hold),
            _ => labels.contains_key("components").then_some(Publish::Auto),
        };
        let publish = match (self.wishes.publish, ours) {
            (Some(wished), _) => wished,
            (None, Some(ours)) => ours,
            (None, None) if for_operators => Publish::Internal,
            (None, None) => Publish::Draft,
        };
        (severity, publish)
    }

    fn text(
        &mut self,
        alert: &str,
        annotations: &PrometheusWords,
        at: Option<usize>,
    ) -> Option<String> {
        let mut found = TEXTS.iter().filter_map(|name| annotations.get(*name));
        let TakenText { text, left_out } = annotation::text(found.next()?);
        if !left_out.is_empty() {
            let places = left_out.join(" ");
            let places: String = places.chars().take(120).collect();
            let message =
                format!("the text of `{alert}` loses {places}, which only Prometheus can fill");
            self.tell(Weight::Hint, "annotation", at, message);
        }
        Some(text)
    }

    fn tell(&mut self, weight: Weight, kind: &'static str, line: Option<usize>, message: String) {
        self.done.findings.push(Finding {
            weight,
            kind,
            file: self.file.to_owned(),
            line,
            column: None,
            message,
            fix: None,
        });
    }
}

/// All labels of a rule: its own count before those of its group.
fn labels(rule: &PrometheusRule, group: &RuleGroup) -> PrometheusWords {
    let mut labels = group.labels.clone().unwrap_or_default();
    labels.extend(rule.labels.clone().unwrap_or_default());
    labels
}

/// What of an alert is kept as a remark: its name, other labels, other texts.
fn remarks(alert: &str, labels: &PrometheusWords, annotations: &PrometheusWords) -> Vec<String> {
    let used: BTreeSet<_> = TEXTS.into_iter().chain(["severity"]).collect();
    let others = labels.iter().chain(annotations);
    let others = others.filter(|(name, _)| !used.contains(name.as_str()));
    let mut remarks = vec![format!("alert: {alert}")];
    remarks.extend(others.map(|(name, value)| {
        let value: Vec<_> = value.split_whitespace().collect();
        let value: String = value.join(" ").chars().take(200).collect();
        format!("{name}: {value}")
    }));
    remarks
}

/// The line on which something stands.
fn line<T>(spanned: &Spanned<T>) -> Option<usize> {
    usize::try_from(spanned.referenced.line()).ok()
}
