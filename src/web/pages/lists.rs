//! Plain lists with a heading: of links, and of incidents in slices.
//!
//! Sites that come from cState have such slices at known addresses; our own pages
//! show as much as they can and lead to the history for the rest.

use askama::Template;

use std::collections::HashSet;

use crate::model::incident::Incident;
use crate::web::pages::affected::{self, affected};
use crate::web::pages::incidents::{self, IncidentLine};
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::View;
use crate::web::text::links;

/// The segment between the address of a list and the number of a slice.
const BETWEEN: &str = "/page/";

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    heading: &'a str,
    items: Vec<NamedLink>,
    lines: Vec<IncidentLine>,
    newer: Option<String>,
    older: Option<String>,
}

/// A page of links.
pub(crate) fn links(
    present: &Present<'_>,
    here: Here,
    heading: &str,
    items: Vec<NamedLink>,
) -> askama::Result<String> {
    ListPage {
        frame: Frame::new(present, here),
        heading,
        items,
        lines: Vec::new(),
        newer: None,
        older: None,
    }
    .render()
}

/// A slice of all incidents, by its number; `None` if there is none.
pub(crate) fn slice(view: &View<'_>, number: &str) -> Option<askama::Result<String>> {
    let present = Present::new(view);
    let heading = present.speech.say("history");
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let public = incidents.filter(|incident: &&Incident| incident.is_public());
    render_slice(&present, &heading, "", &public.collect::<Vec<_>>(), number)
}

/// A slice of the incidents of a component: `api/page/2`; `None` if there is none.
pub(crate) fn slice_of(view: &View<'_>, path: &str) -> Option<askama::Result<String>> {
    let (slug, number) = path.rsplit_once(BETWEEN)?;
    let found = affected(view.board, slug)?;
    let present = Present::new(view);
    let public = found.incidents.into_iter();
    let public: Vec<_> = public.filter(|incident| incident.is_public()).collect();
    let path = links::affected_path(slug);
    let heading = present.label(found.name);
    render_slice(
        &present,
        heading,
        path.trim_end_matches('/'),
        &public,
        number,
    )
}

fn render_slice(
    present: &Present<'_>,
    heading: &str,
    path: &str,
    incidents: &[&Incident],
    number: &str,
) -> Option<askama::Result<String>> {
    let per = present.view.names.cstate.per_page?;
    let count = numbers(incidents.len(), per);
    let at = count.clone().find(|at| at.to_string() == number)?;
    let beside = |at: Option<usize>| {
        let at = at.filter(|at| count.contains(at))?;
        Some(present.to(&format!("{path}{BETWEEN}{at}/")))
    };
    let shown = incidents.iter().skip((at - 1) * per).take(per);
    let list = ListPage {
        frame: Frame::new(present, Here::Other),
        heading: &format!("{heading} · {at}"),
        items: Vec::new(),
        lines: shown
            .map(|incident| incidents::line(present, incident))
            .collect(),
        newer: beside(at.checked_sub(1)),
        older: beside(at.checked_add(1)),
    };
    Some(list.render())
}

/// The numbers of the slices of so many incidents.
fn numbers(of: usize, per: usize) -> std::ops::RangeInclusive<usize> {
    1..=of.div_ceil(per.max(1))
}

/// The numbers of all slices of the list of incidents.
pub(crate) fn all(view: &View<'_>) -> Vec<String> {
    let Some(per) = view.names.cstate.per_page else {
        return Vec::new();
    };
    let public = view.board.facts.incidents.iter();
    let public = public.filter(|incident| incident.is_public()).count();
    let numbers = numbers(public, per).map(|at| at.to_string());
    numbers.collect()
}

/// The slices of what incidents name, as `api/page/2`.
pub(crate) fn all_of(view: &View<'_>) -> Vec<String> {
    let Some(per) = view.names.cstate.per_page else {
        return Vec::new();
    };
    let slugs = links::slugs(view.board).into_iter();
    let slices = slugs.flat_map(|slug| {
        let found = affected(view.board, &slug);
        let incidents = found.map(|found| found.incidents).unwrap_or_default();
        let public = incidents.iter().filter(|incident| incident.is_public());
        numbers(public.count(), per).map(move |at| format!("{slug}{BETWEEN}{at}"))
    });
    slices.collect()
}

/// The page that lists all of it: the components, then what only incidents name.
pub(crate) fn affected_names(view: &View<'_>) -> askama::Result<String> {
    let present = Present::new(view);
    let item = |name: &str| NamedLink {
        name: present.label(name).to_owned(),
        href: present.address_of(name),
    };
    let components = view.board.components.iter();
    let mut items: Vec<_> = components
        .map(|state| item(&state.component.name))
        .collect();
    let others = affected::named(view.board)
        .into_iter()
        .map(|(_, name, _)| item(name));
    let mut others: Vec<_> = others.collect();
    others.sort_by_cached_key(|item| item.name.to_lowercase());
    let hrefs: HashSet<_> = items.iter().map(|item| item.href.clone()).collect();
    items.extend(
        others
            .into_iter()
            .filter(|item| !hrefs.contains(&item.href)),
    );
    let heading = present.speech.say("components");
    links(&present, Here::Other, &heading, items)
}
