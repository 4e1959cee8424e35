//! One rule of the settings, and what it says from moment to moment.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::Expression;
use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::inspect::selectors::WrittenSelector;
use crate::evaluate::promql::inspect::visibility::Visibility;
use crate::evaluate::promql::value::Element;
use crate::evaluate::rules::active::{ActiveAlerts, Coverage, Holds};
use crate::evaluate::rules::alert_times::AlertTimes;
use crate::evaluate::rules::measure::Track;
use crate::evaluate::rules::settings::RuleSettings;
use crate::evaluate::rules::template::{RuleText, RuleTextPart, Worst};
use crate::evaluate::rules::worst::{evidence, worst};
use crate::evaluate::window::Window;

use crate::model::sample::Sample;
use crate::model::series::measure::Decisive;
use crate::model::verdict::{RuleId, RuleState, Verdict};

/// A rule with its expression read and its present run remembered.
#[derive(Debug)]
pub struct Rule {
    pub(super) settings: RuleSettings,
    expression: Expression,
    /// What also counts as bad once it fires.
    clear: Option<Expression>,
    template: RuleText,
    /// What decides it.
    track: Track,
    /// What the senders of its alerts say.
    alert_times: AlertTimes,
    /// What it said when its condition held last.
    pub(super) last_text: Option<String>,
    /// What must select something for the rule to see, if not its expression.
    witness: Option<Expression>,
    /// What is pending or firing; outlives missing data.
    pub(super) alerts: ActiveAlerts,
    /// First bad evaluation of what has fired and is not over.
    pub(super) firing_since: Option<Timestamp>,
    pub(super) good_since: Option<Timestamp>,
    pub(super) unknown_since: Option<Timestamp>,
    /// What kept it from being evaluated, told once.
    pub(super) fault: Option<EvaluateError>,
}

impl Rule {
    /// Makes a rule that has not been evaluated yet.
    pub fn new(settings: RuleSettings, expression: Expression) -> Self {
        // A text that cannot be filled in was told when the settings were read.
        let template = RuleText::parse(&settings.text).unwrap_or_else(|_| RuleText {
            parts: vec![RuleTextPart::Words(settings.text.clone())],
        });
        Self {
            track: Track::of(&settings.id, &settings.title, &expression, &template),
            alert_times: AlertTimes::of(&expression),
            settings,
            expression,
            clear: None,
            template,
            last_text: None,
            witness: None,
            alerts: ActiveAlerts::default(),
            firing_since: None,
            good_since: None,
            unknown_since: None,
            fault: None,
        }
    }

    /// What the settings say of it.
    pub fn settings(&self) -> &RuleSettings {
        &self.settings
    }

    /// Whether of several values the smallest is the worst.
    pub(crate) fn smallest_is_worst(&self) -> bool {
        self.expression.smallest_is_worst()
    }

    /// The same rule with another condition, before its first evaluation.
    #[must_use]
    pub(crate) fn with(&self, expression: Expression, hold: Option<Duration>) -> Self {
        let settings = RuleSettings {
            expr: expression.to_string(),
            hold: hold.unwrap_or(self.settings.hold),
            ..self.settings.clone()
        };
        Self::new(settings, expression).held_by(self.clear.clone())
    }

    /// The same rule before its first evaluation.
    #[must_use]
    pub(crate) fn afresh(&self) -> Self {
        Self::new(self.settings.clone(), self.expression.clone())
            .held_by(self.clear.clone())
            .seen_by(self.witness.clone())
    }

    /// The same, but once it fires it goes on while `clear` selects something.
    #[must_use]
    pub(crate) fn held_by(self, clear: Option<Expression>) -> Self {
        Self { clear, ..self }
    }

    /// The same, but seeing only while `witness` selects something.
    #[must_use]
    pub(crate) fn seen_by(self, witness: Option<Expression>) -> Self {
        Self { witness, ..self }
    }

    /// Metrics that it asks for; an empty name is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        self.all().flat_map(Expression::metric_names).collect()
    }

    /// Every expression of it.
    fn all(&self) -> impl Iterator<Item = &Expression> {
        let further = self.clear.iter().chain(&self.witness);
        std::iter::once(&self.expression).chain(further)
    }

    /// The selectors of its condition and of what holds it; none of a rule that
    /// another server evaluates, which answers only while the rule fires.
    pub(crate) fn selectors(&self) -> Vec<WrittenSelector> {
        if self.witness.is_some() {
            return Vec::new();
        }
        let both = std::iter::once(&self.expression).chain(&self.clear);
        both.flat_map(Expression::selectors).collect()
    }

    /// What decides at present: its condition, and once it fires what holds it.
    fn conditions(&self) -> impl Iterator<Item = &Expression> {
        let clear = self.clear.as_ref().filter(|_| self.alerts.fired());
        std::iter::once(&self.expression).chain(clear)
    }

    /// What its condition selects, and what holds it besides.
    fn selected(&self, window: &Window, now: Timestamp) -> Result<Vec<Element>, EvaluateError> {
        let mut conditions = self.conditions();
        let mut found = match conditions.next() {
            Some(condition) => condition.select(window, now)?,
            None => Vec::new(),
        };
        for condition in conditions {
            let known: HashSet<_> = found.iter().map(|one| one.labels.nameless()).collect();
            let held = condition.select(window, now)?.into_iter();
            found.extend(held.filter(|one| !known.contains(&one.labels.nameless())));
        }
        Ok(found)
    }

    /// What it can see; if it selects nothing, there must be data as well.
    fn view(&self, window: &Window, now: Timestamp, selects: bool) -> Coverage {
        let seen = if let Some(witness) = &self.witness {
            let shown = witness.select(window, now);
            if shown.is_ok_and(|value| !value.is_empty()) {
                return Coverage::Whole;
            }
            Visibility {
                data: false,
                ..witness.look(window, now)
            }
        } else {
            let looks = self.conditions().map(|one| one.look(window, now));
            looks.reduce(Visibility::and).unwrap_or(Visibility::ALL)
        };
        match seen.unseen {
            Some(trusted_until) if now.as_millisecond() <= trusted_until => Coverage::Missed,
            None if seen.data || selects => Coverage::Whole,
            Some(_) | None => Coverage::Lost,
        }
    }

    /// Whether it was judged by what was measured after `start`.
    pub(crate) fn has_looked_since(
        &self,
        window: &Window,
        start: Timestamp,
        now: Timestamp,
    ) -> bool {
        let mut read = self.conditions().chain(&self.witness);
        read.any(|one| one.has_looked_since(window, start, now))
    }

    /// Its name and its expression.
    pub(crate) fn name(&self) -> (&RuleId, &str) {
        (&self.settings.id, &self.settings.expr)
    }

    /// How far it looks back, the five minutes of an instant selector among it.
    pub(crate) fn look_back(&self) -> Duration {
        let furthest = self.all().map(Expression::look_back).max();
        furthest.unwrap_or_default()
    }

    /// Says what is true at `now`.
    pub(crate) fn judge(&mut self, window: &Window, now: Timestamp) -> Verdict {
        let lost = self.alert_times.is_lost(window, now);
        let selected = self.selected(window, now);
        let view = match &selected {
            Ok(elements) if !lost => self.view(window, now, !elements.is_empty()),
            Ok(_) | Err(_) => Coverage::Lost,
        };
        let mut elements = self.reported(selected);
        if lost && self.conditions().any(Expression::asks_for_absence) {
            elements.clear();
        }
        self.track.note(&elements);
        let holds = Holds {
            pending: self.settings.hold,
            firing: self.settings.keep_firing_for,
        };
        self.alerts.note(&elements, view, holds, now);
        let state = self.state(view, elements.is_empty(), now);
        let reported_since = self
            .alert_times
            .since(state, !elements.is_empty(), window, now);
        let text = self.text(&elements);
        let settings = &self.settings;
        Verdict {
            rule: settings.id.clone(),
            state,
            reported_since,
            severity: settings.severity,
            components: settings.components.clone(),
            publish: settings.publish,
            title: settings.title.clone(),
            text,
            evidence: elements.iter().map(evidence).collect(),
        }
    }

    /// What decides it.
    pub(crate) fn decisive(&self) -> &Decisive {
        self.track.decisive()
    }

    /// Whether what decides it is near its threshold.
    pub(crate) fn is_near(&self, window: &Window, now: Timestamp) -> bool {
        self.track.is_near(window, now)
    }

    /// The decisive value, if it is time to write one down; after [`judge`](Self::judge).
    pub(crate) fn measure(&mut self, window: &Window, now: Timestamp) -> Option<Sample> {
        self.track.measure(window, now)
    }

    /// Fills the text in; while it only goes on firing, it says what it said.
    fn text(&mut self, elements: &[Element]) -> String {
        if elements.is_empty() {
            let last_text = self.last_text.clone().filter(|_| self.alerts.fired());
            return last_text.unwrap_or_else(|| self.template.fill(&Worst::none()));
        }
        let worst = worst(elements, self.expression.smallest_is_worst());
        let text = self.template.fill(&worst);
        self.last_text = Some(text.clone());
        text
    }

    /// What was selected; why nothing could be is logged once.
    fn reported(&mut self, selected: Result<Vec<Element>, EvaluateError>) -> Vec<Element> {
        let (elements, fault) = match selected {
            Ok(elements) => (elements, None),
            Err(fault) => (Vec::new(), Some(fault)),
        };
        if let Some(fault) = &fault
            && self.fault.as_ref() != Some(fault)
        {
            tracing::warn!(rule.id = %self.settings.id, %fault, "rule cannot be evaluated");
        }
        self.fault = fault;
        elements
    }

    /// One state of all alerts: what fires weighs more than what cannot be seen,
    /// and that more than what is pending.
    fn state(&mut self, view: Coverage, selects_nothing: bool, now: Timestamp) -> RuleState {
        let firing = self.alerts.firing_since();
        let before = self.firing_since.filter(|_| self.alerts.fired());
        self.firing_since = before.into_iter().chain(firing).min();
        // While it is only kept firing, it is good already.
        let good = view == Coverage::Whole && selects_nothing;
        self.good_since = good.then(|| self.good_since.unwrap_or(now));
        let unseen = view != Coverage::Whole && firing.is_none();
        self.unknown_since = unseen.then(|| self.unknown_since.unwrap_or(now));
        match (self.firing_since, self.unknown_since, self.good_since) {
            (Some(since), None, _) => RuleState::Firing {
                since: since.min(now),
            },
            (_, Some(since), _) => RuleState::Unknown { since },
            (None, None, Some(since)) => RuleState::Quiet { since },
            (None, None, None) => RuleState::Pending {
                since: self.alerts.pending_since().unwrap_or(now),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{CollectorId, Sample, Scrape};
    use crate::model::series::run::AlertRun;
    use crate::model::series::run::RuleProgress;

    use crate::model::component::{ComponentId, Severity};
    use crate::model::verdict::Publish;

    use super::*;

    /// Judges `bad > 0` once a second over values (`_` is gone, `!` a failed scrape)
    /// and prints the states.
    fn check(hold: u64, keep: u64, values: &str, expected: &str) {
        judged(
            &RuleProgress::default(),
            (hold, keep),
            None,
            values,
            expected,
        );
    }

    /// The same of a rule that goes on from a run, and is held by `clear`.
    fn judged(
        run: &RuleProgress,
        (hold, keep): (u64, u64),
        clear: Option<&str>,
        values: &str,
        expected: &str,
    ) {
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 100,
            total: 1_000,
        });
        let settings = RuleSettings {
            alert: None,
            id: RuleId("r".into()),
            expr: "bad > 0".into(),
            clear: None,
            source: None,
            hold: Duration::from_secs(hold),
            keep_firing_for: Duration::from_secs(keep),
            severity: Severity::Down,
            components: vec![ComponentId("c".into())],
            title: "T".into(),
            text: "it is {{ value }}".into(),
            publish: Publish::Auto,
        };
        let clear = clear.map(|text| Expression::parse(text).unwrap());
        let mut rule = Rule::new(settings, Expression::parse("bad > 0").unwrap()).held_by(clear);
        rule.resume(run);
        let states: Vec<_> = values
            .split(' ')
            .zip(0..)
            .map(|(value, second)| {
                let at = Timestamp::from_second(1_000 + second).unwrap();
                let samples = match value {
                    "!" => vec![Sample::new("up", [], 0.0)],
                    "_" => Vec::new(),
                    value => vec![Sample::new("bad", [], value.parse().unwrap())],
                };
                window.ingest(&Scrape {
                    collector: CollectorId("x".into()),
                    at,
                    good_until: at + Duration::from_secs(3),
                    samples,
                });
                let state = rule.judge(&window, at).state;
                format!(
                    "{}{}",
                    &state.word()[..1],
                    state.since().as_second() - 1_000
                )
            })
            .collect();
        assert_eq!(
            states.join(" "),
            expected,
            "for {hold} s, keep {keep} s, {values}"
        );
    }

    #[test]
    fn a_rule_fires_since_its_first_bad_sample() {
        check(0, 0, "0 1 1 0 0", "q0 f1 f1 q3 q3");
        check(2, 0, "0 1 1 1 1 0", "q0 p1 p1 f1 f1 q5");
        check(2, 0, "1 1 0 1 1 1", "p0 p0 q2 p3 p3 f3");
    }

    #[test]
    fn keep_firing_for_delays_the_end_but_not_the_first_good_sample() {
        check(0, 2, "1 0 0 0 0", "f0 f0 f0 q1 q1");
        check(0, 2, "1 0 1 0 0 0", "f0 f0 f0 f0 f0 q3");
    }

    #[test]
    fn what_clears_later_holds_a_rule_only_once_it_fires() {
        let check = |hold, keep, values, expected| {
            let clear = Some("bad > -5");
            judged(
                &RuleProgress::default(),
                (hold, keep),
                clear,
                values,
                expected,
            );
        };
        check(0, 0, "-1 1 -1 -4 -5 -1 1", "q0 f1 f1 f1 q4 q4 f6");
        // Before it fires, only its condition counts.
        check(2, 0, "1 -1 1 1 1 -1 -5", "p0 q1 p2 p2 f2 f2 q6");
        // While it is kept firing, it is held again.
        check(0, 2, "1 -5 -1 -5 -5 -5", "f0 f0 f0 f0 f0 q3");
        check(0, 0, "1 _ -1 -5", "f0 u1 f0 q3");
    }

    #[test]
    fn what_holds_a_rule_must_be_seen_as_well() {
        let clear = Some("other > 0");
        judged(&RuleProgress::default(), (0, 0), clear, "0 1 0", "q0 f1 u2");
    }

    #[test]
    fn a_restart_keeps_what_holds_a_rule() {
        let at = |second: i64| Timestamp::from_second(1_000 + second).ok();
        let run = RuleProgress {
            firing_since: at(-7),
            alerts: vec![AlertRun {
                labels: BTreeMap::new(),
                since: at(-7).unwrap(),
                bad: Duration::from_secs(5),
                fired: true,
                good: None,
                counted: None,
            }],
            ..RuleProgress::default()
        };
        judged(
            &run,
            (5, 0),
            Some("bad > -5"),
            "-1 -1 -5 -1",
            "f-7 f-7 q2 q2",
        );
    }

    #[test]
    fn no_data_is_unknown_and_ends_nothing_that_fires() {
        check(0, 0, "_ _ 0", "u0 u0 q2");
        check(0, 0, "1 _ 1 0", "f0 u1 f0 q3");
        // What is gone is gone, as in Prometheus: only what fires is not forgotten.
        check(2, 0, "1 _ 1 1 1", "p0 u1 p2 p2 f2");
    }

    #[test]
    fn one_missed_scrape_begins_nothing_anew_but_counts_for_nothing() {
        check(2, 0, "1 ! 1 1 1 1", "p0 u1 p0 p0 f0 f0");
        check(2, 0, "1 ! ! 1 1 1", "p0 u1 u1 p0 p0 f0");
        check(2, 0, "1 ! ! ! ! 1 1 1", "p0 u1 u1 u1 u1 p5 p5 f5");
        check(0, 0, "1 ! ! ! ! 1 0", "f0 u1 u1 u1 u1 f0 q6");
        check(0, 2, "1 0 ! 0 0 0", "f0 f0 u2 f0 f0 q3");
        check(0, 0, "0 ! 0", "q0 u1 q2");
    }

    /// What a rule says of series of the metric `a`, one for each value.
    fn text_of(expr: &str, text: &str, values: &[f64]) -> String {
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 100,
            total: 4_000_000,
        });
        let settings = RuleSettings {
            alert: None,
            id: RuleId("r".into()),
            expr: expr.into(),
            hold: Duration::ZERO,
            keep_firing_for: Duration::from_secs(5),
            severity: Severity::Down,
            components: Vec::new(),
            title: "T".into(),
            text: text.into(),
            publish: Publish::Auto,
            clear: None,
            source: None,
        };
        let mut rule = Rule::new(settings, Expression::parse(expr).unwrap());
        let mut at = |second: i64, values: &[f64]| {
            let at = Timestamp::from_second(1_000 + second).unwrap();
            let series = ["x", "y", "z"];
            window.ingest(&Scrape {
                collector: CollectorId("x".into()),
                at,
                good_until: at + Duration::from_mins(1),
                samples: values
                    .iter()
                    .zip(series)
                    .map(|(value, name)| Sample::new("a", [("queue", name)], *value))
                    .collect(),
            });
            rule.judge(&window, at).text
        };
        let text = at(0, values);
        // While it is only kept firing, it says what it said.
        assert_eq!(at(1, &[5.0, 5.0, 5.0]), text);
        text
    }

    #[test]
    fn a_text_tells_the_worst_of_several_series() {
        let text = "{{ labels.queue }} has {{ value }}, {{ count }} in all";
        assert_eq!(
            text_of("a > 5", text, &[6.0, 9.0, 7.0]),
            "y has 9, 3 in all"
        );
        assert_eq!(
            text_of("a < 5", text, &[3.0, 9.0, 1.0]),
            "z has 1, 2 in all"
        );
        assert_eq!(
            text_of("a > 5", text, &[9.0, 9.0, 0.0]),
            "x has 9, 2 in all"
        );
        assert_eq!(
            text_of("a != 5", text, &[f64::NAN, 7.0, 5.0]),
            "y has 7, 2 in all"
        );
        assert_eq!(text_of("a != 5", "{{ value }}", &[f64::NAN]), "?");
    }
}
