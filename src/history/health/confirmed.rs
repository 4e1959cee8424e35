//! The confirmed past: outages of each component by the incident files. Pure.
//!
//! Ten thousand files must not be looked through for each component and step:
//! they are sorted out once, whenever one of them changes.

use std::collections::HashMap;
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
    /// Counts the changes of what was noticed.
    edition: u64,
    accounts: HashMap<String, Arc<Account>>,
    none: Arc<Account>,
}

impl Confirmed {
    /// Sorts everything out again if any of it changed; what ended before
    /// `oldest` is left out.
    pub(crate) fn update<'n>(
        &mut self,
        incidents: &Arc<Incidents>,
        maintenance: &[Maintenance],
        (edition, noticed): (u64, impl Iterator<Item = (&'n str, TimeRange)>),
        (oldest, now): (Timestamp, Timestamp),
    ) {
        let same = Arc::ptr_eq(&self.incidents, incidents)
            && self.maintenance == maintenance
            && self.edition == edition;
        if same {
            return;
        }
        let mut fresh: HashMap<&str, Account> = HashMap::new();
        for incident in incidents.iter() {
            sort_out(incident, (oldest, now), &mut fresh);
        }
        for (name, stretch) in noticed {
            fresh.entry(name).or_default().noticed.push(stretch);
        }
        for one in maintenance {
            let stretch = TimeRange {
                from: one.from,
                to: one.to,
            };
            let account = fresh.entry(&one.component).or_default();
            account.maintenance.push(stretch);
        }
        let mut before = std::mem::take(&mut self.accounts);
        for (name, mut account) in fresh {
            account.order();
            // Who did not change keeps the very same account, and with it its sums.
            let unchanged = before
                .remove(name)
                .filter(|before| before.as_ref() == &account);
            let account = unchanged.unwrap_or_else(|| Arc::new(account));
            self.accounts.insert(name.to_owned(), account);
        }
        self.incidents = Arc::clone(incidents);
        self.maintenance = maintenance.to_vec();
        self.edition = edition;
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

fn sort_out<'i>(
    incident: &'i Incident,
    (oldest, now): (Timestamp, Timestamp),
    accounts: &mut HashMap<&'i str, Account>,
) {
    let Some(date) = incident.date else {
        return;
    };
    let (outage, to) = (ConfirmedOutage::of(incident), end(incident, now));
    let ours = !incident.managed.rules.is_empty() && !incident.draft;
    if to.is_some_and(|to| to < oldest) || (outage.is_none() && !ours) {
        return;
    }
    for name in &incident.affected {
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
