//! One rule: what it asks, what it finds, and how it went lately.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::model::facts::rule_facts::RuleFacts;
use crate::model::facts::rule_tests::{RuleTestReport, TestOutcome};
use crate::model::request::samples::question::{FoundValues, QueryFault, QuerySpan};
use crate::model::time::duration::print;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::explore::values::{ValueRow, value_rows};
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::now::standing::{self, RuleStanding};
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::console::rules::course::{self, HOURS};
use crate::web::site::View;

/// Series whose values are listed.
const MOST_SERIES: usize = 50;

/// What may stand behind the `?`.
#[derive(Debug, Deserialize)]
pub(crate) struct RuleQuery {
    /// How many hours the chart shows.
    hours: Option<u64>,
}

#[derive(Template)]
#[template(path = "console/rule.html")]
struct RulePage {
    frame: ConsoleFrame,
    rule: RuleFacts,
    standing: Option<RuleStanding>,
    components: Vec<String>,
    hold: String,
    keep: String,
    /// The present value of every series, bad or not.
    values: Vec<ValueRow>,
    /// How many series more there are.
    further: usize,
    /// Why there are no values.
    fault: Option<String>,
    /// Narrow and wide.
    chart: Option<[String; 2]>,
    hours: u64,
    /// Other times of the chart, with their names.
    spans: Vec<(u64, String)>,
    /// What its tests say.
    tests: RuleTests,
}

/// What the tests of a rule say, in words.
struct RuleTests {
    words: String,
    /// Those that failed.
    failed: Vec<TestOutcome>,
}

impl RuleTests {
    fn of(rule: &RuleFacts, report: &RuleTestReport) -> Self {
        let own = report.of(&rule.id);
        let failed: Vec<_> = own.iter().filter(|one| !one.passed).collect();
        let words = match report {
            RuleTestReport::Running => "The tests are running.".to_owned(),
            RuleTestReport::Missing(file) => format!("There is no {file} beside the settings."),
            RuleTestReport::Unreadable(why) => format!("The tests cannot be read: {why}"),
            RuleTestReport::Done(file, _) if own.is_empty() => format!("{file} does not test it."),
            RuleTestReport::Done(file, _) if failed.is_empty() => match own.len() {
                1 => format!("The test in {file} passes."),
                count => format!("All {count} tests in {file} pass."),
            },
            RuleTestReport::Done(file, _) => {
                format!("{} of {} tests in {file} fail.", failed.len(), own.len())
            }
        };
        Self {
            words,
            failed: failed.into_iter().copied().cloned().collect(),
        }
    }
}

/// A stretch of time in words.
fn span_name(hours: u64) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        168 => "7 days".to_owned(),
        hours => format!("{hours} hours"),
    }
}

/// Shows a rule.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Path(id): Path<String>,
    Query(query): Query<RuleQuery>,
) -> Result<Response, OpsError> {
    let rule = desk.rules.iter().find(|rule| rule.id.0 == id).cloned();
    let rule = rule.ok_or_else(|| {
        OpsError::whole(StatusCode::NOT_FOUND, format!("there is no rule `{id}`"))
    })?;
    let hours = query
        .hours
        .filter(|hours| HOURS.contains(hours))
        .unwrap_or(6);
    let (_, now) = desk.site().snapshot();
    let minutes = course::minutes(&desk.history, &rule, hours, now).await;
    let runs = desk.samples.runs().await.unwrap_or_default();
    let found = match rule.source {
        Some(_) => Ok(FoundValues::Vector(Vec::new())),
        None => desk.samples.decisive(&rule.expr, QuerySpan::At(None)).await,
    };
    Ok(desk.show(ConsolePage::Rules, &context, |frame, view| {
        let mut verdicts = view.board.facts.verdicts.iter();
        let verdict = verdicts.find(|one| one.rule == rule.id);
        let standing = verdict.map(|one| standing::of(&rule, one, runs.get(&rule.id), view));
        let (values, fault) = match found {
            Ok(found) => {
                let mut rows = value_rows(&found, rule.unit, Some(rule.bad));
                rows.sort_by_key(|row| !row.is_bad);
                (rows, None)
            }
            Err(QueryFault::Unreadable { why, .. } | QueryFault::Failed(why)) => {
                (Vec::new(), Some(why))
            }
            Err(QueryFault::Busy) => (
                Vec::new(),
                Some("the samples are busy; try again".to_owned()),
            ),
        };
        let further = values.len().saturating_sub(MOST_SERIES);
        RulePage {
            frame: frame.titled(rule.id.0.clone()),
            standing,
            components: components(&rule, view),
            hold: print(rule.hold),
            keep: print(rule.keep_firing_for),
            values: values.into_iter().take(MOST_SERIES).collect(),
            further,
            fault,
            chart: course::drawn(&rule, &minutes, hours, view),
            hours,
            tests: RuleTests::of(&rule, &desk.tests.borrow()),
            spans: HOURS.map(|hours| (hours, span_name(hours))).into(),
            rule,
        }
    }))
}

fn components(rule: &RuleFacts, view: &View<'_>) -> Vec<String> {
    let states = view.board.components.iter();
    let meant = states.filter(|state| rule.components.contains(&state.component.id));
    meant.map(|state| state.component.name.clone()).collect()
}
