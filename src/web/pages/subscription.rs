//! The pages of one subscription: asked for, confirmed, managed, ended.

use askama::Template;

use crate::language::speech::Speech;
use crate::model::request::receivers::subscription::{MailToken, ReportRhythm, SubscriptionChoice};
use crate::model::text::language::Language;
use crate::web::parts::context::Present;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::View;
use crate::web::subscriptions::form::FormFault;

/// Which page it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionPage {
    /// A link may have been sent.
    Asked,
    /// A form was not taken.
    Refused(Refusal),
    /// The link asks whether to confirm.
    Waiting(MailToken),
    /// What is subscribed, to be changed.
    Subscribed(MailToken, SubscriptionChoice, Progress),
    /// The link asks whether to end it.
    Leaving(MailToken),
    /// It has ended.
    Left,
    /// The link leads to nothing.
    Unknown,
}

/// What has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing.
    None,
    /// It was confirmed.
    Confirmed,
    /// It was changed.
    Saved,
}

impl Progress {
    /// The title of the page that shows it.
    fn title(self) -> &'static str {
        match self {
            Self::Confirmed => "subscribe-done",
            Self::None | Self::Saved => "subscribe-manage",
        }
    }

    /// Whether something was changed.
    fn is_saved(self) -> bool {
        match self {
            Self::Saved => true,
            Self::None | Self::Confirmed => false,
        }
    }
}

/// Why a form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A page of another site sent it.
    Foreign,
    /// It says something that cannot be.
    Form(FormFault),
    /// It could not be written down.
    Unnoted,
}

impl Refusal {
    /// The message for the visitor.
    fn key(self) -> &'static str {
        match self {
            Self::Foreign => "report-foreign",
            Self::Form(FormFault::Address) => "subscribe-no-address",
            Self::Form(FormFault::Nothing) => "subscribe-nothing",
            Self::Form(FormFault::Unclear) => "report-unclear",
            Self::Unnoted => "report-unnoted",
        }
    }
}

/// One box that may be ticked, or one line of a list.
#[derive(Debug)]
pub(crate) struct FormOption {
    /// What it sends.
    pub(crate) value: String,
    /// What it says.
    pub(crate) name: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// The choices of a form.
#[derive(Debug)]
pub(crate) struct ChoiceForm {
    /// What is told.
    pub(crate) kinds: Vec<FormOption>,
    /// How often uptime is reported.
    pub(crate) reports: Vec<FormOption>,
    /// Of what is told.
    pub(crate) components: Vec<FormOption>,
    /// In which language.
    pub(crate) languages: Vec<FormOption>,
}

impl ChoiceForm {
    /// A form that shows what is chosen.
    pub(crate) fn new(present: &Present<'_>, choice: &SubscriptionChoice) -> Self {
        let option = |value: &str, message: &str, chosen| FormOption {
            value: value.to_owned(),
            name: present.speech.say(message),
            chosen,
        };
        let report = |rhythm: Option<ReportRhythm>| {
            let word = rhythm.map_or("", ReportRhythm::word);
            let message = match rhythm {
                None => "subscribe-report-none",
                Some(ReportRhythm::Weekly) => "subscribe-report-weekly",
                Some(ReportRhythm::Monthly) => "subscribe-report-monthly",
            };
            option(word, message, choice.report == rhythm)
        };
        let components = present.view.board.components.iter();
        let components = components.map(|state| FormOption {
            value: state.component.id.0.clone(),
            name: present.label(&state.component.name).to_owned(),
            chosen: choice.components.contains(&state.component.id),
        });
        let languages = Language::ALL.map(|language| FormOption {
            value: language.tag().to_owned(),
            name: Speech::of(language).say("language-name"),
            chosen: language == choice.language,
        });
        Self {
            kinds: vec![
                option("incidents", "subscribe-incidents", choice.incidents),
                option("maintenance", "subscribe-maintenance", choice.maintenance),
            ],
            reports: vec![
                report(None),
                report(Some(ReportRhythm::Weekly)),
                report(Some(ReportRhythm::Monthly)),
            ],
            components: components.collect(),
            languages: languages.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionTemplate<'a> {
    frame: Frame<'a>,
    page: &'a SubscriptionPage,
    form: Option<ChoiceForm>,
}

/// A page of a subscription.
pub fn page(view: &View<'_>, page: &SubscriptionPage) -> askama::Result<String> {
    let present = Present::new(view);
    let form = match page {
        SubscriptionPage::Subscribed(_, choice, _) => Some(ChoiceForm::new(&present, choice)),
        SubscriptionPage::Asked
        | SubscriptionPage::Refused(_)
        | SubscriptionPage::Waiting(_)
        | SubscriptionPage::Leaving(_)
        | SubscriptionPage::Left
        | SubscriptionPage::Unknown => None,
    };
    SubscriptionTemplate {
        frame: Frame::new(&present, Here::Other),
        page,
        form,
    }
    .render()
}
