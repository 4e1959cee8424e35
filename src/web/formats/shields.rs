//! `/badge/<component>.json`: a badge for the endpoint of shields.io.

use serde_json::{Value, json};

use crate::language::speech::Speech;
use crate::web::formats::cstate::badge::colour;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;
use crate::web::text::links;

/// How long shields.io may cache it, in seconds; it takes no less.
const CACHE_SECONDS: u32 = 300;

/// The badge of a component, named by its address or its id.
pub(crate) fn badge(view: &View<'_>, name: &str) -> Option<Value> {
    let mut states = view.board.components.iter();
    let state = states.find(|state| {
        let component = &state.component;
        component.id.0 == name || links::slug(component) == name
    })?;
    let sign = Sign::from(state);
    let colour = colour(view.names, sign);
    Some(json!({
        "schemaVersion": 1,
        "label": state.component.name,
        "message": sign.word_if(state.is_measured, &Speech::of(view.language)),
        "color": colour.trim_start_matches('#'),
        // A failing one may not be painted over by who shows it.
        "isError": sign == Sign::Down,
        "cacheSeconds": CACHE_SECONDS,
    }))
}
