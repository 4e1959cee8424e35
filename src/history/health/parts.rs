//! The times of a day in which a component did not simply work. Pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::history::health::join::Piece;
use crate::model::facts::uptime::{DayPart, Spent};
use crate::model::time::duration::elapsed;

/// Parts of a day at most: more cannot be told from each other in a drawing, and
/// nobody reads them.
const PARTS: usize = 12;

/// Unseen time and planned work that is shorter is not worth a word.
const SHORT: Duration = Duration::from_mins(1);

/// What of a joined past lies between two moments and was not simply well.
pub(crate) fn parts(pieces: &[Piece], from: Timestamp, to: Timestamp) -> Vec<DayPart> {
    let first = pieces.partition_point(|piece| piece.to <= from);
    let within = pieces[first..].iter().take_while(|piece| piece.from < to);
    let mut parts: Vec<_> = within
        .filter(|piece| match piece.spent {
            Spent::Ok => false,
            Spent::Disrupted | Spent::Down => true,
            Spent::Unknown | Spent::Maintenance => elapsed(piece.from, piece.to) >= SHORT,
        })
        .map(|piece| DayPart {
            from: piece.from.max(from),
            to: piece.to.min(to),
            spent: piece.spent,
            times: 1,
        })
        .collect();
    while parts.len() > PARTS {
        let Some(at) = nearest(&parts) else {
            // Nothing is alike: the longest tell most of the day.
            drop_shortest(&mut parts);
            continue;
        };
        let next = parts.remove(at + 1);
        parts[at].to = next.to;
        parts[at].times += next.times;
    }
    parts
}

/// The part that is of the same kind as the next one and nearest to it.
fn nearest(parts: &[DayPart]) -> Option<usize> {
    let alike = parts.windows(2).enumerate().filter_map(|(at, pair)| {
        let [one, next] = pair else { return None };
        (one.spent == next.spent).then(|| (elapsed(one.to, next.from), at))
    });
    alike.min().map(|(_, at)| at)
}

fn drop_shortest(parts: &mut Vec<DayPart>) {
    let lengths = parts.iter().enumerate();
    let shortest = lengths.min_by_key(|(_, part)| elapsed(part.from, part.to));
    if let Some((at, _)) = shortest {
        parts.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn piece((from, to, spent): (i64, i64, Spent)) -> Piece {
        Piece {
            from: at(from),
            to: at(to),
            spent,
        }
    }

    fn told(pieces: &[(i64, i64, Spent)]) -> Vec<(i64, i64, Spent, u32)> {
        let pieces: Vec<_> = pieces.iter().copied().map(piece).collect();
        let parts = parts(&pieces, at(0), at(1440)).into_iter();
        let minute = |at: Timestamp| at.as_second() / 60;
        parts
            .map(|part| (minute(part.from), minute(part.to), part.spent, part.times))
            .collect()
    }

    #[test]
    fn a_day_has_what_lies_within_it_and_was_not_well() {
        let pieces = [
            (-50, 10, Spent::Down),
            (10, 400, Spent::Ok),
            (400, 410, Spent::Disrupted),
            (410, 1430, Spent::Ok),
            (1430, 1500, Spent::Unknown),
        ];
        let expected = [
            (0, 10, Spent::Down, 1),
            (400, 410, Spent::Disrupted, 1),
            (1430, 1440, Spent::Unknown, 1),
        ];
        assert_eq!(told(&pieces), expected);
        assert_eq!(told(&[]), []);
    }

    #[test]
    fn a_day_of_flaps_is_told_in_a_dozen_parts_that_say_how_often() {
        let flaps = (0..100).flat_map(|at| {
            let from = at * 10 + if at < 50 { 0 } else { 300 };
            [
                (from, from + 1, Spent::Down),
                (from + 1, from + 10, Spent::Ok),
            ]
        });
        let parts = told(&flaps.collect::<Vec<_>>());
        assert_eq!(parts.len(), PARTS);
        assert_eq!(parts.iter().map(|part| part.3).sum::<u32>(), 100);
        let mixed = (0..40).map(|at| {
            let kind = if at % 2 == 0 {
                Spent::Down
            } else {
                Spent::Disrupted
            };
            (at * 10, at * 10 + 1 + at % 7, kind)
        });
        assert_eq!(told(&mixed.collect::<Vec<_>>()).len(), PARTS);
    }
}
