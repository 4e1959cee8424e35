//! The confirmed past: outages of each component by the incident files. Pure.
//!
//! Ten thousand files must not be looked through for each component and step: when
//! some of them change, what they affect is sorted out again, and nothing else.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::component::{Health, Severity};
use crate::model::facts::uptime::Maintenance;
use crate::model::incident::{Incident, IncidentId, Phase};
use crate::model::incidents::list::Incidents;

/// A time with a beginning and, unless it goes on, an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeRange {
    /// When it began.
    pub(crate) from: Timestamp,
    /// When it ended; `None` goes on.
    pub(crate) to: Option<Timestamp>,
}

/// What one incident says of the time of what it affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfirmedOutage {
    /// Which incident.
    pub(crate) incident: IncidentId,
    /// How bad it was; a notice lessens nothing.
    pub(crate) severity: Severity,
    /// When it began.
    pub(crate) from: Timestamp,
    end: ConfirmedEnd,
}

/// When an incident ended, as far as its file knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ConfirmedEnd {
    open: bool,
    /// As written; it may be impossible.
    written: Option<Timestamp>,
    /// When it was seen to be well, or was said to be.
    well: Option<Timestamp>,
}

/// All that is known of a component beside what was measured.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// The outages that incidents confirm.
    pub(crate) outages: Vec<ConfirmedOutage>,
    /// When incidents of ours accounted for it, whatever became of them.
    pub(crate) noticed: Vec<TimeRange>,
    /// Planned work.
    pub(crate) maintenance: Vec<TimeRange>,
}

/// The accounts of all components, by their names.
#[derive(Debug, Default)]
pub(crate) struct Confirmed {
    incidents: Arc<Incidents>,
    maintenance: Vec<Maintenance>,
    /// What ended before is left out; `None` before anything was sorted out.
    oldest: Option<Timestamp>,
    accounts: HashMap<String, Arc<Account>>,
    none: Arc<Account>,
}

impl Confirmed {
    /// Sorts out again what has changed; what ended before `oldest` is left out.
    ///
    /// `news` names the components of which something else is noticed than before.
    pub(crate) fn update<'n>(
        &mut self,
        incidents: &Arc<Incidents>,
        maintenance: &[Maintenance],
        (news, noticed): (BTreeSet<String>, impl Iterator<Item = (&'n str, TimeRange)>),
        (oldest, now): (Timestamp, Timestamp),
    ) {
        let before = std::mem::replace(&mut self.incidents, Arc::clone(incidents));
        let is_new_day = self.oldest.replace(oldest) != Some(oldest);
        let mut changed: HashSet<&str> = news.iter().map(String::as_str).collect();
        for incident in incidents.besides(&before).chain(before.besides(incidents)) {
            changed.extend(incident.affected.iter().map(String::as_str));
        }
        let planned = self.maintenance.clone();
        if planned != maintenance {
            let both = planned.iter().chain(maintenance);
            changed.extend(both.map(|one| one.component.as_str()));
            self.maintenance = maintenance.to_vec();
        }
        if changed.is_empty() && !is_new_day {
            return;
        }
        let is_due = |name: &str| is_new_day || changed.contains(name);
        let mut fresh: HashMap<&str, Account> = HashMap::new();
        for incident in incidents.iter() {
            sort_out(incident, is_due, (oldest, now), &mut fresh);
        }
        for (name, stretch) in noticed.filter(|(name, _)| is_due(name)) {
            fresh.entry(name).or_default().noticed.push(stretch);
        }
        for one in maintenance.iter().filter(|one| is_due(&one.component)) {
            let stretch = TimeRange {
                from: one.from,
                to: one.to,
            };
            let account = fresh.entry(&one.component).or_default();
            account.maintenance.push(stretch);
        }
        let old = self.accounts.extract_if(|name, _| is_due(name));
        let mut old: HashMap<_, _> = old.collect();
        for (name, mut account) in fresh {
            account.order();
            // Who did not change keeps the very same account, and with it its sums.
            let unchanged = old
                .remove(name)
                .filter(|before| before.as_ref() == &account);
            let account = unchanged.unwrap_or_else(|| Arc::new(account));
            self.accounts.insert(name.to_owned(), account);
        }
    }

    /// The account of the component of that name.
    pub(crate) fn of(&self, name: &str) -> &Arc<Account> {
        self.accounts.get(name).unwrap_or(&self.none)
    }
}

impl Account {
    /// Puts all in the order of time, so that the order of files is no matter.
    fn order(&mut self) {
        self.outages.sort_by(|one, other| {
            (one.from, &one.incident, one.severity).cmp(&(
                other.from,
                &other.incident,
                other.severity,
            ))
        });
        for stretches in [&mut self.noticed, &mut self.maintenance] {
            stretches.sort_by_key(|stretch| (stretch.from, stretch.to));
        }
    }
}

impl ConfirmedOutage {
    /// What an incident says; `None` if it counts for nothing.
    ///
    /// Drafts are not confirmed, posts are no outages, and what was withdrawn
    /// was none either.
    pub(crate) fn of(incident: &Incident) -> Option<Self> {
        let counts = incident.is_public()
            && !incident.informational
            && !incident.managed.withdrawn
            && incident.resolved.is_some();
        let (date, severity) = (incident.date?, incident.severity?);
        counts.then(|| Self {
            incident: incident.id.clone(),
            severity,
            from: date,
            end: ConfirmedEnd::of(incident),
        })
    }

    /// When it ended, seen from `now`; never before it began.
    pub(crate) fn until(&self, now: Timestamp) -> Timestamp {
        self.end.at(self.from, now)
    }

    /// How it lessens the health; `None` if it does not.
    pub(crate) fn weight(&self) -> Option<Health> {
        match self.severity {
            Severity::Notice => None,
            Severity::Disrupted | Severity::Down => Some(self.severity.into()),
        }
    }
}

impl ConfirmedEnd {
    fn of(incident: &Incident) -> Self {
        let resolved_at = || {
            let mut updates = incident.updates.iter();
            updates
                .find(|update| update.phase == Some(Phase::Resolved))?
                .at
        };
        let open = incident.resolved == Some(false);
        Self {
            open,
            written: incident.resolved_when.filter(|_| !open),
            well: incident
                .managed
                .good_since
                .or_else(|| if open { None } else { resolved_at() }),
        }
    }

    /// An end that cannot be true says nothing; then it ended when it was seen,
    /// or said, to be well. What is open goes on, unless it is only watched.
    fn at(self, from: Timestamp, now: Timestamp) -> Timestamp {
        let possible = |end: &Timestamp| (from..=now).contains(end);
        let end = self.written.filter(possible);
        let end = end.or(self.well.filter(possible));
        let end = end.unwrap_or(if self.open { now } else { from });
        end.max(from)
    }
}

/// When an incident ended, seen from `now`; `None` while it goes on, watched or not.
pub(crate) fn end(incident: &Incident, now: Timestamp) -> Option<Timestamp> {
    let from = incident.date.unwrap_or(now);
    let end = ConfirmedEnd::of(incident);
    (!end.open).then(|| end.at(from, now))
}

/// Adds what an incident says of the components that are due.
fn sort_out<'i>(
    incident: &'i Incident,
    is_due: impl Fn(&str) -> bool,
    (oldest, now): (Timestamp, Timestamp),
    accounts: &mut HashMap<&'i str, Account>,
) {
    let mut due = incident
        .affected
        .iter()
        .filter(|name| is_due(name))
        .peekable();
    let (Some(date), Some(_)) = (incident.date, due.peek()) else {
        return;
    };
    let (outage, to) = (ConfirmedOutage::of(incident), end(incident, now));
    let ours = !incident.managed.rules.is_empty() && !incident.draft;
    if to.is_some_and(|to| to < oldest) || (outage.is_none() && !ours) {
        return;
    }
    for name in due {
        let account = accounts.entry(name).or_default();
        // A name that stands there twice is said once.
        if let Some(outage) = &outage
            && account.outages.last() != Some(outage)
        {
            account.outages.push(outage.clone());
        }
        if ours {
            account.noticed.push(TimeRange { from: date, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::fixtures;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// What is written at a moment: what incidents affect and when they began, what else
    /// is noticed of whom, and since when work goes on.
    type Written = (Vec<([usize; 2], i64)>, Vec<(usize, i64)>, Option<i64>);

    const NAMES: [&str; 3] = ["API", "Cache", "Worker"];

    fn incident(place: usize, (affected, began): &([usize; 2], i64)) -> Arc<Incident> {
        Arc::new(Incident {
            affected: affected.map(|name| NAMES[name].to_owned()).into(),
            date: Some(at(*began)),
            resolved: Some(false),
            severity: Some(Severity::Down),
            ..fixtures::incident(&format!("i{place}"))
        })
    }

    fn update(
        confirmed: &mut Confirmed,
        incidents: &Arc<Incidents>,
        news: BTreeSet<String>,
        (_, noticed, work): &Written,
    ) {
        let noticed = noticed.iter().map(|(name, from)| {
            let (from, to) = (at(*from), None);
            (NAMES[*name], TimeRange { from, to })
        });
        let maintenance = work.map(|from| Maintenance {
            component: NAMES[0].to_owned(),
            from: at(from),
            to: None,
        });
        let maintenance: Vec<_> = maintenance.into_iter().collect();
        let bounds = (at(0), at(100));
        confirmed.update(incidents, &maintenance, (news, noticed), bounds);
    }

    proptest! {
        #[test]
        fn what_is_sorted_out_again_in_part_is_as_if_it_were_sorted_out_as_a_whole(
            written in prop::collection::vec(
                (
                    prop::collection::vec(([0..3_usize, 0..3_usize], 1..9_i64), 0..4),
                    prop::collection::vec((0..3_usize, 1..9_i64), 0..3),
                    prop::option::of(1..9_i64),
                ),
                1..6,
            ),
        ) {
            let mut kept = Confirmed::default();
            let mut before: Arc<Incidents> = Arc::default();
            let mut noticed: &[(usize, i64)] = &[];
            for now in &written {
                let fresh = now.0.iter().enumerate().map(|(place, one)| incident(place, one));
                // Those that stay the same are the very same.
                let same = fresh.map(|one| before.iter().find(|old| **old == one).cloned().unwrap_or(one));
                let incidents: Arc<Incidents> = Arc::new(same.collect());
                let news = noticed.iter().chain(&now.1).map(|(name, _)| NAMES[*name].to_owned());
                let news: BTreeSet<_> = if noticed == now.1 { BTreeSet::new() } else { news.collect() };
                update(&mut kept, &incidents, news, now);
                let mut whole = Confirmed::default();
                update(&mut whole, &incidents, BTreeSet::new(), now);
                for name in NAMES {
                    prop_assert_eq!(kept.of(name), whole.of(name), "{}", name);
                }
                (before, noticed) = (incidents, &now.1);
            }
        }
    }
}
