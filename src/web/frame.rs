//! What every page has around it: name, foot and style sheet.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::board::Sight;
use crate::web::site::View;
use crate::web::words;

/// The style sheet, the same for every page.
pub const STYLE: &str = include_str!("../../templates/style.css");

/// The parts of `base.html`.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Name of the service.
    pub title: &'a str,
    /// One sentence at the foot.
    pub description: Option<&'a str>,
    /// When something was measured last.
    pub measured: String,
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
            description: view.names.description.as_deref(),
            measured,
            zone: named.strftime("%Z").to_string(),
            style: tag(STYLE.as_bytes()),
        }
    }
}

/// A short mark of some bytes that changes with them.
pub fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
