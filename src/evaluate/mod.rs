//! Samples in, verdicts out: no clock, no input, no output.

pub mod backlog;
pub mod changes;
pub mod charted;
pub(crate) mod detached;
pub(crate) mod first_look;
pub(crate) mod hurry;
pub(crate) mod instant_query;
pub mod promql;
pub mod rules;
pub mod sight;
pub mod text;
pub(crate) mod unmatched;
pub(crate) mod wanted;
pub mod window;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::evaluate::backlog::WatchedBacklog;
use crate::evaluate::changes::Changes;
use crate::evaluate::charted::Published;
use crate::evaluate::first_look::FirstLook;
use crate::evaluate::hurry::Hurry;
use crate::evaluate::rules::metrics::RuleMetrics;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::sight::Lookout;
use crate::evaluate::unmatched::Unmatched;
use crate::evaluate::wanted::WantedMetrics;
use crate::evaluate::window::Window;
use crate::evaluate::window::limits::{Limit, WindowLimits};
use crate::model::board::{Backlog, Sight};
use crate::model::component::Component;
use crate::model::event::SeenChange;
use crate::model::sample::{CollectorId, Expected, Sample, Scrape};
use crate::model::series::measure::{Decisive, PublishedSeries};
use crate::model::series::run::{RuleProgress, RuleRun};
use crate::model::text::language::Language;
use crate::model::time::duration::elapsed;
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
    /// Metrics that a rule asks for.
    wanted: WantedMetrics,
    /// Those that will bring samples, and what they may bring.
    expected: Vec<Expected>,
    started: Timestamp,
    /// Which rules have not looked since the program started.
    first_look: FirstLook,
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
    /// Rules that find nothing, and what there is.
    unmatched: Unmatched,
    /// Which collectors can ask faster, and for which rules.
    hurry: Hurry,
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
        let mut evaluator = Self {
            lookout: Lookout::new(started, !expected.is_empty()),
            window: Window::new(limits),
            wanted: WantedMetrics::of(&rules),
            first_look: FirstLook::new(&rules, started),
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
            unmatched: Unmatched::default(),
            hurry: Hurry::default(),
        };
        evaluator.expect();
        evaluator
    }

    /// Waits for each collector that has not answered yet.
    fn expect(&mut self) {
        let expected = self.expected.iter().cloned();
        expected.for_each(|one| self.window.expect(one));
    }

    /// Says from now on when these collectors are to ask faster.
    pub(crate) fn hurry(&mut self, fast: &BTreeSet<CollectorId>) {
        self.hurry = Hurry::new(&self.rules, &self.expected, fast);
    }

    /// The collectors that are to ask faster, by the verdicts of a moment.
    pub(crate) fn hurried(&self, verdicts: &[Verdict], now: Timestamp) -> BTreeSet<CollectorId> {
        self.hurry.hurried(&self.rules, verdicts, &self.window, now)
    }

    /// Looks from now on for what is done to the service, and tells it in a language;
    /// the events of each collector concern its components.
    pub(crate) fn watch_changes(
        &mut self,
        subjects: BTreeMap<CollectorId, Vec<Component>>,
        language: Language,
    ) {
        self.changes = Some(Changes::new(subjects, language));
    }

    /// Counts from now on what the rules cost and say.
    pub(crate) fn count_by(&mut self, mut metrics: RuleMetrics) {
        let rules = self.rules.iter();
        metrics.know(rules.map(|rule| (rule.name().0, rule.smallest_is_worst())));
        self.metrics = Some(metrics);
    }

    /// What was seen to be done since this was asked last.
    pub(crate) fn seen(&mut self) -> Vec<SeenChange> {
        std::mem::take(&mut self.seen)
    }

    /// Also looks at the work that waits.
    #[must_use]
    pub(crate) fn with_backlogs(mut self, backlogs: Vec<WatchedBacklog>) -> Self {
        self.want(backlogs.iter().flat_map(WatchedBacklog::metric_names));
        self.backlogs = backlogs;
        self
    }

    /// Remembers further metrics than rules ask for; an empty name is any.
    pub(crate) fn want(&mut self, names: impl IntoIterator<Item = String>) {
        self.wanted.add(names);
    }

    /// Measures what the operator publishes as well.
    pub(crate) fn publish(&mut self, published: Vec<Published>) {
        self.want(published.iter().flat_map(Published::metric_names));
        self.published = published;
    }

    /// What is published.
    pub(crate) fn published(&self) -> impl Iterator<Item = &PublishedSeries> {
        self.published.iter().map(|one| &one.series)
    }

    /// The rules, in the order of the settings.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What decides each rule.
    pub(crate) fn decisive(&self) -> impl Iterator<Item = &Decisive> {
        self.rules.iter().map(Rule::decisive)
    }

    /// What is to be written down for charts at `now`: the decisive values of
    /// rules and what is published, each now and then.
    pub(crate) fn measure(&mut self, now: Timestamp) -> Vec<Sample> {
        let (window, mut samples) = (&self.window, Vec::new());
        let rules = self.rules.iter_mut();
        samples.extend(rules.filter_map(|rule| rule.measure(window, now)));
        let published = self.published.iter_mut();
        samples.extend(published.filter_map(|one| one.measure(window, now)));
        samples
    }

    /// The metrics that are remembered; `None` is every one.
    pub fn wanted(&self) -> Option<&BTreeSet<String>> {
        self.wanted.names()
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
    pub(crate) fn after(mut self, before: Self, now: Timestamp) -> Self {
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
        self.first_look.go_on(&before.first_look);
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
        let latest = self.latest.unwrap_or(scrape.at);
        if elapsed(scrape.at, latest) > STEP {
            tracing::warn!(at = %scrape.at, "clock stepped back; earlier samples are dropped");
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
        self.unmatched.note(&scrape);
        let tells_changes = self.changes.is_some();
        let further = self.wanted.keep(&mut scrape, |metric| {
            tells_changes && changes::is_watched(metric)
        });
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
        let verdicts: Vec<_> = verdicts.collect();
        let found = (&self.window, &*self.expected);
        self.unmatched.log((&self.rules, &verdicts), found, now);
        verdicts
    }

    /// Judges once, and says of each rule without data what it does not find.
    pub(crate) fn unmatched(&mut self, scrapes: Vec<Scrape>, now: Timestamp) -> Vec<String> {
        self.unmatched.watch();
        for scrape in scrapes {
            self.ingest(scrape);
        }
        let verdicts = self.judge(now);
        let found = (&self.window, &*self.expected);
        self.unmatched.all((&self.rules, &verdicts), found, now)
    }

    /// The rules that were not judged yet by anything measured since the start.
    pub(crate) fn unlooked(&mut self, now: Timestamp) -> &BTreeSet<RuleId> {
        self.first_look.waiting(&self.rules, &self.window, now)
    }

    /// The clock leapt since rules were judged last: that time was not measured.
    pub(crate) fn leap(&mut self) {
        self.rules.iter_mut().for_each(Rule::leap);
    }

    /// Takes notice that a collector looked at a moment and saw nothing; what it
    /// saw last could be believed until another.
    pub(crate) fn miss(
        &mut self,
        collector: &CollectorId,
        at: Timestamp,
        trusted_until: Timestamp,
    ) {
        self.window.miss(collector, at, trusted_until);
    }

    /// The work that waits at `now`, as far as it can be seen, as the settings order it.
    pub(crate) fn backlogs(&mut self, now: Timestamp) -> Vec<Backlog> {
        self.expire(now);
        let backlogs = self.backlogs.iter_mut();
        backlogs
            .filter_map(|work| work.measure(&self.window, now))
            .collect()
    }

    /// Collectors whose first scrape since the start is not in yet.
    pub(crate) fn awaited(&self) -> Vec<String> {
        self.lookout.awaited(&self.expected)
    }

    /// What can be seen at `now`.
    pub(crate) fn sight(&self, now: Timestamp) -> Sight {
        self.lookout.sight(now)
    }

    /// The samples that rules ask for; only these are kept.
    pub(crate) fn window(&self) -> &Window {
        &self.window
    }
}

#[cfg(test)]
mod tests;
