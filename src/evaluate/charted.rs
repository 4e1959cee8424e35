//! Figures that the operator publishes: an expression, measured for charts.

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::evaluate::promql::Expression;
use crate::evaluate::window::Window;
use crate::model::component::ComponentId;
use crate::model::sample::Sample;
use crate::model::series::measure::PublishedSeries;
use crate::model::text::unit::Unit;

/// How often a figure is measured.
const EVERY: Duration = Duration::from_secs(10);

/// A `[[figure]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FigureSettings {
    /// Its name in URLs.
    pub(crate) id: String,
    /// A text for visitors.
    pub(crate) title: String,
    /// PromQL; the chart shows the worst of several values.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "its text is read where it is checked")
    )]
    pub(crate) expr: String,
    /// The unit of its values.
    #[serde(default)]
    pub(crate) unit: Unit,
    /// The threshold of slow or nearly full.
    pub(crate) warn: Option<f64>,
    /// The threshold of bad.
    pub(crate) bad: Option<f64>,
    /// The components whose incidents are shaded in the chart.
    #[serde(default)]
    pub(crate) components: Vec<ComponentId>,
}

/// A published series with its expression read.
#[derive(Debug)]
pub(crate) struct Published {
    /// What visitors see.
    pub(crate) series: PublishedSeries,
    expression: Expression,
    measured: Option<Timestamp>,
}

impl Published {
    /// Makes a series that has not been measured yet.
    pub(crate) fn new(settings: FigureSettings, expression: Expression) -> Self {
        Self {
            series: PublishedSeries {
                id: settings.id,
                title: settings.title,
                unit: settings.unit,
                warn: settings.warn,
                bad: settings.bad,
                components: settings.components,
            },
            expression,
            measured: None,
        }
    }

    /// Metrics that it asks for; an empty name is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        self.expression.metric_names()
    }

    /// How far it looks back.
    pub(crate) fn look_back(&self) -> Duration {
        self.expression.look_back()
    }

    /// Its value, if it is time and there is one.
    pub(crate) fn measure(&mut self, window: &Window, now: Timestamp) -> Option<Sample> {
        let passed = self
            .measured
            .map(|at| Duration::try_from(now.duration_since(at)));
        // A clock that stepped back leaves no moment to wait for.
        if let Some(Ok(passed)) = passed
            && passed < EVERY
        {
            return None;
        }
        self.measured = Some(now);
        let elements = self.expression.evaluate(window, now).ok()?.elements();
        let values = elements.iter().map(|element| element.value);
        let side = self.series.side();
        let value = values
            .filter(|value| value.is_finite())
            .reduce(|one, other| side.worse(one, other))?;
        Some(Sample {
            metric: self.series.metric(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::window::limits::WindowLimits;
    use crate::model::sample::{CollectorId, Scrape};

    use super::*;

    #[test]
    fn a_figure_is_its_worst_value_every_ten_seconds() {
        let read = |more: &str| {
            let text = format!("id = 'f'\ntitle = 'F'\nexpr = 'a'\nunit = 'per second'\n{more}");
            let settings: FigureSettings = toml::from_str(&text).unwrap();
            let expression = Expression::parse(&settings.expr).unwrap();
            Published::new(settings, expression)
        };
        let mut window = Window::new(WindowLimits {
            age: Duration::from_mins(10),
            series: 10,
            samples: 1000,
            total: 1000,
        });
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        window.ingest(&Scrape {
            collector: CollectorId("x".into()),
            at: at(0),
            good_until: at(15),
            samples: vec![
                Sample::new("a", [("of", "x")], 2.0),
                Sample::new("a", [("of", "y")], 7.0),
            ],
        });
        let mut figure = read("");
        let mut small = read("warn = 9\nbad = 3");
        assert_eq!(figure.series.unit, Unit::PerSecond);
        let mut value = |second| figure.measure(&window, at(second)).map(|one| one.value);
        assert_eq!(
            (value(0), value(9), value(10)),
            (Some(7.0), None, Some(7.0))
        );
        let worst = small.measure(&window, at(1)).map(|one| one.value);
        assert_eq!(worst, Some(2.0));
    }
}
