//! What was noticed, summed up to what there is to say of ourselves. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{Timestamp, ToSpan};

use crate::history::detection::table::Noticed;
use crate::model::component::Health;
use crate::model::facts::detection::{DAYS, Honesty};
use crate::model::facts::uptime::HealthSpan;
use crate::model::incident::IncidentId;
use crate::model::time::duration::elapsed;

/// Days of which the time blind is counted by itself.
const MONTH: i64 = 30;

/// Sums up the last days until `now`; `sight` is when the monitor saw.
pub(crate) fn sum(
    rows: &BTreeMap<IncidentId, Noticed>,
    withdrawn: &BTreeSet<IncidentId>,
    sight: &[HealthSpan],
    now: Timestamp,
) -> Honesty {
    let ago = |days: i64| now.checked_sub((days * 24).hours()).unwrap_or(now);
    let blind = |from: Timestamp| -> Duration {
        let spans = sight.iter().filter(|span| span.health == Health::Unknown);
        spans
            .map(|span| elapsed(span.from.max(from), span.to.min(now)))
            .sum()
    };
    let from = ago(DAYS);
    let recent: Vec<&Noticed> = rows.values().filter(|row| row.began >= from).collect();
    let shown = recent.iter();
    let mut delays: Vec<Duration> = shown
        .filter_map(|row| Some(elapsed(row.began, row.page?)))
        .collect();
    delays.sort_unstable();
    let gone = recent
        .iter()
        .filter(|row| withdrawn.contains(&row.incident));
    let open = rows
        .values()
        .filter(|row| row.file.is_some() && !row.resolved && !withdrawn.contains(&row.incident));
    Honesty {
        since: sight
            .first()
            .map(|span| span.from)
            .filter(|first| *first > from),
        watching: !sight.is_empty(),
        noticed: recent.len(),
        // Within this time half of them were shown, or more than half.
        median: delays.get(delays.len().saturating_sub(1) / 2).copied(),
        worst: delays.last().copied(),
        false_clears: recent.iter().map(|row| row.false_clears).sum(),
        withdrawn: gone.count(),
        blind: blind(from),
        blind_month: blind(ago(MONTH)),
        began: open.map(|row| (row.incident.clone(), row.began)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_all_of_the_delays_are_those_of_the_last_days() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let row = |name: &str, began: i64, delay: Option<i64>| Noticed {
            incident: IncidentId(name.into()),
            began: at(began),
            file: None,
            page: delay.map(|delay| at(began + delay)),
            until: None,
            expires: None,
            rules: Vec::new(),
            affected: Vec::new(),
            resolved: true,
            recurrences: 0,
            false_clears: 1,
        };
        let check = |delays: &[Option<i64>], expected: (usize, Option<u64>, Option<u64>)| {
            let mut rows: Vec<_> = (0..)
                .zip(delays)
                .map(|(number, delay)| row(&number.to_string(), number, *delay))
                .collect();
            rows.push(row("long ago", -90 * 86_400, Some(7)));
            let rows = rows.into_iter().map(|row| (row.incident.clone(), row));
            let honesty = sum(&rows.collect(), &BTreeSet::new(), &[], at(3600));
            let seconds = |time: Option<Duration>| time.map(|time| time.as_secs());
            let found = (
                honesty.noticed,
                seconds(honesty.median),
                seconds(honesty.worst),
            );
            assert_eq!(found, expected);
            assert_eq!(usize::try_from(honesty.false_clears), Ok(delays.len()));
        };
        check(&[], (0, None, None));
        check(&[None], (1, None, None));
        check(&[Some(5)], (1, Some(5), Some(5)));
        check(&[Some(9), Some(1)], (2, Some(1), Some(9)));
        check(&[Some(9), None, Some(2), Some(1)], (4, Some(2), Some(9)));
        check(&[Some(4), Some(3), Some(2), Some(1)], (4, Some(2), Some(4)));
    }
}
