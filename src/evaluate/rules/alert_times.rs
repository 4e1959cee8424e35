//! What senders of alerts say themselves: since when, until when, and that they
//! no longer say anything.

use jiff::{SignedDuration, Timestamp, Unit};

use crate::evaluate::promql::Expression;
use crate::evaluate::promql::value::Value;
use crate::evaluate::window::Window;
use crate::model::request::samples::push::{ALERT_ENDED, ALERT_LOST, ALERT_STARTED, ALERTS};
use crate::model::verdict::RuleState;

/// A beginning further back is no longer believed to the second.
const FURTHEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The companions of the alerts that a rule selects.
#[derive(Clone, Debug)]
pub(crate) struct AlertTimes {
    started: Vec<Expression>,
    ended: Vec<Expression>,
    lost: Vec<Expression>,
    /// When the rule selected something last, until it is known what ended that.
    bad_at: Option<Timestamp>,
    /// When the alerts ended that the rule selected last.
    end: Option<Timestamp>,
}

impl AlertTimes {
    /// Finds the alerts that an expression selects.
    pub(crate) fn of(expression: &Expression) -> Self {
        let companions = |other| expression.companions(ALERTS, other, "alertstate");
        Self {
            started: companions(ALERT_STARTED),
            ended: companions(ALERT_ENDED),
            lost: companions(ALERT_LOST),
            bad_at: None,
            end: None,
        }
    }

    /// Whether one of the alerts ran out of which nobody said that it is over.
    pub(crate) fn is_lost(&self, window: &Window, now: Timestamp) -> bool {
        !moments(&self.lost, window, now).is_empty()
    }

    /// From when a state of the rule holds by the word of the senders, if that is
    /// earlier than it was seen here; `bad` is whether the rule selects something.
    pub(crate) fn since(
        &mut self,
        state: RuleState,
        bad: bool,
        window: &Window,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let reported = match state {
            RuleState::Unknown { .. } => None,
            RuleState::Quiet { .. } | RuleState::Pending { .. } | RuleState::Firing { .. }
                if bad =>
            {
                (self.bad_at, self.end) = (Some(now), None);
                self.began(state.since(), window, now)
            }
            RuleState::Quiet { .. } => {
                self.note_end(window, now);
                self.end
            }
            RuleState::Pending { .. } | RuleState::Firing { .. } => {
                self.note_end(window, now);
                None
            }
        };
        reported.filter(|reported| *reported < state.since())
    }

    /// Takes the end of what was bad until now, if the senders gave one.
    fn note_end(&mut self, window: &Window, now: Timestamp) {
        if let Some(bad_at) = self.bad_at.take() {
            self.end = self.ended(bad_at, window, now);
        }
    }

    /// When the first of the alerts began, as far as that is believed.
    fn began(&self, seen: Timestamp, window: &Window, now: Timestamp) -> Option<Timestamp> {
        let furthest = seen.checked_sub(FURTHEST).unwrap_or(Timestamp::MIN);
        let first = moments(&self.started, window, now).into_iter().min();
        first.map(|first| first.max(furthest))
    }

    /// When the last of the alerts ended. What ended before the rule was bad for
    /// the last time did not end that.
    fn ended(&self, bad_at: Timestamp, window: &Window, now: Timestamp) -> Option<Timestamp> {
        let before = moments(&self.ended, window, bad_at);
        let mut ended = moments(&self.ended, window, now);
        ended.retain(|end| !before.contains(end));
        ended.into_iter().max()
    }
}

/// The values of all series that are selected, as moments.
fn moments(asked: &[Expression], window: &Window, at: Timestamp) -> Vec<Timestamp> {
    let selected = asked.iter().filter_map(|one| one.evaluate(window, at).ok());
    let elements = selected.flat_map(Value::elements);
    elements.filter_map(|one| moment(one.value)).collect()
}

/// A moment in Unix time, to the millisecond.
fn moment(seconds: f64) -> Option<Timestamp> {
    let since = SignedDuration::try_from_secs_f64(seconds).ok()?;
    let at = Timestamp::UNIX_EPOCH.checked_add(since).ok()?;
    at.round(Unit::Millisecond).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::evaluate::rules::rule::Rule;
    use crate::evaluate::rules::settings::RuleSettings;
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::component::{ComponentId, Severity};
    use crate::model::sample::{CollectorId, Metric, Sample, Scrape};
    use crate::model::verdict::{Publish, RuleId};

    use super::*;

    const EXPR: &str = r#"ALERTS{alertname=~"a\\d?",alertstate="firing",job="x"} or seen < 0"#;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    /// What is told of an alert: `a` fires since 10 is `a@10`, it ended at 20 is
    /// `a.20`, it ran out is `a?`.
    fn reported(word: &str) -> Vec<Sample> {
        let place = word.find(['@', '.', '?']).unwrap();
        let (name, rest) = word.split_at(place);
        let (sign, moment) = rest.split_at(1);
        let seconds = moment
            .parse()
            .map_or(0.0, |second: f64| 1_000_000.0 + second);
        let labels = [("alertname", name), ("job", "x")];
        let firing = [("alertname", name), ("alertstate", "firing"), ("job", "x")];
        match sign {
            "@" => vec![
                Sample {
                    metric: Metric::new(ALERTS, firing),
                    value: 1.0,
                },
                Sample::new(ALERT_STARTED, labels, seconds),
            ],
            "." => vec![Sample::new(ALERT_ENDED, labels, seconds)],
            _ => vec![Sample::new(ALERT_LOST, labels, seconds)],
        }
    }

    /// Judges once in ten seconds, from 100 on; `-` is no alert at all.
    fn judged(expr: &str, scrapes: &str) -> String {
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 100,
            samples: 100,
            total: 10_000,
        });
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
        let mut rule = Rule::new(settings, Expression::parse(expr).unwrap());
        let states = scrapes.split(' ').zip(10..).map(|(words, tens)| {
            let now = at(tens * 10);
            let words = words.split(',').filter(|word| *word != "-");
            let mut samples: Vec<_> = words.flat_map(reported).collect();
            samples.push(Sample::new("seen", [], 0.0));
            window.ingest(&Scrape {
                collector: CollectorId("x".into()),
                at: now,
                good_until: now + Duration::from_secs(30),
                samples,
            });
            let verdict = rule.judge(&window, now);
            let second = |at: Timestamp| at.as_second() - 1_000_000;
            let (word, seen) = (verdict.state.word(), second(verdict.state.since()));
            match verdict.reported_since {
                Some(reported) => format!("{}{seen}<{}", &word[..1], second(reported)),
                None => format!("{}{seen}", &word[..1]),
            }
        });
        states.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_word_of_a_sender_dates_what_was_seen_later() {
        for (scrapes, expected) in [
            (
                "- a@105 a@105 a.117 a.117",
                "q100 f110<105 f110<105 q130<117 q130<117",
            ),
            // The first of several began it, the last one ended it.
            (
                "a@90,a1@80 a.104,a1@80 a.104,a1.112",
                "f100<80 f100<80 q120<112",
            ),
            // Of other alerts nothing is said here.
            ("b@10 a@90,b@10 b@10,a.104", "q100 f110<90 q120<104"),
            // What cannot be is what was seen: a beginning to come, an end before it.
            ("a@190 a.190", "f100 q110"),
            // An end that was known while the rule was bad did not end that.
            (
                "a@90 a.95,a1@99 a.95,a1@99 a.95",
                "f100<90 f100<99 f100<99 q130",
            ),
            // A week is the furthest.
            ("a@-900000 -", "f100<-604700 q110"),
        ] {
            assert_eq!(judged(EXPR, scrapes), expected, "{scrapes}");
        }
    }

    #[test]
    fn an_alert_that_ran_out_without_a_word_is_unknown_and_not_over() {
        for (scrapes, expected) in [
            ("- a@90 a? a? a@90", "q100 f110<90 u120 u120 f110<90"),
            ("a@90 a? a.104", "f100<90 u110 q120<104"),
            ("a@90 a? -", "f100<90 u110 q120"),
            // Another one may fire meanwhile, and others are not concerned.
            ("a? a?,a1@107 b?", "u100 f110<107 q120"),
        ] {
            assert_eq!(judged(EXPR, scrapes), expected, "{scrapes}");
        }
        let counted = "count(ALERTS{alertstate=\"firing\"}) > 1 or seen < 0";
        assert_eq!(
            judged(counted, "a@90,b@91 a@90,b? a@90"),
            "f100<90 u110 q120"
        );
        let absent = "absent(ALERTS{alertname=\"a\"})";
        assert_eq!(judged(absent, "a@90 a? -"), "q100 u110 f120");
    }
}
