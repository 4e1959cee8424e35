//! What is kept and what is dropped.

use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::operator::Pick;

/// Keeps (true) and drops dice of sets. Each looks at the dice as they were before all others,
/// so their order does not matter.
pub(crate) fn pick(faces: &mut [Face], picks: impl Iterator<Item = ((bool, Pick), Vec<usize>)>) {
    let mut dropped = Vec::new();
    for ((keeps, pick), set) in picks {
        let ranked = ranked(faces, pick.high, set).into_iter();
        if keeps {
            dropped.extend(ranked.skip(pick.count));
        } else {
            dropped.extend(ranked.take(pick.count));
        }
    }
    for index in dropped {
        if let Some(face) = faces.get_mut(index) {
            face.is_dropped = true;
        }
    }
}

/// Lists the dice of a set that still count, the highest or the lowest first.
fn ranked(faces: &[Face], high: bool, mut set: Vec<usize>) -> Vec<usize> {
    let face = |index: &usize| faces.get(*index);
    set.retain(|index| face(index).is_some_and(|face| !face.is_dropped && !face.die.is_constant()));
    set.sort_by_key(|index| face(index).map_or(0, |face| face.die.worth(face.value)));
    if high {
        // Of equal dice, another one is the highest than the lowest.
        set.reverse();
    }
    set
}
