//! The style sheet and the script of the console, which the login page uses as well.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::web::parts::look::style;
use crate::web::site::Names;

/// What the console needs besides the style sheet of the page.
const STYLE: &str = include_str!("../../../../templates/console.css");

/// What its lists and forms need besides.
const CHANGES: &str = include_str!("../../../../templates/console/changes.css");

/// What keeps an open page of the console fresh; nothing needs it.
const SCRIPT: &str = include_str!("../../../../templates/console/console.js");

/// Changes with the script.
pub(crate) static SCRIPT_MARK: LazyLock<String> = LazyLock::new(|| style::tag(SCRIPT.as_bytes()));

/// The style sheet, in the colours of a site.
pub(crate) fn console_style(names: &Names) -> String {
    style::style(names) + STYLE + CHANGES
}

/// Changes with the style sheet.
pub(crate) fn style_mark(names: &Names) -> String {
    style::tag(console_style(names).as_bytes())
}

/// The style sheet as an answer.
pub(crate) fn style_sheet(names: &Names) -> Response {
    kept("text/css; charset=utf-8", console_style(names))
}

/// The script as an answer.
pub(crate) async fn script() -> Response {
    kept("text/javascript; charset=utf-8", SCRIPT.to_owned())
}

/// An answer that may be kept: its address changes with it.
fn kept(kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, max-age=86400"),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_from_text() {
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("eval("));
    }
}
