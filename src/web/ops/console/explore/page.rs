//! The page: an expression, its values now, and over the last hours.

use std::collections::BTreeSet;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use crate::model::request::samples::question::{FoundValues, QueryFault, QuerySpan};
use crate::model::text::unit::Unit;
use crate::model::time::duration;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::explore::plot::{Plotted, plot};
use crate::web::ops::console::explore::values::{ValueRow, value_rows};
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::prometheus::parameters::{QueryParameters, moment, step};

/// Rows of the table.
const MOST_ROWS: usize = 200;

/// Steps of the chart if no step is named.
const STEPS: u32 = 240;

/// A fault of an expression, with the place where it is.
struct FaultView {
    why: String,
    /// What stands before the place, and from there on.
    place: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "console/explore.html")]
struct ExplorePage {
    frame: ConsoleFrame,
    asked: ExploreForm,
    /// Names that can be completed.
    names: BTreeSet<String>,
    fault: Option<FaultView>,
    /// The values at the end; `None` if nothing was asked.
    rows: Option<Vec<ValueRow>>,
    further: usize,
    plot: Option<Plotted>,
}

/// What was asked, as it stands in the form.
#[derive(Clone, Debug, Default)]
struct ExploreForm {
    expr: String,
    range: String,
    end: String,
    step: String,
}

impl ExploreForm {
    fn read(asked: &QueryParameters) -> Self {
        let text = |name| asked.filled(name).unwrap_or_default().to_owned();
        Self {
            expr: text("expr"),
            range: asked.filled("range").unwrap_or("1h").to_owned(),
            end: text("end"),
            step: text("step"),
        }
    }

    /// The first moment, the last, and the step.
    fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp, Duration), String> {
        let range = duration::parse(&self.range).map_err(|error| error.to_string())?;
        let until = match &*self.end {
            "" => now,
            end => moment(end).ok_or_else(|| {
                format!("`{end}` is not a time; write it as in `2026-03-01T12:30:00Z`")
            })?,
        };
        let step = match &*self.step {
            "" => usual_step(range),
            text => {
                step(text).ok_or_else(|| format!("`{text}` is not a step; write it as in `15s`"))?
            }
        };
        let from = until
            .checked_sub(range)
            .map_err(|error| error.to_string())?;
        Ok((from, until, step))
    }
}

/// A step of whole seconds for so many steps.
fn usual_step(range: Duration) -> Duration {
    Duration::from_secs((range / STEPS).as_secs().max(1))
}

/// Shows what an expression says, if there is one.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    asked: QueryParameters,
) -> Response {
    let form = ExploreForm::read(&asked);
    let (_, now) = desk.site().snapshot();
    let series = desk.samples.series(Vec::new(), (None, None)).await;
    let names = series
        .unwrap_or_default()
        .into_iter()
        .map(|one| one.name)
        .collect();
    let (mut fault, mut instant, mut range) = (None, None, None);
    if !form.expr.is_empty() {
        match form.span(now) {
            Err(why) => fault = Some(FaultView { why, place: None }),
            Ok((from, until, step)) => {
                let at = QuerySpan::At(Some(until));
                match desk.samples.evaluate(&form.expr, at).await {
                    Err(error) => fault = Some(in_words(&form.expr, error)),
                    Ok(found) => instant = Some(found),
                }
                let has_steps = !matches!(
                    instant,
                    Some(FoundValues::Matrix(_) | FoundValues::Text(..))
                );
                // A range or a text has no value at each step: there is no chart of it.
                if fault.is_none() && has_steps {
                    let over = QuerySpan::Over { from, until, step };
                    match desk.samples.evaluate(&form.expr, over).await {
                        Err(error) => fault = Some(in_words(&form.expr, error)),
                        Ok(found) => range = Some((found, (from, until), step)),
                    }
                }
            }
        }
    }
    desk.show(ConsolePage::Explore, &context, |frame, view| {
        let rows = instant.map(|found| value_rows(&found, Unit::Count, None));
        let plot = range.and_then(|(found, span, step)| match found {
            FoundValues::Matrix(courses) if !courses.is_empty() => {
                Some(plot(&courses, span, step, &view.names.zone))
            }
            _ => None,
        });
        let further = rows
            .as_ref()
            .map_or(0, |rows| rows.len().saturating_sub(MOST_ROWS));
        ExplorePage {
            frame,
            asked: form,
            names,
            fault,
            further,
            rows: rows.map(|rows| rows.into_iter().take(MOST_ROWS).collect()),
            plot,
        }
    })
}

fn in_words(expr: &str, fault: QueryFault) -> FaultView {
    match fault {
        QueryFault::Unreadable { why, place } => {
            let place = place.and_then(|at| expr.split_at_checked(at));
            let place = place.map(|(before, rest)| (before.to_owned(), rest.to_owned()));
            FaultView { why, place }
        }
        QueryFault::Failed(why) => FaultView { why, place: None },
        QueryFault::Busy => FaultView {
            why: "the samples are busy; try again".to_owned(),
            place: None,
        },
    }
}
