//! Where visitors report that something fails for them: one click, no personal data.

use askama::Template;

use crate::web::parts::context::Present;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// More choices than that are folded into a list, so that the button stays in sight.
const MANY: usize = 12;

/// The choices of a visitor.
struct ReportChoice<'a> {
    id: &'a str,
    name: &'a str,
}

/// How far a report has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// It may be made.
    Open,
    /// It was taken.
    Taken,
    /// Too many come from there, or at all; it was not taken.
    Refused,
    /// It was not taken for another reason.
    Unheard(ReportFailure),
}

/// Why a report was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFailure {
    /// A page of another site sent it.
    Foreign,
    /// It cannot be read, or names nothing of ours.
    Unclear,
    /// It could not be noted.
    Unnoted,
}

impl ReportFailure {
    /// The message for the visitor.
    fn key(self) -> &'static str {
        match self {
            Self::Foreign => "report-foreign",
            Self::Unclear => "report-unclear",
            Self::Unnoted => "report-unnoted",
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    frame: Frame<'a>,
    report: ReportState,
    /// The headline of an ongoing problem, so that nobody needs to report it again.
    ongoing: Option<String>,
    choices: Vec<ReportChoice<'a>>,
}

/// The form, or the result after it was sent.
pub fn page(view: &View<'_>, report: ReportState) -> askama::Result<String> {
    let present = Present::new(view);
    let components = view.board.components.iter();
    let ongoing = crate::web::parts::incident::banner::banner(&present);
    ReportPage {
        frame: Frame::new(&present, Here::Report),
        report,
        ongoing: (ongoing.sign > Sign::Notice).then_some(ongoing.headline),
        choices: components
            .map(|state| ReportChoice {
                id: &state.component.id.0,
                name: (view.names.labels.get(&state.component.name))
                    .unwrap_or(&state.component.name),
            })
            .collect(),
    }
    .render()
}
