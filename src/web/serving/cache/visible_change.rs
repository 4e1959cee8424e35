//! Whether two boards look the same to visitors.

use std::sync::Arc;

use crate::model::board::{Board, Facts, Outlook, Sight, Wait};
use crate::model::facts::detection::Honesty;
use crate::model::facts::firsthand::Firsthand;
use crate::model::facts::uptime::Uptime;
use crate::model::facts::weight::ComponentState;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;
use crate::model::series::measure::ChartState;

/// Whether nothing that pages show has changed, except running numbers.
///
/// Running numbers are seconds since the last sample, and the time of today
/// that was well; they are shown anew every few seconds all the same. What only
/// operators see does not count. Every field is named, so that the compiler asks
/// what a new one means to visitors.
pub(crate) fn alike(one: &Board, other: &Board) -> bool {
    let Board {
        at: _,
        health,
        counted,
        components,
        facts,
        // It follows from what is compared, or is not shown.
        revised: _,
        charts,
    } = one;
    *health == other.health
        && *counted == other.counted
        && all_alike(components, &other.components, is_state_alike)
        && are_facts_alike(facts, &other.facts)
        && are_charts_alike(charts, &other.charts)
}

fn are_facts_alike(one: &Facts, other: &Facts) -> bool {
    let Facts {
        incidents,
        outlooks,
        backlogs,
        maintenance,
        // What rules say is shown as the state of components.
        verdicts: _,
        related,
        firsthand,
        sight,
        honesty,
        // Operators alone see these.
        faults: _,
        silences: _,
        suppressed: _,
        reader: _,
        awaited: _,
        unwritten: _,
    } = one;
    *related == other.related
        && is_firsthand_alike(firsthand, &other.firsthand)
        && *maintenance == other.maintenance
        && is_sight_alike(*sight, other.sight)
        && is_honesty_alike(honesty, &other.honesty)
        // Their counts run.
        && backlogs.len() == other.backlogs.len()
        && outlooks.keys().eq(other.outlooks.keys())
        && all_alike(outlooks.values(), other.outlooks.values(), is_outlook_alike)
        && are_incidents_alike(incidents, &other.incidents)
}

/// Whether both are as long, and each pair is alike.
fn all_alike<'a, T: 'a>(
    one: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
    other: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
    alike: impl Fn(&T, &T) -> bool,
) -> bool {
    let (one, other) = (one.into_iter(), other.into_iter());
    one.len() == other.len() && one.zip(other).all(|(one, other)| alike(one, other))
}

fn is_state_alike(one: &ComponentState, other: &ComponentState) -> bool {
    let ComponentState {
        component,
        health,
        counted,
        is_measured,
        in_maintenance,
        silenced,
        uptime,
    } = one;
    *health == other.health
        && *counted == other.counted
        && *is_measured == other.is_measured
        && *in_maintenance == other.in_maintenance
        && *silenced == other.silenced
        && *component == other.component
        && is_uptime_alike(uptime, &other.uptime)
}

fn is_sight_alike(one: Sight, other: Sight) -> bool {
    match (one, other) {
        (Sight::Fresh { .. }, Sight::Fresh { .. }) => true,
        (Sight::Unwatched | Sight::Fresh { .. } | Sight::Blind { .. }, _) => one == other,
    }
}

/// What probes found runs, and what is not fine shows in components; counts of
/// reports run as long as there are any.
fn is_firsthand_alike(one: &Firsthand, other: &Firsthand) -> bool {
    let Firsthand { passed: _, reports } = one;
    reports.keys().eq(other.reports.keys())
}

fn is_uptime_alike(one: &Arc<Uptime>, other: &Arc<Uptime>) -> bool {
    let last = |uptime: &Uptime| uptime.days.last().map(|day| (day.date, day.tally.worst()));
    Arc::ptr_eq(one, other) || (one.since == other.since && last(one) == last(other))
}

fn is_honesty_alike(one: &Arc<Honesty>, other: &Arc<Honesty>) -> bool {
    let Honesty {
        since,
        watching,
        noticed,
        median,
        worst,
        false_clears,
        withdrawn,
        // Unseen time runs.
        blind: _,
        blind_month: _,
        // Files say it, too.
        began: _,
    } = &**one;
    Arc::ptr_eq(one, other)
        || (*since == other.since
            && *watching == other.watching
            && *noticed == other.noticed
            && *median == other.median
            && *worst == other.worst
            && *false_clears == other.false_clears
            && *withdrawn == other.withdrawn)
}

fn is_outlook_alike(one: &Outlook, other: &Outlook) -> bool {
    let Outlook {
        good_since,
        until,
        waits,
        backlogs,
        next_word,
    } = one;
    *good_since == other.good_since
        && *until == other.until
        && *next_word == other.next_word
        && backlogs.len() == other.backlogs.len()
        && all_alike(waits, &other.waits, |one, other| match (one, other) {
            // Its count runs.
            (Wait::Backlog { what: one, .. }, Wait::Backlog { what: other, .. }) => one == other,
            (one, other) => one == other,
        })
}

/// What charts show runs; which there are does not.
fn are_charts_alike(one: &Arc<Vec<Arc<ChartState>>>, other: &Arc<Vec<Arc<ChartState>>>) -> bool {
    Arc::ptr_eq(one, other)
        || all_alike(&**one, &**other, |one, other| {
            one.series == other.series && one.courses.keys().eq(other.courses.keys())
        })
}

/// Files that did not change are the same in memory, which is found quickly.
fn are_incidents_alike(one: &Arc<Incidents>, other: &Arc<Incidents>) -> bool {
    Arc::ptr_eq(one, other)
        || all_alike(&***one, &***other, |one: &Arc<Incident>, other| {
            Arc::ptr_eq(one, other) || one == other
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::model::board::Facts;
    use crate::model::component::Health;
    use crate::model::fixtures;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn board(second: i64) -> Board {
        let findings = Facts {
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
            ..Facts::of(Sight::Fresh { last: at(second) })
        };
        let components = fixtures::fresh([fixtures::component("api", "API")]);
        Board::new(at(second), components, findings)
    }

    #[test]
    fn time_alone_changes_nothing_and_anything_else_that_is_shown_does() {
        assert!(alike(&board(0), &board(2)));
        let changes: [fn(&mut Board); 8] = [
            |board| {
                let honesty = Arc::make_mut(&mut board.facts.honesty);
                honesty.noticed += 1;
            },
            |board| {
                let honesty = Arc::make_mut(&mut board.facts.honesty);
                honesty.median = Some(Duration::from_secs(3));
            },
            |board| board.health = Health::Down,
            |board| board.facts.sight = Sight::Blind { since: at(0) },
            |board| board.components[0].health = Health::Unknown,
            |board| {
                board.components[0].uptime = Arc::new(Uptime {
                    since: Some(at(0)),
                    ..Uptime::default()
                });
            },
            |board| {
                board.facts.outlooks.pop_first();
            },
            |board| {
                let outlook = board.facts.outlooks.values_mut().next().unwrap();
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
