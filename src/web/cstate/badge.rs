//! cState's badges: `/index.svg` and `/affected/<slug>/index.svg`.

use askama::Template;

use crate::model::component::Health;
use crate::web::affected::affected;
use crate::web::cstate::labels::labels;
use crate::web::site::{Colours, Names, View};

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
pub fn index(view: &View<'_>) -> askama::Result<String> {
    badge(view, &view.names.title, view.board.health)
}

/// The badge of a component; `None` if there is none of that name.
pub fn system(view: &View<'_>, address: &str) -> Option<askama::Result<String>> {
    let found = affected(view.board, address)?;
    Some(badge(view, found.name, found.health))
}

fn badge(view: &View<'_>, name: &str, health: Health) -> askama::Result<String> {
    let label = labels(&view.names.cstate.language).health(health);
    let left = name.chars().count() + 2;
    Badge {
        name,
        label,
        colour: colour(view.names, health),
        left,
        width: left + label.chars().count() + 2,
    }
    .render()
}

/// The colour of a health where white letters stand on it.
pub fn colour(names: &Names, health: Health) -> String {
    let colours = colours(names);
    match health {
        Health::Ok => colours.ok,
        Health::Unknown => "#767676".to_owned(),
        Health::Notice => colours.notice,
        Health::Disrupted => colours.disrupted,
        Health::Down => colours.down,
    }
}

/// The site's colours, or cState's: white letters can be read on all of them.
pub fn colours(names: &Names) -> Colours {
    names.colours.clone().unwrap_or_else(|| Colours {
        brand: "#0a0c0f".to_owned(),
        ink: "#ffffff".to_owned(),
        ok: "#008000".to_owned(),
        notice: "#24478f".to_owned(),
        disrupted: "#cc4400".to_owned(),
        down: "#e60000".to_owned(),
    })
}
