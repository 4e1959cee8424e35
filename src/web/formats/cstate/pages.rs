//! Pages of a site that are no incidents, as cState's JSON has them:
//! `/pages/<slug>/index.json`, and the list of a folder, `/pages/index.json`.

use serde_json::{Value, json};

use crate::web::formats::cstate::issue::printed;
use crate::web::pages::extra_pages;
use crate::web::site::View;
use crate::web::site_elements::ExtraPage;
use crate::web::text::links;
use crate::web::text::markdown;

/// How many characters a summary has at most.
const SUMMARY: usize = 500;

/// The page at a path; `None` if the site has none there.
pub(crate) fn page(view: &View<'_>, path: &str) -> Option<Value> {
    let page = view.names.pages.get(path)?;
    Some(json!({
        "is": "page",
        "title": page.title,
        "createdAt": date(view, page),
        "filename": page.filename,
        "permalink": links::absolute(view.names, &links::free_path(path)),
        "body": extra_pages::body(page, view.names),
    }))
}

/// The pages of a folder; `None` if the site has none of that name.
pub(crate) fn list(view: &View<'_>, section: &str) -> Option<Value> {
    let names = view.names;
    let pages = extra_pages::within(names, section)?;
    let short = |(path, page): (&str, &ExtraPage)| {
        json!({
            "is": "page",
            "title": page.title,
            "createdAt": date(view, page),
            "lastMod": date(view, page),
            "permalink": links::absolute(names, &links::free_path(path)),
            "filename": page.filename,
            "summary": markdown::plain(&page.body, SUMMARY, names),
        })
    };
    Some(json!({
        "is": section,
        "title": extra_pages::heading(section),
        "baseURL": names.cstate.address.as_ref().or(names.url.as_ref()).cloned().unwrap_or_default(),
        "description": "",
        "pages": pages.into_iter().map(short).collect::<Vec<_>>(),
    }))
}

fn date(view: &View<'_>, page: &ExtraPage) -> Option<String> {
    printed(page.date.as_deref()?, view.names)
}
