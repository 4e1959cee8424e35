//! Whether two boards look the same to visitors.

use std::sync::Arc;

use crate::model::board::{Board, Outlook, Sight, Wait};
use crate::model::facts::uptime::Uptime;

/// Whether nothing that pages show has changed, but for figures that run.
///
/// Running figures are seconds since the last sample, and the time of today
/// that was well; they are shown anew every few seconds all the same. What only
/// operators see does not count.
pub fn alike(one: &Board, other: &Board) -> bool {
    one.health == other.health
        && one.counted == other.counted
        && sees_alike(one.sight, other.sight)
        && one.related == other.related
        && one.planned == other.planned
        && one.works == other.works
        && draws_alike(one, other)
        && one.backlogs.len() == other.backlogs.len()
        && one.components.len() == other.components.len()
        && one
            .components
            .iter()
            .zip(&other.components)
            .all(|(one, other)| {
                one.health == other.health
                    && one.counted == other.counted
                    && one.in_maintenance == other.in_maintenance
                    && one.component == other.component
                    && went_alike(&one.uptime, &other.uptime)
            })
        && one.outlooks.len() == other.outlooks.len()
        && one
            .outlooks
            .iter()
            .zip(&other.outlooks)
            .all(|((id, one), (other_id, other))| id == other_id && waits_alike(one, other))
        && reads_alike(one, other)
}

fn sees_alike(one: Sight, other: Sight) -> bool {
    match (one, other) {
        (Sight::Fresh { .. }, Sight::Fresh { .. }) => true,
        _ => one == other,
    }
}

fn went_alike(one: &Arc<Uptime>, other: &Arc<Uptime>) -> bool {
    let last = |uptime: &Uptime| uptime.days.last().map(|day| (day.date, day.tally.worst()));
    Arc::ptr_eq(one, other) || (one.since == other.since && last(one) == last(other))
}

fn waits_alike(one: &Outlook, other: &Outlook) -> bool {
    one.good_since == other.good_since
        && one.until == other.until
        && one.next_word == other.next_word
        && one.backlogs.len() == other.backlogs.len()
        && one.waits.len() == other.waits.len()
        && one.waits.iter().zip(&other.waits).all(|pair| match pair {
            // Its count runs.
            (Wait::Backlog { what: one, .. }, Wait::Backlog { what: other, .. }) => one == other,
            (one, other) => one == other,
        })
}

/// What charts show runs; which there are does not.
fn draws_alike(one: &Board, other: &Board) -> bool {
    Arc::ptr_eq(&one.figures, &other.figures)
        || (one.figures.len() == other.figures.len()
            && one
                .figures
                .iter()
                .zip(other.figures.iter())
                .all(|(one, other)| {
                    one.figure == other.figure && one.courses.keys().eq(other.courses.keys())
                }))
}

/// Files that did not change are the same in memory, which is found quickly.
fn reads_alike(one: &Board, other: &Board) -> bool {
    Arc::ptr_eq(&one.incidents, &other.incidents)
        || (one.incidents.len() == other.incidents.len()
            && one
                .incidents
                .iter()
                .zip(other.incidents.iter())
                .all(|(one, other)| Arc::ptr_eq(one, other) || one == other))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::model::board::BoardInput;
    use crate::model::component::Health;
    use crate::model::fixtures;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn board(second: i64) -> Board {
        let findings = BoardInput {
            outlooks: BTreeMap::from([("a", 3), ("b", 7)].map(|(id, count)| {
                let wait = Wait::Backlog {
                    what: "rolls".into(),
                    count: count + u64::try_from(second).unwrap(),
                };
                let outlook = Outlook {
                    waits: vec![wait],
                    ..Outlook::default()
                };
                (crate::model::incident::IncidentId(id.into()), outlook)
            })),
            ..fixtures::input(
                Sight::Fresh { last: at(second) },
                [fixtures::component("api", "API")],
            )
        };
        Board::new(at(second), findings)
    }

    #[test]
    fn time_alone_changes_nothing_and_anything_else_that_is_shown_does() {
        assert!(alike(&board(0), &board(2)));
        let changes: [fn(&mut Board); 6] = [
            |board| board.health = Health::Down,
            |board| board.sight = Sight::Blind { since: at(0) },
            |board| board.components[0].health = Health::Unknown,
            |board| {
                board.components[0].uptime = Arc::new(Uptime {
                    since: Some(at(0)),
                    ..Uptime::default()
                });
            },
            |board| {
                board.outlooks.pop_first();
            },
            |board| {
                let outlook = board.outlooks.values_mut().next().unwrap();
                outlook.until = Some(at(0) + Duration::from_mins(15));
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = board(2);
            change(&mut other);
            assert!(!alike(&board(0), &other), "change {number}");
        }
    }
}
