//! The page as a whole in Statuspage's words.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::web::formats::statuspage::components;
use crate::web::formats::statuspage::ids::{moment, page_id};
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// The site, which every document names.
pub(crate) fn page(view: &View<'_>) -> Value {
    let names = view.names;
    json!({
        "id": page_id(view),
        "name": names.title,
        "url": names.url.as_deref().unwrap_or("/"),
        "time_zone": names.zone.iana_name().unwrap_or("Etc/UTC"),
        "updated_at": moment(updated(view)),
    })
}

/// The worst of all, in a word and a sentence.
pub(crate) fn status(view: &View<'_>) -> Value {
    let (indicator, description) = match Sign::from(view.board) {
        Sign::Down => ("critical", "Major Service Outage"),
        Sign::Disrupted => ("major", "Partial System Outage"),
        Sign::Maintenance => ("maintenance", "Service Under Maintenance"),
        Sign::Notice => ("minor", "Minor Service Outage"),
        // Never "operational": we do not know.
        Sign::Unknown => ("minor", "No Current Data For Some Systems"),
        Sign::Ok if !view.board.is_measured() => ("none", "No Incidents Reported"),
        Sign::Ok => ("none", "All Systems Operational"),
    };
    json!({ "indicator": indicator, "description": description })
}

/// When anything visible changed last.
fn updated(view: &View<'_>) -> Timestamp {
    let board = view.board;
    let public = board
        .facts
        .incidents
        .iter()
        .filter(|incident| incident.is_public());
    let written = public.filter_map(|incident| incident.changed(view.now));
    let states = board.components.iter();
    let seen = states.map(|state| components::updated(view, state));
    // Planned work is announced before it begins.
    written
        .chain(seen)
        .filter(|at| *at <= view.now)
        .max()
        .unwrap_or(board.at)
}
