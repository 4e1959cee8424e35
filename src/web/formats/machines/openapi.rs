//! `/api/openapi.json`: all of it described, from the one source `openapi.json`.

use serde_json::{Value, json};

use crate::web::site::View;

/// The description, maintained by hand; a test holds it against every answer.
const SOURCE: &str = include_str!("openapi.json");

/// The description with the site's own name and address.
pub(crate) fn document(view: &View<'_>) -> Value {
    // A test reads it; a description that is none says nothing.
    let mut document: Value = serde_json::from_str(SOURCE).unwrap_or_default();
    document["info"]["title"] = json!(view.names.title);
    document["servers"] = json!([{ "url": view.names.url.as_deref().unwrap_or("/") }]);
    if !view.names.takes_reports()
        && let Some(paths) = document["paths"].as_object_mut()
    {
        paths.shift_remove("/report");
    }
    if !view.names.subscriptions
        && let Some(page) = document["paths"]["/subscribe"].as_object_mut()
    {
        page.shift_remove("post");
    }
    document
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use crate::model::board::{Board, Facts, Sight};
    use crate::web::site::Names;

    use super::*;

    #[test]
    fn what_is_not_taken_is_not_described() {
        let board = Board::new(Timestamp::UNIX_EPOCH, [], Facts::of(Sight::Unwatched));
        for (reports, described) in [(None, true), (Some(true), true), (Some(false), false)] {
            let names = Names {
                reports,
                ..Names::new("", TimeZone::UTC)
            };
            let document = document(&View::new(&names, &board, board.at));
            assert_eq!(document["paths"].get("/report").is_some(), described);
        }
    }
}
