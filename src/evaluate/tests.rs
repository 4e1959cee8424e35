//! The evaluator over scrapes: verdicts, sight and restarts.

use crate::evaluate::promql::Expression;
use crate::evaluate::rules::settings::RuleSettings;
use crate::model::component::{ComponentId, Severity};
use crate::model::sample::{Brings, Sample};
use crate::model::series::run::AlertRun;
use crate::model::verdict::{Publish, RuleId, RuleState};

use crate::evaluate::promql::error::ExpressionError;
use crate::evaluate::promql::selected::Selectors;
use crate::model::request::ask::Newest;

use super::*;

const LIMITS: WindowLimits = WindowLimits {
    age: Duration::from_mins(10),
    series: 2,
    samples: 100,
    total: 200,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn evaluator(expr: &str) -> Evaluator {
    let settings = RuleSettings {
        id: RuleId("r".into()),
        expr: expr.into(),
        alert: None,
        clear: None,
        source: None,
        hold: Duration::ZERO,
        keep_firing_for: Duration::ZERO,
        severity: Severity::Down,
        components: vec![ComponentId("c".into())],
        title: "T".into(),
        text: "t".into(),
        publish: Publish::Auto,
    };
    let rule = Rule::new(settings, Expression::parse(expr).unwrap());
    Evaluator::new(vec![rule], LIMITS, at(0), ["a", "b"].map(expected))
}

fn expected(collector: &str) -> Expected {
    Expected {
        collector: CollectorId(collector.into()),
        brings: Brings::Foreign,
    }
}

fn scrape(collector: &str, second: i64, samples: &[(&str, f64)]) -> Scrape {
    Scrape {
        collector: CollectorId(collector.into()),
        at: at(second),
        good_until: at(second) + Duration::from_secs(5),
        samples: samples
            .iter()
            .map(|(name, value)| Sample::new(*name, [], *value))
            .collect(),
    }
}

fn word(evaluator: &mut Evaluator, second: i64) -> &'static str {
    evaluator.judge(at(second))[0].state.word()
}

#[test]
fn absence_says_nothing_before_everybody_had_time_to_look() {
    let mut evaluator = evaluator("absent(present)");
    assert_eq!(word(&mut evaluator, 0), "unknown");
    evaluator.ingest(scrape("a", 1, &[]));
    assert_eq!(word(&mut evaluator, 1), "unknown");
    evaluator.ingest(scrape("b", 2, &[("present", 1.0)]));
    assert_eq!(word(&mut evaluator, 2), "quiet");
    evaluator.ingest(scrape("b", 3, &[]));
    assert_eq!(word(&mut evaluator, 3), "firing");
    // Of what nobody could look at, nobody says that it is not there.
    let mut late = self::evaluator("absent(present)");
    assert_eq!(word(&mut late, 600), "unknown");
}

#[test]
fn a_rule_says_nothing_before_each_collector_has_answered_that_may_concern_it() {
    let mut evaluator = evaluator("bad > 0");
    evaluator.ingest(scrape("a", 1, &[("bad", 0.0)]));
    assert_eq!(word(&mut evaluator, 1), "unknown");
    evaluator.ingest(scrape("b", 2, &[("up", 0.0)]));
    assert_eq!(word(&mut evaluator, 2), "unknown");
    evaluator.ingest(scrape("b", 3, &[("up", 1.0)]));
    assert_eq!(word(&mut evaluator, 3), "quiet");
    // Neither another job nor another family of names can concern it.
    for expr in ["bad{job=''} > 0", "bad{job!='b'} > 0", "redis_up == 0"] {
        let mut evaluator = self::evaluator(expr);
        evaluator.ingest(scrape("a", 1, &[("bad", 0.0), ("redis_up", 1.0)]));
        assert_eq!(word(&mut evaluator, 1), "quiet", "{expr}");
    }
}

#[test]
fn a_clock_that_leaps_ahead_fires_nothing_that_is_pending() {
    let mut evaluator = evaluator("bad > 0");
    evaluator.rules[0] = evaluator.rules[0].with(
        Expression::parse("bad > 0").unwrap(),
        Some(Duration::from_secs(30)),
    );
    evaluator.ingest(scrape("b", 1, &[]));
    evaluator.ingest(scrape("a", 1, &[("bad", 1.0)]));
    assert_eq!(word(&mut evaluator, 1), "pending");
    // So little that all is still believed, but told by the stopwatch.
    evaluator.leap();
    evaluator.ingest(scrape("b", 5, &[]));
    evaluator.ingest(scrape("a", 5, &[("bad", 1.0)]));
    assert_eq!(word(&mut evaluator, 5), "pending");
    evaluator.judge(at(9));
    assert_eq!(
        evaluator.rules[0].run().alerts[0].bad,
        Duration::from_secs(4)
    );
    // So much that nothing is believed any more.
    evaluator.ingest(scrape("b", 4000, &[]));
    evaluator.ingest(scrape("a", 4000, &[("bad", 1.0)]));
    let RuleState::Pending { since } = evaluator.judge(at(4000))[0].state else {
        panic!("it is not pending");
    };
    assert_eq!(since, at(4000));
}

#[test]
fn a_clock_that_steps_back_makes_nothing_green() {
    let mut evaluator = evaluator("bad > 0");
    evaluator.ingest(scrape("b", 1000, &[]));
    evaluator.ingest(scrape("a", 1000, &[("bad", 0.0)]));
    assert_eq!(word(&mut evaluator, 1000), "quiet");
    evaluator.ingest(scrape("a", 10, &[("bad", 1.0)]));
    assert_eq!(word(&mut evaluator, 10), "firing");
    assert_eq!(evaluator.sight(at(10)), Sight::Fresh { last: at(10) });
}

#[test]
fn after_a_restart_absence_waits_for_collectors_that_were_silent_for_long() {
    let restarted = |second: i64| {
        let rule = evaluator("absent(present)").rules.remove(0);
        let collectors = ["a", "b"].map(expected);
        let mut evaluator = Evaluator::new(vec![rule], LIMITS, at(second), collectors);
        evaluator.ingest(scrape("a", 0, &[]));
        evaluator.ingest(scrape("b", 1, &[("present", 1.0)]));
        evaluator
    };
    // Soon enough: what was seen is still believed.
    assert_eq!(word(&mut restarted(5), 5), "quiet");
    let mut late = restarted(100);
    assert_eq!(word(&mut late, 100), "unknown");
    assert_eq!(late.sight(at(100)), Sight::Blind { since: at(1) });
    late.ingest(scrape("a", 101, &[]));
    assert_eq!(word(&mut late, 101), "unknown");
    late.ingest(scrape("b", 102, &[]));
    assert_eq!(word(&mut late, 102), "firing");
}

#[test]
fn after_a_restart_a_rule_waits_for_a_first_look_of_its_own() {
    let mut rules = evaluator("jobs > 5");
    let waits = |rules: &mut Evaluator, second| !rules.unlooked(at(second)).is_empty();
    assert!(waits(&mut rules, 0));
    // What an earlier run stored was measured before the start.
    rules.ingest(scrape("redis", -3, &[("jobs", 1.0)]));
    assert!(waits(&mut rules, 1));
    rules.ingest(scrape("other", 2, &[("mails", 1.0)]));
    assert!(waits(&mut rules, 2));
    rules.ingest(scrape("redis", 3, &[("jobs", 1.0)]));
    assert!(!waits(&mut rules, 3));
    let mut constant = evaluator("vector(1) > 2");
    assert!(!waits(&mut constant, 0));
}

#[test]
fn a_rule_goes_on_where_it_stood_unless_its_expression_changed() {
    let run = |expr: &str| RuleRun {
        rule: RuleId("r".into()),
        expr: expr.into(),
        run: RuleProgress {
            firing_since: Some(at(0)),
            alerts: vec![AlertRun {
                labels: BTreeMap::new(),
                since: at(0),
                bad: Duration::ZERO,
                fired: true,
                good: None,
                counted: None,
            }],
            ..RuleProgress::default()
        },
    };
    let since = |expr: &str| {
        let mut evaluator = evaluator("bad > 0");
        evaluator.resume(&[run(expr)]);
        evaluator.ingest(scrape("a", 10, &[("bad", 1.0)]));
        evaluator.judge(at(10))[0].state.since()
    };
    assert_eq!(since("bad > 0"), at(0));
    assert_eq!(since("bad > 1"), at(10));
}

#[test]
fn other_settings_keep_the_window_and_the_runs_of_rules_that_stay() {
    let mut before = evaluator("bad > 0");
    before.ingest(scrape("a", 1, &[("bad", 1.0)]));
    before.ingest(scrape("b", 1, &[("good", 1.0)]));
    assert_eq!(before.judge(at(2))[0].state.since(), at(2));
    let same = evaluator("bad > 0").after(before, at(3));
    let mut other = evaluator("bad >= 0").after(same, at(4));
    // Another condition is another rule, over the samples that were there.
    assert_eq!(other.judge(at(4))[0].state.since(), at(4));
    assert_eq!(other.sight(at(4)), Sight::Fresh { last: at(1) });
    let mut again = evaluator("bad >= 0").after(other, at(5));
    assert_eq!(again.judge(at(5))[0].state.since(), at(4));
    // Who is gone says nothing any more, and is not waited for.
    let rule = evaluator("bad >= 0").rules.remove(0);
    let only = [expected("b")];
    let mut alone = Evaluator::new(vec![rule], LIMITS, at(6), only).after(again, at(6));
    assert_eq!(word(&mut alone, 6), "unknown");
    assert_eq!(alone.sight(at(6)), Sight::Fresh { last: at(1) });
}

fn newest(
    evaluator: &Evaluator,
    selector: &str,
    second: i64,
) -> Result<Vec<Newest>, ExpressionError> {
    let texts = [selector.to_owned()];
    let selectors = Selectors::parse(&texts).map_err(|(_, error)| error)?;
    Ok(selectors.newest(evaluator.window(), at(second)))
}

#[test]
fn the_newest_samples_are_selected_unless_they_are_stale() {
    let mut evaluator = evaluator("bad > 0 and good > 0");
    evaluator.ingest(scrape("a", 1, &[("bad", 1.0), ("good", 2.0)]));
    evaluator.ingest(scrape("a", 2, &[("bad", 3.0)]));
    let newest = newest(&evaluator, "{__name__=~\"bad|good\"}", 3).unwrap();
    assert_eq!(newest.len(), 1);
    assert_eq!((newest[0].at, newest[0].value), (at(2), 3.0));
    assert_eq!(self::newest(&evaluator, "good", 1).unwrap().len(), 1);
    assert!(self::newest(&evaluator, "bad[5m]", 3).is_err());
    assert_eq!(
        (evaluator.window().series(), evaluator.window().samples()),
        (2, 4)
    );
}

#[test]
fn a_silence_between_two_scrapes_is_one_though_nobody_looked() {
    let mut evaluator = evaluator("bad > 0");
    evaluator.ingest(scrape("a", 0, &[("bad", 1.0)]));
    evaluator.ingest(scrape("b", 20, &[]));
    evaluator.ingest(scrape("a", 21, &[("bad", 1.0)]));
    assert!(newest(&evaluator, "bad", 15).unwrap().is_empty());
    assert_eq!(
        (evaluator.window().series(), evaluator.window().samples()),
        (1, 3)
    );
}

#[test]
fn a_selector_gives_the_newest_samples_with_their_moments() {
    let mut evaluator = evaluator("{__name__=~'good|bad'} > 0");
    evaluator.ingest(scrape("a", 1, &[("bad", 1.0)]));
    evaluator.ingest(scrape("b", 3, &[("good", 2.0)]));
    let found = |matchers: &str| {
        let found = newest(&evaluator, matchers, 4).unwrap();
        found
            .into_iter()
            .map(|one| (one.metric.name, one.at, one.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(found("bad"), [("bad".to_owned(), at(1), 1.0)]);
    assert_eq!(found(r#"{__name__=~".+d"}"#).len(), 2);
    assert_eq!(found("never"), []);
    for other in ["bad[5m]", "bad offset 1m", "sum(bad)", "1", "bad @ 5", "{"] {
        assert!(newest(&evaluator, other, 4).is_err(), "{other}");
    }
}

#[test]
fn all_selectors_of_a_question_have_so_many_patterns() {
    let selectors = |count| vec!["a{b=~\"c.\",d=~\"e.\"}".to_owned(); count];
    assert!(Selectors::parse(&selectors(32)).is_ok());
    let all = selectors(33);
    let (_, error) = Selectors::parse(&all).unwrap_err();
    assert_eq!(error.to_string(), "more than 64 patterns (`=~`, `!~`)");
}

#[test]
fn noise_that_no_rule_asks_for_takes_no_room() {
    let mut evaluator = evaluator("bad > 0");
    let noise = [("n1", 1.0), ("n2", 1.0), ("n3", 1.0), ("bad", 1.0)];
    evaluator.ingest(scrape("a", 1, &noise));
    assert_eq!(
        (word(&mut evaluator, 1), evaluator.window().refused()),
        ("firing", 0)
    );
    let mut any = self::evaluator("{__name__=~\"bad.*\"} > 0");
    any.ingest(scrape("a", 1, &noise));
    assert_eq!(any.window().refused(), 2);
}

/// The collectors that are hurried over values of a metric, one a second.
fn hurried(expr: &str, hold: u64, values: &[f64]) -> Vec<bool> {
    let mut evaluator = evaluator(expr);
    let hold = Duration::from_secs(hold);
    evaluator.rules[0] = evaluator.rules[0].with(Expression::parse(expr).unwrap(), Some(hold));
    evaluator.hurry(&[CollectorId("a".into())].into());
    evaluator.ingest(scrape("b", 0, &[]));
    let mut found = Vec::new();
    for (second, value) in (0..).zip(values) {
        evaluator.ingest(scrape("b", second, &[]));
        evaluator.ingest(scrape("a", second, &[("level", *value)]));
        let verdicts = evaluator.judge(at(second));
        let hurried = evaluator.hurried(&verdicts, at(second));
        assert!(
            !hurried.contains(&CollectorId("b".into())),
            "b has no faster pace"
        );
        found.push(!hurried.is_empty());
    }
    found
}

#[test]
fn who_decides_a_rule_that_may_turn_is_hurried() {
    // Far, near, just above, far above.
    let values = [10.0, 71.9, 72.0, 89.0, 91.0, 108.0, 109.0, 500.0, 80.0];
    let near = [false, false, true, true, true, true, false, false, true];
    assert_eq!(hurried("level > 90", 0, &values), near);
    // What is pending may fire; what fires far above is not about to turn.
    let pending = [false, true, true, false, false];
    assert_eq!(
        hurried("level > 90", 2, &[10.0, 500.0, 95.0, 500.0, 500.0]),
        pending
    );
    assert_eq!(
        hurried("level < 10", 0, &[50.0, 12.0, 5.0]),
        [false, true, false]
    );
    // Nothing lies before zero, or before a word.
    assert_eq!(hurried("level > 0", 0, &[0.0, 0.0]), [false, false]);
    assert_eq!(hurried("level == 1", 0, &[0.9, 1.0]), [false, false]);
    // Whoever cannot bring it is not asked for it.
    assert_eq!(hurried("level{job=\"b\"} > 90", 0, &[89.0]), [false]);
}
