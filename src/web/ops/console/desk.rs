//! What every handler of the console is given, and how it answers.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use tokio::sync::{mpsc, watch};

use crate::model::facts::collector_health::CollectorStates;
use crate::model::facts::rule_facts::RuleFacts;
use crate::model::facts::rule_tests::RuleTestReport;
use crate::model::facts::trouble::Troubles;
use crate::model::request::ask::HistoryQuery;
use crate::model::request::incidents::file_findings::FileFindingsDoor;
use crate::model::request::receivers::receiver_preview::ReceiverPreviews;
use crate::model::request::reload::SettingsInForce;
use crate::model::request::samples::trial::PendingTrial;
use crate::web::ops::access::operators::Operators;
use crate::web::ops::api::desk::WriteApi;
use crate::web::ops::board_metrics::MonitorMetrics;
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::prometheus::door::WindowDoor;
use crate::web::ops::reload::Reloads;
use crate::web::site::{Site, View};

/// Handed to every handler of the console.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleDesk {
    /// The board, and the doors of all that people change: the console does nothing
    /// that the API does not do.
    pub(crate) api: WriteApi,
    /// Our own metrics.
    pub(crate) levels: Arc<MonitorMetrics>,
    /// What receivers would be told of a change.
    pub(crate) previews: ReceiverPreviews,
    /// The settings in force.
    pub(crate) settings: Arc<SettingsInForce>,
    /// What is to be found in the incident files.
    pub(crate) file_findings: FileFindingsDoor,
    /// Has them read again.
    pub(crate) reloads: Reloads,
    /// How the collectors fare.
    pub(crate) collectors: CollectorStates,
    /// What parts of the monitor cannot do.
    pub(crate) troubles: Troubles,
    /// The rules, in the order of the settings.
    pub(crate) rules: Arc<Vec<RuleFacts>>,
    /// What the tests of the rules say.
    pub(crate) tests: watch::Receiver<Arc<RuleTestReport>>,
    /// The way to the recent samples.
    pub(crate) samples: WindowDoor,
    /// The way to what was written down.
    pub(crate) history: mpsc::Sender<HistoryQuery>,
    /// Takes rules that somebody wants to try.
    pub(crate) trials: mpsc::Sender<PendingTrial>,
}

impl ConsoleDesk {
    /// The board.
    pub(crate) fn site(&self) -> &Site {
        &self.operators().site
    }

    /// What is noted and silenced.
    pub(crate) fn operators(&self) -> &Operators {
        &self.api.operators
    }

    /// Shows a page.
    pub(crate) fn show<T: Template>(
        &self,
        page: ConsolePage,
        context: &FrameContext,
        make: impl FnOnce(ConsoleFrame, &View<'_>) -> T,
    ) -> Response {
        self.show_as(StatusCode::OK, Some(page), context, make)
    }

    /// Shows a page whose form was refused.
    pub(crate) fn show_refused<T: Template>(
        &self,
        page: ConsolePage,
        context: &FrameContext,
        make: impl FnOnce(ConsoleFrame, &View<'_>) -> T,
    ) -> Response {
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, Some(page), context, make)
    }

    /// Shows a page, or one that is not in the table, with a status.
    pub(crate) fn show_as<T: Template>(
        &self,
        status: StatusCode,
        page: Option<ConsolePage>,
        context: &FrameContext,
        make: impl FnOnce(ConsoleFrame, &View<'_>) -> T,
    ) -> Response {
        let shown = self.site().show(|view| {
            let frame = ConsoleFrame::new(view, page, context);
            make(frame, view).render()
        });
        match shown {
            Ok(shown) => (status, Html(shown)).into_response(),
            Err(error) => {
                tracing::error!(%error, "cannot show a page of the console");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// Leads to a page of the console after a form was sent, which says what was done.
pub(crate) fn done(address: &str, notice: DoneNotice) -> Response {
    Redirect::to(&format!("{address}?done={}", notice.word())).into_response()
}
