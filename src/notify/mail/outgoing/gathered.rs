//! What one reader is told of one topic in place of all that waits: pure.

use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

/// The newest of what waits of one topic, the oldest first, with the reason that it has
/// for a reader who got none of it; `None` if there is nothing left to tell.
///
/// Each message says all that its topic has come to, so that older ones add nothing.
/// `knows` tells whether the reader may have got an earlier message of the topic.
pub(crate) fn gathered(mut waiting: Vec<Announcement>, knows: bool) -> Option<Announcement> {
    let newest = waiting.pop()?;
    if waiting.is_empty() {
        return Some(newest);
    }
    let occasion = if knows {
        known(&newest, &waiting)
    } else {
        first(&newest)?
    };
    Some(Announcement { occasion, ..newest })
}

/// Why somebody is told who knows nothing of the topic.
fn first(newest: &Announcement) -> Option<Occasion> {
    if newest.withdrawn {
        return None;
    }
    match newest.stage {
        Stage::Open => Some(Occasion::Opened),
        Stage::Over => (newest.kind != Kind::Operation).then_some(Occasion::Missed),
        Stage::Scheduled => Some(Occasion::Announced),
        Stage::Begun => Some(Occasion::Begun),
        Stage::Completed => Some(Occasion::Completed),
        Stage::Cancelled => None,
    }
}

/// Why somebody is told who knows of the topic, but nothing of what waits.
fn known(newest: &Announcement, before: &[Announcement]) -> Occasion {
    let has = |occasion: Occasion| before.iter().any(|one| one.occasion == occasion);
    let or_newest = |occasion: Occasion| {
        if has(occasion) {
            occasion
        } else {
            newest.occasion
        }
    };
    // Whoever would have been told that it recurs had been told that it is over.
    let was_over = before
        .first()
        .is_some_and(|first| first.occasion == Occasion::Recurred);
    match newest.stage {
        _ if newest.withdrawn => newest.occasion,
        Stage::Over if was_over => Occasion::Missed,
        Stage::Over => Occasion::Resolved,
        Stage::Open if was_over => Occasion::Recurred,
        Stage::Open if is_worse(newest, before) => Occasion::Worse,
        // Its end waits as well: to the reader it was never over.
        Stage::Open if newest.occasion == Occasion::Recurred => Occasion::Update,
        Stage::Open => or_newest(Occasion::Update),
        Stage::Scheduled => or_newest(Occasion::Rescheduled),
        Stage::Begun => or_newest(Occasion::Begun),
        Stage::Completed | Stage::Cancelled => newest.occasion,
    }
}

/// Whether it is at least as bad as the worst news of that kind that waits.
fn is_worse(newest: &Announcement, before: &[Announcement]) -> bool {
    let all = before.iter().chain([newest]);
    let worse = all.filter(|one| one.occasion == Occasion::Worse);
    let grave = worse.map(|one| one.severity).max();
    grave.is_some_and(|severity| newest.severity >= severity)
}
