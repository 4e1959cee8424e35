//! `GET /issues/?q=…`: what a visitor looks for in the history, which no two want
//! the same of; in the language that the address names.

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse as _, Response};

use crate::web::pages::archive;
use crate::web::pages::archive::{ArchivePart, Search};
use crate::web::serving::metrics;
use crate::web::serving::public::Public;
use crate::web::serving::response::respond::text;
use crate::web::site::View;
use crate::web::table::pages::Page;
use crate::web::table::{Address, in_language};

/// Finds it; who looks for nothing is given the page.
pub(crate) async fn search(
    State(public): State<Public>,
    code: Option<Path<String>>,
    request: Request,
) -> Response {
    let search = Search::from_query(request.uri().query().unwrap_or_default());
    if search.is_empty() {
        return public.page(request).await;
    }
    let site = public.site.clone();
    let language = (site.names()).language(text(request.headers(), ACCEPT_LANGUAGE));
    let part = ArchivePart::Newest(search);
    // It reads every incident, which may take its time.
    let snapshot = move |view: &View<'_>| match code {
        Some(Path(code)) => in_language(view, &code, |view| archive::page(view, &part)).flatten(),
        None => archive::page(view, &part),
    };
    let found = (public.workers).work(move || site.show_in(language, snapshot));
    let answer = match found.await.flatten() {
        Some(Ok(page)) => {
            let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
            ([kind, (VARY, "accept-language")], page).into_response()
        }
        Some(Err(error)) => {
            tracing::error!(%error, "cannot render the page of a search");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        None => return public.page(request).await,
    };
    let form = metrics::form(Some(&Address::site(Page::Incidents)), None);
    (Extension(form), answer).into_response()
}
