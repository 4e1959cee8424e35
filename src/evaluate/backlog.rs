//! What work waits, for how long, and whether it becomes more.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::evaluate::promql::Expression;
use crate::evaluate::promql::value::Value;
use crate::evaluate::window::Window;
use crate::model::board::Backlog;
use crate::model::component::ComponentId;
use crate::model::facts::backlog::{calm, falling};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// How far back the slope looks, in milliseconds.
const SLOPE: i64 = 120_000;

/// The distance of the moments that it looks at, in milliseconds.
const STEP: i64 = 5_000;

/// Fewer moments say nothing.
const FEWEST: usize = 5;

/// Of a backlog that has just begun, fewer say enough.
const FEWEST_SINCE_BEGUN: usize = 3;

/// Whoever waited when there were less than this part of those who wait now waited
/// before it began.
const BEFORE: f64 = 0.1;

/// A `[[backlog]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BacklogSettings {
    /// Its name.
    #[expect(dead_code, reason = "its text is read where it is checked")]
    pub(crate) id: String,
    /// The waiting jobs, in the plural, in visitors' words: `rolls`.
    pub(crate) what: String,
    /// The ids of the components that are affected.
    pub(crate) components: Vec<ComponentId>,
    /// `PromQL`: the number of waiting jobs.
    #[expect(dead_code, reason = "its text is read where it is checked")]
    pub(crate) jobs: String,
    /// `PromQL`: how many seconds the oldest job has waited.
    pub(crate) wait: Option<String>,
    /// The usual wait.
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) usual: Duration,
}

/// A backlog with its expressions read, and how many waited lately.
#[derive(Clone, Debug)]
pub struct WatchedBacklog {
    settings: BacklogSettings,
    jobs: Expression,
    wait: Option<Expression>,
    /// How many waited, by milliseconds; `None` where that was not seen.
    past: BTreeMap<i64, Option<f64>>,
    /// Since when it is gone or falls.
    well_since: Option<Timestamp>,
    /// Whether it was looked at before.
    known: bool,
}

impl WatchedBacklog {
    /// Makes a backlog that was not looked at yet.
    pub(crate) fn new(
        settings: BacklogSettings,
        jobs: Expression,
        wait: Option<Expression>,
    ) -> Self {
        Self {
            settings,
            jobs,
            wait,
            past: BTreeMap::new(),
            well_since: None,
            known: false,
        }
    }

    /// The same before it was looked at.
    #[must_use]
    pub(crate) fn afresh(&self) -> Self {
        Self::new(self.settings.clone(), self.jobs.clone(), self.wait.clone())
    }

    /// Metrics that it asks for; an empty name is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        self.all().flat_map(Expression::metric_names).collect()
    }

    /// How far it looks back, with the slope.
    pub(crate) fn look_back(&self) -> Duration {
        let furthest = self.all().map(Expression::look_back).max();
        furthest
            .unwrap_or_default()
            .saturating_add(Duration::from_millis(SLOPE.unsigned_abs()))
    }

    /// What waits at `now`; `None` if that cannot be seen.
    pub(crate) fn measure(&mut self, window: &Window, now: Timestamp) -> Option<Backlog> {
        let mut backlog = self.seen(window, now);
        let well = backlog
            .as_ref()
            .is_some_and(|backlog| calm(backlog) || falling(backlog));
        // What is well at first sight may have been so for ever: a restart of the
        // monitor begins no hold anew.
        let since = if self.known { now } else { Timestamp::MIN };
        self.known = true;
        self.well_since = well.then(|| self.well_since.unwrap_or(since));
        if let Some(backlog) = &mut backlog {
            backlog.well_since = self.well_since;
        }
        backlog
    }

    fn seen(&mut self, window: &Window, now: Timestamp) -> Option<Backlog> {
        self.look(window, now);
        let count = total(&self.jobs, window, now)?;
        let wait = self.wait.as_ref().and_then(|wait| {
            let longest = numbers(wait, window, now)?.into_iter().reduce(f64::max)?;
            Duration::try_from_secs_f64(longest).ok()
        });
        Some(Backlog {
            what: self.settings.what.clone(),
            components: self.settings.components.clone(),
            count,
            wait,
            usual: self.settings.usual,
            growth: slope(&self.past),
            well_since: None,
        })
    }

    /// Notes how many waited at each step of the slope.
    ///
    /// The window is asked, not the memory of earlier calls, so that a restart
    /// changes nothing; what was found is only kept to be found once.
    fn look(&mut self, window: &Window, now: Timestamp) {
        let newest = now.as_millisecond().div_euclid(STEP) * STEP;
        self.past
            .retain(|at, _| *at <= newest && *at >= newest - SLOPE);
        for step in 0..=SLOPE / STEP {
            let at = newest - step * STEP;
            if let Ok(moment) = Timestamp::from_millisecond(at) {
                let jobs = &self.jobs;
                let found = || total(jobs, window, moment);
                self.past.entry(at).or_insert_with(found);
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &Expression> {
        std::iter::once(&self.jobs).chain(&self.wait)
    }
}

/// How many wait in all; no number of jobs is below zero.
fn total(jobs: &Expression, window: &Window, at: Timestamp) -> Option<f64> {
    let found = numbers(jobs, window, at)?;
    let total: f64 = found.iter().sum();
    (!found.is_empty() && total.is_finite() && total >= 0.0).then_some(total)
}

/// The values of an expression; `None` if one of them is no number.
fn numbers(expression: &Expression, window: &Window, at: Timestamp) -> Option<Vec<f64>> {
    let numbers: Vec<_> = match expression.evaluate(window, at).ok()? {
        Value::Scalar(value) => vec![value],
        Value::Vector(elements) => elements.iter().map(|element| element.value).collect(),
    };
    numbers
        .iter()
        .all(|value| value.is_finite())
        .then_some(numbers)
}

/// How many there are more each second. Of a backlog that has just begun, the time
/// before says nothing.
fn slope(past: &BTreeMap<i64, Option<f64>>) -> Option<f64> {
    let seen: Vec<(f64, f64)> = past
        .iter()
        .filter_map(|(at, count)| {
            let back = i32::try_from(at - past.last_key_value()?.0).ok()?;
            Some((f64::from(back) / 1_000.0, (*count)?))
        })
        .collect();
    if seen.len() < FEWEST {
        return None;
    }
    let whole = least_squares(&seen)?;
    let now = seen.last().map_or(0.0, |(_, count)| *count);
    let before = seen.iter().rposition(|(_, count)| *count < now * BEFORE);
    let since_begun = before.map_or(&*seen, |last| &seen[last + 1..]);
    if whole <= 0.0 || since_begun.len() < FEWEST_SINCE_BEGUN {
        return Some(whole);
    }
    least_squares(since_begun)
}

/// The slope of the line that fits best.
fn least_squares(seen: &[(f64, f64)]) -> Option<f64> {
    let number = f64::from(u32::try_from(seen.len()).ok()?);
    let middle = |of: fn(&(f64, f64)) -> f64| seen.iter().map(of).sum::<f64>() / number;
    let (time, count) = (middle(|one| one.0), middle(|one| one.1));
    let both = seen.iter().map(|(t, c)| (t - time) * (c - count));
    let square = seen.iter().map(|(t, _)| (t - time).powi(2));
    let slope = both.sum::<f64>() / square.sum::<f64>();
    slope.is_finite().then_some(slope)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{CollectorId, Sample, Scrape};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn work(jobs: &str, wait: Option<&str>) -> WatchedBacklog {
        let settings = BacklogSettings {
            id: "rolls".into(),
            what: "rolls".into(),
            components: vec![ComponentId("worker".into())],
            jobs: jobs.into(),
            wait: wait.map(str::to_owned),
            usual: Duration::from_millis(200),
        };
        let read = |text: &str| Expression::parse(text).unwrap();
        WatchedBacklog::new(settings, read(jobs), wait.map(read))
    }

    /// A window with samples of `jobs` and `wait` each second until `until`.
    fn window(until: i64, jobs: impl Fn(i64) -> Vec<(&'static str, f64)>) -> Window {
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 1_000,
            total: 10_000,
        });
        for second in 0..=until {
            let samples = jobs(second).into_iter();
            window.ingest(&Scrape {
                collector: CollectorId("redis".into()),
                at: at(second),
                good_until: at(second) + Duration::from_secs(3),
                samples: samples
                    .map(|(name, value)| match name.split_once('/') {
                        Some((name, queue)) => Sample::new(name, [("queue", queue)], value),
                        None => Sample::new(name, [], value),
                    })
                    .collect(),
            });
        }
        window
    }

    fn number(second: i64) -> f64 {
        f64::from(i32::try_from(second).unwrap())
    }

    #[test]
    fn what_waits_is_summed_up_and_the_longest_wait_counts() {
        let seen = |_| {
            vec![
                ("jobs/a", 3.0),
                ("jobs/b", 4.0),
                ("wait/a", 1.5),
                ("wait/b", 0.5),
            ]
        };
        let backlog = work("jobs", Some("wait")).measure(&window(60, seen), at(60));
        let backlog = backlog.unwrap();
        assert_eq!((backlog.count, backlog.growth), (7.0, Some(0.0)));
        assert_eq!(backlog.wait, Some(Duration::from_millis(1_500)));
        assert_eq!(backlog.usual, Duration::from_millis(200));
    }

    #[test]
    fn what_is_absent_or_no_number_is_unknown_and_never_zero() {
        let seen = |second| {
            let mut samples = vec![("nan", f64::NAN), ("debt", -1.0)];
            samples.extend((second < 50).then_some(("gone", 5.0)));
            samples.extend([("mixed/a", 1.0), ("mixed/b", f64::NAN), ("jobs", 1.0)]);
            samples
        };
        let window = window(60, seen);
        for jobs in ["never", "nan", "debt", "gone", "mixed", "jobs / 0"] {
            assert_eq!(work(jobs, None).measure(&window, at(60)), None, "{jobs}");
        }
        for wait in ["never", "nan", "debt", "gone"] {
            let backlog = work("jobs", Some(wait)).measure(&window, at(60)).unwrap();
            assert_eq!((backlog.count, backlog.wait), (1.0, None), "{wait}");
        }
        // Of all queues, of which there is none.
        assert_eq!(work("sum(never)", None).measure(&window, at(60)), None);
    }

    #[test]
    fn a_slope_needs_some_moments_and_survives_gaps_and_restarts() {
        let growing = |second: i64| vec![("jobs", 2.0 * number(second))];
        for (until, expected) in [(15, None), (19, None), (20, Some(2.0)), (300, Some(2.0))] {
            let growth = work("jobs", None)
                .measure(&window(until, growing), at(until))
                .unwrap()
                .growth;
            let growth = growth.map(|growth| (growth * 1e9).round() / 1e9);
            assert_eq!(growth, expected, "after {until} s");
        }
        let gap = |second: i64| {
            let jobs = ("jobs", 1_000.0 - 3.0 * number(second));
            let seen = !(40..90).contains(&second);
            seen.then_some(jobs).into_iter().collect()
        };
        let window = window(120, gap);
        // One that looked all the time, and one that was just started.
        let mut old = work("jobs", None);
        for second in 0..=120 {
            let _ = old.measure(&window, at(second));
        }
        let growth = old.measure(&window, at(120)).unwrap().growth.unwrap();
        assert!((growth + 3.0).abs() < 1e-9, "{growth}");
        // Only since when it is well is taken for granted after a start.
        let fresh = old.afresh().measure(&window, at(120)).map(|fresh| {
            assert_eq!(fresh.well_since, Some(Timestamp::MIN));
            Backlog {
                well_since: old.measure(&window, at(120)).unwrap().well_since,
                ..fresh
            }
        });
        assert_eq!(old.measure(&window, at(120)), fresh);
    }

    #[test]
    fn what_has_just_begun_grows_by_what_came_since() {
        // Three wait as usual; then 40 more each second.
        let begun = |second: i64| vec![("jobs", 3.0 + 40.0 * number((second - 100).max(0)))];
        for until in [110, 120, 150, 200, 230] {
            let growth = work("jobs", None).measure(&window(until, begun), at(until));
            let growth = growth.unwrap().growth.unwrap();
            let error = (growth - 40.0).abs() / 40.0;
            let most = if until < 120 { 1.0 } else { 0.05 };
            assert!(error <= most, "after {until} s: {growth}");
        }
        // What falls was never less than it is now.
        let falling = |second: i64| vec![("jobs", 4_000.0 - 40.0 * number(second))];
        let growth = work("jobs", None).measure(&window(90, falling), at(90));
        assert!((growth.unwrap().growth.unwrap() + 40.0).abs() < 1e-6);
    }

    #[test]
    fn a_clock_that_steps_back_leaves_no_moments_from_the_future() {
        let mut work = work("jobs", None);
        let up = |second: i64| vec![("jobs", number(second))];
        assert!(work.measure(&window(100, up), at(100)).is_some());
        let down = |second: i64| vec![("jobs", 100.0 - number(second))];
        let growth = work.measure(&window(30, down), at(30)).unwrap().growth;
        assert_eq!(work.past.last_key_value().unwrap().0, &1_000_030_000);
        assert!(growth.is_some());
    }

    proptest! {
        #[test]
        fn the_slope_of_a_line_is_its_own(
            start in 0.0..1e6_f64, each in -1e3..1e3_f64, from in 0..100_i64,
        ) {
            let past: BTreeMap<_, _> = (from..from + 25)
                .map(|step| (step * STEP, Some(start + each * number(step * 5))))
                .collect();
            let found = slope(&past).unwrap();
            prop_assert!((found - each).abs() < 1e-6 * each.abs().max(1.0), "{} {}", found, each);
        }
    }
}
