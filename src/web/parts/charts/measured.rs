//! When something was measured last.

use crate::model::board::Sight;
use crate::web::parts::context::Present;
use crate::web::parts::times;
use crate::web::text::html;

/// When something was measured last: a moment stays true without a script.
pub(crate) fn measured(present: &Present<'_>) -> Option<String> {
    let Sight::Fresh { last } = present.view.board.facts.sight else {
        return None;
    };
    let zone = &present.view.names.zone;
    let clock = times::clock(last, zone, true);
    let text = present.speech.with("measured-at", "clock", clock.text);
    let say = present.speech.with("measured-ago", "span", "{}");
    Some(format!(
        "<span data-measured data-since=\"{}\" data-say=\"{}\">{}</span>",
        clock.iso,
        html::escape(&say),
        html::escape(&text)
    ))
}
