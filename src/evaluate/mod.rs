//! Samples in, verdicts out: no clock, no input, no output.

pub mod backlog;
pub mod changes;
pub mod charted;
pub mod promql;
pub mod rules;
pub mod sight;
pub mod text;
pub mod window;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::evaluate::backlog::WatchedBacklog;
use crate::evaluate::changes::Changes;
use crate::evaluate::charted::Published;
use crate::evaluate::promql::error::ExpressionError;
use crate::evaluate::rules::metrics::RuleMetrics;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::sight::Lookout;
use crate::evaluate::window::Window;
use crate::evaluate::window::limits::{Limit, WindowLimits};
use crate::model::board::{Backlog, Sight};
use crate::model::component::Component;
use crate::model::event::SeenChange;
use crate::model::request::ask::Newest;
use crate::model::request::push::{ALERT_COMPANIONS, ALERTS};
use crate::model::sample::{CollectorId, Expected, INCOMPLETE, Metric, Sample, Scrape, UP};
use crate::model::series::measure::{Decisive, PublishedSeries};
use crate::model::series::run::{RuleProgress, RuleRun};
use crate::model::verdict::{RuleId, Verdict};

/// A clock that steps back further than this is another clock.
const STEP: Duration = Duration::from_secs(2);

/// The rules and the recent samples that they are judged by.
#[derive(Debug)]
pub struct Evaluator {
    rules: Vec<Rule>,
    backlogs: Vec<WatchedBacklog>,
    published: Vec<Published>,
    window: Window,
    limits: WindowLimits,
    lookout: Lookout,
    /// Metrics that a rule asks for; `None` if one may ask for any.
    wanted: Option<BTreeSet<String>>,
    /// Those that will bring samples, and what they may bring.
    expected: Vec<Expected>,
    started: Timestamp,
    /// Whether rules were judged since the start.
    judged: bool,
    latest: Option<Timestamp>,
    /// Until when silent collectors were looked for.
    expired: Timestamp,
    /// The limit that was told last.
    full: Option<Limit>,
    /// What is compared to see what was done; `None` if nobody wants to know.
    changes: Option<Changes>,
    /// What was seen and not yet asked for.
    seen: Vec<SeenChange>,
    /// What is counted of the rules, if anything is.
    metrics: Option<RuleMetrics>,
}

impl Evaluator {
    /// Starts with an empty window, and waits for the collectors that will bring
    /// samples: until one has answered, what it may bring is out of sight.
    pub fn new(
        rules: Vec<Rule>,
        limits: WindowLimits,
        started: Timestamp,
        expected: impl IntoIterator<Item = Expected>,
    ) -> Self {
        let expected: Vec<_> = expected.into_iter().collect();
        let mut names: BTreeSet<_> = rules.iter().flat_map(Rule::metric_names).collect();
        let any = names.contains("");
        // They tell which collectors fail, to us and to the next start.
        names.extend([UP, INCOMPLETE].map(str::to_owned));
        if names.contains(ALERTS) {
            names.extend(ALERT_COMPANIONS.map(str::to_owned));
        }
        let mut evaluator = Self {
            lookout: Lookout::new(started, !expected.is_empty()),
            window: Window::new(limits),
            wanted: (!any).then_some(names),
            rules,
            backlogs: Vec::new(),
            published: Vec::new(),
            limits,
            expected,
            started,
            judged: false,
            latest: None,
            expired: Timestamp::MIN,
            full: None,
            changes: None,
            seen: Vec::new(),
            metrics: None,
        };
        evaluator.expect();
        evaluator
    }

    /// Waits for each collector that has not answered yet.
    fn expect(&mut self) {
        for expected in &self.expected {
            self.window.expect(expected.clone());
        }
    }

    /// Looks from now on for what is done to the service; the events of each
    /// collector concern its components.
    pub fn watch_changes(&mut self, subjects: BTreeMap<CollectorId, Vec<Component>>) {
        self.changes = Some(Changes::new(subjects));
    }

    /// Counts from now on what the rules cost and say.
    pub fn count_by(&mut self, mut metrics: RuleMetrics) {
        let rules = self.rules.iter();
        metrics.know(rules.map(|rule| (rule.name().0, rule.smallest_is_worst())));
        self.metrics = Some(metrics);
    }

    /// What was seen to be done since this was asked last.
    pub fn seen(&mut self) -> Vec<SeenChange> {
        std::mem::take(&mut self.seen)
    }

    /// Also looks at the work that waits.
    #[must_use]
    pub fn with_backlogs(mut self, backlogs: Vec<WatchedBacklog>) -> Self {
        let names: BTreeSet<_> = backlogs
            .iter()
            .flat_map(WatchedBacklog::metric_names)
            .collect();
        if names.contains("") {
            self.wanted = None;
        }
        self.want(names);
        self.backlogs = backlogs;
        self
    }

    /// Remembers further metrics than rules ask for.
    pub fn want(&mut self, names: impl IntoIterator<Item = String>) {
        if let Some(wanted) = &mut self.wanted {
            wanted.extend(names);
        }
    }

    /// Measures what the operator publishes as well.
    pub fn publish(&mut self, published: Vec<Published>) {
        let names: BTreeSet<_> = published.iter().flat_map(Published::metric_names).collect();
        if names.contains("") {
            self.wanted = None;
        }
        self.want(names);
        self.published = published;
    }

    /// What is published.
    pub fn figures(&self) -> impl Iterator<Item = &PublishedSeries> {
        self.published.iter().map(|one| &one.figure)
    }

    /// The rules, in the order of the settings.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What decides each rule.
    pub fn decisive(&self) -> impl Iterator<Item = &Decisive> {
        self.rules.iter().map(Rule::decisive)
    }

    /// What is to be written down for charts at `now`: the decisive values of
    /// rules and what is published, each now and then.
    pub fn measure(&mut self, now: Timestamp) -> Vec<Sample> {
        let (window, mut samples) = (&self.window, Vec::new());
        let rules = self.rules.iter_mut();
        samples.extend(rules.filter_map(|rule| rule.measure(window, now)));
        let published = self.published.iter_mut();
        samples.extend(published.filter_map(|one| one.measure(window, now)));
        samples
    }

    /// The metrics that are remembered; `None` is every one.
    pub fn wanted(&self) -> Option<&BTreeSet<String>> {
        self.wanted.as_ref()
    }

    /// Where each rule stands, with its expression.
    pub fn runs(&self) -> impl Iterator<Item = (&RuleId, &str, RuleProgress)> {
        self.rules.iter().map(|rule| {
            let (id, expr) = rule.name();
            (id, expr, rule.run())
        })
    }

    /// Goes on where rules stood in an earlier run of the program, after its
    /// scrapes were ingested; a rule whose expression changed is another rule.
    pub fn resume(&mut self, runs: &[RuleRun]) {
        self.forget_strangers(self.started);
        self.expire(self.started);
        let runs: HashMap<_, _> = runs.iter().map(|run| (&run.rule, run)).collect();
        for rule in &mut self.rules {
            let (id, expr) = rule.name();
            if let Some(run) = runs.get(id).filter(|run| run.expr == expr) {
                rule.resume(&run.run);
                // What nobody saw for too long meanwhile begins anew.
                rule.judge(&self.window, self.started);
            }
        }
    }

    /// Goes on from an evaluator of earlier settings: its window, and where the
    /// rules stood that are still the same.
    #[must_use]
    pub fn after(mut self, before: Self, now: Timestamp) -> Self {
        self.window = before.window.within(self.limits);
        let expected = &self.expected;
        self.lookout.go_on(before.lookout, |collector| {
            expected.iter().any(|one| one.collector == *collector)
        });
        // Who is no longer asked says nothing any more, not even what was.
        self.forget_strangers(now);
        self.expect();
        let rules: HashMap<_, _> = before
            .rules
            .iter()
            .map(|rule| (rule.name().0.clone(), rule))
            .collect();
        for rule in &mut self.rules {
            if let Some(before) = rules.get(rule.name().0) {
                rule.go_on(before);
            }
        }
        (self.latest, self.expired, self.full) = (before.latest, before.expired, before.full);
        self.judged = before.judged;
        if let Some(metrics) = before.metrics {
            self.count_by(metrics);
        }
        self
    }

    fn forget_strangers(&mut self, now: Timestamp) {
        let expected = &self.expected;
        let known =
            |collector: &CollectorId| expected.iter().any(|one| one.collector == *collector);
        self.window.only(known, now);
    }

    /// Remembers what a collector saw, as far as a rule may ask for it, and
    /// gives back what must be kept: that, and by what changes are seen.
    pub fn ingest(&mut self, mut scrape: Scrape) -> Scrape {
        let back = self.latest.is_some_and(|latest| {
            latest
                .duration_since(scrape.at)
                .try_into()
                .is_ok_and(|back: Duration| back > STEP)
        });
        if back {
            tracing::warn!(at = %scrape.at, "clock stepped back; earlier samples are forgotten");
            self.window = Window::new(self.limits);
            self.expect();
            self.lookout = Lookout::new(scrape.at, true);
            self.expired = Timestamp::MIN;
            if let Some(changes) = &mut self.changes {
                changes.forget();
            }
        }
        self.latest = Some(scrape.at);
        // A silence is one, whether a rule was judged in it or not.
        if self.lookout.lapsed(self.expired, scrape.at) {
            if self.judged {
                self.judge(scrape.at);
            } else {
                self.expire(scrape.at);
            }
        }
        self.lookout.note(&scrape);
        if let Some(changes) = &mut self.changes {
            self.seen.extend(changes.compare_all(&scrape));
        }
        let mut further = Vec::new();
        if let Some(wanted) = &self.wanted {
            scrape.samples.retain(|sample| {
                let is_wanted = wanted.contains(&sample.metric.name);
                if !is_wanted && self.changes.is_some() && changes::is_watched(&sample.metric) {
                    further.push(sample.clone());
                }
                is_wanted
            });
        }
        let refused = self.window.refused();
        self.window.ingest(&scrape);
        let full = self.window.reached();
        if self.window.refused() > refused && self.full != full {
            self.full = full;
            let limit = full.map(|limit| limit.to_string()).unwrap_or_default();
            tracing::error!(
                collector.name = %scrape.collector, limit,
                "window is full; rules miss new series, or look back less far",
            );
        }
        scrape.samples.extend(further);
        scrape
    }

    fn expire(&mut self, now: Timestamp) {
        self.window.expire(now);
        self.expired = now;
    }

    /// Says what is true at `now`, one verdict a rule, in the order of the settings.
    pub fn judge(&mut self, now: Timestamp) -> Vec<Verdict> {
        self.expire(now);
        self.judged = true;
        let window = &self.window;
        let rules = self.rules.iter_mut().enumerate();
        let verdicts = rules.map(|(place, rule)| {
            let begun = Instant::now();
            let verdict = rule.judge(window, now);
            if let Some(metrics) = &self.metrics {
                metrics.note(place, begun.elapsed(), rule.is_faulty(), &verdict.evidence);
            }
            verdict
        });
        verdicts.collect()
    }

    /// The clock leapt since rules were judged last: that time was not measured.
    pub fn leap(&mut self) {
        for rule in &mut self.rules {
            rule.leap();
        }
    }

    /// Takes notice that a collector looked at a moment and saw nothing; what it
    /// saw last could be believed until another.
    pub fn miss(&mut self, collector: &CollectorId, at: Timestamp, trusted_until: Timestamp) {
        self.window.miss(collector, at, trusted_until);
    }

    /// The work that waits at `now`, as far as it can be seen, in the order of
    /// the settings.
    pub fn backlogs(&mut self, now: Timestamp) -> Vec<Backlog> {
        self.expire(now);
        let backlogs = self.backlogs.iter_mut();
        backlogs
            .filter_map(|work| work.measure(&self.window, now))
            .collect()
    }

    /// What can be seen at `now`.
    pub fn sight(&self, now: Timestamp) -> Sight {
        self.lookout.sight(now)
    }

    /// The newest samples that any of the selectors selects.
    ///
    /// Fails with what is wrong with a selector.
    pub fn newest(&self, selectors: &[String], now: Timestamp) -> Result<Vec<Newest>, String> {
        let mut found: BTreeMap<Metric, Newest> = BTreeMap::new();
        for selector in selectors {
            let newest = self
                .select(selector, now)
                .map_err(|error| error.to_string())?;
            found.extend(newest.into_iter().map(|one| (one.metric.clone(), one)));
        }
        Ok(found.into_values().collect())
    }

    /// The newest sample of each series that a selector finds at `now`, as
    /// Prometheus' `/federate` gives it for each `match[]`.
    ///
    /// Only series that a rule asks for are kept, so only these are found.
    pub fn select(&self, matchers: &str, now: Timestamp) -> Result<Vec<Newest>, ExpressionError> {
        promql::select(matchers, &self.window, now)
    }

    /// Counts the series and the samples of the window.
    pub fn held(&self) -> (usize, usize) {
        (self.window.series(), self.window.samples())
    }

    /// Samples that were refused because the window is full.
    pub fn refused(&self) -> u64 {
        self.window.refused()
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::promql::Expression;
    use crate::evaluate::rules::rule::RuleSettings;
    use crate::model::component::{ComponentId, Severity};
    use crate::model::sample::{Brings, Sample};
    use crate::model::series::run::AlertRun;
    use crate::model::verdict::{Publish, RuleId, RuleState};

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

    #[test]
    fn the_newest_samples_are_selected_unless_they_are_stale() {
        let mut evaluator = evaluator("bad > 0 and good > 0");
        evaluator.ingest(scrape("a", 1, &[("bad", 1.0), ("good", 2.0)]));
        evaluator.ingest(scrape("a", 2, &[("bad", 3.0)]));
        let newest = evaluator.select("{__name__=~\"bad|good\"}", at(3)).unwrap();
        assert_eq!(newest.len(), 1);
        assert_eq!((newest[0].at, newest[0].value), (at(2), 3.0));
        assert_eq!(evaluator.select("good", at(1)).unwrap().len(), 1);
        assert!(evaluator.select("bad[5m]", at(3)).is_err());
        assert_eq!(evaluator.held(), (2, 4));
    }

    #[test]
    fn a_silence_between_two_scrapes_is_one_though_nobody_looked() {
        let mut evaluator = evaluator("bad > 0");
        evaluator.ingest(scrape("a", 0, &[("bad", 1.0)]));
        evaluator.ingest(scrape("b", 20, &[]));
        evaluator.ingest(scrape("a", 21, &[("bad", 1.0)]));
        assert!(evaluator.select("bad", at(15)).unwrap().is_empty());
        assert_eq!(evaluator.held(), (1, 3));
    }

    #[test]
    fn a_selector_gives_the_newest_samples_with_their_moments() {
        let mut evaluator = evaluator("{__name__=~'good|bad'} > 0");
        evaluator.ingest(scrape("a", 1, &[("bad", 1.0)]));
        evaluator.ingest(scrape("b", 3, &[("good", 2.0)]));
        let found = |matchers: &str| {
            let found = evaluator.select(matchers, at(4)).unwrap();
            found
                .into_iter()
                .map(|one| (one.metric.name, one.at, one.value))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("bad"), [("bad".to_owned(), at(1), 1.0)]);
        assert_eq!(found(r#"{__name__=~".+d"}"#).len(), 2);
        assert_eq!(found("never"), []);
        for other in ["bad[5m]", "bad offset 1m", "sum(bad)", "1", "bad @ 5", "{"] {
            assert!(evaluator.select(other, at(4)).is_err(), "{other}");
        }
    }

    #[test]
    fn noise_that_no_rule_asks_for_takes_no_room() {
        let mut evaluator = evaluator("bad > 0");
        let noise = [("n1", 1.0), ("n2", 1.0), ("n3", 1.0), ("bad", 1.0)];
        evaluator.ingest(scrape("a", 1, &noise));
        assert_eq!(
            (word(&mut evaluator, 1), evaluator.refused()),
            ("firing", 0)
        );
        let mut any = self::evaluator("{__name__=~\"bad.*\"} > 0");
        any.ingest(scrape("a", 1, &noise));
        assert_eq!(any.refused(), 2);
    }
}
