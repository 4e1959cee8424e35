//! One value with a threshold for each severity, as rules that rise and fall.
//!
//! A value that wavers about one threshold would begin and end again and again.
//! Therefore each level is raised at one value and cleared at another.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::evaluate::rules::settings::RuleSettings;
use crate::model::component::{ComponentId, Severity};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::model::verdict::{Publish, RuleId};

/// A `[[rule]]` table with a value and levels instead of an expression.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeveledRule {
    /// The name of the mildest level; graver ones have their severity behind it.
    pub(crate) id: RuleId,
    /// `PromQL` without a comparison: the value to compare with the thresholds.
    pub(crate) value: String,
    /// The collector whose server evaluates it.
    pub(crate) source: Option<String>,
    /// Thresholds of a notice.
    pub(crate) notice: Option<Level>,
    /// Thresholds of slow or partly failing.
    pub(crate) disrupted: Option<Level>,
    /// Thresholds of not working.
    pub(crate) down: Option<Level>,
    /// How long a threshold must be passed, unless the level says otherwise.
    #[serde(default, rename = "for", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) hold: Duration,
    /// How long a level goes on firing, unless it says otherwise.
    #[serde(default, deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) keep_firing_for: Duration,
    /// The ids of the affected components.
    pub(crate) components: Vec<ComponentId>,
    /// Title of the incident, unless the level has its own.
    pub(crate) title: String,
    /// What it means for visitors, unless the level says it.
    pub(crate) text: String,
    /// What it may do without a person.
    #[serde(default)]
    pub(crate) publish: Publish,
}

/// The thresholds that raise and clear a level.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Level {
    /// The value above which this level fires.
    above: Option<f64>,
    /// The value below which this level fires.
    below: Option<f64>,
    /// The value that clears it; by default the threshold itself.
    clear: Option<f64>,
    /// How long the value must be beyond the threshold; by default the rule's `for`.
    #[serde(default, rename = "for", deserialize_with = "duration::optional")]
    #[schemars(with = "Option<DurationText>")]
    hold: Option<Duration>,
    /// How long it keeps firing afterwards; by default the rule's `keep_firing_for`.
    #[serde(default, deserialize_with = "duration::optional")]
    #[schemars(with = "Option<DurationText>")]
    keep_firing_for: Option<Duration>,
    /// The title at this level.
    title: Option<String>,
    /// The text at this level.
    text: Option<String>,
}

/// Why levels are none, with the key that is at fault, as in `down.clear`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LevelsError {
    /// The key.
    pub(crate) key: String,
    /// What is wrong and what to do about it.
    pub(crate) message: String,
}

/// The side on which a value is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

impl Side {
    /// Whether of two values the first is worse, or no better.
    fn is_as_bad(self, one: f64, other: f64) -> bool {
        match self {
            Self::Above => one >= other,
            Self::Below => one <= other,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Above => '>',
            Self::Below => '<',
        }
    }
}

impl LeveledRule {
    /// Says everything that is wrong with the thresholds.
    pub(crate) fn check(&self) -> Vec<LevelsError> {
        let mut errors = Vec::new();
        let mut fault = |key: String, message: String| errors.push(LevelsError { key, message });
        if self.levels().next().is_none() {
            fault(
                "value".to_owned(),
                "say from when it is bad, as in `down = { above = 60 }`; there are `notice`, \
                `disrupted` and `down`"
                    .to_owned(),
            );
        }
        let mut milder: Option<(Severity, Side, f64)> = None;
        for (severity, level) in self.levels() {
            let word = severity.word();
            let Some((side, raise)) = level.raise() else {
                let message = "a level has one threshold: `above` or `below`, a number";
                fault(word.to_owned(), message.to_owned());
                continue;
            };
            if let Some(clear) = level.clear
                && !(clear.is_finite() && side.is_as_bad(raise, clear))
            {
                let good = match side {
                    Side::Above => "or below",
                    Side::Below => "or above",
                };
                fault(
                    format!("{word}.clear"),
                    format!("it clears where the value is good again: at {raise} {good} it"),
                );
            }
            match milder {
                Some((mild, other, _)) if other != side => fault(
                    word.to_owned(),
                    format!(
                        "all levels look to the same side, and `{}` has `{}`; write two rules",
                        mild.word(),
                        other.word(),
                    ),
                ),
                Some((mild, _, before)) if !side.is_as_bad(raise, before) => fault(
                    format!("{word}.{}", side.word()),
                    format!(
                        "it is graver than `{}`, which begins at {before}",
                        mild.word()
                    ),
                ),
                _ => {}
            }
            milder = Some((severity, side, raise));
        }
        errors
    }

    /// The rules of the levels, the mildest first.
    pub(crate) fn rules(&self) -> Vec<RuleSettings> {
        let levels = self.levels().enumerate();
        levels
            .filter_map(|(place, (severity, level))| {
                let (side, raise) = level.raise()?;
                let passed = |limit: f64| format!("{} {} {limit}", self.operand(), side.sign());
                let own = |words: &Option<String>, usual: &String| {
                    words.as_ref().unwrap_or(usual).clone()
                };
                let id = if place == 0 {
                    self.id.clone()
                } else {
                    RuleId(format!("{}-{}", self.id, severity.word()))
                };
                let clear = level.clear.filter(|clear| side.is_as_bad(raise, *clear));
                Some(RuleSettings {
                    id,
                    expr: passed(raise),
                    alert: None,
                    clear: clear.map(passed),
                    source: self.source.clone(),
                    hold: level.hold.unwrap_or(self.hold),
                    keep_firing_for: level.keep_firing_for.unwrap_or(self.keep_firing_for),
                    severity,
                    components: self.components.clone(),
                    title: own(&level.title, &self.title),
                    text: own(&level.text, &self.text),
                    publish: self.publish,
                })
            })
            .collect()
    }

    fn levels(&self) -> impl Iterator<Item = (Severity, &Level)> {
        let levels = [
            (Severity::Notice, &self.notice),
            (Severity::Disrupted, &self.disrupted),
            (Severity::Down, &self.down),
        ];
        levels
            .into_iter()
            .filter_map(|(severity, level)| Some((severity, level.as_ref()?)))
    }

    /// The value so that a comparison may stand behind it.
    fn operand(&self) -> String {
        let value = self.value.trim();
        // A comment would swallow what stands behind it.
        let end = if value.contains('#') { "\n" } else { "" };
        if is_selector(value) {
            value.to_owned()
        } else {
            format!("({value}{end})")
        }
    }
}

impl Level {
    /// Its side and its threshold, if it has exactly one.
    fn raise(&self) -> Option<(Side, f64)> {
        let (side, raise) = match (self.above, self.below) {
            (Some(above), None) => (Side::Above, above),
            (None, Some(below)) => (Side::Below, below),
            _ => return None,
        };
        raise.is_finite().then_some((side, raise))
    }
}

/// Whether it is a plain selector, which needs no brackets.
fn is_selector(value: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let labels = value.trim_start_matches(name);
    let Some(inside) = labels.strip_prefix('{') else {
        return labels.is_empty();
    };
    inside.find(['}', '#']) == Some(inside.len().saturating_sub(1)) && inside.ends_with('}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evaluate::promql::Expression;

    fn levels(value: &str, notice: Option<Level>, down: Option<Level>) -> LeveledRule {
        LeveledRule {
            id: RuleId("waiting".into()),
            value: value.into(),
            source: None,
            notice,
            disrupted: None,
            down,
            hold: Duration::from_secs(2),
            keep_firing_for: Duration::ZERO,
            components: vec![ComponentId("worker".into())],
            title: "Slow".into(),
            text: "slow".into(),
            publish: Publish::Auto,
        }
    }

    fn above(above: f64, clear: Option<f64>) -> Level {
        Level {
            above: Some(above),
            clear,
            ..Level::default()
        }
    }

    fn below(below: f64, clear: Option<f64>) -> Level {
        Level {
            below: Some(below),
            clear,
            ..Level::default()
        }
    }

    #[test]
    fn each_level_is_a_rule_and_the_mildest_keeps_the_name() {
        let down = Level {
            hold: Some(Duration::from_secs(30)),
            title: Some("Failing".into()),
            ..above(60.0, Some(30.0))
        };
        let rules = levels("a{b=\"c\"}", Some(above(3.0, None)), Some(down.clone())).rules();
        let states: Vec<_> = rules
            .iter()
            .map(|rule| {
                let clear = rule.clear.as_deref().unwrap_or("-");
                format!(
                    "{} {}: {} / {clear}, {:?}, {}, {}",
                    rule.id,
                    rule.severity.word(),
                    rule.expr,
                    rule.hold,
                    rule.title,
                    rule.text
                )
            })
            .collect();
        assert_eq!(
            states,
            [
                "waiting notice: a{b=\"c\"} > 3 / -, 2s, Slow, slow",
                "waiting-down down: a{b=\"c\"} > 60 / a{b=\"c\"} > 30, 30s, Failing, slow",
            ]
        );
        let alone = levels("a", None, Some(below(0.5, Some(0.75)))).rules();
        assert_eq!(alone[0].id.0, "waiting");
        assert_eq!(
            (alone[0].expr.as_str(), alone[0].clear.as_deref()),
            ("a < 0.5", Some("a < 0.75"))
        );
    }

    #[test]
    fn any_value_may_stand_before_the_comparison() {
        for (value, expected) in [
            ("a", "a > 3"),
            ("a:b{c=\"d\"}", "a:b{c=\"d\"} > 3"),
            ("{a=\"b\"}", "{a=\"b\"} > 3"),
            ("a / b", "(a / b) > 3"),
            ("a or b{c=\"d\"}", "(a or b{c=\"d\"}) > 3"),
            ("a{c=\"d\"} + b{c=\"d\"}", "(a{c=\"d\"} + b{c=\"d\"}) > 3"),
            ("a{c=\"}#\"}", "(a{c=\"}#\"}\n) > 3"),
            (" a # why ", "(a # why\n) > 3"),
            ("sum(a)", "(sum(a)) > 3"),
        ] {
            let rule = levels(value, None, Some(above(3.0, None)))
                .rules()
                .remove(0);
            assert_eq!(rule.expr, expected);
            let read = Expression::parse(&rule.expr).unwrap();
            assert!(read.is_condition(), "{value}");
        }
    }

    #[test]
    fn levels_that_cannot_be_meant_are_told_by_their_keys() {
        let described = |notice, down| {
            let errors = levels("a", notice, down).check();
            let described: Vec<_> = errors
                .iter()
                .map(|error| format!("{}: {}", error.key, error.message))
                .collect();
            described.join("; ")
        };
        let both = Level {
            below: Some(1.0),
            ..above(3.0, None)
        };
        for (notice, down, expected) in [
            (Some(above(3.0, Some(3.0))), Some(above(3.0, None)), ""),
            (Some(below(3.0, Some(4.0))), Some(below(1.0, Some(4.0))), ""),
            (None, None, "value: say from when"),
            (None, Some(Level::default()), "down: a level has one"),
            (None, Some(both), "down: a level has one"),
            (None, Some(above(f64::NAN, None)), "down: a level has one"),
            (
                None,
                Some(above(3.0, Some(4.0))),
                "down.clear: it clears where the value is good again: at 3 or below it",
            ),
            (
                None,
                Some(below(3.0, Some(2.0))),
                "down.clear: it clears where the value is good again: at 3 or above it",
            ),
            (
                Some(above(3.0, None)),
                Some(below(1.0, None)),
                "down: all levels look to the same side, and `notice` has `above`",
            ),
            (
                Some(above(3.0, None)),
                Some(above(2.0, None)),
                "down.above: it is graver than `notice`, which begins at 3",
            ),
        ] {
            let described = described(notice, down);
            assert!(described.starts_with(expected), "{described}");
            assert_eq!(described.is_empty(), expected.is_empty(), "{described}");
        }
    }

    proptest! {
        #[test]
        fn whatever_passes_the_check_is_cleared_on_the_good_side(
            raise in -1e6..1e6_f64, clear in -1e6..1e6_f64, is_above: bool,
        ) {
            let level = if is_above { above } else { below };
            let levels = levels("a", None, Some(level(raise, Some(clear))));
            let good = if is_above { clear <= raise } else { clear >= raise };
            prop_assert_eq!(levels.check().is_empty(), good);
            for rule in levels.rules() {
                prop_assert_eq!(rule.clear.is_some(), good);
                for text in std::iter::once(&rule.expr).chain(&rule.clear) {
                    let read = Expression::parse(text);
                    prop_assert!(read.is_ok_and(|read| read.smallest_is_worst() != is_above));
                }
            }
        }
    }
}
