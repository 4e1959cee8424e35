//! The page by which operators log in, which needs no script.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use crate::web::ops::access::acting::Admitted;
use crate::web::ops::access::authenticator::Authenticator;
use crate::web::ops::access::oidc::pending::PendingLogins;
use crate::web::ops::access::oidc::provider::Provider;
use crate::web::ops::console::assets;
use crate::web::ops::console::page_table::CONSOLE;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::site::Site;

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
    /// Where to go on.
    next: &'a str,
}

/// What may stand behind the `?` of a login.
#[derive(Deserialize)]
pub(crate) struct NextQuery {
    /// The page that somebody wanted to see.
    pub(crate) next: Option<String>,
}

/// Whether an address is one of the console: nobody is led anywhere else.
pub(crate) fn is_page(address: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    address.starts_with(CONSOLE) && address.len() <= 2048 && address.bytes().all(is_plain)
}

impl LoginDesk {
    /// Shows the page.
    pub(crate) fn page(&self, status: StatusCode, view: LoginView) -> Response {
        self.page_before(status, view, None)
    }

    /// Shows the page to somebody who wanted to see another.
    pub(crate) fn page_before(
        &self,
        status: StatusCode,
        view: LoginView,
        next: Option<&str>,
    ) -> Response {
        let authenticator = &self.authenticator;
        let page = self.site.show(|shown| {
            let page = LoginPage {
                title: &shown.names.title,
                icon: style::icon(shown.names, Sign::from(shown.board)),
                style: assets::style_mark(shown.names),
                view,
                has_provider: authenticator.settings().oidc.is_some(),
                is_locked: authenticator.is_locked(),
                next: next.filter(|next| is_page(next)).unwrap_or(CONSOLE),
            };
            page.render()
        });
        match page {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    /// The style sheet as an answer.
    pub(crate) fn style_sheet(&self) -> Response {
        self.site.show(|shown| assets::style_sheet(shown.names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_to_a_page_of_the_console_and_nowhere_else() {
        for (address, leads) in [
            ("/console/", true),
            ("/console/rules?hours=6", true),
            ("/console", false),
            ("/", false),
            ("//console/", false),
            ("https://evil.example/console/", false),
            ("/console/\\evil", false),
            ("/console/ x", false),
            ("/console/\r\nSet-Cookie:x", false),
        ] {
            assert_eq!(is_page(address), leads, "{address}");
        }
    }
}
