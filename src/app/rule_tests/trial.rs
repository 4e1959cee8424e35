//! Runs the tests of a file and says what was expected and what came.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::app::rule_tests::expected::{ExpectedState, alerts, answer, expected_alerts, fire};
use crate::app::rule_tests::suite::{Suite, TestCase, line};
use crate::app::rule_tests::trial_scrapes::{TrialScrape, moment, scrapes};
use crate::evaluate::Evaluator;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::Window;
use crate::evaluate::window::limits::WindowLimits;
use crate::model::facts::rule_tests::TestOutcome;
use crate::model::time::duration;

/// What a test may hold in memory.
const LIMITS: WindowLimits = WindowLimits {
    age: Duration::from_hours(31 * 24),
    series: 10_000,
    samples: 1_000_000,
    total: 4_000_000,
};

/// Evaluations that a test may take.
const MOST_STEPS: u128 = 1_000_000;

/// Runs all tests of a file over the rules of some settings.
pub(crate) fn run(suite: &Suite, rules: &[Rule]) -> Vec<TestOutcome> {
    let cases = suite.tests.iter().enumerate();
    cases
        .flat_map(|(number, case)| {
            let named = case.value.name.clone();
            let test = named.unwrap_or_else(|| format!("test {}", number + 1));
            Trial {
                case: &case.value,
                rules,
                step: suite.evaluation_interval,
                test,
            }
            .run()
        })
        .collect()
}

struct Trial<'t> {
    case: &'t TestCase,
    rules: &'t [Rule],
    step: Duration,
    test: String,
}

impl Trial<'_> {
    fn run(&self) -> Vec<TestOutcome> {
        let case = self.case;
        let said = self.judge();
        let mut outcomes = Vec::new();
        for test in &case.verdicts {
            let wanted = &test.value;
            let (mut expected, mut got) =
                (wanted.state.word().to_owned(), self.missing(&wanted.rule));
            if let Some(said) = said.get(&(wanted.rule.as_str(), wanted.eval_time)) {
                said.verdict.state.word().clone_into(&mut got);
                if let Some(text) = &wanted.text {
                    expected = format!("{expected}: {text}");
                    got = format!("{got}: {}", said.verdict.text);
                }
            }
            outcomes.push(self.outcome(line(test), &wanted.rule, wanted.eval_time, expected, got));
        }
        for test in &case.alert_rule_test {
            let wanted = &test.value;
            let expected = expected_alerts(wanted);
            let got = said.get(&(wanted.alertname.as_str(), wanted.eval_time));
            let got = got.map_or_else(
                || self.missing(&wanted.alertname),
                |said| alerts(wanted, said),
            );
            outcomes.push(self.outcome(
                line(test),
                &wanted.alertname,
                wanted.eval_time,
                expected,
                got,
            ));
        }
        if !case.promql_expr_test.is_empty() {
            let window = self.window();
            for test in &case.promql_expr_test {
                let wanted = &test.value;
                let (expected, got) = answer(wanted, &window, moment(wanted.eval_time));
                outcomes.push(self.outcome(
                    line(test),
                    &wanted.expr,
                    wanted.eval_time,
                    expected,
                    got,
                ));
            }
        }
        outcomes.sort_by_key(|outcome| outcome.line);
        outcomes
    }

    fn outcome(
        &self,
        line: usize,
        what: &str,
        at: Duration,
        expected: String,
        got: String,
    ) -> TestOutcome {
        TestOutcome {
            line,
            test: self.test.clone(),
            what: what.to_owned(),
            at: duration::print(at),
            passed: expected == got,
            expected,
            got,
        }
    }

    /// Why nothing was said of a rule.
    fn missing(&self, id: &str) -> String {
        if self.rules.iter().any(|rule| rule.settings().id.0 == id) {
            format!("nothing: the test takes more than {MOST_STEPS} evaluations")
        } else {
            format!("nothing: there is no rule `{id}`")
        }
    }

    /// What the rules asked about say at the moments asked about.
    fn judge(&self) -> BTreeMap<(&str, Duration), ExpectedState> {
        let verdicts = self.case.verdicts.iter().map(|test| &test.value);
        let alerts = self.case.alert_rule_test.iter().map(|test| &test.value);
        let asked: BTreeSet<(Duration, &str)> = verdicts
            .map(|test| (test.eval_time, test.rule.as_str()))
            .chain(alerts.map(|test| (test.eval_time, test.alertname.as_str())))
            .collect();
        let Some((end, _)) = asked.last().copied() else {
            return BTreeMap::new();
        };
        if self.step.is_zero() || end.as_millis() / self.step.as_millis().max(1) > MOST_STEPS {
            return BTreeMap::new();
        }
        let is_asked = |rule: &&Rule| asked.iter().any(|(_, id)| *id == rule.settings().id.0);
        let rules: Vec<_> = self.rules.iter().filter(is_asked).collect();
        let fresh = rules.iter().map(|rule| rule.afresh()).collect();
        let mut evaluator = Evaluator::new(fresh, LIMITS, moment(Duration::ZERO), []);
        let mut said = BTreeMap::new();
        let mut looks = scrapes(self.case).into_iter().peekable();
        let mut at = Duration::ZERO;
        while at <= end {
            while let Some(look) = looks.next_if(|look| look.at() <= moment(at)) {
                match look {
                    TrialScrape::Scrape(scrape) => drop(evaluator.ingest(scrape)),
                    TrialScrape::Miss(collector, at, until) => {
                        evaluator.miss(&collector, at, until);
                    }
                }
            }
            let until = at + self.step;
            let verdicts = evaluator.judge(moment(at));
            for (verdict, rule) in verdicts.into_iter().zip(evaluator.rules()) {
                let due = asked
                    .iter()
                    .filter(|(when, id)| *id == verdict.rule.0 && *when >= at && *when < until);
                for (when, id) in due {
                    let verdict = verdict.clone();
                    let alerts = fire(rule);
                    said.insert((*id, *when), ExpectedState { verdict, alerts });
                }
            }
            at = until;
        }
        said
    }

    fn window(&self) -> Window {
        let mut window = Window::new(LIMITS);
        for look in scrapes(self.case) {
            match look {
                TrialScrape::Scrape(scrape) => window.ingest(&scrape),
                TrialScrape::Miss(collector, at, until) => window.miss(&collector, at, until),
            }
        }
        window
    }
}
