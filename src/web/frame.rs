//! What every page has around it: name, foot and style sheet.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::board::Sight;
use crate::model::component::Health;
use crate::web::honest::honest;
use crate::web::markdown;
use crate::web::site::{Colours, Names, View};
use crate::web::words;

/// The style sheet, the same for every page.
const STYLE: &str = include_str!("../../templates/style.css");

/// The style sheet with the site's own colours.
///
/// The colours of health are for light paper; in the dark ours are used, which
/// are made for it.
pub fn style(names: &Names) -> String {
    let Some(Colours {
        brand,
        ink,
        ok,
        notice,
        disrupted,
        down,
    }) = &names.colours
    else {
        return STYLE.to_owned();
    };
    format!(
        "{STYLE}\
         .top {{ background: {brand}; box-shadow: 0 0 0 100vmax {brand}; clip-path: inset(0 -100vmax); \
         margin-bottom: 1.5rem; padding-bottom: .5rem; }}\n\
         .top a, .top nav a, .name span {{ color: {ink}; }}\n\
         @media (prefers-color-scheme: light) {{ :root {{ --ok: {ok}; --notice: {notice}; \
         --disrupted: {disrupted}; --down: {down}; \
         --ok-bar: color-mix(in srgb, {ok} 50%, white); }} }}\n"
    )
}

/// The parts of `base.html`.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Name of the service.
    pub title: &'a str,
    /// What follows the name, unless it says so itself.
    pub suffix: &'static str,
    /// What stands at the foot, rendered.
    pub description: Option<String>,
    /// When something was measured last.
    pub measured: String,
    /// How well the page itself did.
    pub honest: Option<String>,
    /// Name of the zone that times are shown in.
    pub zone: String,
    /// Changes with the style sheet, so that browsers may keep it.
    pub style: String,
}

impl<'a> Frame<'a> {
    /// The frame of a view.
    pub fn new(view: &View<'a>) -> Self {
        let zone = &view.names.zone;
        let measured = match view.board.sight {
            Sight::Unwatched => String::new(),
            Sight::Fresh { last } => {
                format!("Measured {} ago.", words::lasting(last, view.now))
            }
            Sight::Blind { since } => {
                format!(
                    "Nothing measured since {}.",
                    words::when(since, view.now, zone).text
                )
            }
        };
        let named = view.now.to_zoned(zone.clone());
        Self {
            title: &view.names.title,
            suffix: if view.names.title.to_lowercase().ends_with("status") {
                ""
            } else {
                " status"
            },
            description: view
                .names
                .description
                .as_ref()
                .map(|text| markdown::render(text, view.names)),
            measured,
            honest: honest(&view.board.honesty, view.now, zone),
            zone: named.strftime("%Z").to_string(),
            style: tag(style(view.names).as_bytes()),
        }
    }
}

/// The sign in the browser's tab: the state of everything.
pub fn favicon(view: &View<'_>) -> String {
    let (shape, colour) = match view.board.health {
        Health::Ok => (r#"<circle cx="8" cy="8" r="7""#, "#2e8b4a"),
        Health::Unknown => (r#"<circle cx="8" cy="8" r="7""#, "#8a939c"),
        Health::Notice => (r#"<path d="M8 0l8 8-8 8-8-8z""#, "#3a6fd0"),
        Health::Disrupted => (r#"<path d="M8 1l8 14H0z""#, "#d98a00"),
        Health::Down => (r#"<path d="M1 1h14v14H1z""#, "#cc2f26"),
    };
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{shape} fill="{colour}"/></svg>"#
    )
}

/// A short mark of some bytes that changes with them.
pub fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
