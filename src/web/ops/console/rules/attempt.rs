//! *Try a threshold*: the incidents that another condition would have opened.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::model::request::samples::trial::{
    PendingTrial, RuleTrial, TrialReport, TriedFate, TriedIncident,
};
use crate::model::time::duration::{parse, print, short};
use crate::model::verdict::RuleId;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::form::FormView;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::prometheus::parameters::QueryParameters;
use crate::web::site::View;

/// How long a trial may take, waiting for its turn among it.
const PATIENCE: Duration = Duration::from_secs(13);

/// An incident of either condition, as shown.
struct TriedRow {
    sign: &'static str,
    fate: &'static str,
    since: OperatorTime,
    title: String,
    moved: String,
}

/// What came of a trial.
struct TrialView {
    from: Option<OperatorTime>,
    until: Option<OperatorTime>,
    scrapes: u64,
    rows: Vec<TriedRow>,
    firings: Vec<(OperatorTime, Option<OperatorTime>)>,
}

#[derive(Template)]
#[template(path = "console/attempt.html")]
struct AttemptPage {
    frame: ConsoleFrame,
    id: String,
    form: FormView,
    found: Option<TrialView>,
}

/// Shows the form, and what comes of what it says.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Path(id): Path<String>,
    asked: QueryParameters,
) -> Result<Response, OpsError> {
    let rule = desk.rules.iter().find(|rule| rule.id.0 == id).cloned();
    let rule = rule.ok_or_else(|| {
        OpsError::whole(StatusCode::NOT_FOUND, format!("there is no rule `{id}`"))
    })?;
    let text = |name: &str, usual: &str| asked.filled(name).unwrap_or(usual).to_owned();
    let (expr, hold) = (text("expr", &rule.expr), text("for", &print(rule.hold)));
    let clear = text("clear", rule.clear.as_deref().unwrap_or_default());
    let sent = [("expr", &*expr), ("for", &*hold), ("clear", &*clear)];
    let (mut form, mut report) = (FormView::filled(sent), None);
    if asked.filled("expr").is_some() {
        let tried = match parse(&hold) {
            Err(error) => Err(OpsError::field("for", error.to_string())),
            Ok(hold) => {
                let trial = RuleTrial {
                    rule: RuleId(id.clone()),
                    clear: Some(clear.clone()).filter(|clear| !clear.is_empty()),
                    expr: expr.clone(),
                    hold: Some(hold),
                };
                attempt(&desk, trial).await
            }
        };
        match tried {
            Ok(found) => report = Some(found),
            Err(error) => form = FormView::refused(sent.into(), &error),
        }
    }
    Ok(
        desk.show(ConsolePage::Rules, &context, |frame, view| AttemptPage {
            frame: frame.titled(format!("Try another threshold: {id}")),
            found: report.map(|report| shown(report, view)),
            id,
            form,
        }),
    )
}

async fn attempt(desk: &ConsoleDesk, trial: RuleTrial) -> Result<TrialReport, OpsError> {
    let busy = || {
        let words = "others try rules at the moment; try again";
        OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, words)
    };
    let (answer, answered) = oneshot::channel();
    let pending = PendingTrial { trial, answer };
    desk.trials.try_send(pending).map_err(|_| busy())?;
    let answered = timeout(PATIENCE, answered).await;
    let answered = answered.ok().and_then(Result::ok).ok_or_else(busy)?;
    answered.map_err(|why| OpsError::field("expr", why))
}

fn shown(report: TrialReport, view: &View<'_>) -> TrialView {
    let time = |at| OperatorTime::new(at, view);
    let firings = report.firings.iter();
    TrialView {
        from: report.from.map(time),
        until: report.until.map(time),
        scrapes: report.scrapes,
        firings: firings
            .map(|(since, until)| (time(*since), until.map(time)))
            .collect(),
        rows: report
            .changes
            .into_iter()
            .map(|one| row(one, view))
            .collect(),
    }
}

fn row(one: TriedIncident, view: &View<'_>) -> TriedRow {
    let (sign, fate) = match one.fate {
        TriedFate::New => ("+", "only with the change"),
        TriedFate::Gone => ("−", "only with the present rule"),
        TriedFate::Moved => ("~", "at another time"),
        TriedFate::Same => ("=", "with both"),
    };
    let moves = [
        moved("begins", one.begins_later),
        moved("ends", one.ends_later.unwrap_or(0)),
    ];
    TriedRow {
        sign,
        fate,
        since: OperatorTime::new(one.since, view),
        title: one.title,
        moved: moves.into_iter().flatten().collect::<Vec<_>>().join(", "),
    }
}

fn moved(what: &str, seconds: i64) -> Option<String> {
    let by = short(Duration::from_secs(seconds.unsigned_abs()));
    match seconds {
        0 => None,
        1.. => Some(format!("{what} {by} later")),
        _ => Some(format!("{what} {by} earlier")),
    }
}
