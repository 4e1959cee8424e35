//! An objective in one line, as rules that look at how fast its budget burns.
//!
//! A budget that burns ten times too fast is gone in a tenth of the time. A
//! rule looks at a long window, so that a blip says nothing, and at a short one,
//! so that it ends soon after the fault; both must burn. The windows and factors
//! are those of Google's Site Reliability Workbook, chapter 5, with the common
//! row of a day.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::evaluate::rules::settings::RuleSettings;
use crate::model::component::{ComponentId, Severity};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::model::verdict::{Publish, RuleId};

/// What is kept anyhow; longer windows are looked at only where that is asked for.
const KEPT: Duration = Duration::from_hours(2);

/// The longest window that there is.
const LONGEST: Duration = Duration::from_hours(72);

/// Two windows in which the budget must burn so many times too fast.
#[derive(Clone, Copy, Debug)]
struct Pair {
    long: Duration,
    short: Duration,
    factor: f64,
}

/// Burns that end the budget within days: somebody must look at once.
const FAST: [Pair; 2] = [
    Pair {
        long: Duration::from_hours(1),
        short: Duration::from_mins(5),
        factor: 14.4,
    },
    Pair {
        long: Duration::from_hours(6),
        short: Duration::from_mins(30),
        factor: 6.0,
    },
];

/// Burns that end it within a month: somebody should look on a working day.
const SLOW: [Pair; 2] = [
    Pair {
        long: Duration::from_hours(24),
        short: Duration::from_hours(2),
        factor: 3.0,
    },
    Pair {
        long: Duration::from_hours(72),
        short: Duration::from_hours(6),
        factor: 1.0,
    },
];

/// A `[[rule]]` table with an objective instead of an expression.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "keys of the settings file")]
pub(crate) struct Objective {
    /// Its name; the rule of the slow burns has `-slow` behind it.
    pub(crate) id: RuleId,
    /// The objective in percent: `99.5`.
    pub(crate) objective: f64,
    /// The counter of all attempts, as a selector.
    #[serde(default)]
    pub(crate) total: Option<String>,
    /// The counter of successes.
    #[serde(default)]
    pub(crate) good: Option<String>,
    /// The counter of failures.
    #[serde(default)]
    pub(crate) errors: Option<String>,
    /// A gauge that is 1 on success, instead of counters.
    #[serde(default)]
    pub(crate) probe: Option<String>,
    /// The longest window to evaluate here; longer ones are for Prometheus.
    #[serde(default = "look_back", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) look_back: Duration,
    /// The rule stays quiet with fewer events than this in the long window.
    #[serde(default = "min_events")]
    pub(crate) min_events: u32,
    /// How long the rule goes on firing after the burn.
    #[serde(default, deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) keep_firing_for: Duration,
    /// How bad a fast burn is.
    pub(crate) severity: Severity,
    /// The ids of the affected components.
    pub(crate) components: Vec<ComponentId>,
    /// Title of the incident that it opens.
    pub(crate) title: String,
    /// What it means for visitors; the value is the share that failed.
    pub(crate) text: String,
    /// How far a fast burn may go by itself; a slow one is always internal.
    #[serde(default)]
    pub(crate) publish: Publish,
}

/// Why an objective is none, with the key that is at fault.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ObjectiveError {
    /// The key.
    pub(crate) key: &'static str,
    /// What is wrong and what to do about it.
    pub(crate) message: &'static str,
}

/// What is counted.
enum CountedEvents<'o> {
    Probe(&'o str),
    Good { good: &'o str, total: &'o str },
    Errors { errors: &'o str, total: &'o str },
}

impl Objective {
    /// Says what is wrong with it, if anything is.
    pub(crate) fn check(&self) -> Result<(), ObjectiveError> {
        let fault = |key, message| Err(ObjectiveError { key, message });
        if !(self.objective > 0.0 && self.objective < 100.0) {
            return fault(
                "objective",
                "an objective is a number of percent below 100, as in `99.5`",
            );
        }
        if self.events().is_none() {
            return fault(
                "objective",
                "write what to count: `errors` and `total`, `good` and `total`, or `probe` alone",
            );
        }
        if self.burns(&FAST[0]).is_none() {
            return fault(
                "objective",
                "an objective so low never burns fast; write an `expr`",
            );
        }
        if self.look_back < FAST[0].long || self.look_back > LONGEST {
            return fault(
                "look_back",
                "it looks back on an hour at least, and on 3d at most",
            );
        }
        Ok(())
    }

    /// The rules that are judged here.
    pub(crate) fn rules(&self) -> Vec<RuleSettings> {
        self.rules_within(self.look_back)
    }

    /// The rules with all of their windows.
    pub(crate) fn whole(&self) -> Vec<RuleSettings> {
        self.rules_within(LONGEST)
    }

    fn rules_within(&self, kept: Duration) -> Vec<RuleSettings> {
        let slow = RuleSettings {
            id: RuleId(format!("{}-slow", self.id)),
            severity: Severity::Notice,
            publish: Publish::Internal,
            ..self.rule()
        };
        [(self.rule(), FAST), (slow, SLOW)]
            .into_iter()
            .filter_map(|(rule, pairs)| {
                let pairs = pairs.iter().filter(|pair| pair.long <= kept);
                let conditions: Vec<_> = pairs.filter_map(|pair| self.burns(pair)).collect();
                let expr = conditions.join(" or ");
                (!expr.is_empty()).then_some(RuleSettings { expr, ..rule })
            })
            .collect()
    }

    /// The long windows that are not looked at, as Prometheus writes them.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let pairs = FAST.iter().chain(&SLOW);
        let beyond = pairs.filter(|pair| pair.long > self.look_back && self.burns(pair).is_some());
        beyond.map(|pair| duration::print(pair.long)).collect()
    }

    fn rule(&self) -> RuleSettings {
        RuleSettings {
            id: self.id.clone(),
            expr: String::new(),
            alert: None,
            hold: Duration::ZERO,
            keep_firing_for: self.keep_firing_for,
            severity: self.severity,
            components: self.components.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            publish: self.publish,
            clear: None,
            source: None,
        }
    }

    /// The condition of one pair; `None` where even all failing would not reach it.
    fn burns(&self, pair: &Pair) -> Option<String> {
        let budget = 1.0 - self.objective / 100.0;
        // Rounded, because 1 - 0.995 is 0.0050000000000000044.
        let limit = (pair.factor * budget * 1e9).round() / 1e9;
        if limit >= 1.0 {
            return None;
        }
        let (long, short) = (duration::print(pair.long), duration::print(pair.short));
        let events = self.events()?;
        let least = self.min_events;
        Some(format!(
            "({} > {limit} and {} > {limit} and {} >= {least})",
            events.failed(&long),
            events.failed(&short),
            events.count(&long),
        ))
    }

    fn events(&self) -> Option<CountedEvents<'_>> {
        match (&self.probe, &self.good, &self.errors, &self.total) {
            (Some(probe), None, None, None) => Some(CountedEvents::Probe(probe)),
            (None, Some(good), None, Some(total)) => Some(CountedEvents::Good { good, total }),
            (None, None, Some(errors), Some(total)) => {
                Some(CountedEvents::Errors { errors, total })
            }
            _ => None,
        }
    }
}

impl CountedEvents<'_> {
    /// The share that failed in a window.
    fn failed(&self, window: &str) -> String {
        // A counter that was never counted up may not be there at all.
        let counted = |of: &str| format!("(sum(increase({of}[{window}])) or vector(0))");
        match self {
            Self::Probe(probe) => format!("1 - avg_over_time({probe}[{window}])"),
            Self::Good { good, total } => {
                format!("1 - {} / sum(increase({total}[{window}]))", counted(good))
            }
            Self::Errors { errors, total } => {
                format!("{} / sum(increase({total}[{window}]))", counted(errors))
            }
        }
    }

    /// How many events there were in a window.
    fn count(&self, window: &str) -> String {
        match self {
            Self::Probe(probe) => format!("count_over_time({probe}[{window}])"),
            Self::Good { total, .. } | Self::Errors { total, .. } => {
                format!("sum(increase({total}[{window}]))")
            }
        }
    }
}

fn look_back() -> Duration {
    KEPT
}

fn min_events() -> u32 {
    20
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::evaluate::promql::Expression;
    use crate::evaluate::rules::rule::Rule;
    use crate::evaluate::window::Window;
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{CollectorId, Sample, Scrape};

    fn objective(percent: f64) -> Objective {
        Objective {
            id: RuleId("api-burn".into()),
            objective: percent,
            total: None,
            good: None,
            errors: None,
            probe: Some("probe_success".into()),
            look_back: Duration::from_hours(6),
            min_events: 20,
            keep_firing_for: Duration::ZERO,
            severity: Severity::Disrupted,
            components: vec![ComponentId("api".into())],
            title: "T".into(),
            text: "{{ value | percent }} fail".into(),
            publish: Publish::Auto,
        }
    }

    fn counted(percent: f64, key: &str) -> Objective {
        let selector = |name: &str| Some(name.to_owned());
        Objective {
            probe: None,
            total: selector("tried_total"),
            good: selector("good_total").filter(|_| key == "good"),
            errors: selector("errors_total").filter(|_| key == "errors"),
            ..objective(percent)
        }
    }

    /// Seconds from the beginning of a fault, in which each `of`-th event fails, to
    /// the first rule, with an event and a scrape each 10 seconds.
    fn fires_after(objective: &Objective, clean: Duration, of: u32) -> Option<u64> {
        let mut window = Window::new(WindowLimits {
            age: Duration::from_hours(7),
            series: 10,
            samples: 10_000,
            total: 4_000_000,
        });
        let mut rules: Vec<_> = objective
            .rules()
            .into_iter()
            .map(|rule| {
                let expression = Expression::parse(&rule.expr).unwrap();
                Rule::new(rule, expression)
            })
            .collect();
        let (mut tried, mut failed) = (0.0, 0.0);
        let start = clean.as_secs();
        for second in (0..start + 3600).step_by(10) {
            let step = u32::try_from(second / 10).unwrap();
            let fails = second >= start && step.is_multiple_of(of);
            tried += 1.0;
            failed += f64::from(u8::from(fails));
            let at = Timestamp::from_second(1_000_000 + i64::try_from(second).unwrap()).unwrap();
            window.ingest(&Scrape {
                collector: CollectorId("x".into()),
                at,
                good_until: at + Duration::from_mins(1),
                samples: vec![
                    Sample::new("probe_success", [], f64::from(u8::from(!fails))),
                    Sample::new("tried_total", [], tried),
                    Sample::new("errors_total", [], failed),
                    Sample::new("good_total", [], tried - failed),
                ],
            });
            let mut firing = false;
            for rule in &mut rules {
                let verdict = rule.judge(&window, at);
                assert_ne!(verdict.state.word(), "unknown", "{second}");
                firing |= verdict.state.is_firing();
            }
            if firing {
                assert!(second >= start, "fires at {second}, before anything failed");
                return Some(second - start);
            }
        }
        None
    }

    #[test]
    fn the_time_to_fire_is_that_of_the_workbook() {
        // 1 h x 14.4 x 0.5 % is 4.3 min of failing events; 20 % of failing ones take five times as long.
        let clean = Duration::from_hours(2);
        for (of, minutes) in [(1, 4.3), (2, 8.6), (5, 21.6)] {
            for objective in [
                objective(99.5),
                counted(99.5, "good"),
                counted(99.5, "errors"),
            ] {
                let after = fires_after(&objective, clean, of).unwrap();
                let expected = minutes * 60.0;
                let near = f64::from(u32::try_from(after).unwrap()) - expected;
                assert!(
                    near.abs() < 90.0,
                    "{after} s instead of {expected} s, 1 of {of}"
                );
            }
        }
        assert_eq!(fires_after(&objective(99.5), clean, 50), None);
        assert!(fires_after(&objective(99.9), clean, 50).is_some());
    }

    #[test]
    fn a_few_events_say_nothing() {
        let mut quiet = counted(99.5, "errors");
        quiet.min_events = 1100;
        assert_eq!(fires_after(&quiet, Duration::from_hours(2), 1), None);
        // At the start all may fail, but not before there were enough of them.
        let early = fires_after(&objective(99.5), Duration::ZERO, 1).unwrap();
        assert_eq!(early, 190);
    }

    #[test]
    fn windows_beyond_what_is_looked_back_on_are_left_out_and_told() {
        let within = |hours| Objective {
            look_back: Duration::from_hours(hours),
            ..objective(99.5)
        };
        let ids = |rules: Vec<RuleSettings>| -> Vec<_> {
            rules.into_iter().map(|rule| rule.id.0).collect()
        };
        assert_eq!(ids(within(6).rules()), ["api-burn"]);
        assert_eq!(within(6).left_out(), ["1d", "3d"]);
        assert_eq!(ids(within(72).rules()), ["api-burn", "api-burn-slow"]);
        assert_eq!(ids(within(2).whole()), ["api-burn", "api-burn-slow"]);
        assert!(within(72).left_out().is_empty());
        assert_eq!(
            within(2).rules()[0].expr,
            "(1 - avg_over_time(probe_success[1h]) > 0.072 and 1 - avg_over_time(probe_success[5m]) \
            > 0.072 and count_over_time(probe_success[1h]) >= 20)",
        );
    }

    #[test]
    fn an_objective_that_says_nothing_is_refused() {
        let key = |objective: Objective| objective.check().err().map(|error| error.key);
        assert_eq!(key(objective(99.5)), None);
        assert_eq!(key(counted(99.5, "good")), None);
        for percent in [0.0, 100.0, -1.0, 101.0, f64::NAN, 90.0] {
            assert_eq!(key(objective(percent)), Some("objective"), "{percent}");
        }
        assert_eq!(key(counted(99.5, "neither")), Some("objective"));
        let both = Objective {
            probe: Some("p".into()),
            ..counted(99.5, "good")
        };
        assert_eq!(key(both), Some("objective"));
        for minutes in [59, 73 * 60] {
            let look_back = Duration::from_mins(minutes);
            let other = Objective {
                look_back,
                ..objective(99.5)
            };
            assert_eq!(key(other), Some("look_back"), "{minutes}");
        }
    }
}
