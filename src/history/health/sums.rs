//! The uptime of each component, summed up again only when it must be.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::health::confirmed::{Account, Confirmed};
use crate::history::health::join::{begun, join};
use crate::history::health::log::HealthLog;
use crate::history::health::uptime::{RecentDays, sum};
use crate::model::component::{Component, ComponentId, Health};
use crate::model::facts::uptime::Uptime;

/// Seconds for which a sum is shown if nothing happens.
const LASTS: i64 = 60;

/// How many sums that only grew old are renewed in one step: five hundred
/// components must not hold up a verdict.
const AT_ONCE: usize = 25;

/// Sums by component.
#[derive(Debug)]
pub(crate) struct UptimeSums {
    zone: TimeZone,
    calendar: Option<RecentDays>,
    /// What is written, by component.
    pub(crate) confirmed: Confirmed,
    made: BTreeMap<ComponentId, CachedSum>,
}

/// A sum, and what it was made of.
#[derive(Debug)]
struct CachedSum {
    at: Timestamp,
    health: Health,
    account: Arc<Account>,
    uptime: Arc<Uptime>,
}

impl UptimeSums {
    /// Begins without any; days are those of the zone.
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            calendar: None,
            confirmed: Confirmed::default(),
            made: BTreeMap::new(),
        }
    }

    /// Sums up anew, in days of another zone.
    pub(crate) fn move_to(&mut self, zone: TimeZone) {
        self.zone = zone;
        self.calendar = None;
        self.made.clear();
    }

    /// The first moment that any sum is about.
    pub(crate) fn begins(&mut self, now: Timestamp) -> Timestamp {
        self.calendar(now).begins()
    }

    /// Renews what changed at once, and of what grew old a part.
    pub(crate) fn update(
        &mut self,
        log: &HealthLog,
        healths: &[(ComponentId, Health)],
        components: &[Component],
        now: Timestamp,
    ) {
        let components = components.iter();
        let names: HashMap<&ComponentId, &str> = components
            .map(|component| (&component.id, &*component.name))
            .collect();
        let mut renewals = AT_ONCE;
        for (id, health) in healths {
            let account = self
                .confirmed
                .of(names.get(id).copied().unwrap_or_default());
            let made = self.made.get(id);
            let changed = made
                .is_none_or(|made| made.health != *health || !Arc::ptr_eq(&made.account, account));
            let old = made.is_none_or(|made| {
                let age = now.as_second() - made.at.as_second();
                !(0..LASTS).contains(&age)
            });
            let renew = changed || (old && renewals > 0);
            if !renew {
                continue;
            }
            renewals = renewals.saturating_sub(usize::from(!changed));
            let account = Arc::clone(account);
            let uptime = Arc::new(self.uptime(log, id, &account, now));
            let made = CachedSum {
                at: now,
                health: *health,
                account,
                uptime,
            };
            self.made.insert(id.clone(), made);
        }
    }

    fn uptime(
        &mut self,
        log: &HealthLog,
        id: &ComponentId,
        account: &Account,
        now: Timestamp,
    ) -> Uptime {
        let calendar = self.calendar(now);
        let measured = log.spans(id, now);
        let pieces = join(&measured, account, calendar.begins(), now);
        let (days, periods) = sum(&pieces, &account.outages, calendar, now);
        Uptime {
            since: measured.last().map(|span| span.from),
            begun: begun(&measured),
            days,
            periods,
        }
    }

    /// A component's past, as it was summed up last.
    pub(crate) fn of(&self, component: &ComponentId) -> Arc<Uptime> {
        self.made
            .get(component)
            .map(|made| Arc::clone(&made.uptime))
            .unwrap_or_default()
    }

    fn calendar(&mut self, now: Timestamp) -> &RecentDays {
        let calendar = self.calendar.take();
        let today = calendar.filter(|calendar| calendar.holds(&self.zone, now));
        self.calendar
            .insert(today.unwrap_or_else(|| RecentDays::new(&self.zone, now)))
    }
}
