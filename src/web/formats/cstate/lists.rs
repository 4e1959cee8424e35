//! cState's lists of incidents: `/issues/index.json`, `/affected/<slug>/index.json`.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::web::formats::cstate::index::status;
use crate::web::formats::cstate::issue::listed;
use crate::web::pages::affected::affected;
use crate::web::site::View;
use crate::web::text::links;

/// `/issues/index.json`.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename = "issues")]
pub(crate) struct IssueList<'v> {
    title: &'static str,
    #[serde(rename = "baseURL")]
    address: &'v str,
    description: &'static str,
    pages: Vec<Box<RawValue>>,
}

/// `/affected/<slug>/index.json`.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename = "system")]
pub(crate) struct SystemList<'v> {
    title: &'v str,
    permalink: String,
    status: &'static str,
    pages: Vec<Box<RawValue>>,
}

/// Every page of the folder.
pub(crate) fn issues<'v>(view: &View<'v>) -> IssueList<'v> {
    let names = view.names;
    let address = names.cstate.address.as_deref().or(names.url.as_deref());
    let incidents = view.board.facts.incidents.iter();
    let pages = incidents.filter(|page| page.has_page());
    IssueList {
        title: "Issues",
        address: address.unwrap_or_default(),
        description: "",
        pages: pages.map(|incident| listed(incident, view)).collect(),
    }
}

/// What names something as affected; `None` if there is nothing of that name.
pub(crate) fn system<'v>(view: &View<'v>, address: &str) -> Option<SystemList<'v>> {
    let found = affected(view.board, address)?;
    let pages = found.incidents.iter();
    Some(SystemList {
        title: found.name,
        permalink: links::affected(view.names, address),
        status: status(found.counted),
        pages: pages.map(|incident| listed(incident, view)).collect(),
    })
}
