//! What rules noticed, how soon it was said, and what came of it.
//!
//! Whether an incident was withdrawn is no event but a level: it was on the
//! page once, and its file is not there now, or says that it never was. So a
//! file that comes back is not withdrawn any more, and a restart changes nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use prometheus::HistogramVec;

use crate::history::detection::summary::sum;
use crate::history::detection::table::Noticed;
use crate::history::detection::written::{WrittenPage, began_with, exactly, followed};
use crate::history::health::confirmed::TimeRange;
use crate::history::writer::owed::Owed;
use crate::history::writer::pruning;
use crate::history::writer::pruning::oldest;
use crate::model::facts::detection::Honesty;
use crate::model::facts::uptime::HealthSpan;
use crate::model::incident::{Incident, IncidentId};
use crate::model::incidents::list::Incidents;
use crate::model::time::duration::elapsed;

/// What rules noticed within the time that is kept.
#[derive(Debug)]
pub struct DetectionLog {
    rows: BTreeMap<IncidentId, Noticed>,
    /// The incidents that were looked at last.
    incidents: Arc<Incidents>,
    /// Incidents without a file, each since when.
    absent: BTreeMap<IncidentId, Timestamp>,
    withdrawn: BTreeSet<IncidentId>,
    /// Written, and not yet on the page.
    unshown: BTreeSet<IncidentId>,
    /// Counts the changes.
    edition: u64,
    /// The components, by their names, that rows account for in another way than
    /// when they were asked for last.
    news: BTreeSet<String>,
    /// What the database does not know yet, in order.
    pub(crate) due: VecDeque<Owed>,
    delay: HistogramVec,
    /// The last summary, with the edition and the minute that it was made for.
    summary: Option<(u64, i64, Arc<Honesty>)>,
}

impl DetectionLog {
    /// Goes on from what was kept; `delay` takes each delay.
    pub(crate) fn new(rows: Vec<Noticed>, delay: HistogramVec) -> Self {
        let unshown = rows
            .iter()
            .filter(|row| row.file.is_some() && row.page.is_none());
        let affected = rows.iter().flat_map(|row| &row.affected);
        Self {
            unshown: unshown.map(|row| row.incident.clone()).collect(),
            news: affected.cloned().collect(),
            rows: rows
                .into_iter()
                .map(|row| (row.incident.clone(), row))
                .collect(),
            incidents: Arc::default(),
            absent: BTreeMap::new(),
            withdrawn: BTreeSet::new(),
            edition: 1,
            due: VecDeque::new(),
            delay,
            summary: None,
        }
    }

    /// Takes over what is written at `now`.
    pub(crate) fn note(&mut self, page: &WrittenPage<'_>, now: Timestamp) {
        if !Arc::ptr_eq(&self.incidents, page.incidents) {
            let before = std::mem::replace(&mut self.incidents, Arc::clone(page.incidents));
            let first = self.rows.values().map(|row| row.began).min();
            let oldest = pruning::part(oldest(now), first, pruning::REST);
            self.rows.retain(|_, row| row.began >= oldest);
            let present = |id: &IncidentId| page.incidents.named(&id.0).next();
            // Those that are to be looked for under another name.
            let absent = self.rows.keys().filter(|id| present(id).is_none());
            let absent: Vec<IncidentId> = absent.cloned().collect();
            let mut aside = Vec::new();
            for incident in page.incidents.besides(&before) {
                aside.extend(self.look(incident, page, &absent, now));
            }
            self.absent.retain(|id, _| present(id).is_none());
            let gone = absent.into_iter().chain(aside);
            for id in gone.filter(|id| self.rows.contains_key(id)) {
                self.absent.entry(id).or_insert(now);
            }
            self.withdrawn.retain(|id| {
                let back = present(id);
                back.is_none_or(|incident| incident.managed.withdrawn || !incident.is_public())
            });
        }
        self.miss(page.away, now);
    }

    /// Owes all that is known to the database once more.
    pub(crate) fn owe_all(&mut self) {
        let all = self.rows.values().cloned().map(Box::new);
        self.due = all.map(Owed::Noticed).collect();
    }

    /// Looks at one incident that is there; the other name of one whose name it took.
    fn look(
        &mut self,
        incident: &Incident,
        page: &WrittenPage<'_>,
        absent: &[IncidentId],
        now: Timestamp,
    ) -> Option<IncidentId> {
        let opened = page.opened.contains(&incident.name);
        let existing = self.rows.get(&incident.id).cloned();
        let (row, aside) = match existing {
            Some(row) if opened && !began_with(&row, incident) => (None, Some(self.set_aside(row))),
            other => (other, None),
        };
        let row = row.or_else(|| self.renamed(incident, absent));
        let before = row.clone();
        let Some(row) = row.or_else(|| self.begin(incident, opened, page, now)) else {
            return aside;
        };
        let row = followed(row, incident, now);
        if incident.managed.withdrawn || !incident.is_public() {
            if self.withdrawn.insert(row.incident.clone()) {
                self.edition += 1;
            }
        } else if self.withdrawn.contains(&row.incident) {
            self.edition += 1;
        }
        if before.as_ref() != Some(&row) {
            self.insert(row);
        }
        aside
    }

    /// Begins with an incident of ours that nothing is known of, if it is public.
    fn begin(
        &mut self,
        incident: &Incident,
        opened: bool,
        page: &WrittenPage<'_>,
        now: Timestamp,
    ) -> Option<Noticed> {
        let date = incident.date.filter(|date| *date >= oldest(now))?;
        let ours = !incident.managed.rules.is_empty() && incident.is_public();
        if !ours {
            return None;
        }
        let began = if opened {
            exactly(incident, date, page.verdicts)
        } else {
            date
        };
        if opened {
            self.observe("file", began, page.written);
            self.unshown.insert(incident.id.clone());
        }
        Some(Noticed {
            incident: incident.id.clone(),
            began,
            file: opened.then_some(page.written),
            page: None,
            until: None,
            expires: None,
            rules: Vec::new(),
            affected: Vec::new(),
            resolved: false,
            recurrences: incident.managed.recurrences,
            false_clears: 0,
        })
    }

    /// Finds what was known of an incident under another name.
    fn renamed(&mut self, incident: &Incident, absent: &[IncidentId]) -> Option<Noticed> {
        let shares = |row: &Noticed| {
            let mut rules = row.rules.iter();
            rules.any(|rule| incident.managed.rules.contains(rule))
        };
        let mut rows = absent.iter().filter_map(|id| self.rows.get(id));
        let row = rows.find(|row| began_with(row, incident) && shares(row))?;
        let (before, row) = (row.incident.clone(), row.clone());
        self.rows.remove(&before);
        self.withdrawn.remove(&before);
        if self.unshown.remove(&before) {
            self.unshown.insert(incident.id.clone());
        }
        self.due.push_back(Owed::Renamed(before));
        let row = Noticed {
            incident: incident.id.clone(),
            ..row
        };
        self.insert(row.clone());
        Some(row)
    }

    /// Gives a withdrawn incident another name, as a new one has taken its own; that name.
    fn set_aside(&mut self, row: Noticed) -> IncidentId {
        self.rows.remove(&row.incident);
        self.unshown.remove(&row.incident);
        // No page's address has a blank in it.
        let incident = IncidentId(format!("{} {}", row.incident, row.began));
        self.withdrawn.insert(incident.clone());
        self.insert(Noticed {
            incident: incident.clone(),
            ..row
        });
        incident
    }

    /// Notes whose absence is meant by now.
    fn miss(&mut self, away: &[IncidentId], now: Timestamp) {
        let gone: Vec<_> = self
            .absent
            .iter()
            .filter(|(id, _)| !self.withdrawn.contains(*id) && !away.contains(id))
            .map(|(id, since)| (id.clone(), *since))
            .collect();
        for (id, since) in gone {
            let Some(row) = self.rows.get(&id) else {
                continue;
            };
            if row.until.is_none() {
                let row = Noticed {
                    until: Some(since.max(row.began)),
                    ..row.clone()
                };
                self.insert(row);
            }
            // What was to disappear by itself is not withdrawn.
            let expired = self.rows[&id].expires.is_some_and(|end| end <= now);
            if !expired {
                self.withdrawn.insert(id);
                self.edition += 1;
            }
        }
    }

    /// What was written before is on the page since `at`.
    pub(crate) fn shown(&mut self, at: Timestamp) {
        for id in std::mem::take(&mut self.unshown) {
            let row = self
                .rows
                .get(&id)
                .filter(|_| !self.absent.contains_key(&id));
            if let Some(row) = row.cloned() {
                self.observe("page", row.began, at);
                self.insert(Noticed {
                    page: Some(at),
                    ..row
                });
            }
        }
    }

    fn insert(&mut self, row: Noticed) {
        self.edition += 1;
        self.news.extend(row.affected.iter().cloned());
        self.due.push_back(Owed::Noticed(Box::new(row.clone())));
        self.rows.insert(row.incident.clone(), row);
    }

    fn observe(&self, step: &str, began: Timestamp, at: Timestamp) {
        let delay = elapsed(began, at).as_secs_f64();
        self.delay.with_label_values(&[step, ""]).observe(delay);
    }

    /// When incidents of ours accounted for components, by their names, and of which
    /// that has changed since it was asked last.
    pub(crate) fn accounted(
        &mut self,
    ) -> (BTreeSet<String>, impl Iterator<Item = (&str, TimeRange)>) {
        let news = std::mem::take(&mut self.news);
        let stretches = self.rows.values().flat_map(|row| {
            let stretch = TimeRange {
                from: row.began,
                to: row.until,
            };
            row.affected.iter().map(move |name| (&**name, stretch))
        });
        (news, stretches)
    }

    /// What there is to say of ourselves, at most a minute old.
    pub(crate) fn honesty(
        &mut self,
        sight: impl FnOnce() -> Vec<HealthSpan>,
        now: Timestamp,
    ) -> Arc<Honesty> {
        let minute = now.as_second().div_euclid(60);
        if let Some((edition, made, honesty)) = &self.summary
            && (*edition, *made) == (self.edition, minute)
        {
            return Arc::clone(honesty);
        }
        let fresh = sum(&self.rows, &self.withdrawn, &sight(), now);
        let same = self.summary.take().map(|(_, _, honesty)| honesty);
        let same = same.filter(|honesty| **honesty == fresh);
        let honesty = same.unwrap_or_else(|| Arc::new(fresh));
        self.summary = Some((self.edition, minute, Arc::clone(&honesty)));
        honesty
    }
}
