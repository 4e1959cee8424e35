//! The chart of an incident: the published series that visitors felt most.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::model::series::measure::{ChartSpan, ChartState, Course};
use crate::model::text::unit::Unit;
use crate::web::parts::charts::chart_view::{ChartView, figure};
use crate::web::parts::context::Present;

/// Spans in which an incident of minutes can still be seen, the shortest first.
const SPANS: [ChartSpan; 3] = [ChartSpan::Hour, ChartSpan::Day, ChartSpan::Week];

/// The chart of an incident while its report shows no picture; `None` if nothing that
/// varies was published of its components.
pub(crate) fn chart(present: &Present<'_>, incident: &Incident) -> Option<ChartView> {
    let began = incident.date.filter(|_| incident.severity.is_some())?;
    if incident.body.contains(".svg)") {
        return None;
    }
    let components = present.view.board.components.iter();
    let affected: Vec<_> = components
        .map(|state| &state.component)
        .filter(|component| incident.affected.contains(&component.name))
        .map(|component| &component.id)
        .collect();
    let figures = present.view.board.charts.iter();
    let own = figures.filter(|state| {
        let mut components = state.series.components.iter();
        components.any(|id| affected.contains(&id))
    });
    let shown = own.filter_map(|state| Some((state, span(state, began)?)));
    // Of equally telling ones the first that the operator names.
    let (state, span) = shown.min_by_key(|(state, _)| rank(state))?;
    Some(figure(present, state, span, true))
}

/// How much visitors feel of it: how long they wait, how often they fail, how much
/// waits before them; the machine's own numbers last.
fn rank(state: &ChartState) -> (usize, bool) {
    let felt = match state.series.unit {
        Unit::Seconds => 0,
        Unit::Percent => 1,
        Unit::Count => 2,
        Unit::PerSecond => 3,
        Unit::Bytes => 4,
    };
    (felt, state.series.side().threshold().is_none())
}

/// The shortest span that reaches back to a moment and shows more than yes and no.
fn span(state: &ChartState, began: Timestamp) -> Option<ChartSpan> {
    let shows = |course: &Arc<Course>| course.from < began && !course.is_binary();
    let mut spans = SPANS.into_iter();
    spans.find(|span| state.courses.get(span).is_some_and(shows))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use crate::model::board::{Board, Facts, Sight};
    use crate::model::component::Severity;
    use crate::model::fixtures;
    use crate::model::series::measure::PublishedSeries;
    use crate::model::series::minute::ChartBucket;
    use crate::web::site::{Names, View};

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T19:00:00Z".parse().unwrap()
    }

    fn state(id: &str, unit: Unit, component: &str, values: [f64; 2]) -> Arc<ChartState> {
        let course = |span: ChartSpan| {
            let from = now() - span.length();
            let bucket = |(part, value): (u32, f64)| ChartBucket {
                at: from + span.length() / 2 * part,
                min: value,
                mean: value,
                max: value,
            };
            let course = Course {
                from,
                until: now(),
                step: span.length() / 2,
                buckets: (0..).zip(values).map(bucket).collect(),
            };
            (span, Arc::new(course))
        };
        Arc::new(ChartState {
            series: PublishedSeries {
                id: id.into(),
                title: id.into(),
                unit,
                warn: None,
                bad: Some(0.5),
                components: vec![fixtures::component(component, component).id],
            },
            courses: ChartSpan::ALL.map(course).into(),
            newest: None,
        })
    }

    fn shown(figures: &[Arc<ChartState>], ago: Duration, body: &str) -> Option<String> {
        let mut board = Board::new(
            now(),
            fixtures::fresh([fixtures::component("api", "api")]),
            Facts::of(Sight::Fresh { last: now() }),
        );
        board.charts = Arc::new(figures.to_vec());
        let incident = Incident {
            date: Some(now() - ago),
            severity: Some(Severity::Down),
            affected: vec!["api".into()],
            body: body.into(),
            ..fixtures::incident("slow")
        };
        let names = Names::new("D", TimeZone::UTC);
        let view = View::new(&names, &board, now());
        chart(&Present::new(&view), &incident).map(|chart| chart.href)
    }

    #[test]
    fn an_incident_shows_what_visitors_feel_and_no_yes_or_no() {
        let figures = [
            state("up", Unit::Count, "api", [1.0, 0.0]),
            state("memory", Unit::Bytes, "api", [3.0, 9.0]),
            state("waiting", Unit::Count, "api", [3.0, 9.0]),
            state("failing", Unit::Percent, "api", [0.0, 0.4]),
            state("other", Unit::Seconds, "blog", [0.3, 2.0]),
            state("latency", Unit::Seconds, "api", [0.3, 2.0]),
        ];
        let soon = Duration::from_mins(20);
        let up_to = |many| shown(&figures[..many], soon, "");
        assert_eq!(up_to(1), None);
        assert_eq!(up_to(2).unwrap(), "/figures/memory/day/");
        assert_eq!(up_to(3).unwrap(), "/figures/waiting/day/");
        assert_eq!(up_to(5).unwrap(), "/figures/failing/day/");
        assert_eq!(up_to(6).unwrap(), "/figures/latency/day/");
        assert!(shown(&figures, Duration::from_hours(100), "").is_some());
        assert_eq!(shown(&figures, Duration::from_hours(200), ""), None);
        assert_eq!(shown(&figures, soon, "![a](../slow.svg)"), None);
    }
}
