//! The value that decides a rule, taken now and then for charts.

use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::Expression;
use crate::evaluate::promql::value::{Element, Value};
use crate::evaluate::rules::template::{RuleText, RuleTextPart};
use crate::evaluate::text::format::NumberFormat;
use crate::evaluate::window::Window;
use crate::model::sample::Sample;
use crate::model::series::measure::{Bad, Decisive};
use crate::model::text::unit::Unit;
use crate::model::verdict::RuleId;

/// How often a value is taken while nothing turns.
const EVERY: Duration = Duration::from_secs(10);

/// A value is near a threshold within this share of it.
const NEAR: f64 = 0.2;

/// What decides a rule, and the worst of it since it was taken last.
#[derive(Debug)]
pub(crate) struct Track {
    decisive: Decisive,
    /// What is compared with the threshold; `None` if nothing is.
    side: Option<Expression>,
    /// The worst value while the rule selects something: it costs nothing, as
    /// the rule is evaluated anyway.
    peak: Option<f64>,
    selects: bool,
    /// When a value was taken last, and whether the rule selected something then.
    taken: Option<(Timestamp, bool)>,
}

impl Track {
    /// Finds out what decides a rule, and what its values count.
    pub(crate) fn of(rule: &RuleId, title: &str, expression: &Expression, text: &RuleText) -> Self {
        let (side, bad) = expression.decisive().unzip();
        let whole = if expression.smallest_is_worst() {
            Bad::Smaller
        } else {
            Bad::Larger
        };
        let unit = unit_of_text(text).or_else(|| counted(side.as_ref().unwrap_or(expression)));
        Self {
            decisive: Decisive {
                rule: rule.clone(),
                title: title.to_owned(),
                unit: unit.unwrap_or_default(),
                bad: bad.unwrap_or(whole),
            },
            side,
            peak: None,
            selects: false,
            taken: None,
        }
    }

    /// What decides the rule.
    pub(crate) fn decisive(&self) -> &Decisive {
        &self.decisive
    }

    /// Notes what the rule selects.
    pub(crate) fn note(&mut self, elements: &[Element]) {
        self.selects = !elements.is_empty();
        let worst = self.worst(elements);
        self.peak = match (self.peak, worst) {
            (Some(peak), Some(worst)) => Some(self.decisive.bad.worse(peak, worst)),
            (peak, worst) => peak.or(worst),
        };
    }

    /// The worst value since the last one, if it is time; a turn to bad or to
    /// good is always.
    pub(crate) fn measure(&mut self, window: &Window, now: Timestamp) -> Option<Sample> {
        if let Some((at, selected)) = self.taken {
            let passed = Duration::try_from(now.duration_since(at));
            // A clock that stepped back leaves no moment to wait for.
            if selected == self.selects && passed.is_ok_and(|passed| passed < EVERY) {
                return None;
            }
        }
        self.taken = Some((now, self.selects));
        let value = self.peak.take().or_else(|| {
            let elements = self.side.as_ref()?.evaluate(window, now).ok()?.elements();
            self.worst(&elements)
        })?;
        Some(Sample {
            metric: Decisive::metric(&self.decisive.rule),
            value,
        })
    }

    /// Whether any value is near the number that decides.
    pub(crate) fn is_near(&self, window: &Window, now: Timestamp) -> bool {
        let (Some(side), Some(room)) = (&self.side, self.decisive.bad.room(NEAR)) else {
            return false;
        };
        let values = side.evaluate(window, now).map(Value::elements);
        values.is_ok_and(|elements| elements.iter().any(|one| room.contains(&one.value)))
    }

    fn worst(&self, elements: &[Element]) -> Option<f64> {
        let values = elements.iter().map(|element| element.value);
        let bad = self.decisive.bad;
        values
            .filter(|value| value.is_finite())
            .reduce(|one, other| bad.worse(one, other))
    }
}

/// The unit in which the text of a rule says its value.
fn unit_of_text(text: &RuleText) -> Option<Unit> {
    text.parts.iter().find_map(|part| match part {
        RuleTextPart::Value(NumberFormat::Bytes | NumberFormat::Humanize1024) => Some(Unit::Bytes),
        RuleTextPart::Value(NumberFormat::Duration | NumberFormat::HumanizeDuration) => {
            Some(Unit::Seconds)
        }
        RuleTextPart::Value(NumberFormat::Percent | NumberFormat::HumanizePercentage) => {
            Some(Unit::Percent)
        }
        RuleTextPart::Value(NumberFormat::Rate) => Some(Unit::PerSecond),
        RuleTextPart::Value(
            NumberFormat::Plain | NumberFormat::Humanize | NumberFormat::Fixed(_),
        )
        | RuleTextPart::Words(_)
        | RuleTextPart::Label(_)
        | RuleTextPart::Count => None,
    })
}

/// The unit in which the name of the only metric ends.
fn counted(expression: &Expression) -> Option<Unit> {
    let name = expression.passes_on()?;
    [
        ("_seconds", Unit::Seconds),
        ("_bytes", Unit::Bytes),
        ("_ratio", Unit::Percent),
    ]
    .iter()
    .find_map(|(ending, unit)| name.ends_with(ending).then_some(*unit))
}

#[cfg(test)]
mod tests {
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{CollectorId, Scrape};

    use super::*;

    fn track(expr: &str, text: &str) -> (Track, Expression) {
        let expression = Expression::parse(expr).unwrap();
        let text = RuleText::parse(text).unwrap();
        let rule = RuleId("r".into());
        (Track::of(&rule, "T", &expression, &text), expression)
    }

    /// Judges an expression each second over values of `a` (`_` is no data) and
    /// gives what is taken.
    fn taken(expr: &str, values: &[(i64, &str)]) -> Vec<(i64, f64)> {
        let (mut track, expression) = track(expr, "");
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 1000,
            total: 1000,
        });
        let mut found = Vec::new();
        for (second, value) in values {
            let at = Timestamp::from_second(1_000 + second).unwrap();
            let values = value.split(',').filter_map(|value| value.parse().ok());
            window.ingest(&Scrape {
                collector: CollectorId("x".into()),
                at,
                good_until: at + Duration::from_secs(3),
                samples: values
                    .zip(["x", "y"])
                    .map(|(value, name)| Sample::new("a", [("of", name)], value))
                    .collect(),
            });
            track.note(&expression.evaluate(&window, at).unwrap().elements());
            found.extend(track.measure(&window, at).map(|one| (*second, one.value)));
        }
        found
    }

    #[test]
    fn the_decisive_value_is_taken_every_ten_seconds_and_when_it_turns() {
        let values = [
            (0, "1,2"),
            (4, "3,3"),
            (9, "4"),
            (10, "4,2"),
            (12, "6,1"),
            (15, "9,1"),
            (17, "8"),
            (20, "1"),
            (29, "7"),
            (40, "_"),
            (50, "2"),
        ];
        assert_eq!(
            taken("a > 5", &values),
            // Between 12 and 20 the worst was 9, whatever the last one was.
            [
                (0, 2.0),
                (10, 4.0),
                (12, 6.0),
                (20, 9.0),
                (29, 7.0),
                (50, 2.0)
            ]
        );
    }

    #[test]
    fn a_rule_without_a_threshold_has_values_while_it_selects_something() {
        let values = [(0, "1"), (10, "6"), (20, "7"), (30, "1"), (40, "1")];
        assert_eq!(taken("a > 5 or a > 9", &values), [(10, 6.0), (20, 7.0)]);
        assert_eq!(
            taken("a == 0", &[(0, "1,0"), (10, "2,1")]),
            [(0, 0.0), (10, 1.0)]
        );
    }

    #[test]
    fn the_unit_is_what_the_text_says_or_the_name_ends_in() {
        for (expr, text, unit) in [
            ("a / b > 0.9", "{{ value | percent }} full", Unit::Percent),
            ("sum by (q) (age_seconds) > 3", "slow", Unit::Seconds),
            ("used_bytes > 3", "{{ value }}", Unit::Bytes),
            ("count(age_seconds) > 3", "", Unit::Count),
            ("rate(used_bytes[1m]) > 3", "", Unit::Count),
            ("a > 3", "{{ value | rate }}", Unit::PerSecond),
        ] {
            assert_eq!(track(expr, text).0.decisive().unit, unit, "{expr}");
        }
    }
}
