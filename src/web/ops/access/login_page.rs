//! The page by which operators log in, which needs no script.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::web::ops::access::acting::Admitted;
use crate::web::ops::access::authenticator::Authenticator;
use crate::web::ops::access::oidc::pending::PendingLogins;
use crate::web::ops::access::oidc::provider::Provider;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::site::Site;

/// What the console needs besides the style sheet of the page.
const STYLE: &str = include_str!("../../../../templates/console.css");

/// What logins work with.
#[derive(Clone, Debug)]
pub(crate) struct LoginDesk {
    /// Tells who asks.
    pub(crate) authenticator: Authenticator,
    /// The provider, if the settings have one.
    pub(crate) provider: Option<Provider>,
    /// Logins on their way there.
    pub(crate) pending: PendingLogins,
    /// The name and the colours of the page.
    pub(crate) site: Site,
}

/// What the page shows.
#[derive(Debug)]
pub(crate) enum LoginView {
    /// The ways to log in, and why the last one led nowhere.
    Ways(Option<&'static str>),
    /// Who is logged in.
    Inside(Admitted),
    /// Somebody has just logged in.
    Entered(String),
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    title: &'a str,
    icon: String,
    style: String,
    view: LoginView,
    /// Whether the team's own login is there.
    has_provider: bool,
    /// Whether anybody can log in at all.
    is_locked: bool,
}

impl LoginDesk {
    /// Shows the page.
    pub(crate) fn page(&self, status: StatusCode, view: LoginView) -> Response {
        let authenticator = &self.authenticator;
        let page = self.site.show(|shown| {
            let page = LoginPage {
                title: &shown.names.title,
                icon: style::icon(shown.names, Sign::from(shown.board)),
                style: style::tag(self.style().as_bytes()),
                view,
                has_provider: authenticator.settings().oidc.is_some(),
                is_locked: authenticator.is_locked(),
            };
            page.render()
        });
        match page {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    /// The style sheet.
    pub(crate) fn style(&self) -> String {
        self.site.show(|shown| style::style(shown.names)) + STYLE
    }

    /// The style sheet as an answer, to be kept: its address changes with it.
    pub(crate) fn style_sheet(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "private, max-age=86400"),
        ];
        (headers, self.style()).into_response()
    }
}
