//! The element with the lowest score of a sorted set, as the oldest of a place.

use crate::collect::queue::reading::answers::{Answer, Answers, scored};
use crate::collect::queue::reading::oldest::{Oldest, OldestSight};
use crate::collect::queue::reading::question::Question;

/// How long it has been there, in milliseconds; `since` reads a score.
///
/// Negative scores and other nonsense are no moment: then the first sight counts.
pub(crate) fn age(
    oldest: &mut Oldest,
    answers: &mut Answers,
    key: &[u8],
    mut since: impl FnMut(f64) -> Option<i64>,
) -> Option<i64> {
    let sight = match answers.take(&Question::lowest(key)) {
        Answer::Value(value) => {
            let Some((member, score)) = scored(value).into_iter().next() else {
                oldest.clear();
                return Some(0);
            };
            OldestSight::new(&member, since(score))
        }
        Answer::Later => OldestSight::Later,
        Answer::Unknown => return None,
    };
    oldest.age(sight, answers.now_ms)
}
