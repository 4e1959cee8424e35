//! cState's badges: `/index.svg` and `/affected/<slug>/index.svg`.

use askama::Template;

use crate::web::formats::cstate::labels::labels;
use crate::web::pages::affected::affected;
use crate::web::parts::look::sign::Sign;
use crate::web::site::{Names, View};
use crate::web::site_elements::Colours;

#[derive(Template)]
#[template(path = "badge.svg")]
struct Badge<'a> {
    name: &'a str,
    label: &'static str,
    colour: String,
    /// Width of the left part and of all, in the width of an x.
    left: usize,
    width: usize,
}

/// The site's badge.
pub(crate) fn index(view: &View<'_>) -> askama::Result<String> {
    badge(view, &view.names.title, view.board.into())
}

/// The badge of a component; `None` if there is none of that name.
pub(crate) fn system(view: &View<'_>, address: &str) -> Option<askama::Result<String>> {
    let found = affected(view.board, address)?;
    Some(badge(view, found.name, found.sign))
}

fn badge(view: &View<'_>, name: &str, sign: Sign) -> askama::Result<String> {
    let label = labels(&view.names.cstate.language).sign(sign);
    let left = name.chars().count() + 2;
    Badge {
        name,
        label,
        colour: colour(view.names, sign),
        left,
        width: left + label.chars().count() + 2,
    }
    .render()
}

/// The colour of a sign where white letters stand on it.
pub(crate) fn colour(names: &Names, sign: Sign) -> String {
    let colours = colours(names);
    match sign {
        Sign::Ok => colours.ok,
        Sign::Unknown => "#767676".to_owned(),
        // cState has one word and one colour for both.
        Sign::Notice | Sign::Maintenance => colours.notice,
        Sign::Disrupted => colours.disrupted,
        Sign::Down => colours.down,
    }
}

/// The site's colours, or cState's: white letters can be read on all of them.
pub(crate) fn colours(names: &Names) -> Colours {
    names.colours.clone().unwrap_or_else(|| Colours {
        brand: "#0a0c0f".to_owned(),
        ink: "#ffffff".to_owned(),
        ok: "#008000".to_owned(),
        notice: "#24478f".to_owned(),
        disrupted: "#cc4400".to_owned(),
        down: "#e60000".to_owned(),
    })
}
